"""The members of a tar archive, plain or packed.

A tar has no directory: its members are found by walking over it once. A plain one is read again in place. Of a packed
one, the members that are wanted are kept in a temporary file without a name, as unpacking everything before each of
them again would take too long. The header blocks are parsed here, as Python's `tarfile` does not bound what it keeps of
them.
"""

import os
import tempfile
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

from sniffer.base.compression import READ_SIZE, detect_compression, read_chunks
from sniffer.base.errors import CutOffError, SourceError, describe_write_failure
from sniffer.base.late_pattern import compile_late
from sniffer.formats.archive_kinds import checksum_of, parse_number
from sniffer.sources.stored.archive_member import HEAD_SIZE, ArchiveMember, name_member

MOST_KEPT = 1 << 32
"""Bytes that are kept of one archive, at most."""

MOST_HEADER = 1 << 20
"""Bytes of the header that holds a long name, at most."""

_BLOCK = 512
_FILES = b"0\x007"
_LONG_NAME, _EXTENDED = b"L", b"x"
_THIS_FOLDER = compile_late(r"^(?:\./+)+(?=.)")
"""The beginning of the names in an archive of `.`, which nobody types."""

IsWanted = Callable[[str, bytes], bool]
"""A function that takes the path and the first bytes of a member and returns True if it is a session."""


class _Store:
    """The bytes of members: the archive itself, or a temporary file without a name. It is closed with its last user."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.size = 0
        weakref.finalize(self, os.close, descriptor)

    def append(self, data: bytes) -> None:
        """Append bytes. Raises `OSError` if the disk is full."""
        view = memoryview(data)
        while view:
            count = os.write(self.descriptor, view)
            view = view[count:]
        self.size += len(data)

    def read(self, offset: int, size: int, name: str) -> Iterator[bytes]:
        """Yield the bytes of a member. Raises `CutOffError` if they end too early."""
        while size:
            data = os.pread(self.descriptor, min(READ_SIZE, size), offset)
            if not data:
                raise CutOffError(f"{name}: the archive was cut off; all before the cut was read")
            offset, size = offset + len(data), size - len(data)
            yield data


class _Walk:
    """The bytes of an archive in order. `is_cut_off` is True if they ended within a file or a header."""

    def __init__(self, path: Path) -> None:
        self.position = 0
        self.is_cut_off = False
        self.error: SourceError | None = None
        self._chunks = read_chunks(path)
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes; none at the end. `error` is then the reason if the archive ends too early."""
        if not self._rest:
            try:
                self._rest = next(self._chunks, b"")
            except SourceError as error:
                self.error = error
                self.is_cut_off = True
        data, self._rest = self._rest[:size], self._rest[size:]
        self.position += len(data)
        return data

    def read_all(self, size: int) -> bytes:
        """Return `size` bytes, fewer at the end."""
        parts = []
        while size and (data := self.read(size)):
            parts.append(data)
            size -= len(data)
        self.is_cut_off = self.is_cut_off or bool(parts and size)
        return b"".join(parts)

    def skip(self, size: int) -> None:
        """Pass over `size` bytes."""
        while size and (data := self.read(size)):
            size -= len(data)
        self.is_cut_off = self.is_cut_off or size > 0


def list_members(
    path: Path, is_wanted: IsWanted, on_cut_off: Callable[[], None] = lambda: None
) -> Iterator[ArchiveMember]:
    """Yield the files of the archive. Of a packed archive, only those that are wanted can be read.

    `on_cut_off` is called after the last one if the archive ends too early, as others may be missing. Raises
    `SourceError` if it cannot be read, or if what is kept of it fills the disk.
    """
    walk = _Walk(path)
    is_packed = detect_compression(path) is not None
    try:
        store = _create_temporary_store() if is_packed else _Store(os.open(path, os.O_RDONLY))
        for name, size in _list_files(walk, path):
            start = walk.position
            head = walk.read_all(min(size, HEAD_SIZE))
            if is_packed:
                start = store.size
                if is_wanted(name, head):
                    _keep(walk, store, head, size, path)
                    yield _build_member(path, name, store, start, size)
                else:
                    walk.skip(size - len(head))
                    yield ArchiveMember(str(path), name, lambda head=head: iter([head]))  # type: ignore[misc]
            else:
                walk.skip(size - len(head))
                yield _build_member(path, name, store, start, size)
            walk.skip(-size % _BLOCK)
    except OSError as error:
        where = tempfile.gettempdir() if is_packed else path
        raise SourceError(f"{path}: cannot be unpacked into {where}: {describe_write_failure(error)}") from error
    if walk.error and not isinstance(walk.error, CutOffError):
        raise walk.error
    if walk.is_cut_off:
        on_cut_off()


