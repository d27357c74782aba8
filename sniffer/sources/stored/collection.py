"""Find the sessions in a folder or an archive, and the one that is meant.

In: the name of a folder or an archive, or of something in it. Out: the files of one session: a single file, or the
parts of a rotated log. If there are several sessions, or none, the message says what is there and what to type. The
archives in a folder are looked into. An archive in an archive is not opened; the caller is given its name.
"""

import fnmatch
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path, PurePath

from msgspec import Struct, structs

from sniffer.base.compression import READ_SIZE, ReadableFile, Unpacker, compression_of, detect_compression, read_chunks
from sniffer.base.errors import SourceError
from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.formats.archive_kinds import find_archive_kind
from sniffer.formats.foreign_files import describe_document
from sniffer.sources.detect import SessionFormat, detect_format
from sniffer.sources.stored import tar_archive, zip_archive
from sniffer.sources.stored.archive_member import HEAD_SIZE
from sniffer.sources.stored.rotation import part_of

MOST_FILES = 2000
"""Files of a folder or an archive that are looked at, at most."""

MOST_NAMED = 6
"""Sessions that a message names, at most."""

_WILDCARDS = "*?"
_RAW_ENDING = ".bin"
_NESTED = "an archive in an archive: unpack it first"


class _CollectedFile(Struct, frozen=True):
    """One file of a collection. `path` is that within it. `found` is None if the file is no session."""

    path: str
    file: ReadableFile
    found: SessionFormat | None
    is_archive: bool = False
    complaint: str = ""
    """The reason why an archive cannot be read."""


def split_name(name: str) -> tuple[str, str]:
    """Return the part of a name that is a folder or file that exists, and the rest: a path or pattern within it.

    The rest is empty if all of the name exists, and all of it if nothing does.
    """
    before, inside = name.rstrip("/") if len(name) > 1 else name, ""
    while before and not os.path.exists(before):
        before, slash, last = before.rpartition("/")
        inside = f"{last}/{inside}" if inside else last
        if not slash:
            return "", name
    return before, inside


def is_collection(name: str) -> bool:
    """Return True if this is the name of a folder or an archive, or of files in it that exist only there."""
    place, inside = split_name(name)
    if not place or not (os.path.isdir(place) or os.path.isfile(place)):
        return False
    if os.path.isdir(place):
        return not inside or any(mark in inside for mark in _WILDCARDS)
    return bool(find_archive_kind(next(read_chunks(Path(place)), b"")))


def is_saved_session(name: str) -> bool:
    """Return True if this is the name of a file, a folder, or of something in an archive, and not of a port."""
    place, _ = split_name(name)
    return os.path.isfile(place) or os.path.isdir(name)


def find_files(
    name: str, *, all_of_them: bool, on_unread: Callable[[str], None] | None = None
) -> Sequence[ReadableFile]:
    """Return the files of the session in a folder or an archive: one, or the parts of a rotated log.

    With `all_of_them`, all sessions are parts of one. `on_unread` is called for each archive that is not read, or not
    to its end, with its name and the reason. Raises `SourceError` if there are several sessions, or none.
    """
    place, inside = split_name(name)
    listed = _expand(_list_entries(place, on_unread=on_unread), place, on_unread)
    entries = [entry for entry in listed if _matches(entry.path, inside)]
    for entry in entries if on_unread else ():
        if entry.is_archive and on_unread:
            on_unread(f"{place}/{printable(entry.path)} is not read: {entry.complaint or _NESTED}")
    sessions = [entry for entry in entries if entry.found]
    if not sessions and len(entries) == 1 and not entries[0].is_archive and (inside or os.path.isfile(place)):
        sessions = entries
    if not inside and os.path.isfile(place) and (document := describe_document([entry.path for entry in entries])):
        raise SourceError(f"{name}: {document}")
    if not sessions:
        raise SourceError(_describe_nothing(name, entries, listed))
    groups: dict[str, list[_CollectedFile]] = {}
    for entry in sessions:
        groups.setdefault(part_of(entry.path).base, []).append(entry)
    if len(groups) > 1 and not all_of_them:
        raise SourceError(_describe_several(name, place, groups))
    return [entry.file for entry in sessions]


