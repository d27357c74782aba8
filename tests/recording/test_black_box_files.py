"""Exactly the records of the window are in the file of the event, whatever the batches and the disk."""

import errno
import random
from collections.abc import Callable, Iterator
from itertools import chain, pairwise, repeat
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.errors import RecordingError
from sniffer.base.times import SECOND
from sniffer.core.charger.tap_events import SourceLost
from sniffer.core.pipeline import Pipeline
from sniffer.core.record import Record
from sniffer.core.wire.items import TapGap
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording import append_file, segment_ring
from sniffer.recording.append_file import AppendFile
from sniffer.recording.black_box_files import BlackBoxFiles, BlackBoxLimits, Hit
from sniffer.recording.capture_files import Batch
from sniffer.recording.event_files import EventFiles, OneEventFile
from tests.recording.black_box_helpers import START, batches_of, contents, expected_files, kept, timed_records
from tests.recording.helpers import DEFINITION, read


class Box:
    """A black box in a folder, and the events that it reports."""

    def __init__(self, folder: Path, before: float = 30, after: float = 30, *, again: bool = False) -> None:
        self.folder = folder
        self.writer = CaptureWriter("tap", 115200)
        self.reported: list[tuple[Path, Hit]] = []
        limits = BlackBoxLimits(round(before * SECOND), round(after * SECOND), is_repeated=again)
        path = folder / "a.pcapng"
        self.files = BlackBoxFiles(
            EventFiles(path) if again else OneEventFile(path),
            self.writer,
            limits,
            lambda path, hit: self.reported.append((path, hit)),
        )
        self.files.begin(self.writer.encode_preamble())

    def write(self, records: list[Record], hits: list[Record], sizes: Iterator[int] | None = None) -> None:
        """Write the records as a recorder does: hits are known before their batch, and what failed is tried again."""
        waiting = list(hits)
        for batch in batches_of(self.writer, records, sizes or repeat(7)):
            while waiting and waiting[0].number < batch.first + batch.packets:
                hit = waiting.pop(0)
                self.files.add_hit(Hit(hit.number, hit.time or 0))
            _write_whole(self.files, batch)

    def segments(self) -> list[Path]:
        return sorted(self.folder.glob("a.before-*.pcapng"))

    def events(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if ".before-" not in path.name)


def _write_whole(files: BlackBoxFiles, batch: Batch) -> None:
    """Write a batch until nothing fails; on a full disk, halves of it."""
    try:
        files.write(batch, b"")
    except RecordingError as error:
        if error.is_full and batch.packets > 1:
            for half in batch.split():
                _write_whole(files, half)
        else:
            _write_whole(files, batch)


def by_tenths(seconds: int) -> list[Record]:
    """Return a frame every tenth of a second."""
    return timed_records(tenth / 10 for tenth in range(seconds * 10))


def test_both_ends_of_the_window_are_in_it(tmp_path: Path) -> None:
    box = Box(tmp_path, before=30, after=20)
    nanosecond = 1e-9
    times = [69.9, 70 - nanosecond * 1000, 70, 70.5, 100, 100.1, 119.9, 120, 120 + nanosecond * 1000, 121, 125]
    records = timed_records(times)
    box.write(records, [records[4]])
    box.files.close()
    found = [(time or 0) - START for time, _ in kept(tmp_path / "a.pcapng")]
    assert found == [70 * SECOND, 70_500_000_000, 100 * SECOND, 100_100_000_000, 119_900_000_000, 120 * SECOND]


def test_an_event_that_the_disk_lost_is_reported_once_and_the_next_one_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter((True, False))

    def sync(_file: int) -> None:
        if next(answers):
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(append_file, "sync_file", sync)
    box, records = Box(tmp_path, before=5, after=5, again=True), by_tenths(100)
    failures = []
    box.files.add_hit(Hit(records[200].number, records[200].time or 0))
    box.files.add_hit(Hit(records[600].number, records[600].time or 0))
    for batch in batches_of(box.writer, records, repeat(7)):
        try:
            box.files.write(batch, b"")
        except RecordingError as error:
            failures.append(error.lost)
            box.files.write(batch, b"")
    box.files.close()
    assert failures == [101]
    assert (box.files.events, box.files.packets) == (2, 202)


@pytest.mark.parametrize("size", [1, 2, 33, 256, 5000])
def test_one_event_is_kept_with_all_around_it_and_nothing_else(tmp_path: Path, size: int) -> None:
    box, records = Box(tmp_path), by_tenths(200)
    hits = [records[1000], records[1100], records[1500]]
    box.write(records, hits, repeat(size))
    box.files.close()
    (expected,) = expected_files(records, hits, 30, 30, again=False)
    assert len(expected) == 601
    assert kept(tmp_path / "a.pcapng") == contents(expected)
    assert box.reported == [(tmp_path / "a.pcapng", Hit(1001, START + 100 * SECOND))]
    assert (box.files.events, box.files.packets) == (1, 601)
    assert list(tmp_path.iterdir()) == [tmp_path / "a.pcapng"]