def _build_member(path: Path, name: str, store: _Store, start: int, size: int) -> ArchiveMember:
    shown = name_member(path, name)
    return ArchiveMember(str(path), name, lambda: store.read(start, size, shown))


def _create_temporary_store() -> _Store:
    """Return an empty temporary file, which only this user can read and which ends with this program."""
    descriptor, name = tempfile.mkstemp(prefix="evse-sniff-")
    os.unlink(name)
    return _Store(descriptor)


def _keep(walk: _Walk, store: _Store, head: bytes, size: int, path: Path) -> None:
    """Copy a member into the store, as far as the archive goes."""
    if store.size + size > MOST_KEPT:
        raise SourceError(f"{path}: its logs have more than {MOST_KEPT >> 30} GiB: unpack it first")
    store.append(head)
    left = size - len(head)
    while left and (data := walk.read(left)):
        store.append(data)
        left -= len(data)


def _list_files(walk: _Walk, path: Path) -> Iterator[tuple[str, int]]:
    """Yield the path and the size in bytes of each file, with the walk at its first byte.

    The caller passes over the file and the rest of its last block.
    """
    long_name, long_size = "", None
    while True:
        header = walk.read_all(_BLOCK)
        if len(header) < _BLOCK or not header.strip(b"\0"):
            return
        size = parse_number(header[124:136])
        if checksum_of(header) != parse_number(header[148:156]) or size < 0:
            raise SourceError(f"{path}: the archive is damaged at byte {walk.position - _BLOCK:,}")
        kind = header[156:157]
        if kind in (_LONG_NAME, _EXTENDED):
            if size > MOST_HEADER:
                raise SourceError(f"{path}: the archive is damaged: a name cannot have {size:,} bytes")
            text = walk.read_all(size)
            walk.skip(-size % _BLOCK)
            if kind == _LONG_NAME:
                long_name = _decode(text)
            else:
                records = _parse_records(text)
                long_name = _decode(records.get(b"path", b"")) or long_name
                long_size = _parse_decimal(records.get(b"size"))
            continue
        size = size if long_size is None else long_size
        name = _THIS_FOLDER.sub("", long_name or _join(_decode(header[345:500]), _decode(header[:100])))
        long_name, long_size = "", None
        if kind in _FILES:
            yield name, size
        else:
            walk.skip(size + -size % _BLOCK)


def _parse_records(text: bytes) -> dict[bytes, bytes]:
    """Return the records of an extended header: length, key and value each. A damaged one ends them."""
    records, at = {}, 0
    while at < len(text):
        digits, blank, _ = text[at : at + 12].partition(b" ")
        if not blank or not digits.isdigit() or int(digits) <= len(digits) + 1:
            break
        key, _, value = text[at + len(digits) + 1 : at + int(digits)].partition(b"=")
        records[key] = value.removesuffix(b"\n")
        at += int(digits)
    return records


def _parse_decimal(text: bytes | None) -> int | None:
    """Return the number in decimal digits; None if it is not one."""
    return int(text) if text and text.isdigit() and len(text) < 20 else None


def _decode(text: bytes) -> str:
    return text.split(b"\0")[0].decode("utf-8", "replace")


def _join(prefix: str, name: str) -> str:
    return f"{prefix}/{name}" if prefix else name
