"""The two ways in which a file can be packed: by gzip, and by zstd, whose library is an extra."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

_GZIP_LEVEL = 6
_GZIP_FORMAT = 31
"""What zlib calls its largest window with gzip's head and tail around it."""


class Packer(Protocol):
    """Takes bytes and gives packed ones, as they come; what is left of them at the end."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Packing:
    """One way. `ending` stands behind any other in a file's name, and a packed file begins with `magic`.

    `needs` is the module without which there is no `packer`; empty where Python brings it.
    """

    name: str
    ending: str
    magic: bytes
    packer: Callable[[], Packer]
    needs: str = ""


def _gzip_packer() -> Packer:
    return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_FORMAT)


def _zstd_packer() -> Packer:
    packer: Packer = import_module("zstandard").ZstdCompressor().compressobj()
    return packer


GZIP = Packing("gzip", ".gz", b"\x1f\x8b", _gzip_packer)
ZSTD = Packing("zstd", ".zst", b"\x28\xb5\x2f\xfd", _zstd_packer, needs="zstandard")
PACKINGS = (GZIP, ZSTD)
