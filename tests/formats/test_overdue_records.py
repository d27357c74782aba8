"""Silence that showed something: the record of it has the same number when the session is read from a file."""

import json
from collections.abc import Iterable
from datetime import UTC

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Overdue
from sniffer.core.charger.health.link_health import Health, LinkHealthChanged
from sniffer.core.pipeline import SourceItem
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, Idle, Note, Tap
from sniffer.formats.jsonl import reader, writer
from sniffer.formats.pcapng.index import index_of
from sniffer.formats.pcapng.items import items_of
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.formats.pcapng.writer import CaptureWriter
from tests.core.protocol.helpers import DEFINITION
from tests.known_frames import STATUS_REPORT
from tests.records import records_of

BEGAN = 1_700_000_000 * SECOND + 7_123
PERIOD = 29 * SECOND


def live_items(tap: int = 0) -> Iterable[SourceItem]:
    """Yield a live session: reports every 29 s, two silences, of which the first is overdue, and a last report."""
    time = BEGAN
    for _ in range(5):
        yield Chunk(STATUS_REPORT.raw, time, (), tap)
        time += PERIOD
    for second in range(1, 120):
        yield Idle(time + second * SECOND, tap)
    time += 130 * SECOND
    yield Chunk(STATUS_REPORT.raw, time, (), tap)
    for second in range(1, 60):
        yield Idle(time + second * SECOND, tap)
    yield Chunk(STATUS_REPORT.raw, time + 61 * SECOND, (), tap)


def fed(items: Iterable[SourceItem | Note]) -> list[Record]:
    return records_of(*(item for item in items if not isinstance(item, Note)))


def without_idle(items: Iterable[SourceItem]) -> Iterable[SourceItem]:
    return (item for item in items if not isinstance(item, Idle))


def recorded(records: Iterable[Record], *taps: Tap) -> bytes:
    capture = CaptureWriter("tap", 9600)
    return b"".join(
        [
            capture.encode_header(),
            *map(capture.encode_tap, taps),
            *(capture.encode_record(record, f"note {record.number}") for record in records),
        ]
    )


def overdue_records(records: Iterable[Record]) -> list[int]:
    return [record.number for record in records if any(isinstance(event, Overdue) for event in record.events)]


LIVE = fed(live_items())


def test_a_silence_is_a_record_only_if_it_shows_something() -> None:
    assert [record.item is None for record in LIVE] == [False] * 5 + [True] + [False] * 2
    assert overdue_records(LIVE) == [6]
    event, silent = LIVE[5].events
    assert isinstance(event, Overdue)
    assert isinstance(silent, LinkHealthChanged)
    assert silent.link.health is Health.SILENT
    assert LIVE[5].time == event.time
    assert event.late == (event.time or 0) - BEGAN - 5 * PERIOD


def test_a_session_that_did_not_notice_the_silence_shows_it_at_the_next_record() -> None:
    records = fed(without_idle(live_items()))
    assert overdue_records(records) == [6]
    assert records[5].item is not None


def test_a_capture_has_the_same_records_with_their_numbers_and_notes() -> None:
    items = [*items_of(CaptureReader().feed(recorded(LIVE)))]
    assert fed(items) == LIVE
    assert [item for item in items if isinstance(item, Note)] == [Note(f"note {number}") for number in range(1, 9)]
    assert sum(isinstance(item, Idle) for item in items) == 1


def test_a_part_of_a_capture_has_them_too() -> None:
    """A later file of a recording, or the end of a long one, has not enough to learn the period again."""
    later = fed(items_of(CaptureReader().feed(recorded(LIVE[4:]))))
    assert [record.events for record in later[1:2]] == [LIVE[5].events]
    assert len(later) == len(LIVE[4:])


def test_the_index_counts_it() -> None:
    index = index_of([recorded(LIVE)])
    assert index
    assert index.count == len(LIVE)


def test_a_recording_of_the_replay_is_the_same() -> None:
    once = recorded(LIVE)
    assert recorded(fed(items_of(CaptureReader().feed(once)))) == once


def test_it_belongs_to_its_tap() -> None:
    tap = Tap(2, "far", 0, 9600)
    records = fed([tap, *live_items(2)])
    read = fed(items_of(CaptureReader().feed(recorded(records, tap))))
    assert read == records
    assert [record.reception.tap for record in read if record.reception] == [2] * 8


def test_json_lines_have_the_same_records() -> None:
    lines = [line for record in LIVE for line in writer.format_lines(record, DEFINITION, UTC)]
    items = [item for line in lines for item in reader.items_of(json.loads(line))]
    again = fed(items)
    assert [(record.number, record.item is None) for record in again] == [
        (record.number, record.item is None) for record in LIVE
    ]
    assert overdue_records(again) == [6]


def test_json_lines_of_a_session_that_did_not_notice_have_no_record_more() -> None:
    records = fed(without_idle(live_items()))
    lines = [line for record in records for line in writer.format_lines(record, DEFINITION, UTC)]
    again = fed(item for line in lines for item in reader.items_of(json.loads(line)))
    assert len(again) == len(records)
    assert overdue_records(again) == [6]


@pytest.mark.parametrize(
    "comment",
    ["overdue: ", "overdue: pwr>com 1 1 1 x", "overdue: pwr>com 001 1 1 x", "overdue: pwr>com 01 x 1 x"],
)
def test_a_damaged_comment_shows_nothing(comment: str) -> None:
    data = recorded(LIVE[5:6])
    packets = [packet._replace(comments=(comment,)) for packet in CaptureReader().feed(data)]
    assert [*items_of(packets)] == []


def test_a_comment_on_a_direction_that_the_definition_lacks_shows_nothing() -> None:
    packets = [*CaptureReader().feed(recorded(LIVE[5:6]))]
    (item,) = items_of([packets[-1]._replace(comments=("overdue: up>down 01 1 1 x",))])
    assert fed([item]) == []
