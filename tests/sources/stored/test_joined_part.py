"""One file among several: its items come one by one, with the times by which they are ordered."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from sniffer.base.errors import CutOffError
from sniffer.base.times import SECOND
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunks, Note, Reception, Segments, Tap, TapGap
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.sources.stored.joined_part import BEGINNING, JoinedPart, TimedItem, time_of
from tests.sources.stored.helpers import log_line, save
from tests.sources.test_capture_file import RECORDS

FIRST = 1_701_300_600 * SECOND


async def read(part: JoinedPart) -> list[TimedItem]:
    items = []
    while not part.is_done or part.head:
        if part.head:
            items.append(part.pop())
        else:
            await part.step()
    part.close()
    return items


def text_of(item: TimedItem) -> str:
    assert isinstance(item.item, LogLine)
    return item.item.text


async def test_items_have_their_times_and_those_without_one_that_of_the_item_before(tmp_path: Path) -> None:
    path = save(tmp_path / "a.log", b"none\n", log_line(3), b"continued\n", log_line(1), log_line(9, printed=True))
    part = JoinedPart(path, None)
    items = await read(part)
    assert [item.time for item in items] == [BEGINNING, *(FIRST + at * SECOND for at in (3, 3, 3, 9))]
    assert (part.latest, part.longest_pause, part.line_number) == (FIRST + 9 * SECOND, 6 * SECOND, 9)
    assert part.error is None


async def test_no_more_is_held_than_one_turn_yields(tmp_path: Path) -> None:
    part = JoinedPart(save(tmp_path / "a.log", *map(log_line, range(3000))), None)
    await part.step()
    assert part.head
    assert len(part._items) < 1000
    part.close()


async def test_notes_go_with_the_item_after_them(tmp_path: Path) -> None:
    line = b'{"type": "text", "time": null, "process": "a", "text": "b", "note": "look"}\n'
    (item,) = await read(JoinedPart(save(tmp_path / "a.jsonl", line), None))
    assert item.notes == (Note("look"),)


async def test_an_error_is_kept(tmp_path: Path) -> None:
    part = JoinedPart(save(tmp_path / "a.log", log_line(1), b"2 2023-11"), None)
    assert len(await read(part)) == 2
    assert isinstance(part.error, CutOffError)


async def test_frames_that_were_read_together_are_divided(tmp_path: Path) -> None:
    writer = CaptureWriter("tap")
    path = save(tmp_path / "a.pcapng", writer.encode_header(), *map(writer.encode_record, RECORDS))
    part = JoinedPart(path, None)
    await part.step()
    assert part.head
    assert isinstance(part.head.item, Segments)
    assert len(part.head.item.pieces) == 6
    part.split_head()
    items = await read(part)
    assert [item.time for item in items] == [SECOND * at for at in (1, 2, 3, 4, 5, 9)]
    assert len({item.item for item in items}) == 6


async def test_frames_of_two_taps_that_were_read_together_keep_their_taps(tmp_path: Path) -> None:
    writer = CaptureWriter("taps")
    taps = [writer.encode_tap(Tap(tap, f"tap {tap}")) for tap in (1, 2)]
    order = [2, 1, 2, 2, 1, 2]
    records = [replace(record, reception=Reception(tap)) for record, tap in zip(RECORDS, order, strict=True)]
    path = save(tmp_path / "a.pcapng", writer.encode_header(), *taps, *map(writer.encode_record, records))
    part = JoinedPart(path, None)
    found = []
    while not part.is_done or part.head:
        if part.head:
            part.split_head()
            found.append(part.pop().item)
        else:
            await part.step()
    assert [item.tap for item in found if isinstance(item, Segments)] == order


async def test_chunks_of_hex_text_that_were_read_together_are_divided(tmp_path: Path) -> None:
    lines = [f"[00:00:01.{at:03}] BB DD DD 32 06 59 2A 59 68 59 AD 6B BC\n".encode() for at in (100, 120, 140)]
    part = JoinedPart(save(tmp_path / "a.txt", *lines), None)
    await part.step()
    assert part.head
    assert part.head_end == 1_140_000_000
    part.split_head()
    items = await read(part)
    assert [item.time for item in items] == [1_100_000_000, 1_120_000_000, 1_140_000_000]
    assert all(isinstance(item.item, Chunks) and len(item.item.pieces) == 1 for item in items)


@pytest.mark.parametrize(
    ("following", "expected"),
    [
        (log_line(2)[10:] + log_line(3), ["line 1", "line 2", "line 3"]),
        (log_line(3), ["line 1", "2023-11-3", "line 3"]),
    ],
    ids=["goes on", "begins anew"],
)
async def test_a_half_line_at_the_end_belongs_to_the_next_file(
    tmp_path: Path, following: bytes, expected: list
) -> None:
    first = JoinedPart(save(tmp_path / "a", log_line(1), log_line(2)[: 9 if len(expected[1]) > 6 else 10]), None)
    second = JoinedPart(save(tmp_path / "b", following), None)

    def hand_over(rest: bytes) -> bool:
        second.begun = rest
        return True

    first.hand_over = hand_over
    assert list(map(text_of, await read(first) + await read(second))) == expected
    assert first.error is None


def test_time_of_an_item_is_that_of_its_first_byte() -> None:
    assert time_of(Segments(((b"a", 5), (b"b", 6)))) == 5
    assert time_of(TapGap(7, "x")) == 7
    assert time_of(Note("x")) is None
