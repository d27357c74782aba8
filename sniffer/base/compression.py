"""The two ways in which a file can be packed: by gzip, and by zstd, whose library is an extra.

MERGED:
A file's bytes in pieces, unpacked where it is packed by gzip or zstd. The content decides, not the name.
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

_GZIP_LEVEL = 6
_GZIP_FORMAT = 31
"""What zlib calls its largest window with gzip's head and tail around it."""


class Compressor(Protocol):
    """Takes bytes and gives packed ones, as they come; what is left of them at the end."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Compression:
    """One way. `ending` stands behind any other in a file's name, and a packed file begins with `magic`.

    `needs` is the module without which there is no `packer`; empty where Python brings it.
    """

    name: str
    ending: str
    magic: bytes
    packer: Callable[[], Compressor]
    needs: str = ""


def _gzip_packer() -> Compressor:
    return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_FORMAT)


def _zstd_packer() -> Compressor:
    packer: Compressor = import_module("zstandard").ZstdCompressor().compressobj()
    return packer


GZIP = Compression("gzip", ".gz", b"\x1f\x8b", _gzip_packer)
ZSTD = Compression("zstd", ".zst", b"\x28\xb5\x2f\xfd", _zstd_packer, needs="zstandard")
COMPRESSIONS = (GZIP, ZSTD)


READ_SIZE = 1 << 16
_UNREADABLE = (OSError, EOFError, zlib.error)


def read_chunks(path: Path, told: Callable[[int], None] = lambda place: None, size: int = READ_SIZE) -> Iterator[bytes]:
    """What the file holds, at most `size` bytes at a time.

    `told` is told how many bytes of the file, packed as it is, were read for each piece. Raises `SourceError` where it
    cannot be read, after all there is before; it is `CutOffError` where a packed file just ends too early.
    """
    failures: tuple[type[Exception], ...] = _UNREADABLE
    try:
        with path.open("rb") as plain:
            opened, failures = _unpacked(path, plain)
            # One layer's worth a read: what stands before a cut is handed over before the cut is found.
            while data := opened.read1(size):
                told(plain.tell())
                yield data
    except EOFError as error:
        raise CutOffError(f"{path}: the compressed file was cut off; all before the cut was read") from error
    except failures as error:
        raise SourceError(_why(path, error)) from error


def detect_compression(path: Path) -> Compression | None:
    """How a file is packed; None where it is not. Raises `SourceError` where it cannot be read."""
    try:
        with path.open("rb") as plain:
            begins = plain.read(max(len(known.magic) for known in COMPRESSIONS))
    except OSError as error:
        raise SourceError(_why(path, error)) from error
    return next((known for known in COMPRESSIONS if begins.startswith(known.magic)), None)


def _unpacked(path: Path, plain: BufferedReader) -> tuple[BufferedIOBase, tuple[type[Exception], ...]]:
    """What the file holds, and what is raised where that cannot be read."""
    packed = detect_compression(path)
    if packed is ZSTD:
        zstandard = _zstandard(path)
        unpacker = zstandard.ZstdDecompressor().stream_reader(plain, read_across_frames=True)
        return unpacker, (*_UNREADABLE, zstandard.ZstdError)
    return gzip.GzipFile(fileobj=plain) if packed is GZIP else plain, _UNREADABLE


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
