"""A text log from a file: each line in order, its zone and time, and the error of a log that was cut off."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from sniffer.base.errors import CutOffError
from sniffer.core.protocol.log_lines import LogLine
from sniffer.formats.text_files import line_decoder
from sniffer.sources.text_log_file import LINES_PER_TURN, TextLogSource
from tests.known_frames import STATUS_REPORT

FIRST = "1 2023-11-30T05:30:49+0530 [comproc] Com boot!\n"
SECOND = "2 2023-11-30T05:30:50+0530 [ocpp] CP_INFO\n"
AT = 1_701_302_449_000_000_000


def texts_of(items: list[object]) -> list[str]:
    return [item.text for item in items if isinstance(item, LogLine)]


async def read(path: Path, content: str | bytes) -> tuple[TextLogSource, list[object]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    items: list[object] = []
    source = TextLogSource(path)
    await source.run(items.append)
    return source, items


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.log"


async def test_each_line_is_read_with_its_time(path: Path) -> None:
    source, items = await read(path, FIRST + SECOND)
    assert items == [LogLine(AT, "comproc", "Com boot!", 1), LogLine(AT + 1_000_000_000, "ocpp", "CP_INFO", 2)]
    assert source.now() == AT + 1_000_000_000
    assert source.zone == timezone(timedelta(hours=5, minutes=30))
    assert source.bytes_read == len(FIRST + SECOND)


async def test_a_line_without_a_time_keeps_the_last_time_and_the_zone(path: Path) -> None:
    source, items = await read(path, "no time\n" + FIRST + "none\n" + SECOND.replace("+0530", "Z"))
    assert len(items) == 4
    assert source.zone == timezone(timedelta(hours=5, minutes=30))
    source, _ = await read(path, FIRST + "none\n")
    assert source.now() == AT


async def test_a_packed_log_is_read_like_a_plain_one(path: Path) -> None:
    _, plain = await read(path, FIRST + SECOND)
    _, packed = await read(path, gzip.compress((FIRST + SECOND).encode()))
    assert packed == plain


async def test_lines_may_be_cut_between_two_pieces(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, whole = await read(path, FIRST + SECOND)
    content = (FIRST + SECOND).encode()

    async def read_bytewise(_source: TextLogSource) -> AsyncIterator[bytes]:
        for at in range(len(content)):
            yield content[at : at + 1]

    monkeypatch.setattr(TextLogSource, "_read_pieces", read_bytewise)
    _, pieces = await read(path, content)
    assert pieces == whole


async def test_a_line_that_is_too_long_is_split(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_decoder, "MAX_LINE", 10)
    _, items = await read(path, "a" * 25)
    assert texts_of(items) == ["a" * 10, "a" * 10, "a" * 5]
    _, items = await read(path, "b" * 10)
    assert texts_of(items) == ["b" * 10]


async def test_bytes_that_are_not_utf_8_are_read(path: Path) -> None:
    _, items = await read(path, b"\xff\n")
    assert len(items) == 1


async def test_the_loop_gets_turns_while_a_long_log_is_read(path: Path) -> None:
    path.write_text("x\n" * (2 * LINES_PER_TURN + 1))
    items: list[object] = []
    running = asyncio.create_task(TextLogSource(path).run(items.append))
    counts = []
    for _ in range(2):
        await asyncio.sleep(0)
        counts.append(len(items))
    await running
    assert counts == [LINES_PER_TURN, 2 * LINES_PER_TURN]
    assert len(items) == 2 * LINES_PER_TURN + 1


@pytest.mark.parametrize(
    "last", ["3 2023-11-30T05", f"3 2023-11-30T05:30:51+0530 [a] <=pwrboard:{STATUS_REPORT.raw.hex()[:20]}"]
)
async def test_a_log_that_ends_within_a_record_is_read_up_to_there(path: Path, last: str) -> None:
    path.write_text(FIRST + SECOND + last)
    items: list[object] = []
    with pytest.raises(CutOffError) as caught:
        await TextLogSource(path).run(items.append)
    assert str(caught.value) == f"{path}: the file was cut off within line 3; all before it was read"
    assert len(items) == 3


@pytest.mark.parametrize("content", [FIRST + SECOND.rstrip("\n"), FIRST + "cut\n", "no log at all", ""])
async def test_a_log_that_ends_as_it_may_is_no_error(path: Path, content: str) -> None:
    await read(path, content)


async def test_a_line_without_a_time_belongs_to_the_record_before_it(path: Path) -> None:
    _, items = await read(path, "before\n" + FIRST + "\nnone\n")
    assert items == [
        LogLine(None, None, "before"),
        LogLine(AT, "comproc", "Com boot!", 1),
        LogLine(AT, "comproc", "", continues=True),
        LogLine(AT, "comproc", "none", continues=True),
    ]