def list_sessions(name: str) -> list[str]:
    """Return the names of all sessions in a folder or an archive, each file by itself. Raises `SourceError`."""
    place, inside = split_name(name)
    entries = _expand(_list_entries(place), place)
    found = [f"{place}/{entry.path}" for entry in entries if entry.found and _matches(entry.path, inside)]
    if not found:
        raise SourceError(_describe_nothing(name, entries, entries))
    return found


class CollectionContent(Struct, frozen=True):
    """The files of a folder or an archive: sessions, each with its path in it, archives in it, and all others."""

    sessions: tuple[tuple[str, ReadableFile], ...]
    archives: tuple[str, ...]
    others: tuple[str, ...]


def list_content(name: str) -> CollectionContent:
    """Return the sessions in a folder or an archive, each file by itself, however many there are.

    Raises `SourceError` if an archive cannot be read.
    """
    place, inside = split_name(name)
    entries = [entry for entry in _list_entries(place, is_bounded=False) if _matches(entry.path, inside)]
    return CollectionContent(
        tuple((entry.path, entry.file) for entry in entries if entry.found),
        tuple(entry.path for entry in entries if entry.is_archive),
        tuple(entry.path for entry in entries if not entry.found and not entry.is_archive),
    )


def _matches(path: str, pattern: str) -> bool:
    """Return True if a path within a collection is the one that is meant, or lies in the folder that is meant."""
    shown, pattern = printable(path), pattern.removeprefix("./")
    return not pattern or any(
        one == pattern or one.startswith(f"{pattern}/") or fnmatch.fnmatchcase(one, pattern) for one in (path, shown)
    )


def _list_entries(
    place: str, *, is_bounded: bool = True, on_unread: Callable[[str], None] | None = None
) -> list[_CollectedFile]:
    """Return the files of a folder or an archive, in the order of their names. `on_unread` is that of `find_files`.

    Raises `SourceError` if there are more than `MOST_FILES`, if their number `is_bounded`.
    """
    path = Path(place)
    listed = _list_folder(path) if path.is_dir() else _list_archive(path, on_unread)
    # They are counted before the first one is opened, which takes far longer than to find its name.
    files = [*islice(listed, MOST_FILES + 1)] if is_bounded else listed
    if isinstance(files, list) and len(files) > MOST_FILES:
        raise SourceError(f"{place}: there are more than {MOST_FILES:,} files in it: name one of them")
    return sorted((_recognise(name, file) for name, file in files), key=lambda entry: entry.path)


def _expand(
    entries: Sequence[_CollectedFile], place: str, on_unread: Callable[[str], None] | None = None
) -> list[_CollectedFile]:
    """Return the files of a folder with those of its archives in place of these, as far as they can be read.

    Raises `SourceError` if there are more than `MOST_FILES`.
    """
    found: list[_CollectedFile] = []
    for entry in entries:
        if not entry.is_archive or not isinstance(entry.file, Path):
            found.append(entry)
            continue
        try:
            members = _list_entries(str(entry.file), on_unread=on_unread)
        except SourceError as error:
            complaint = str(error).removeprefix(f"{entry.file}: ")
            found.append(_CollectedFile(entry.path, entry.file, None, is_archive=True, complaint=complaint))
            continue
        found += (structs.replace(member, path=f"{entry.path}/{member.path}") for member in members)
        if len(found) > MOST_FILES:
            raise SourceError(f"{place}: there are more than {MOST_FILES:,} files in it: name one of them")
    return found


