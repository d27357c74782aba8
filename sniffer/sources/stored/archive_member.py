"""A file within an archive, as a file that can be read several times. Nothing is written to the disk under its name."""

import io
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, Literal

from msgspec import Struct

from sniffer.base.sanitize import printable

HEAD_SIZE = 1 << 16
"""Bytes at the beginning of a member by which it is recognised."""


class ArchiveMember(Struct, frozen=True, eq=False):
    """One member of an archive. Its text is the name of the archive, a slash, and its path.

    `read` yields its bytes, from the first one on, each time that it is called. It raises `SourceError` where the
    archive is damaged, and `CutOffError` where it was cut off.
    """

    archive: str
    path: str
    read: Callable[[], Iterator[bytes]]

    def __str__(self) -> str:
        return name_member(self.archive, self.path)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return PurePosixPath(self.path).name

    @property
    def stem(self) -> str:
        """The last part of the path without its extension."""
        return PurePosixPath(self.path).stem

    @property
    def suffix(self) -> str:
        """The extension with its dot."""
        return PurePosixPath(self.path).suffix

    def open(self, _mode: Literal["rb"] = "rb", /) -> IO[bytes]:
        """Return a reader of the bytes of the member."""
        return _Reader(self.read())  # type: ignore[return-value]


def name_member(archive: object, path: str) -> str:
    """Return the name of a member for people: that of the archive, a slash, and its path."""
    return f"{archive}/{printable(path)}"


class _Reader(io.RawIOBase):
    """A reader of bytes that an iterator yields."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview", /) -> int:  # type: ignore[override]
        """Read at least one byte, or none at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
