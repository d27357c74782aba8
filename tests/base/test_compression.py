"""Compressed files: detected by their first bytes, read in chunks, and refused in one line that names the file."""

import gzip
import lzma
import random
import sys
from pathlib import Path

import pytest

from sniffer.base import compression as module
from sniffer.base.compression import (
    COMPRESSIONS,
    GZIP,
    READ_SIZE,
    ZSTD,
    Compression,
    Unpacker,
    detect_compression,
    read_chunks,
)
from sniffer.base.errors import CutOffError, SkippedError, SourceError

CONTENT = bytes(range(256)) * 600


def compress(compression: Compression, content: bytes) -> bytes:
    pytest.importorskip(compression.needs or "zlib")
    packer = compression.packer()
    return packer.compress(content) + packer.flush()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "capture"


@pytest.mark.parametrize("compression", COMPRESSIONS, ids=lambda one: one.name)
def test_what_is_compressed_is_detected_and_read_back(path: Path, compression: Compression) -> None:
    path.write_bytes(compress(compression, CONTENT))
    assert detect_compression(path) is compression
    assert path.read_bytes().startswith(compression.magic)
    assert b"".join(read_chunks(path)) == CONTENT


def test_the_gzip_program_reads_what_is_compressed() -> None:
    assert gzip.decompress(compress(GZIP, CONTENT)) == CONTENT


@pytest.mark.parametrize("compression", COMPRESSIONS, ids=lambda one: one.name)
def test_several_compressed_parts_in_one_file_are_read_as_one(path: Path, compression: Compression) -> None:
    path.write_bytes(compress(compression, b"first ") + compress(compression, b"second"))
    assert b"".join(read_chunks(path)) == b"first second"


@pytest.mark.parametrize("compression", COMPRESSIONS, ids=lambda one: one.name)
@pytest.mark.parametrize("step", [1, 7, 5000])
def test_the_content_does_not_depend_on_how_the_file_is_cut_into_pieces(compression: Compression, step: int) -> None:
    data, unpacker = compress(compression, CONTENT) + compress(compression, b"second"), Unpacker("a")
    first, rest = data[: module.LONGEST_MAGIC], data[module.LONGEST_MAGIC :]
    pieces = [first, *(rest[at : at + step] for at in range(0, len(rest), step))]
    chunks = [chunk for piece in pieces for chunk in unpacker.feed(piece)]
    unpacker.end()
    assert b"".join(chunks) == CONTENT + b"second"
    assert max(map(len, chunks)) <= READ_SIZE


@pytest.mark.parametrize("compression", COMPRESSIONS, ids=lambda one: one.name)
def test_a_file_cut_anywhere_is_read_up_to_the_cut(path: Path, compression: Compression) -> None:
    content = random.Random(19).randbytes(300)
    whole = compress(compression, content)
    for size in range(module.LONGEST_MAGIC, len(whole)):
        path.write_bytes(whole[:size])
        chunks: list[bytes] = []
        with pytest.raises(CutOffError):
            chunks.extend(read_chunks(path))
        assert content.startswith(b"".join(chunks))


@pytest.mark.parametrize("compression", COMPRESSIONS, ids=lambda one: one.name)
def test_zero_bytes_after_a_compressed_file_are_no_damage(path: Path, compression: Compression) -> None:
    path.write_bytes(compress(compression, CONTENT) + bytes(512))
    assert b"".join(read_chunks(path)) == CONTENT


@pytest.mark.parametrize("compression", COMPRESSIONS, ids=lambda one: one.name)
def test_other_bytes_after_a_compressed_file_are_skipped_with_a_notice(path: Path, compression: Compression) -> None:
    path.write_bytes(compress(compression, CONTENT) + b"appended by mistake")
    chunks: list[bytes] = []
    with pytest.raises(SkippedError, match=f"after the end of the {compression.name} data were skipped"):
        chunks.extend(read_chunks(path))
    assert b"".join(chunks) == CONTENT


@pytest.mark.parametrize("compression", COMPRESSIONS, ids=lambda one: one.name)
def test_a_small_file_with_an_endless_content_is_read_in_small_chunks_and_refused(
    path: Path, compression: Compression, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "UNCHECKED_SIZE", 1 << 20)
    path.write_bytes(compress(compression, bytes(10 << 20)))
    chunks: list[int] = []
    with pytest.raises(SourceError, match="expands to more than 500 times its size") as caught:
        chunks.extend(map(len, read_chunks(path)))
    assert str(caught.value).startswith(f"{path}: ")
    assert max(chunks) <= READ_SIZE
    assert 1 << 19 <= sum(chunks) <= 9 << 20


def test_xz_that_needs_much_memory_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_MEMORY", 1 << 20)
    path.write_bytes(lzma.compress(CONTENT))
    with pytest.raises(SourceError, match="emory"):
        list(read_chunks(path))


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
    chunks: list[bytes] = []
    with pytest.raises(SourceError, match=r"the compressed file is damaged: .*incorrect data check") as caught:
        chunks.extend(read_chunks(path))
    assert b"".join(chunks) == CONTENT
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