def _list_folder(folder: Path) -> Iterator[tuple[str, ReadableFile]]:
    """Yield the files of a folder and those below it, without hidden ones and without following links."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if not name.startswith(".") and stat.S_ISREG(os.lstat(path).st_mode):
                yield str(path.relative_to(folder)), path


def _list_archive(path: Path, on_unread: Callable[[str], None] | None) -> Iterator[tuple[str, ReadableFile]]:
    """Yield the files of an archive. Raises `SourceError` if it is of a kind that cannot be read."""

    def report() -> None:
        if on_unread:
            on_unread(f"{path} was cut off: files after the cut are missing")

    kind = find_archive_kind(next(read_chunks(path), b""))
    if kind == "tar":
        is_wanted = lambda name, head: _recognise_head(name, head).found is not None  # noqa: E731
        members = tar_archive.list_members(path, is_wanted, report)
    elif kind == "zip" and not detect_compression(path):
        members = zip_archive.list_members(path, report)
    else:
        raise SourceError(f"{path}: a {kind} archive{' in a packed file' if kind == 'zip' else ''}: unpack it first")
    for member in members:
        yield member.path, member


def _recognise(name: str, file: ReadableFile) -> _CollectedFile:
    """Return a file with its format, found from its beginning."""
    try:
        with file.open("rb") as opened:
            head = opened.read(HEAD_SIZE)
    except (OSError, SourceError):
        head = b""
    seen = _recognise_head(name, head)
    return _CollectedFile(name, file, seen.found, seen.is_archive)


class _Seen(Struct, frozen=True):
    """The facts that the beginning of a file shows."""

    found: SessionFormat | None = None
    is_archive: bool = False


def _recognise_head(name: str, packed: bytes) -> _Seen:
    """Return the facts that the beginning of a file shows.

    A file of unknown bytes is a session only if its name ends in .bin.
    """
    head = b""
    try:
        for chunk in Unpacker(name).feed(packed) if packed else ():
            head += chunk
            if len(head) >= READ_SIZE:
                break
    except SourceError:
        pass
    if find_archive_kind(head):
        return _Seen(is_archive=True)
    plain = PurePath(name)
    if compression_of(packed):
        plain = plain.with_suffix("")
    try:
        # The content decides alone: a README.txt is no log.
        found = detect_format(Path("session"), head)
    except SourceError:
        return _Seen()
    return _Seen(None if found is SessionFormat.RAW and plain.suffix.lower() != _RAW_ENDING else found)


def _describe_nothing(name: str, entries: Sequence[_CollectedFile], listed: Sequence[_CollectedFile]) -> str:
    """Return why no session of a collection can be opened, and what to do. `listed` are all files of it."""
    if not entries:
        held = _name_files(listed)
        return f"{name}: no such file or port: there are {held}" if held else f"{name}: there is no file in it"
    if document := describe_document([entry.path for entry in entries]):
        return f"{name}: {document}"
    named = _name_files(entries)
    if any(entry.is_archive for entry in entries):
        return f"{name}: no session in it, but an archive ({named}): unpack it first"
    return f"{name}: no capture and no log in it, only {named}"


def _name_files(entries: Sequence[_CollectedFile]) -> str:
    """Return the names of files, not of all if they are many."""
    more = f" and {len(entries) - MOST_NAMED:,} more" if len(entries) > MOST_NAMED else ""
    return ", ".join(printable(entry.path) for entry in entries[:MOST_NAMED]) + more


def _describe_several(name: str, place: str, groups: dict[str, list[_CollectedFile]]) -> str:
    """Return which sessions a collection holds, and what to type for one or all of them."""
    shown = [
        f"{printable(base)} ({len(entries)} parts)" if len(entries) > 1 else printable(entries[0].path)
        for base, entries in groups.items()
    ]
    more = f" and {len(shown) - MOST_NAMED:,} more" if len(shown) > MOST_NAMED else ""
    first = next(iter(groups.values()))
    base = printable(part_of(first[0].path).base)
    example = f"'{place.rstrip('/')}/{base}*'" if len(first) > 1 else f"{place.rstrip('/')}/{printable(first[0].path)}"
    listed = f"{', '.join(shown[:MOST_NAMED])}{more}"
    return (
        f"{name}: it holds {format_count(len(groups), 'session')}: {listed}: name one, such as {example}, or read all "
        "as one with --join"
    )
