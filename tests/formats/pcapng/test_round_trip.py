"""A written session is the same when it is read: records, numbers, times, reasons and notes."""

from collections.abc import Sequence
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sniffer.core.charger.tap_events import SourceLost
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, LineError, Note, TapGap, TapLineError
from sniffer.formats.charger_log import LogReader, parse_line
from sniffer.formats.pcapng.items import items_of
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.formats.pcapng.writer import CaptureWriter
from tests.core.wire.helpers import STREAMS, reads_of
from tests.dialogue import DIALOGUE, dialogue_records
from tests.formats.pcapng.helpers import pipeline_of, write_capture
from tests.thoroughness import repetitions
from tests.tui.helpers import captured, status_report

DEFINITION = packaged_definition()
TIMES = st.integers(0, 2**62)
NOTES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
LINES = st.from_regex(
    r"([0-9]{1,6} )?20[0-4][0-9]-0[1-9]-2[0-8]T2[0-3]:[0-5][0-9]:59(\.[0-9]{1,6})?(Z|[+-]0[0-9]:?[0-5]0)"
    r" \[[^\]\n\r]*\] ?.{0,30}",
    fullmatch=True,
) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=40)


@st.composite
def sessions(draw: st.DrawFn, times: st.SearchStrategy[int | None]) -> list[Record]:
    """Return the records of any bytes, in any reads at any times, with idle moments in between."""
    pipeline, records = Pipeline(DEFINITION, baud=draw(st.sampled_from([None, 9600, 115200]))), []
    for data in draw(reads_of(STREAMS)):
        records += pipeline.feed(Chunk(data, draw(times)))
        if draw(st.integers(0, 3)) == 0:
            records += pipeline.flush()
    return records + (pipeline.feed(TapGap(draw(times), draw(NOTES))) if draw(st.booleans()) else pipeline.flush())


def read(data: bytes) -> tuple[list[Record], dict[int, str]]:
    """Return the records of a capture, and its notes."""
    pipeline, records, notes = Pipeline(DEFINITION), [], {}
    reader = CaptureReader()
    for item in items_of(reader.feed(data)):
        if isinstance(item, Note):
            notes[item.number or pipeline.next_number] = item.text
        else:
            records += pipeline.feed(item)
    assert not reader.waiting
    return records + pipeline.flush(), {number: text for number, text in notes.items() if text}


def parts_of(records: Sequence[Record]) -> list[object]:
    return [(r.number, r.time, r.line, r.item, r.printed, r.events, r.refers) for r in records]


@settings(max_examples=repetitions(120, 600), deadline=None)
@given(sessions(st.just(1) | TIMES))
def test_any_session_with_times_is_the_same_when_it_is_read(records: list[Record]) -> None:
    assert parts_of(read(write_capture(records))[0]) == parts_of(records)


@settings(max_examples=repetitions(80, 300), deadline=None)
@given(sessions(st.none()))
def test_any_session_without_times_is_the_same_when_it_is_read(records: list[Record]) -> None:
    assert parts_of(read(write_capture(records))[0]) == parts_of(records)


@settings(max_examples=repetitions(80, 300), deadline=None)
@given(sessions(st.none() | TIMES))
def test_any_session_with_some_times_is_the_same_when_it_is_read(records: list[Record]) -> None:
    assert parts_of(read(write_capture(records))[0]) == parts_of(records)


@settings(max_examples=repetitions(80, 400), deadline=None)
@given(st.lists(LINES, max_size=8), st.integers(-14 * 60, 14 * 60))
def test_any_text_log_is_the_same_when_it_is_read(lines: list[str], minutes: int) -> None:
    pipeline = Pipeline(DEFINITION)
    records = [record for line in lines for record in pipeline.feed(parse_line(line))]
    assert parts_of(read(write_capture(records, zone=timezone(timedelta(minutes=minutes))))[0]) == parts_of(records)


