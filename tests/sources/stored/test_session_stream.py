"""The format of a stream is found from its beginning, and none of its bytes is lost, however they come."""

import asyncio
import bz2
import gzip
import lzma
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing

import pytest

from sniffer.base.errors import CutOffError, SourceError
from sniffer.sources.detect import SessionFormat
from sniffer.sources.stored.session_stream import MOST_HEAD, SessionStream
from tests.paths import CAPTURES

LOG = (CAPTURES / "undervoltage.log").read_bytes()
CAPTURE = (CAPTURES / "pulled-cable.pcapng").read_bytes()
JSON = b'{"type": "text", "time": null, "process": "a", "text": "b"}\n'
RAW = bytes.fromhex("BBDDDD320102") * 30


async def come(pieces: Sequence[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        await asyncio.sleep(0)
        yield piece


async def read(*pieces: bytes) -> tuple[SessionFormat | None, bytes]:
    stream = SessionStream("a", come(pieces))
    found = await stream.detect(5)
    return found, b"".join([piece async for piece in stream.pieces()])


@pytest.mark.parametrize("step", [1, 3, 100, 100_000])
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (CAPTURE, SessionFormat.CAPTURE),
        (LOG[:3000], SessionFormat.TEXT_LOG),
        (b"tio v2.5\r\nConnected\r\n" + LOG[:3000], SessionFormat.TEXT_LOG),
        (LOG[:3000].replace(b"\n", b"\r"), SessionFormat.TEXT_LOG),
        (JSON, SessionFormat.JSON_LINES),
        (RAW, SessionFormat.RAW),
        (b"only words\n", SessionFormat.RAW),
        (b"\n", SessionFormat.RAW),
        (b"\x0a\x0d", SessionFormat.RAW),
        (b"\x1f", SessionFormat.RAW),
        (b"", None),
    ],
    ids=lambda one: one.name if isinstance(one, SessionFormat) else None,
)
async def test_format_and_bytes_do_not_depend_on_the_pieces(data: bytes, expected: object, step: int) -> None:
    assert await read(*(data[at : at + step] for at in range(0, len(data), step))) == (expected, data)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("step", [1, 4, 100_000])
async def test_a_packed_stream_is_unpacked(pack, step: int) -> None:
    data = pack(LOG[:3000])
    pieces = [data[at : at + step] for at in range(0, len(data), step)]
    assert await read(*pieces) == (SessionFormat.TEXT_LOG, LOG[:3000])
    stream = SessionStream("a", come([data[:-10]]))
    assert await stream.detect(5) is SessionFormat.TEXT_LOG
    with pytest.raises(CutOffError, match=r"^a: the compressed file was cut off"):
        [piece async for piece in stream.pieces()]


async def test_raw_bytes_need_not_wait_for_more() -> None:
    queue: asyncio.Queue[bytes] = asyncio.Queue()

    async def wait() -> AsyncIterator[bytes]:
        while True:
            yield await queue.get()

    stream = SessionStream("a", wait())
    queue.put_nowait(RAW[:1])
    assert await asyncio.wait_for(stream.detect(None), 5) is SessionFormat.RAW
    pieces = stream.pieces()
    assert await anext(pieces) == RAW[:1]
    queue.put_nowait(RAW[1:])
    assert await anext(pieces) == RAW[1:]


async def test_text_that_shows_no_format_is_waited_for_with_patience_and_nothing_is_lost() -> None:
    more = asyncio.Event()

    async def wait() -> AsyncIterator[bytes]:
        yield b"words"
        await more.wait()
        yield b" and more"

    stream = SessionStream("a", wait())
    assert await stream.detect(0.01) is SessionFormat.RAW
    pieces = stream.pieces()
    assert await anext(pieces) == b"words"
    more.set()
    assert await anext(pieces) == b" and more"
    stream = SessionStream("a", wait())
    await stream.detect(5)
    more.clear()
    stream.close()


@pytest.mark.parametrize(("piece", "is_decided"), [(b"\xaa" + bytes(20), True), (b"\xaa12345678901234567890", False)])
async def test_bytes_that_are_hardly_text_and_come_without_a_pause_are_raw(piece: bytes, is_decided: bool) -> None:
    async def come_often() -> AsyncIterator[bytes]:
        while True:
            yield piece
            await asyncio.sleep(0.005)

    stream = SessionStream("a", come_often())
    detecting = asyncio.create_task(stream.detect(0.1))
    done, _ = await asyncio.wait([detecting], timeout=5 if is_decided else 0.5)
    assert [one.result() for one in done] == [SessionFormat.RAW] * is_decided
    detecting.cancel()
    stream.close()


async def test_who_stops_waiting_for_a_format_can_close_the_stream() -> None:
    async def wait() -> AsyncGenerator[bytes, None]:
        yield b"words"
        await asyncio.Event().wait()

    pieces = wait()
    async with aclosing(pieces):
        waiting = asyncio.create_task(SessionStream("a", pieces).detect(None))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting


async def test_of_endless_text_only_the_beginning_decides() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1000

    stream = SessionStream("a", endless())
    assert await asyncio.wait_for(stream.detect(None), 10) is SessionFormat.RAW
    assert MOST_HEAD <= len(await anext(stream.pieces())) < MOST_HEAD + 1000


async def test_a_stream_that_is_no_session_is_refused() -> None:
    with pytest.raises(SourceError, match=r"^a: a table that was written for other tools"):
        await read(b"PAR1" + bytes(100))
