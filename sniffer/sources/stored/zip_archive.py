"""The members of a zip archive.

The directory at the end of the archive lists them; Python's `zipfile` reads it. If the archive was cut off, there is
none: then the header in front of each member is used. The content is expanded here, as `zipfile` does not bound what
some methods expand at once.
"""

import bz2
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from sniffer.base.compression import READ_SIZE, BlockStream, DeflateStream, Expander, check_ratio
from sniffer.base.errors import CutOffError, SourceError
from sniffer.sources.stored.archive_member import ArchiveMember, name_member

MAGICS = (b"PK\3\4", b"PK\5\6")
"""The beginnings of an archive: a member, or the directory of an empty one."""

MOST_DIRECTORY = 1 << 24
"""Bytes of the directory, at most: some hundred thousand members."""

_MEMBER = struct.Struct("<4sHHHHHIIIHH")
_END = struct.Struct("<4sHHHHIIH")
_LONGEST_COMMENT = 1 << 16
_STORED, _DEFLATED, _BZIP2 = 0, 8, 12
_ENCRYPTED, _SIZE_FOLLOWS, _UTF8 = 0x1, 0x8, 0x800
_RAW_DEFLATE = -15
"""The `wbits` of zlib for its largest window without header and trailer."""


class _ZipPlace(Struct, frozen=True):
    """The place of a member. `size` is in packed bytes, None if only its end shows it."""

    archive: Path
    path: str
    offset: int
    size: int | None
    method: int
    crc: int | None


def list_members(path: Path, on_cut_off: Callable[[], None] = lambda: None) -> Iterator[ArchiveMember]:
    """Yield the files of the archive. Raises `SourceError` if they are encrypted, or if the archive cannot be read.

    `on_cut_off` is called after the last one if the archive ends too early, as others may be missing.
    """
    try:
        is_cut_off = not zipfile.is_zipfile(path)
        places = _list_by_headers(path) if is_cut_off else _list_by_directory(path)
        for place in places:
            yield ArchiveMember(str(path), place.path, lambda place=place: _read(place))  # type: ignore[misc]
        if is_cut_off:
            on_cut_off()
    except zipfile.BadZipFile as error:
        raise SourceError(f"{path}: the archive is damaged: {error}") from error
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror or error}") from error


def _list_by_directory(path: Path) -> Iterator[_ZipPlace]:
    """Yield the places of the members that the directory lists."""
    _check_directory(path)
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
    if members and all(member.flag_bits & _ENCRYPTED for member in members):
        raise SourceError(f"{path}: the archive is encrypted: unpack it with its password first")
    for member in members:
        if not member.flag_bits & _ENCRYPTED:
            yield _ZipPlace(
                path, member.filename, member.header_offset, member.compress_size, member.compress_type, member.CRC
            )


def _check_directory(path: Path) -> None:
    """Raise `SourceError` if the directory is so large that reading it takes too much memory."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - _END.size - _LONGEST_COMMENT))
        tail = file.read()
    at = tail.rfind(b"PK\5\6")
    size = _END.unpack_from(tail, at)[5] if 0 <= at <= len(tail) - _END.size else 0
    if size > MOST_DIRECTORY:
        raise SourceError(f"{path}: the archive lists too many files: unpack it first")


def _list_by_headers(path: Path) -> Iterator[_ZipPlace]:
    """Yield the places of the members of an archive without a directory, as far as it goes."""
    at, end = 0, path.stat().st_size
    while at + _MEMBER.size <= end:
        with path.open("rb") as file:
            file.seek(at)
            magic, _, flags, method, _, _, crc, packed, _, name_size, extra = _MEMBER.unpack(file.read(_MEMBER.size))
            name = file.read(name_size)
        if magic != MAGICS[0]:
            return
        if flags & _ENCRYPTED:
            raise SourceError(f"{path}: the archive is encrypted: unpack it with its password first")
        known = None if flags & _SIZE_FOLLOWS else packed
        text = name.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        place = _ZipPlace(path, text, at, known, method, None if known is None else crc)
        if not text.endswith("/"):
            yield place
        if known is None:
            return
        at += _MEMBER.size + name_size + extra + known


def _read(place: _ZipPlace) -> Iterator[bytes]:
    """Yield the content of a member. Raises `SourceError` if it is damaged, `CutOffError` if the archive ends in it."""
    name = name_member(place.archive, place.path)
    stream = _create_stream(place, name)
    crc = content = packed = 0
    try:
        for data in _read_packed(place):
            packed += len(data)
            for chunk in stream.expand(data) if stream else [data]:
                crc, content = zlib.crc32(chunk, crc), content + len(chunk)
                check_ratio(name, content, packed)
                yield chunk
            if stream and stream.eof:
                break
    except (OSError, ValueError, zlib.error, struct.error) as error:
        raise SourceError(f"{name}: the archive is damaged: {error}") from error
    if (stream and not stream.eof) if stream else (place.size is not None and packed < place.size):
        raise CutOffError(f"{name}: the archive was cut off; all before the cut was read")
    if place.crc is not None and crc != place.crc:
        raise SourceError(f"{name}: the archive is damaged: the CRC of this file is wrong")


def _create_stream(place: _ZipPlace, name: str) -> Expander | None:
    """Return the decompressor of a member, None if it is not packed. Raises `SourceError` if there is none for it."""
    if place.method == _STORED:
        return None
    if place.method == _DEFLATED:
        return DeflateStream(_RAW_DEFLATE)
    if place.method == _BZIP2:
        return BlockStream(bz2.BZ2Decompressor())
    raise SourceError(f"{name}: packed by method {place.method} of zip: unpack it first")


def _read_packed(place: _ZipPlace) -> Iterator[bytes]:
    """Yield the packed bytes of a member, as far as the archive goes."""
    with place.archive.open("rb") as file:
        file.seek(place.offset)
        magic, *_, name_size, extra = _MEMBER.unpack(file.read(_MEMBER.size))
        if magic != MAGICS[0]:
            raise ValueError("there is no file where the directory says")
        file.seek(name_size + extra, os.SEEK_CUR)
        left = place.size
        while left != 0 and (data := file.read(READ_SIZE if left is None else min(READ_SIZE, left))):
            left = None if left is None else left - len(data)
            yield data