@settings(max_examples=repetitions(80, 400), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 86_399), st.integers(0, 999_999_999), st.from_regex(r"[^\r\n]{0,30}"))))
@example([(7, 123_456_789, "=>pwrboard:AA FF FF FF 02 00 FF 85 C0"), (8, 0, "Com boot!"), (9, 1, "")])
def test_a_log_without_a_process_keeps_the_times_before_its_lines(lines: list[tuple[int, int, str]]) -> None:
    pipeline, reader = Pipeline(DEFINITION), LogReader(has_own_times=False)
    printed = [f"[{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}.{rest:09}] {text}" for s, rest, text in lines]
    records = [record for line in reader.read_lines(printed) for record in pipeline.feed(line)]
    assert all(record.time is not None for record in records)
    assert parts_of(read(write_capture(records, zone=reader.zone))[0]) == parts_of(records)


@pytest.mark.parametrize("text", ["log+ ", "log+ x", "log: x", "log: log+ x"])
def test_a_line_that_begins_as_our_comments_do_keeps_its_beginning(text: str) -> None:
    records = Pipeline(DEFINITION).feed(parse_line(text))
    assert parts_of(read(write_capture(records, zone=UTC))[0]) == parts_of(records)


@settings(max_examples=repetitions(80, 200), deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["=>pwrboard", "<=pwrboard", "=>Dbus", "<=Dbus"]), STREAMS), max_size=4))
def test_log_lines_with_any_bytes_are_the_same_when_read(lines: list[tuple[str, bytes]]) -> None:
    pipeline = Pipeline(DEFINITION)
    records = [
        record
        for arrow, data in lines
        for record in pipeline.feed(parse_line(f"7 2023-11-30T00:00:49+0000 [comproc] {arrow}:{data.hex(' ')}"))
    ]
    assert parts_of(read(write_capture(records))[0]) == parts_of(records)


def test_capture_of_the_sample_log_is_the_log() -> None:
    pipeline = Pipeline(DEFINITION)
    records = [record for line in captured() for record in pipeline.feed(line)]
    assert parts_of(read(write_capture(records))[0]) == parts_of(records)


@settings(max_examples=repetitions(80, 300), deadline=None)
@given(st.dictionaries(st.integers(1, 27), NOTES, max_size=5))
@example({1: "log: x"})
@example({1: "note #3: x"})
@example({3: "two\nlines"})
@example({3: "note: x"})
@example({3: "x" * 70_000})
@example({3: "gap: x"})
@example({3: "ends with\0"})
def test_notes_are_the_same_when_they_are_read(notes: dict[int, str]) -> None:
    pipeline = Pipeline(DEFINITION)
    records = [record for line in captured() for record in pipeline.feed(line)]
    found, noted = read(write_capture(records, notes))
    assert found == records
    assert noted == notes
    frames = pipeline_of(status_report("Available") * 27)
    assert read(write_capture(frames, notes))[1] == notes


@pytest.mark.parametrize("text", ["late", "", "log: x", "x" * 70_000])
def test_note_that_comes_late_holds(text: str) -> None:
    writer = CaptureWriter("tap")
    data = writer.encode_header() + b"".join(map(writer.encode_record, pipeline_of(status_report("Available") * 3)))
    data += writer.encode_note(2, "before") + writer.encode_note(2, text)
    assert read(data)[1] == ({2: text} if text else {})


def test_gap_without_a_time_stays_without() -> None:
    pipeline = Pipeline(DEFINITION)
    records = pipeline.feed(TapGap(None, "why"))
    found = read(write_capture(records))[0]
    assert found == records
    assert isinstance(found[0].events[0], SourceLost)


def test_lines_that_continue_a_record_are_the_same_when_they_are_read() -> None:
    records = dialogue_records(f"{DIALOGUE}=>pwrboard:AA 96 DC 0F 02 01 01 6B BF\n=>pwrboard:00\n")
    zone = timezone(timedelta(hours=9))
    assert read(write_capture(records, zone=zone))[0] == records


def test_a_line_error_without_its_byte_is_an_event_of_the_link_type() -> None:
    pipeline = Pipeline(DEFINITION)
    records = [record for error in LineError for record in pipeline.feed(TapLineError(5, error))]
    assert parts_of(read(write_capture(records))[0]) == parts_of(records)
    assert pipeline.snapshot().ledger.marked == dict.fromkeys(LineError, 1)
