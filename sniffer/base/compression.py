"""Compressed files: gzip, and zstd, whose library is an optional extra.

In: the path of a file, compressed or not. Out: its content in chunks. The first bytes decide about the compression, not
the name. Failures raise `SourceError` with one line that names the file. For writing, `Compression.packer` returns a
compressor.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from typing import Any, Protocol

from sniffer.base.errors import CutOffError, SourceError

READ_SIZE = 1 << 16
"""Bytes of content in a chunk, at most."""

_GZIP_LEVEL = 6
_GZIP_FORMAT = 31
"""The `wbits` of zlib for its largest window with the header and trailer of gzip."""

_READ_ERRORS = (OSError, EOFError, zlib.error)


class Compressor(Protocol):
    """A compressor: each call returns the compressed bytes that are ready, `flush` the remaining ones."""

    def compress(self, data: bytes, /) -> bytes:
        """Take more data; return the compressed bytes that are ready."""
        ...

    def flush(self) -> bytes:
        """Return the remaining compressed bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Compression:
    """One kind of compression. `ending` is the last part of a file name; `magic` is how a compressed file begins.

    `needs` is the module that `packer` imports; it is empty if Python includes it.
    """

    name: str
    ending: str
    magic: bytes
    packer: Callable[[], Compressor]
    needs: str = ""


def create_gzip_packer() -> "zlib._Compress":
    """Return a compressor of gzip; unlike other compressors, it can be copied and flushed in its middle."""
    return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_FORMAT)


def _create_zstd_packer() -> Compressor:
    packer: Compressor = import_module("zstandard").ZstdCompressor().compressobj()
    return packer


GZIP = Compression("gzip", ".gz", b"\x1f\x8b", create_gzip_packer)
ZSTD = Compression("zstd", ".zst", b"\x28\xb5\x2f\xfd", _create_zstd_packer, needs="zstandard")
COMPRESSIONS = (GZIP, ZSTD)


def read_chunks(
    path: Path, report_progress: Callable[[int], None] = lambda position: None, size: int = READ_SIZE
) -> Iterator[bytes]:
    """Yield the content of the file, decompressed, in chunks of at most `size` bytes.

    `report_progress` is called before each chunk with the number of bytes read from the file itself. Raises
    `SourceError` after the readable part if the rest cannot be read, and `CutOffError` if a compressed file ends early.
    """
    failures: tuple[type[Exception], ...] = _READ_ERRORS
    try:
        with path.open("rb") as plain:
            opened, failures = _open_content(path, plain)
            # `read1` reads once, so that everything before a cut is yielded before the cut raises.
            while data := opened.read1(size):
                report_progress(plain.tell())
                yield data
    except EOFError as error:
        raise CutOffError(f"{path}: the compressed file was cut off; all before the cut was read") from error
    except failures as error:
        raise SourceError(_describe_failure(path, error)) from error


def detect_compression(path: Path) -> Compression | None:
    """Return how the file is compressed; None if it is not. Raises `SourceError` if it cannot be read."""
    try:
        with path.open("rb") as plain:
            start = plain.read(max(len(compression.magic) for compression in COMPRESSIONS))
    except OSError as error:
        raise SourceError(_describe_failure(path, error)) from error
    return next((compression for compression in COMPRESSIONS if start.startswith(compression.magic)), None)


def _open_content(path: Path, plain: BufferedReader) -> tuple[BufferedIOBase, tuple[type[Exception], ...]]:
    """Return a reader of the decompressed content, and the exceptions that it raises if that cannot be read."""
    compression = detect_compression(path)
    if compression is ZSTD:
        zstandard = _import_zstandard(path)
        reader = zstandard.ZstdDecompressor().stream_reader(plain, read_across_frames=True)
        return reader, (*_READ_ERRORS, zstandard.ZstdError)
    return gzip.GzipFile(fileobj=plain) if compression is GZIP else plain, _READ_ERRORS


def _import_zstandard(path: Path) -> Any:
    """Return the library for zstd. Raises `SourceError` that names `path` and says how to install it."""
    try:
        return import_module("zstandard")
    except ImportError as error:
        raise SourceError(f"{path}: packed by zstd: `pip install zstandard`, or unpack it with `zstd -d`") from error


def _describe_failure(path: Path, error: Exception) -> str:
    if isinstance(error, PermissionError):
        return f"{path}: no permission to read it: `ls -l` shows who may"
    if isinstance(error, OSError) and error.strerror:
        return f"{path}: cannot be read: {error.strerror}"
    return f"{path}: the compressed file is damaged: {error}"