def test_an_event_soon_after_the_beginning_has_what_there_is(tmp_path: Path) -> None:
    box, records = Box(tmp_path), by_tenths(20)
    box.write(records, [records[0]])
    box.files.close()
    assert kept(tmp_path / "a.pcapng") == contents(records)


def test_without_an_event_nothing_remains(tmp_path: Path) -> None:
    box = Box(tmp_path)
    box.write(by_tenths(200), [])
    assert box.segments()
    box.files.close()
    assert list(tmp_path.iterdir()) == []


def test_the_ring_is_bounded(tmp_path: Path) -> None:
    box = Box(tmp_path, before=10)
    records = by_tenths(600)
    most = 0
    for start in range(0, len(records), 50):
        box.write(records[start : start + 50], [])
        most = max(most, len(box.segments()))
    # A segment has at least one batch, of 0.7 s here; the disorder and the last segment come on top.
    assert most <= 11 / 0.7 + 2
    spans = [[time or 0 for time, _ in kept(path)] for path in box.segments()]
    latest = max(max(times) for times in spans)
    assert latest == records[-1].time
    # All of the last ten seconds are there, and at most the disorder, a batch and a segment more.
    oldest = min(min(times) for times in spans)
    assert latest - 18 * SECOND <= oldest <= latest - 10 * SECOND
    box.files.close()


def test_hits_whose_windows_overlap_are_one_event_and_a_later_one_has_a_file_of_its_own(tmp_path: Path) -> None:
    box, records = Box(tmp_path, 20, 10, again=True), by_tenths(300)
    hits = [records[number] for number in (500, 599, 699, 900, 1500)]
    box.write(records, hits)
    box.files.close()
    expected = expected_files(records, hits, 20, 10, again=True)
    # The windows of 69.9 s and 90 s have what is between 70 and 79.9 s in common; that of 150 s begins at 130 s.
    assert [len(some) for some in expected] == [701, 301]
    assert [kept(path) for path in box.events()] == [contents(some) for some in expected]
    assert [hit.number for _, hit in box.reported] == [501, 1501]


def test_no_record_is_in_two_files(tmp_path: Path) -> None:
    box, records = Box(tmp_path, 3, 1, again=True), by_tenths(100)
    box.write(records, records[::45])
    box.files.close()
    found = [frame for path in box.events() for frame in kept(path)]
    assert len(box.events()) > 10
    assert len(found) == len(set(found))


@st.composite
def sessions(draw: st.DrawFn) -> tuple[list[float], list[int]]:
    """Return the times of records in seconds, ascending but for small disorder, and which of them match."""
    steps = draw(st.lists(st.sampled_from([0.0, 0.001, 0.1, 0.5, 1.0, 2.0, 7.0, 40.0, -0.2]), min_size=1, max_size=80))
    times, now = [], 100.0
    for step in steps:
        now += step
        times.append(now)
    hits = draw(st.sets(st.integers(0, len(times) - 1), max_size=6))
    return times, sorted(hits)


@settings(max_examples=100, deadline=None)
@given(
    session=sessions(),
    before=st.sampled_from([0, 0.5, 3, 10]),
    after=st.sampled_from([0, 0.5, 3, 10]),
    again=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_the_files_are_those_of_the_model_whatever_the_batches_and_the_disk(
    session: tuple[list[float], list[int]], before: float, after: float, again: bool, seed: int
) -> None:
    source = random.Random(seed)
    times, chosen = session
    records = timed_records(times)
    hits = [records[index] for index in chosen]
    # A hit is in the order of its time here; the disorder of the others is smaller than what is waited for.
    hits = [hit for index, hit in enumerate(hits) if not index or (hit.time or 0) >= (hits[index - 1].time or 0)]
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment_ring, "SEGMENT_SIZE", 500)
        patch.setattr(AppendFile, "write", _failing(source, AppendFile.write))
        box = _open(Path(name), before, after, again=again)
        box.write(records, hits, iter(lambda: source.randrange(1, 12), None))
        box.files.close()
        patch.undo()
        expected = expected_files(records, hits, before, after, again=again)
        found = sorted(kept(path) for path in box.events())
        wanted = sorted(contents(some) for some in expected)
        if again and any((later.time or 0) < (earlier.time or 0) for earlier, later in pairwise(records)):
            # The next event may end this one just before the last records of its window, which are out of order.
            assert len(found) == len(wanted)
            assert all(set(some) <= set(all_of_them) for some, all_of_them in zip(found, wanted, strict=True))
        else:
            assert found == wanted
        assert not box.segments()


