"""The store behind the list: bounded, counted, and with windows that stand still."""

from hypothesis import given
from hypothesis import strategies as st

from sniffer.charger.events import Booted, SourceLost
from sniffer.pipeline import Record
from sniffer.protocol.logline import LogLine, TextMessage
from sniffer.tui.history import History
from sniffer.wire.frame import Chunk
from tests.tui.bench import captured, parameter, records_of


def line(number: int, time: int | None = None, *, boots: int = 0) -> Record:
    text = TextMessage(LogLine(time, "p", f"line {number}"), None, ())
    return Record(number, text, tuple(Booted(time, count) for count in range(boots)))


def test_events_stand_under_their_record() -> None:
    history = History()
    history.receive([line(1), line(2, boots=2), line(3)])
    window = history.window()
    shown = [window.at(position) for position in range(len(window))]
    assert [(entry.record.number, entry.event is None) for entry in shown if entry] == [
        (1, True),
        (2, True),
        (2, False),
        (2, False),
        (3, True),
    ]


def test_record_without_item_has_rows_for_its_events_only() -> None:
    history = History()
    history.receive([Record(1, None, (SourceLost(None, "gone"),))])
    assert len(history.window()) == 1


def test_counts() -> None:
    history = History()
    history.receive(records_of(Chunk(parameter(1) + b"\x00\x01", 5)))
    assert (history.records, history.frames, history.began) == (2, 1, 5)


@given(st.lists(st.integers(0, 30), max_size=20), st.integers(1, 50), st.integers(1, 9))
def test_memory_is_bounded_and_nothing_between_is_missing(batches: list[int], limit: int, page: int) -> None:
    history = History(limit, page)
    total = 0
    for size in batches:
        history.receive([line(total + index) for index in range(size)])
        total += size
        window = history.window()
        assert window.end == total
        assert min(total, limit) - page <= len(window) <= limit
        entries = [window.at(position) for position in range(window.first, window.end)]
        assert [entry.record.number for entry in entries if entry] == list(range(window.first, total))
        assert window.at(window.first - 1) is None
        assert window.at(window.end) is None


def test_window_that_is_held_stands_still() -> None:
    history = History(limit=20, page=5)
    history.receive([line(number) for number in range(12)])
    held = history.window()
    history.receive([line(number) for number in range(12, 90)])
    assert (held.first, held.end) == (0, 12)
    assert [entry.record.number for position in range(12) if (entry := held.at(position))] == list(range(12))
    assert history.window().first > 12


def test_time_before_is_that_of_the_record_before() -> None:
    history = History()
    history.receive([line(1, 10), line(2, 20, boots=2), line(3, None), line(4, 40)])
    window = history.window()
    assert [window.time_before(position) for position in range(6)] == [None, 10, 10, 10, 20, None]


def test_nearest() -> None:
    history = History(limit=10, page=5)
    assert history.window().nearest(7) == 0
    history.receive([line(number) for number in range(16)])
    window = history.window()
    assert (window.nearest(0), window.nearest(99), window.nearest(12)) == (window.first, 15, 12)


def test_capture_has_a_row_for_each_record_and_event() -> None:
    records = records_of(*captured())
    history = History()
    history.receive(records)
    assert len(history.window()) == len(records) + sum(len(record.events) for record in records)
