"""A text log from a file: each line in order, its zone and time, and the error of a log that was cut off."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest

from sniffer.base.errors import CutOffError, SourceError
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunks
from sniffer.formats.text_files import line_decoder
from sniffer.formats.text_files.text_shape import TextForm, TextShape
from sniffer.sources.text_log_file import LINES_PER_TURN, HexTextSource, TextLogSource, open_text
from tests.known_frames import STATUS_REPORT

FIRST = "1 2023-11-30T05:30:49+0530 [comproc] Com boot!\n"
SECOND = "2 2023-11-30T05:30:50+0530 [ocpp] CP_INFO\n"
AT = 1_701_302_449_000_000_000

LOG = TextShape(TextForm.LOG)
HEX_LINE = "00:00:01 BB DD DD 32 06 59 2A 59 68 59 AD 6B BC\n"


def texts_of(items: list[object]) -> list[str]:
    return [item.text for item in items if isinstance(item, LogLine)]


async def read(path: Path, content: str | bytes) -> tuple[TextLogSource, list[object]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    items: list[object] = []
    source = TextLogSource(path, LOG)
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
    running = asyncio.create_task(TextLogSource(path, LOG).run(items.append))
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
        await TextLogSource(path, LOG).run(items.append)
    assert str(caught.value) == f"{path}: the file was cut off within line 3; all before it was read"
    assert len(items) == 3


@pytest.mark.parametrize("content", [FIRST + SECOND.rstrip("\n"), FIRST + "cut\n", "no log at all", ""])
async def test_a_log_that_ends_as_it_may_is_no_error(path: Path, content: str) -> None:
    await read(path, content)


async def test_a_line_that_has_no_end_yet_is_read_when_the_reading_is_cancelled(path: Path) -> None:
    is_read = asyncio.Event()

    async def growing() -> AsyncIterator[bytes]:
        yield f"{FIRST}{SECOND[:-3]}".encode()
        is_read.set()
        await asyncio.sleep(60)

    items: list[object] = []
    source = TextLogSource(path, LOG)
    source.stream = growing()
    task = asyncio.create_task(source.run(items.append))
    await is_read.wait()
    assert texts_of(items) == ["Com boot!"]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert texts_of(items) == ["Com boot!", "CP_IN"]


async def test_a_reading_that_is_cancelled_before_its_end_leaves_out_nothing_in_between(path: Path) -> None:
    count = 2 * LINES_PER_TURN
    path.write_text(FIRST * count + "1 2023-11-30T05:30:49+0530 [comproc] half")
    items: list[object] = []
    task = asyncio.create_task(TextLogSource(path, LOG).run(items.append))
    while not items:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert 0 < len(items) < count
    assert {*texts_of(items)} == {"Com boot!"}


async def test_a_line_without_a_time_belongs_to_the_record_before_it(path: Path) -> None:
    _, items = await read(path, "before\n" + FIRST + "\nnone\n")
    assert items == [
        LogLine(None, None, "before"),
        LogLine(AT, "comproc", "Com boot!", 1),
        LogLine(AT, "comproc", "", continues=True),
        LogLine(AT, "comproc", "none", continues=True),
    ]


class TestOpening:
    async def test_hex_text_is_read_with_its_times(self, path: Path) -> None:
        path.write_text(HEX_LINE)
        source, items = open_text(path), list[object]()
        await source.run(items.append)
        assert isinstance(source, HexTextSource)
        assert items == [Chunks([(bytes.fromhex(HEX_LINE[9:]), 1_000_000_000)])]
        assert (source.now(), source.zone) == (1_000_000_000, UTC)

    def test_a_log_is_no_hex_text(self, path: Path) -> None:
        path.write_text(HEX_LINE + FIRST)
        assert type(open_text(path)) is TextLogSource

    def test_the_first_record_may_stand_far_after(self, path: Path) -> None:
        path.write_bytes(bytes(200_000) + b"no record\n" * 50_000 + FIRST.encode())
        assert type(open_text(path)) is TextLogSource

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (
                b"hello\x1b[2J\nworld\n",
                "the first is 'hello\\x1b[2J': print the bytes as pairs of digits",
            ),
            (b"\n\n" + b"x" * 99, f"the first is '{'x' * 59}…': "),
            ("hi\n".encode("utf-16"), "the first is 'hi': "),
            (bytes(9), "there is nothing in it but blank lines or zero bytes"),
            (b"no record\n" * 200_000 + FIRST.encode(), "no line is a record of this log"),
            (
                b"     1  00:00:42.000         text  CP_INFO\n",
                "plain lines that were written for people: open",
            ),
        ],
        ids=["control", "long", "utf-16", "nul", "far", "plain"],
    )
    def test_a_text_of_which_no_line_fits_is_refused_and_quoted(self, path: Path, content: bytes, message: str) -> None:
        path.write_bytes(content)
        with pytest.raises(SourceError) as caught:
            open_text(path)
        assert str(caught.value).startswith(f"{path}: ")
        assert message in str(caught.value)


async def stream(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


class TestStreams:
    async def test_the_shape_is_found_as_soon_as_a_line_shows_it(self, path: Path) -> None:
        source, items = TextLogSource(path), list[object]()
        source.stream = stream(bytes(9), b"no ", b"record\n", FIRST.encode(), SECOND.encode())
        await source.run(items.append)
        assert texts_of(items) == ["no record", "Com boot!", "CP_INFO"]

    @pytest.mark.parametrize("pieces", [[b"no ", b"record\n"], [b"no record\n" * 110_000, b""]], ids=["short", "long"])
    async def test_a_stream_of_which_no_line_fits_is_refused(self, path: Path, pieces: list[bytes]) -> None:
        source = TextLogSource(path)
        source.stream = stream(*pieces)
        with pytest.raises(
            SourceError, match="no line is a record of this log, and none is hex: the first is 'no record'"
        ):
            await source.run(lambda item: None)

    async def test_an_empty_stream_has_no_items(self, path: Path) -> None:
        source, items = TextLogSource(path), list[object]()
        source.stream = stream()
        await source.run(items.append)
        assert items == []


def test_a_long_text_of_another_kind_is_no_hex_text_further_on(path: Path) -> None:
    path.write_text("Acquisition with 2/2 channels at 100 kHz\n" + "0:ff ff ff ff ff ff ff ff\n" * 10_000)
    with pytest.raises(SourceError, match="samples of a logic analyser"):
        open_text(path)