def _open(folder: Path, before: float, after: float, *, again: bool) -> Box:
    while True:
        try:
            return Box(folder, before, after, again=again)
        except RecordingError:
            continue


def _failing(source: random.Random, write: Callable[[AppendFile, bytes], None]) -> Callable[[AppendFile, bytes], None]:
    def fail_at_times(self: AppendFile, data: bytes) -> None:
        if source.random() < 0.15:
            raise RecordingError(self.path, "no room", is_full=source.random() < 0.5)
        write(self, data)

    return fail_at_times


def test_out_of_order_records_of_the_window_are_in_it(tmp_path: Path) -> None:
    box = Box(tmp_path, 5, 5)
    records = timed_records([90, 95.1, 94.9, 95.0, 99, 100, 104, 105.1, 104.9, 105.0, 105.2, 107])
    box.write(records, [records[5]], repeat(1))
    box.files.close()
    expected = [95.1, 95.0, 99, 100, 104, 104.9, 105.0]
    assert [((time or 0) - START) / SECOND for time, _ in kept(tmp_path / "a.pcapng")] == expected


def test_a_second_tap_is_described_in_the_file_of_the_event(tmp_path: Path) -> None:
    box, pipeline = Box(tmp_path, 5, 5), Pipeline(DEFINITION)
    records = [*timed_records([100, 101]), *pipeline.feed(TapGap(START + 102 * SECOND, "pulled"))]
    records[2] = Record(3, None, records[2].events)
    box.write(records[:2], [])
    box.write(records[2:], [records[2]])
    box.files.close()
    found, _ = read(tmp_path / "a.pcapng")
    assert contents(found) == contents(records)
    assert isinstance(found[-1].events[0], SourceLost)


def test_a_gap_that_the_disk_caused_stands_in_the_file_of_the_event(tmp_path: Path) -> None:
    box, records = Box(tmp_path, 5, 5), timed_records([100, 101, 102, 103, 104])
    first, _, third, hit = batches_of(box.writer, records, chain([2, 1, 1], repeat(1)))
    box.files.write(first, b"")
    box.files.write(third, box.writer.encode_gap(third.time, "1 packet not recorded"))
    box.files.add_hit(Hit(5, hit.time or 0))
    box.files.write(hit, b"")
    box.files.close()
    found, _ = read(tmp_path / "a.pcapng")
    assert contents(found) == contents([*records[:2], *records[3:]])
    (lost,) = (event for record in found for event in record.events if isinstance(event, SourceLost))
    assert lost.reason == "1 packet not recorded"


def test_notes_are_at_their_records(tmp_path: Path) -> None:
    box, records = Box(tmp_path, 2, 5), timed_records([100, 101, 102, 103, 104])
    batches = list(batches_of(box.writer, records, repeat(1)))

    def note(after: int, number: int, text: str) -> None:
        box.files.write(Batch(batches[after].preamble, b"", 0, 0, after + 2, notes=((number, text),)), b"")

    for batch in batches[:3]:
        box.files.write(batch, b"")
    note(2, 1, "before the window")
    note(2, 3, "in the ring")
    box.files.add_hit(Hit(4, records[3].time or 0))
    box.files.write(batches[3], b"")
    note(3, 2, "in the file")
    note(3, 1, "still before the window")
    box.files.write(batches[4], b"")
    box.files.close()
    found, notes = read(tmp_path / "a.pcapng")
    assert contents(found) == contents(records[1:])
    assert notes == {1: "in the file", 2: "in the ring"}


def test_a_part_of_the_ring_that_was_deleted_is_reported_and_the_rest_is_kept(tmp_path: Path) -> None:
    box, records = Box(tmp_path, 16, 1), by_tenths(40)
    box.write(records[:300], [])
    gone = box.segments()[2]
    missing = kept(gone)
    gone.unlink()
    (batch,) = batches_of(box.writer, records[300:], repeat(1000))
    box.files.add_hit(Hit(301, records[300].time or 0))
    with pytest.raises(RecordingError, match="the records before the event cannot be read"):
        box.files.write(batch, b"")
    box.files.write(batch, b"")
    box.files.close()
    (expected,) = expected_files(records, [records[300]], 16, 1, again=False)
    assert missing
    assert kept(tmp_path / "a.pcapng") == [one for one in contents(expected) if one not in missing]


def test_obstacles_are_reported_at_the_beginning(tmp_path: Path) -> None:
    (tmp_path / "a.pcapng").write_bytes(b"mine")
    with pytest.raises(RecordingError, match="it is there already"):
        Box(tmp_path)
    with pytest.raises(RecordingError, match="no such folder"):
        Box(tmp_path / "nowhere", again=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.pcapng"]
