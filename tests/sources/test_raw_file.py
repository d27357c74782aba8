"""Raw bytes from a file: all of them, in order, without times, and with turns for the loop in between."""

import asyncio
from pathlib import Path

import pytest

from sniffer.base.compression import READ_SIZE
from sniffer.base.errors import SourceError
from sniffer.core.wire.items import Chunk
from sniffer.sources.raw_file import RawSource
from sniffer.sources.source import Item


async def test_all_bytes_are_read_without_times(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(range(256)) * 1000)
    items: list[Item] = []
    source = RawSource(path)
    await source.run(items.append)
    chunks = [item for item in items if isinstance(item, Chunk)]
    assert len(chunks) == len(items) > 1
    assert b"".join(chunk.data for chunk in chunks) == path.read_bytes()
    assert {(chunk.time, chunk.tap, chunk.marks) for chunk in chunks} == {(None, 0, ())}
    assert source.bytes_read == 256_000
    assert source.now() is None


async def test_the_loop_gets_a_turn_after_each_piece(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(2 * READ_SIZE))
    items: list[Item] = []
    running = asyncio.create_task(RawSource(path).run(items.append))
    await asyncio.sleep(0)
    assert len(items) == 1
    await running
    assert len(items) == 2


async def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        await RawSource(tmp_path / "missing").run(lambda item: None)
