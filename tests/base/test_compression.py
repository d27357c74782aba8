"""Compressed files: detected by their first bytes, read in chunks, and refused in one line that names the file."""

import gzip
import sys
from pathlib import Path

import pytest

from sniffer.base.compression import GZIP, READ_SIZE, ZSTD, Compression, detect_compression, read_chunks
from sniffer.base.errors import CutOffError, SourceError

CONTENT = bytes(range(256)) * 600


def compress(compression: Compression, content: bytes) -> bytes:
    pytest.importorskip(compression.needs or "zlib")
    packer = compression.packer()
    return packer.compress(content) + packer.flush()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "capture"


@pytest.mark.parametrize("compression", [GZIP, ZSTD], ids=lambda one: one.name)
def test_what_is_compressed_is_detected_and_read_back(path: Path, compression: Compression) -> None:
    path.write_bytes(compress(compression, CONTENT))
    assert detect_compression(path) is compression
    assert path.read_bytes().startswith(compression.magic)
    assert b"".join(read_chunks(path)) == CONTENT


def test_the_gzip_program_reads_what_is_compressed() -> None:
    assert gzip.decompress(compress(GZIP, CONTENT)) == CONTENT


@pytest.mark.parametrize("compression", [GZIP, ZSTD], ids=lambda one: one.name)
def test_several_compressed_parts_in_one_file_are_read_as_one(path: Path, compression: Compression) -> None:
    path.write_bytes(compress(compression, b"first ") + compress(compression, b"second"))
    assert b"".join(read_chunks(path)) == b"first second"


@pytest.mark.parametrize("content", [b"", b"\x1f", b"plain", b"\x8b\x1f"])
def test_a_file_that_is_not_compressed_is_read_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert detect_compression(path) is None
    assert b"".join(read_chunks(path)) == content


def test_chunks_have_at_most_the_size_and_progress_counts_the_file_itself(path: Path) -> None:
    path.write_bytes(CONTENT)
    positions: list[int] = []
    assert {len(chunk) for chunk in read_chunks(path, positions.append, 1000)} <= {1000, len(CONTENT) % 1000}
    assert positions == sorted(positions)
    assert positions[-1] == len(CONTENT)
    assert max(len(chunk) for chunk in read_chunks(path)) == READ_SIZE == 65536


def test_progress_of_a_compressed_file_is_in_compressed_bytes(path: Path) -> None:
    path.write_bytes(compress(GZIP, CONTENT))
    positions: list[int] = []
    list(read_chunks(path, positions.append))
    assert positions[-1] == path.stat().st_size < len(CONTENT)


def test_all_before_a_cut_is_read(path: Path) -> None:
    path.write_bytes(gzip.compress(CONTENT)[:-12])
    chunks: list[bytes] = []
    with pytest.raises(CutOffError) as caught:
        chunks.extend(read_chunks(path))
    assert str(caught.value) == f"{path}: the compressed file was cut off; all before the cut was read"


def test_a_damaged_file_is_an_error_that_names_it(path: Path) -> None:
    whole = bytearray(gzip.compress(CONTENT))
    whole[-8] ^= 1
    path.write_bytes(whole)
    with pytest.raises(SourceError, match="the compressed file is damaged: CRC check failed") as caught:
        list(read_chunks(path))
    assert str(caught.value).startswith(f"{path}: ")
    assert not isinstance(caught.value, CutOffError)


@pytest.mark.parametrize("read", [detect_compression, lambda path: [*read_chunks(path)]], ids=["detect", "read"])
def test_a_missing_file_is_an_error_that_names_it(path: Path, read: object) -> None:
    assert callable(read)
    with pytest.raises(SourceError) as caught:
        read(path)
    assert str(caught.value) == f"{path}: cannot be read: No such file or directory"


def test_a_file_that_may_not_be_read_is_an_error_with_advice(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceError) as caught:
        detect_compression(path)
    assert str(caught.value) == f"{path}: no permission to read it: `ls -l` shows who may"


def test_zstd_without_its_library_is_an_error_with_advice(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(ZSTD.magic)
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(SourceError) as caught:
        list(read_chunks(path))
    assert str(caught.value) == f"{path}: packed by zstd: `pip install zstandard`, or unpack it with `zstd -d`"
