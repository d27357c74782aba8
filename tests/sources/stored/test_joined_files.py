"""Several files as one session: in time order, merged where they overlap, with gaps and damage reported."""

import gzip
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sniffer.base.errors import CutOffError, SourceError
from sniffer.base.times import SECOND
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk, Note, Segments
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.sources.stored.joined_files import JoinedFiles
from tests.records import records_of
from tests.sources.stored.helpers import log_line, read_items, save, texts_of
from tests.tui.helpers import parameter


async def joined(*paths: Path) -> list[str]:
    return texts_of(await read_items(JoinedFiles(paths)))


def numbered(first: int, last: int, *, printed: bool = False) -> list[bytes]:
    return [log_line(number, printed=printed) for number in range(first, last + 1)]


async def test_parts_of_a_rotated_log_are_read_from_the_oldest_on(tmp_path: Path) -> None:
    new = save(tmp_path / "x.log", *numbered(20, 29))
    middle = save(tmp_path / "x.log.1", *numbered(10, 19))
    old = save(tmp_path / "x.log.2.gz", gzip.compress(b"".join(numbered(0, 9))))
    source = JoinedFiles([new, middle, old])
    assert texts_of(await read_items(source)) == [f"line {number}" for number in range(30)]
    assert source.name == f"{tmp_path}/x.log (3 files)"
    assert (source.now(), str(source.zone)) == (1_701_300_629 * SECOND, "UTC+05:30")


async def test_the_first_times_decide_and_not_the_names(tmp_path: Path) -> None:
    late, early = save(tmp_path / "a.log", *numbered(10, 12)), save(tmp_path / "b.log", *numbered(1, 3))
    assert await joined(late, early) == [f"line {number}" for number in (1, 2, 3, 10, 11, 12)]


async def test_files_without_times_are_joined_in_the_order_of_their_names(tmp_path: Path) -> None:
    new, old = save(tmp_path / "x.bin", b"\xbb2"), save(tmp_path / "x.bin.1", b"\xbb1")
    assert await read_items(JoinedFiles([new, old])) == [Chunk(b"\xbb1"), Chunk(b"\xbb2")]


@pytest.mark.parametrize("printed", [False, True])
@pytest.mark.parametrize("first", [5, 9])
async def test_lines_that_two_files_hold_are_given_once(tmp_path: Path, first: int, printed: bool) -> None:
    old = save(tmp_path / "x.log.1", *numbered(0, 10, printed=printed))
    new = save(tmp_path / "x.log", *numbered(first, 15, printed=printed))
    shown = await joined(old, new)
    assert [text for text in shown if text.startswith("line")] == [f"line {number}" for number in range(16)]
    assert [text for text in shown if not text.startswith("line")] == [
        "note: x.log overlaps the file before it: what both hold is shown once"
    ]


async def test_the_same_text_on_both_sides_of_a_boundary_is_kept_unless_its_number_is_the_same(tmp_path: Path) -> None:
    ok, numbered_ok = log_line(5, "OK"), log_line(5, "OK", printed=True)
    assert await joined(save(tmp_path / "x.log.1", ok, ok), save(tmp_path / "x.log", ok)) == 3 * ["OK"]
    old, new = save(tmp_path / "x.log.1", numbered_ok), save(tmp_path / "x.log", numbered_ok, log_line(6))
    assert (await joined(old, new))[::2] == ["OK", "line 6"]


async def test_two_logs_of_the_same_time_are_merged(tmp_path: Path) -> None:
    one = save(tmp_path / "one.log", *(log_line(at) for at in range(0, 20, 2)))
    other = save(tmp_path / "two.log", *(log_line(at) for at in range(1, 20, 2)))
    shown = await joined(one, other)
    assert [text for text in shown if text.startswith("line")] == [f"line {number}" for number in range(20)]


async def test_captures_of_the_same_time_are_merged_frame_by_frame(tmp_path: Path) -> None:
    records = records_of(*(Chunk(parameter(number), number * SECOND) for number in range(1, 9)))
    for name, part in (("a.pcapng", records[::2]), ("b.pcapng", records[1::2]), ("c.pcapng", records[2:5])):
        writer = CaptureWriter("tap")
        save(tmp_path / name, writer.encode_header(), *map(writer.encode_record, part))
    items = await read_items(JoinedFiles([tmp_path / name for name in ("a.pcapng", "b.pcapng", "c.pcapng")]))
    times = [piece[1] for item in items if isinstance(item, Segments) for piece in item.pieces]
    assert times == [number * SECOND for number in range(1, 9)]


async def test_a_part_that_is_missing_is_a_gap(tmp_path: Path) -> None:
    paths = [
        save(tmp_path / "x.log.3", *numbered(0, 3)),
        save(tmp_path / "x.log.1", *numbered(10, 11)),
        save(tmp_path / "x.log", *numbered(12, 13)),
    ]
    assert (await joined(*paths))[4:6] == ["gap: x.log.2 is missing", "back: x.log.1 begins"]
    assert len(await joined(*paths)) == 10


async def test_a_gap_is_reported_once(tmp_path: Path) -> None:
    old = save(tmp_path / "x.bin.2", b"\xbb1" * 50_000)
    new = save(tmp_path / "x.bin", b"\xbb2" * 50_000)
    gaps = [text for text in texts_of(await read_items(JoinedFiles([old, new]))) if text.startswith("gap")]
    assert gaps == ["gap: x.bin.1 is missing"]


