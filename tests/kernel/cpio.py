"""An archive for the kernel's first file system, in the format newc (cpio(5)), written without other programs."""

import stat
from collections.abc import Iterable
from pathlib import Path

TRAILER = "TRAILER!!!"


def write_archive(path: Path, members: Iterable[tuple[str, int, bytes]]) -> None:
    """Write an archive of members, each of which is a name, a mode and the content. Folders come before their files."""
    with path.open("wb") as archive:
        for number, (name, mode, content) in enumerate([*members, (TRAILER, 0, b"")], start=1):
            archive.write(_format_member(number, name, mode, content))


def folder(name: str) -> tuple[str, int, bytes]:
    """Return a member that is a folder."""
    return name, stat.S_IFDIR | 0o755, b""


def file(name: str, content: bytes) -> tuple[str, int, bytes]:
    """Return a member that is a program or a module."""
    return name, stat.S_IFREG | 0o755, content


def _format_member(number: int, name: str, mode: int, content: bytes) -> bytes:
    encoded = name.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(encoded), 0)
    header = b"070701" + b"".join(b"%08x" % field for field in fields) + encoded
    return _pad(header) + _pad(content)


def _pad(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
