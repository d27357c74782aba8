"""Captures of several taps, and the events of a tap: the same records when they are read."""

from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.core.pipeline import SourceItem
from sniffer.core.record import Record
from sniffer.core.wire.items import (
    BaudChange,
    Chunk,
    LatencyBound,
    LineError,
    LineErrorMark,
    Note,
    Tap,
    TapGap,
    TapRestored,
    TapShared,
)
from sniffer.formats.pcapng.index import index_of
from sniffer.formats.pcapng.items import items_of
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.formats.pcapng.writer import CaptureWriter
from tests.known_frames import STATUS_REPORT
from tests.records import records_of

FRAME = STATUS_REPORT.raw
COM, PWR = Tap(1, "/dev/evse-com", 16_000_000, 115200), Tap(2, "/dev/evse-pwr", None, 57600)


def saved(records: list[Record], *taps: Tap) -> bytes:
    writer = CaptureWriter("two taps", 115200)
    head = writer.encode_header() + b"".join(map(writer.encode_tap, taps))
    return head + b"".join(map(writer.encode_record, records))


def read(data: bytes) -> list[Record]:
    return records_of(*(item for item in items_of(CaptureReader().feed(data)) if not isinstance(item, Note)))


def test_each_tap_is_an_interface_with_its_name_rate_and_lateness() -> None:
    reader = CaptureReader()
    list(reader.feed(saved([], COM, PWR)))
    assert [(one.name, one.speed) for one in reader.interfaces] == [("/dev/evse-com", 115200), ("/dev/evse-pwr", 57600)]
    data = saved(records_of(COM, PWR, Chunk(FRAME, SECOND, tap=2), Chunk(FRAME, 2 * SECOND, tap=1)), COM, PWR)
    assert [item for item in items_of(CaptureReader().feed(data)) if isinstance(item, Tap)] == [PWR, COM]


def test_records_of_two_taps_are_the_same_when_they_are_read() -> None:
    items: list[SourceItem] = [COM, PWR, *(Chunk(FRAME, at * SECOND, tap=1 + at % 2) for at in range(1, 9))]
    records = records_of(*items)
    assert {record.reception.tap for record in records if record.reception} == {1, 2}
    assert read(saved(records, COM, PWR)) == records


def test_events_of_a_tap_are_kept() -> None:
    records = records_of(
        LatencyBound(SECOND, 16_000_000),
        TapShared(SECOND, "cat (7)"),
        BaudChange(SECOND, None, "115200: none, 9 line errors"),
        Chunk(FRAME, 2 * SECOND),
        TapGap(3 * SECOND, "the port went away"),
        TapRestored(4 * SECOND, "as /dev/ttyUSB1"),
        BaudChange(5 * SECOND, 57600, "57600: 2 of 2 frames valid"),
        Chunk(FRAME, 6 * SECOND),
    )
    data = saved(records)
    assert read(data) == records
    index = index_of([data])
    assert index is not None
    assert index.count == len(records)


def test_a_late_note_is_no_record_of_the_index() -> None:
    writer = CaptureWriter("tap")
    (record,) = records_of(Chunk(FRAME, SECOND))
    index = index_of([writer.encode_header() + writer.encode_record(record) + writer.encode_note(1, "back: again")])
    assert index is not None
    assert index.count == 1


errors = st.dictionaries(st.integers(0, len(FRAME) - 1), st.sampled_from(LineError))


@given(errors, st.sampled_from([0, 1]))
def test_line_errors_stay_with_their_bytes(found: dict[int, LineError], tap: int) -> None:
    marks = tuple(LineErrorMark(at, found[at]) for at in sorted(found))
    records = records_of(*([COM] if tap else []), Chunk(FRAME, SECOND, marks, tap))
    assert read(saved(records, *([COM] if tap else []))) == records
    assert (records[0].reception.marks if records[0].reception else ()) == marks