async def test_lines_that_are_missing_are_a_gap(tmp_path: Path) -> None:
    old = save(tmp_path / "x.log.1", *numbered(1, 3, printed=True))
    new = save(tmp_path / "x.log", *numbered(7, 8, printed=True))
    assert (await joined(old, new))[3:5] == ["gap: 3 lines missing between two files (4 to 6)", "back: x.log begins"]


async def test_a_long_pause_between_two_files_is_noted(tmp_path: Path) -> None:
    old, new = save(tmp_path / "x.log.1", *numbered(0, 3)), save(tmp_path / "x.log", *numbered(303, 304))
    assert (await joined(old, new))[4] == "note: x.log begins here, 5 min 00 s after x.log.1 ends"
    old = save(tmp_path / "x.log.1", log_line(0), log_line(180))
    new = save(tmp_path / "x.log", log_line(480))
    assert await joined(old, new) == ["line 0", "line 180", "line 480"]


async def test_a_line_that_the_rotation_cut_in_two_is_whole(tmp_path: Path) -> None:
    whole = b"".join(numbered(0, 19))
    for at in range(400, 460):
        paths = save(tmp_path / "x.log.1", whole[:at]), save(tmp_path / "x.log", whole[at:])
        assert await joined(*paths) == [f"line {number}" for number in range(20)]


async def test_lines_of_a_record_that_the_rotation_cut_in_two_belong_to_it(tmp_path: Path) -> None:
    old, other = save(tmp_path / "x.log.1", log_line(1)), save(tmp_path / "a.log", log_line(1))
    new = save(tmp_path / "x.log", b"Online=FALSE\nAPN=\n", log_line(2))
    first, *more, last = (item for item in await read_items(JoinedFiles([old, new])) if isinstance(item, LogLine))
    assert [(line.time, line.process, line.continues) for line in more] == [(first.time, first.process, True)] * 2
    assert not last.continues
    unrelated = [item for item in await read_items(JoinedFiles([other, new])) if isinstance(item, LogLine)]
    assert [(line.time, line.continues) for line in unrelated[1:3]] == [(None, False)] * 2


async def test_a_file_that_was_cut_off_is_reported_after_all_others(tmp_path: Path) -> None:
    packed = gzip.compress(b"".join(numbered(0, 999)), 1)
    old, new = save(tmp_path / "x.log.1.gz", packed[:-2000]), save(tmp_path / "x.log", *numbered(1000, 1001))
    items: list = []
    with pytest.raises(CutOffError, match=r"x\.log\.1\.gz: the compressed file was cut off"):
        await JoinedFiles([old, new]).run(items.append)
    assert texts_of(items)[-1] == "line 1001"
    assert len(items) > 100


async def test_a_damaged_file_is_an_error_after_all_others(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"".join(numbered(0, 99))))
    packed[-6] ^= 1
    old, new = (
        save(tmp_path / "x.log.1.gz", bytes(packed)),
        save(tmp_path / "x.log.gz", gzip.compress(b"".join(numbered(100, 101)))[:-3]),
    )
    items: list = []
    with pytest.raises(SourceError, match=r"x\.log\.1\.gz: .*damaged.*\(and 1 more file\)") as caught:
        await JoinedFiles([old, new]).run(items.append)
    assert not isinstance(caught.value, CutOffError)
    assert "line 101" in texts_of(items)


async def test_a_late_note_of_a_later_file_names_its_record(tmp_path: Path) -> None:
    paths = []
    for name, first in (("x.pcapng", 1), ("x-2.pcapng", 11)):
        records = records_of(*(Chunk(parameter(number), number * SECOND) for number in range(first, first + 3)))
        writer = CaptureWriter("tap")
        parts = [writer.encode_header(), *map(writer.encode_record, records), writer.encode_note(2, "late")]
        paths.append(save(tmp_path / name, *parts, writer.encode_record(records[-1])))
    notes = [item for item in await read_items(JoinedFiles(paths)) if isinstance(item, Note)]
    assert notes == [Note("late", 2), Note("on record 2 of x-2.pcapng: late")]


def test_a_file_that_is_no_session_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the file is empty"):
        JoinedFiles([save(tmp_path / "a.log", log_line(1)), save(tmp_path / "b.log")])


@settings(max_examples=100, deadline=None)
@given(
    steps=st.lists(st.integers(0, 3), min_size=2, max_size=40),
    cuts=st.lists(st.tuples(st.integers(1, 39), st.integers(0, 6)), min_size=1, max_size=3),
    printed=st.booleans(),
)
@example(steps=[0, 0, 0], cuts=[(1, 0), (2, 2)], printed=False)
async def test_any_overlapping_parts_of_a_log_are_the_whole_log(
    steps: list[int], cuts: list[tuple[int, int]], printed: bool
) -> None:
    seconds = list(accumulate(steps)) if printed else range(len(steps))
    lines = [
        f"{f'{number} ' if printed else ''}2023-11-30T05:{at // 60:02}:{at % 60:02}+0530 [a] line {number}\n".encode()
        for number, at in enumerate(seconds)
    ]
    ends = sorted({min(end, len(lines)) for end, _ in cuts} | {len(lines)})
    overlaps = dict(cuts)
    with TemporaryDirectory() as folder:
        paths, begin = [], 0
        for number, end in enumerate(ends):
            paths.append(save(Path(folder, f"x.log.{len(ends) - 1 - number}"), *lines[begin:end]))
            begin = max(0, end - overlaps.get(end, 0))
            # A single line without a number, with the last time of one file and the first of another, may be two.
            begin = end if begin + 1 in ends[: number + 1] and not printed else begin
        shown = [text for text in texts_of(await read_items(JoinedFiles(paths))) if text.startswith("line ")]
    assert shown == [f"line {number}" for number in range(len(lines))]
