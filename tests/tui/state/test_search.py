"""The search: from the chosen row on, round the end of the list once, in slices; text in any case, bytes in hex."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.formats.charger_log import parse_line
from sniffer.history.records.record_store import RecordStore
from sniffer.tui.state.rows import AllRows, Rows, Window
from sniffer.tui.state.search import MatchCount, Needle, Search
from tests.records import records_of
from tests.tui.helpers import status_report

DEFINITION = packaged_definition()
LINES = ("alpha", "beta", "Gamma", "beta")


def window_of(*items: Chunk | str) -> Window:
    """Return all rows of these items."""
    texts = (f"2023-11-30T00:00:47+0000 [p] {item}" if isinstance(item, str) else item for item in items)
    rows = Rows(RecordStore(DEFINITION))
    rows.receive(records_of(*(parse_line(item) if isinstance(item, str) else item for item in texts)))
    return Window(rows, AllRows(rows), 0, len(rows))


def search(
    text: str, *items: Chunk | str, start: int = -1, step: int = 1, notes: dict[int, str] | None = None
) -> Search:
    return Search(window_of(*items), Needle(text, DEFINITION), notes or {}, start, step)


@pytest.mark.parametrize(
    ("start", "step", "found", "has_wrapped"),
    [(-1, 1, 1, False), (1, 1, 3, False), (3, 1, 1, True), (3, -1, 1, False), (1, -1, 3, True), (2, 1, 3, False)],
)
def test_the_next_row_in_this_direction_is_found(start: int, step: int, found: int, has_wrapped: bool) -> None:
    one = search("BETA", *LINES, start=start, step=step)
    assert one.run_for(10) == found
    assert (one.is_over, one.has_wrapped) == (True, has_wrapped)


def test_the_only_row_is_found_again() -> None:
    one = search("gamma", *LINES, start=2)
    assert one.run_for(10) == 2
    assert one.has_wrapped


def test_nothing_found_is_over_with_all_examined() -> None:
    one = search("delta", *LINES)
    assert one.run_for(10) is None
    assert one.is_over
    assert one.share == 1.0


def test_a_search_goes_on_where_its_time_was_up() -> None:
    one = search("last", *["x"] * 100, "last")
    slices = 0
    while (found := one.run_for(0)) is None and not one.is_over:
        slices += 1
        assert 0 < one.share < 1
    assert found == 100
    assert slices >= 5


def test_bytes_are_found_in_hex_and_events_by_their_text() -> None:
    frame = Chunk(status_report("Available"), SECOND)
    assert search("bb 00 01 01", "x", frame).run_for(10) == 1
    assert search("first report", "x", frame).run_for(10) == 2


def test_a_note_is_found_at_its_record() -> None:
    assert search("loose clamp", *LINES, notes={3: "Loose clamp"}).run_for(10) == 2


def test_rows_that_match_are_counted_and_numbered_from_the_top() -> None:
    window = window_of(*LINES)
    count = MatchCount(Needle("beta", DEFINITION), {})
    assert count.run_for(window, 10)
    assert len(count) == 2
    assert [count.rank(position) for position in (1, 3)] == [1, 2]


def test_a_count_goes_on_where_its_time_was_up_and_with_rows_that_came_later() -> None:
    window = window_of("last", *["x"] * 100, "last", "last")
    count = MatchCount(Needle("last", DEFINITION), {})
    earlier = Window(window.rows, window.selection, 0, 102)
    slices = 1
    while not count.run_for(earlier, 0):
        assert 0 < count.share_of(earlier) < 1
        slices += 1
    assert slices >= 5
    assert (len(count), count.rank(0), count.rank(101)) == (2, 1, 2)
    assert count.run_for(window, 10)
    assert (len(count), count.rank(102)) == (3, 3)
