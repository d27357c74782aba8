"""The rows of the list: every record and event has one, and windows stand still."""

from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.charger.startup.registration_events import Booted
from sniffer.core.charger.tap_events import SourceLost
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import LogLine, LogLineParser
from sniffer.core.record import Record
from sniffer.history.records.record_store import RecordStore
from sniffer.tui.state.rows import AllRows, Rows, make_window
from tests.records import records_of
from tests.tui.helpers import captured

LINES = LogLineParser(packaged_definition())
SHAPES = st.lists(st.tuples(st.booleans(), st.integers(0, 3)).filter(lambda shape: shape != (False, 0)), max_size=30)
"""For each record, whether something was read, and how many events it shows."""


def session(*shapes: tuple[bool, int]) -> tuple[Rows, list[Record]]:
    """Return records with or without an item, each with a number of events."""
    records = [
        Record(
            number,
            LINES.read(LogLine(number, "p", f"line {number}")) if has_item else None,
            tuple(Booted(number, count) for count in range(events)),
        )
        for number, (has_item, events) in enumerate(shapes, 1)
    ]
    rows = Rows(RecordStore(packaged_definition()))
    rows.receive(records)
    return rows, records


def shown(rows: Rows) -> list[tuple[int, int | None]]:
    """For each row its record's number, and its event's place."""
    entries = [entry for row in range(len(rows)) if (entry := rows.entry(row))]
    assert len(entries) == len(rows)
    return [
        (entry.record.number, None if entry.event is None else entry.record.events.index(entry.event))
        for entry in entries
    ]


def test_events_stand_under_their_record() -> None:
    rows, _ = session((True, 0), (True, 2), (True, 0))
    assert shown(rows) == [(1, None), (2, None), (2, 0), (2, 1), (3, None)]


def test_record_without_item_has_rows_for_its_events_only() -> None:
    rows, _ = session((True, 1), (False, 2), (True, 0))
    assert shown(rows) == [(1, None), (1, 0), (2, 0), (2, 1), (3, None)]


@given(SHAPES)
def test_each_row_is_that_of_its_record(shapes: list[tuple[bool, int]]) -> None:
    rows, records = session(*shapes)
    expected = [
        (record.number, index)
        for record in records
        for index in ([None] if record.item is not None else []) + list(range(len(record.events)))
    ]
    assert shown(rows) == expected
    assert [rows.number_at(row) for row in range(len(rows))] == [number for number, _ in expected]
    assert [rows.first_row_of(record.number) for record in records] == [
        next(row for row, (number, _) in enumerate(expected) if number == record.number) for record in records
    ]


@given(SHAPES, st.integers(0, 40))
def test_window_ends_with_the_last_row_of_a_record(shapes: list[tuple[bool, int]], until: int) -> None:
    rows, _ = session(*shapes)
    seen = make_window(rows, AllRows(rows), until)
    numbers = [seen.number_at(position) for position in range(seen.first, seen.end)]
    assert numbers == [number for number, _ in shown(rows) if number <= until]
    assert seen.at(seen.end) is None
    assert seen.at(seen.first - 1) is None


def test_window_that_is_held_stands_still() -> None:
    rows, records = session((True, 0), (True, 1))
    held = make_window(rows, AllRows(rows), 2)
    rows.receive([Record(3, records[0].item)])
    assert len(held) == 3
    assert held.at(3) is None
    assert len(make_window(rows, AllRows(rows), 3)) == 4


def test_place_of_a_record_outside_is_the_nearest() -> None:
    rows, _ = session((True, 0), (True, 1), (True, 0))
    seen = make_window(rows, AllRows(rows), 2)
    assert [seen.position_of(number) for number in (1, 2, 3)] == [0, 1, 2]
    assert make_window(rows, AllRows(rows), 0).nearest(7) == 0


def test_landmarks_are_found_both_ways() -> None:
    rows = Rows(RecordStore(packaged_definition()))
    records = records_of(*captured())
    rows.receive(records)
    raised = [record.number for record in records if any("Fault" in type(event).__name__ for event in record.events)]
    assert rows.find_landmark("fault", 0, 1) == raised[0]
    assert rows.find_landmark("fault", raised[0] - 1, 1) == raised[0]
    assert rows.find_landmark("fault", len(records), -1) == raised[-1]
    assert rows.find_landmark("fault", raised[0], -1) is None
    assert rows.find_landmark("noise", 0, 1) is None
    moves = []
    move = rows.find_landmark("move", 0, 1)
    while move is not None:
        moves.append(move)
        move = rows.find_landmark("move", move, 1)
    assert moves == [r.number for r in records if any("Status" in type(event).__name__ for event in r.events)]


def test_lost_source_has_one_row() -> None:
    rows = Rows(RecordStore(packaged_definition()))
    rows.receive([Record(1, None, (SourceLost(None, "gone"),))])
    assert shown(rows) == [(1, 0)]


def test_capture_has_a_row_for_each_record_and_event() -> None:
    records = records_of(*captured())
    rows = Rows(RecordStore(packaged_definition()))
    rows.receive(records)
    assert len(rows) == len(records) + sum(len(record.events) for record in records)


def blank_session(are_blank: list[bool]) -> tuple[Rows, list[int]]:
    """Return rows of log lines of which some are blank, and the numbers of the others."""
    records = [
        Record(number, LINES.read(LogLine(number, "p", "" if is_blank else "x", continues=is_blank)))
        for number, is_blank in enumerate(are_blank, 1)
    ]
    rows = Rows(RecordStore(packaged_definition()))
    rows.receive(records)
    return rows, [number for number, is_blank in enumerate(are_blank, 1) if not is_blank]


@given(st.lists(st.booleans(), max_size=30), st.integers(0, 40))
def test_a_blank_line_has_no_row(are_blank: list[bool], until: int) -> None:
    rows, expected = blank_session(are_blank)
    assert [number for number, _ in shown(rows)] == expected
    for number in range(1, len(are_blank) + 1):
        assert rows.first_row_of(number) == sum(other < number for other in expected)
    seen = make_window(rows, AllRows(rows), until)
    assert [seen.number_at(at) for at in range(seen.first, seen.end)] == [at for at in expected if at <= until]


def test_a_blank_line_with_an_event_has_a_row() -> None:
    rows, _ = session((True, 0))
    rows.receive([Record(2, LINES.read(LogLine(1, "p", "", continues=True)), (Booted(1, 1),))])
    assert shown(rows) == [(1, None), (2, None), (2, 0)]
