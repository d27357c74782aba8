"""A file's bytes in pieces, unpacked where it is packed by gzip or zstd. The content decides, not the name."""

import gzip
import zlib
from collections.abc import Iterator
from importlib import import_module
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from sniffer.errors import CutOffError, SourceError

READ_SIZE = 1 << 16
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_UNREADABLE = (OSError, EOFError, zlib.error)


def pieces(path: Path, size: int = READ_SIZE) -> Iterator[bytes]:
    """What the file holds, at most `size` bytes at a time.

    Raises `SourceError` where it cannot be read, after all there is before; `CutOffError` where a packed file just ends
    too early.
    """
    opened, failures = _open(path)
    try:
        with opened:
            # One layer's worth a read: what stands before a cut is handed over before the cut is found.
            while data := opened.read1(size):
                yield data
    except EOFError as error:
        raise CutOffError(f"{path}: the compressed file was cut off; all before the cut was read") from error
    except failures as error:
        raise SourceError(_why(path, error)) from error


def packing(path: Path) -> bytes:
    """How a packed file begins; empty where it is not packed. Raises `SourceError` where it cannot be read."""
    try:
        with path.open("rb") as plain:
            begins = plain.read(len(ZSTD))
    except OSError as error:
        raise SourceError(_why(path, error)) from error
    return next((magic for magic in (GZIP, ZSTD) if begins.startswith(magic)), b"")


def _open(path: Path) -> tuple[BufferedIOBase, tuple[type[Exception], ...]]:
    """The open file, and what it raises where it cannot be read."""
    packed = packing(path)
    if packed == ZSTD:
        zstandard = _zstandard(path)
        unpacker = zstandard.ZstdDecompressor().stream_reader(path.open("rb"), read_across_frames=True)
        return unpacker, (*_UNREADABLE, zstandard.ZstdError)
    return gzip.open(path, "rb") if packed == GZIP else path.open("rb"), _UNREADABLE


def _zstandard(path: Path) -> Any:
    try:
        return import_module("zstandard")
    except ImportError as error:
        raise SourceError(f"{path}: packed by zstd: `pip install zstandard`, or unpack it with `zstd -d`") from error


def _why(path: Path, error: Exception) -> str:
    if isinstance(error, PermissionError):
        return f"{path}: no permission to read it: `ls -l` shows who may"
    if isinstance(error, OSError) and error.strerror:
        return f"{path}: cannot be read: {error.strerror}"
    return f"{path}: the compressed file is damaged: {error}"
