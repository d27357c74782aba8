"""From format to format and back: what both can hold is the same, whatever the session is."""

from collections.abc import Iterator, Sequence
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from sniffer.commands.convert.convert import convert
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import Segments
from sniffer.formats.charger_log_writer import guess_route, reads_back
from tests.commands.convert.helpers import DEFINITION, ITEMS, NOTES, ORIGIN, read, seen, write
from tests.core.charger.helpers import SAMPLE
from tests.dialogue import DIALOGUE
from tests.known_frames import KNOWN_FRAMES
from tests.records import records_of
from tests.thoroughness import repetitions


def converted(path: Path, ending: str) -> Path:
    out = path.with_name(f"{path.stem}+{ending}")
    assert convert([str(path)], out, DEFINITION).error is None
    return out


def by_log(record: Record) -> tuple[object, ...]:
    """Return what a log holds of a record: a tap is a process of its own, and every frame has a direction."""
    kind, time, *rest = seen(record)
    if isinstance(record.item, Message):
        raw, direction, line, process = rest
        rest = [raw, direction or guess_route(record.item.frame.raw).direction, line, process]
    if isinstance(record.item, Message | Noise) and record.printed is None and time is not None:
        rest[-1] = "tap"
    return kind, time, *rest


def times_before(records: Sequence[Record]) -> Iterator[int | None]:
    """Yield for each record the time of the last earlier one that has a time."""
    before = None
    for record in records:
        yield before
        before = before if record.time is None else record.time


@settings(max_examples=repetitions(20, 60), deadline=None)
@given(ITEMS, NOTES)
def test_capture_to_json_lines_and_back_is_the_same(items: list, notes: dict[int, str]) -> None:
    with TemporaryDirectory() as folder:
        first = write(Path(folder) / "a.pcapng", records_of(*items), notes)
        records, noted = read(first)
        lines = converted(first, ".jsonl")
        again = converted(lines, ".pcapng")
        for path in (lines, again):
            other, other_notes = read(path)
            if path is lines or not any(record.item is None and record.time is None for record in records):
                assert [*map(seen, other)] == [*map(seen, records)]
            assert other_notes == noted


@settings(max_examples=repetitions(20, 60), deadline=None)
@given(ITEMS)
def test_capture_to_text_log_and_back_is_the_same_as_far_as_a_log_holds_it(items: list) -> None:
    with TemporaryDirectory() as folder:
        first = write(Path(folder) / "a.pcapng", records_of(*items))
        records, _ = read(first)
        log = converted(first, ".log")
        again = converted(log, ".pcapng")
        there = [record for record in records if record.item is not None]
        logged, _ = read(log)
        assert len(logged) == len(there)
        for record, before, other in zip(there, times_before(there), logged, strict=True):
            if reads_back(record, before, ORIGIN.zone):
                assert seen(other) == by_log(record)
        back, _ = read(again)
        # A time without a process, or the other way around, is what a capture cannot hold of a log's line.
        if all(map(reads_back, logged, times_before(logged), repeat(ORIGIN.zone))):
            assert [*map(seen, back)] == [*map(seen, logged)]


@settings(max_examples=repetitions(15, 40), deadline=None)
@given(ITEMS)
def test_bytes_are_the_same_in_every_format_that_is_read(items: list) -> None:
    def raw(path: Path) -> bytes:
        found = (record.item for record in read(path)[0])
        return b"".join(
            item.frame.raw if isinstance(item, Message) else item.raw
            for item in found
            if isinstance(item, Message | Noise)
        )

    with TemporaryDirectory() as folder:
        first = write(Path(folder) / "a.pcapng", records_of(*items))
        wanted = raw(first)
        if wanted:
            assert converted(first, ".bin").read_bytes() == wanted
        assert raw(converted(first, ".jsonl")) == wanted
        assert raw(converted(first, ".log")) == wanted
        assert raw(converted(first, ".pcapng")) == wanted


def test_capture_of_a_tap_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    items = [Segments(((known.raw, at),)) for at, known in enumerate(KNOWN_FRAMES, 1)]
    first = write(tmp_path / "a.pcapng", records_of(*items), {2: "here", 3: "note: there"})
    assert converted(first, ".pcapng").read_bytes() == first.read_bytes()


@pytest.mark.parametrize(
    "endings", [[".pcapng", ".log"], [".jsonl", ".log"], [".jsonl.gz", ".pcapng.zst", ".jsonl", ".log"]], ids="".join
)
def test_charger_s_own_log_comes_back_byte_for_byte(endings: list[str], tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(SAMPLE.read_bytes())
    for ending in endings:
        path = converted(path, ending)
    assert path.read_bytes() == SAMPLE.read_bytes()


@pytest.mark.parametrize(
    "endings", [[".log"], [".pcapng", ".log"], [".jsonl", ".pcapng", ".jsonl", ".log"]], ids="".join
)
@pytest.mark.parametrize("before", ["", "no record\n\n"])
def test_lines_without_time_stamp_and_blank_lines_come_back_byte_for_byte(
    before: str, endings: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "a.log"
    log = f"{before}{DIALOGUE}\n\nlast\n".encode()
    path.write_bytes(log)
    for ending in endings:
        path = converted(path, ending)
    assert path.read_bytes() == log
