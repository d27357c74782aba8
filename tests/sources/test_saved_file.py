"""The base of sources that read a file: its members, its progress, and the error of a file that was cut off."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sniffer.base.errors import CutOffError
from sniffer.sources.open import open_source
from sniffer.sources.saved_file import SavedSource
from tests.paths import CAPTURES

CONTENT = bytes(range(256)) * 600


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.bin"


def test_a_saved_session_has_no_line(path: Path) -> None:
    source = SavedSource(path)
    assert source.name == str(path)
    assert (source.is_live, source.times_are_first_bytes, source.needs_merging) == (False, False, False)
    assert (source.taps, source.baud, source.zone, source.now(), source.bytes_read) == ((), None, None, None, 0)
    source.close()


async def test_the_base_class_reads_nothing(path: Path) -> None:
    with pytest.raises(NotImplementedError):
        await SavedSource(path).run(lambda item: None)


async def pieces_of(source: SavedSource, size: int = 65_536) -> list[bytes]:
    return [piece async for piece in source._read_pieces(size)]


async def test_progress_is_counted_in_bytes_of_the_file(path: Path) -> None:
    path.write_bytes(gzip.compress(CONTENT))
    source = SavedSource(path)
    assert b"".join(await pieces_of(source)) == CONTENT
    assert source.bytes_read == path.stat().st_size


async def test_pieces_have_at_most_the_size(path: Path) -> None:
    path.write_bytes(CONTENT)
    assert max(map(len, await pieces_of(SavedSource(path), 100))) == 100


async def test_a_cut_off_file_is_an_error_after_all_before_the_cut(path: Path) -> None:
    path.write_bytes(gzip.compress(CONTENT, 0)[:-12])
    pieces: list[bytes] = []

    async def read() -> None:
        async for piece in SavedSource(path)._read_pieces():
            pieces.append(piece)

    with pytest.raises(CutOffError, match="cut off"):
        await read()
    assert len(b"".join(pieces)) > 0.9 * len(CONTENT)
    assert CONTENT.startswith(b"".join(pieces))


async def test_a_stream_is_read_instead_of_the_file(path: Path) -> None:
    async def stream() -> AsyncIterator[bytes]:
        yield b"first"
        yield b"second"

    source = SavedSource(path)
    source.stream = stream()
    assert await pieces_of(source, 3) == [b"first", b"second"]


@pytest.mark.parametrize(("name", "times_are_first_bytes"), [("charging.pcapng", True), ("undervoltage.log", False)])
def test_a_saved_session_needs_neither_a_rate_nor_merging(name: str, times_are_first_bytes: bool) -> None:
    source = open_source(str(CAPTURES / name))
    assert (source.is_live, source.baud, source.taps, source.needs_merging) == (False, None, (), False)
    assert source.times_are_first_bytes is times_are_first_bytes
