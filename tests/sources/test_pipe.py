"""A session from a pipe: recognised by its beginning; raw bytes are dated when they arrive, those of a file are not."""

import asyncio
import gzip
import lzma
import os
from pathlib import Path

import pytest

from sniffer.base.errors import CutOffError, SourceError
from sniffer.core.protocol.definition_origin import DefinitionOrigin
from sniffer.core.wire.items import Chunk
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.formats.recorded_with import RecordedWith
from sniffer.sources.capture_file import CaptureSource
from sniffer.sources.file_options import FileOptions
from sniffer.sources.pipe import PipeSource
from sniffer.sources.source import Item
from sniffer.sources.stored.session_file import open_file
from tests.paths import CAPTURES
from tests.waiting import until


async def test_bytes_of_a_pipe_have_the_time_of_their_arrival() -> None:
    reader, writer = os.pipe()
    source = PipeSource(reader, "standard input")
    items: list[Item] = []
    before = source.now()
    running = asyncio.create_task(source.run(items.append))
    os.write(writer, b"\1\2")
    await until(lambda: items)
    os.close(writer)
    await running
    (chunk,) = items
    assert isinstance(chunk, Chunk)
    after = source.now()
    assert before is not None
    assert after is not None
    assert chunk.time is not None
    assert chunk.data == b"\1\2"
    assert before <= chunk.time <= after
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(reader)


async def test_bytes_of_a_file_have_no_times(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 70_000)
    source = PipeSource(os.open(tmp_path / "a", os.O_RDONLY), "-")
    items: list[Item] = []
    await source.run(items.append)
    assert source.now() is None
    assert items == [Chunk(b"x" * 65_536), Chunk(b"x" * (70_000 - 65_536))]


def test_a_closed_descriptor_is_refused() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    os.close(writer)
    with pytest.raises(SourceError, match=r"^standard input: it is closed: nothing can be read from it$"):
        PipeSource(reader, "standard input")


def test_silence_on_a_pipe_means_nothing() -> None:
    reader, writer = os.pipe()
    source = PipeSource(reader, "-")
    assert (source.is_live, source.baud, source.taps) == (False, None, ())
    source.close()
    os.close(writer)


async def test_a_read_that_is_cancelled_leaves_nothing_that_waits() -> None:
    reader, writer = os.pipe()
    # It may be the beginning of a log, so the rest of the line is waited for.
    os.write(writer, b"2023-")
    running = asyncio.create_task(PipeSource(reader, "-").run(lambda item: None))
    await until(lambda: len(asyncio.all_tasks()) >= 3)
    running.cancel()
    await asyncio.wait([running])
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    os.close(writer)


CAPTURE = CAPTURES / "pulled-cable.pcapng"


async def read_through_pipe(*pieces: bytes) -> list[Item]:
    reader, writer = os.pipe()
    source, items = PipeSource(reader, "standard input"), list[Item]()
    running = asyncio.create_task(source.run(items.append))
    try:
        for piece in pieces:
            await asyncio.to_thread(os.write, writer, piece)
            await asyncio.sleep(0.01)
    finally:
        os.close(writer)
    await running
    return items


@pytest.mark.parametrize("first", [1, 3, 4, 100])
async def test_a_capture_in_a_pipe_is_what_the_file_is(first: int) -> None:
    expected, data = list[Item](), CAPTURE.read_bytes()
    await CaptureSource(CAPTURE).run(expected.append)
    assert await read_through_pipe(data[:first], data[first:]) == expected


async def test_a_capture_as_standard_input_is_what_the_file_is() -> None:
    expected, found = list[Item](), list[Item]()
    await CaptureSource(CAPTURE).run(expected.append)
    await PipeSource(os.open(CAPTURE, os.O_RDONLY), "-").run(found.append)
    assert found == expected


async def test_a_capture_that_is_cut_off_is_read_up_to_its_last_packet() -> None:
    with pytest.raises(CutOffError, match="standard input: the capture was cut off"):
        await read_through_pipe(CAPTURE.read_bytes()[:-5])


async def test_bytes_that_only_begin_like_a_capture_are_bytes() -> None:
    items = await read_through_pipe(b"\x0a\x0d")
    assert [item.data for item in items if isinstance(item, Chunk)] == [b"\x0a\x0d"]
    items = await read_through_pipe(b"\x0a", b"\x0a\x0d")
    assert b"".join(item.data for item in items if isinstance(item, Chunk)) == b"\x0a\x0a\x0d"


async def read_file(path: Path) -> list[Item]:
    items = list[Item]()
    await open_file(path).run(items.append)
    return items


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress], ids=["plain", "gzip", "xz"])
@pytest.mark.parametrize("name", ["undervoltage.log", "session.jsonl", "pulled-cable.pcapng"])
async def test_every_kind_of_session_in_a_pipe_is_what_the_file_is(name: str, pack, tmp_path: Path) -> None:
    path = CAPTURES / name
    if name == "session.jsonl":
        path = tmp_path / name
        path.write_text(3 * '{"type": "text", "time": "2023-11-30T05:30:49Z", "process": "a", "text": "b"}\n')
    data = pack(path.read_bytes())
    assert await read_through_pipe(data) == await read_through_pipe(data[:9], data[9:]) == await read_file(path)


async def test_a_log_in_a_pipe_has_its_own_times_and_zone() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"2023-11-30T05:30:49+0530 [a] b\n")
    os.close(writer)
    source = PipeSource(reader, "-")
    await source.run(lambda item: None)
    assert (source.now(), str(source.zone)) == (1_701_302_449_000_000_000, "UTC+05:30")


async def test_lines_of_a_log_are_read_as_they_come() -> None:
    reader, writer = os.pipe()
    source, items = PipeSource(reader, "-"), list[Item]()
    running = asyncio.create_task(source.run(items.append))
    line = b"2023-11-30T05:30:49+0530 [a] b\n"
    os.write(writer, line)
    await until(lambda: len(items) == 1)
    os.write(writer, line)
    await until(lambda: len(items) == 2)
    os.close(writer)
    await running
    assert len(items) == 2


async def test_what_a_capture_in_a_pipe_was_recorded_with_is_passed_on() -> None:
    origins = (DefinitionOrigin("jbd", True, "0" * 16),)
    found: list[RecordedWith] = []
    reader, writer = os.pipe()
    os.write(writer, CaptureWriter("port", origins=origins).encode_header())
    os.close(writer)
    await PipeSource(reader, "standard input", FileOptions(on_recorded=found.append)).run(lambda _: None)
    assert [(one.file, one.origins) for one in found] == [("standard input", origins)]
