"""Raw bytes from a pipe: dated when they arrive; those of a regular file have no times."""

import asyncio
import os
from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.core.wire.items import Chunk
from sniffer.sources.pipe import PipeSource
from sniffer.sources.source import Item


async def test_bytes_of_a_pipe_have_the_time_of_their_arrival() -> None:
    reader, writer = os.pipe()
    source = PipeSource(reader, "standard input")
    items: list[Item] = []
    before = source.now()
    running = asyncio.create_task(source.run(items.append))
    os.write(writer, b"\1\2")
    while not items:
        await asyncio.sleep(0.001)
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
