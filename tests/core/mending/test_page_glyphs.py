"""The glyphs of a page: what its characters stood for changes their costs."""

from sniffer.core.mending.confusions import packaged_table
from sniffer.core.mending.page_glyphs import PRIOR, PageGlyphs

TABLE = packaged_table()


def test_a_page_begins_with_the_costs_of_the_table() -> None:
    glyphs = PageGlyphs(TABLE)
    assert all(glyphs.digits_of(character) == TABLE.digits_of(character) for character in "0689BG€")


def test_on_a_page_with_slashed_zeros_a_six_may_be_a_zero() -> None:
    glyphs = PageGlyphs(TABLE)
    glyphs.add([("6", 0)] * 20 + [("6", 6)] * 4)
    assert glyphs.digits_of("6")[0] == 0
    assert 0 < glyphs.digits_of("6")[6] <= 3
    assert glyphs.digits_of("8") == TABLE.digits_of("8")


def test_on_a_page_with_plain_digits_other_readings_cost_more() -> None:
    glyphs = PageGlyphs(TABLE)
    glyphs.add_bytes(bytes.fromhex("66") * 10 * PRIOR)
    assert glyphs.digits_of("6")[6] == 0
    assert glyphs.digits_of("6")[0] > TABLE.digits_of("6")[0]


def test_what_stands_in_one_frame_is_not_counted_for_the_page() -> None:
    glyphs = PageGlyphs(TABLE)
    assert glyphs.costs_with("6", [0, 0])[0] < TABLE.digits_of("6")[0]
    assert glyphs.digits_of("6") == TABLE.digits_of("6")
