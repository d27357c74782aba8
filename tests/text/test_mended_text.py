"""The description of a mended line names the characters that were misread, and the chance of an error."""

from sniffer.core.wire.mended import Mended, MendedCharacter
from sniffer.text.mended_text import CHARACTERS_SHOWN, format_chance, format_mended, list_characters

EURO, TEN = MendedCharacter(14, "€", "6"), MendedCharacter(17, "€", "6")


def test_characters_are_named_once_each():
    mended = Mended("", (EURO, TEN, MendedCharacter(20, "", "1"), MendedCharacter(22, ")", "")), 40)
    assert list_characters(mended) == "€ is 6 (2 times), 1 was missing, ) is extra"


def test_many_characters_are_counted():
    mended = Mended("", tuple(MendedCharacter(at, chr(65 + at), "6") for at in range(CHARACTERS_SHOWN + 2)), 40)
    assert list_characters(mended).endswith(" and 2 more")


def test_a_list_shows_what_was_mended_and_the_chance():
    assert format_mended(Mended("", (EURO,), 40)) == (
        "  [mended: € is 6; 40 readings tried, chance of an accidental fit 0.061 %; assumed]"
    )


def test_several_readings_are_counted_and_none_is_chosen():
    assert format_mended(Mended("", (), 300, (b"a", b"b"))).startswith("  [2 readings fit, none chosen; 300 readings")


def test_words_have_no_chance():
    assert format_chance(Mended("", (), 18, has_crc=False)) == "no CRC confirms it"
