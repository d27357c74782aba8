"""From the words of the command line to the captures that are added: files, and archives with several in them.

In: names of files, folders, archives, and patterns in them. Out: a `CaptureFile` for each file or archive, which any
process on any machine with the same files can open. Each file is a session by itself: the parts of a rotated log stay
what they are when the log goes on.
"""

import os
import platform
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct

from sniffer.base.compression import COMPRESSIONS, ReadableFile
from sniffer.base.errors import SourceError
from sniffer.recording.destination import default_folder
from sniffer.sources.open import is_port_name
from sniffer.sources.stored.collection import is_collection, list_content, split_name


class CaptureFile(Struct, frozen=True):
    """A capture, or an archive with captures. `inside` is the path or pattern within the archive; empty for all of it.

    `path` is absolute. `size` is its size in bytes, by which progress is shown.
    """

    path: str
    size: int
    is_archive: bool = False
    inside: str = ""

    def list_files(self) -> list[tuple[str, ReadableFile]]:
        """Return the sessions in it, each with its path in the archive, or with an empty path.

        Raises `SourceError` if an archive cannot be read.
        """
        if not self.is_archive:
            return [("", Path(self.path))]
        content = list_content(f"{self.path}/{self.inside}" if self.inside else self.path)
        return [*content.sessions]

    def name_bench(self, member: str) -> str:
        """Return the name of the bench of a session in it: the folder that it lies in. An archive counts as a folder.

        What lies in the folder of this user's recordings was recorded on this machine, whose name it gets.
        """
        if folder := PurePosixPath(member).parent.name:
            return folder
        if self.is_archive:
            return _strip_endings(Path(self.path).name)
        parent = Path(self.path).parent
        return platform.node() if parent == default_folder() else parent.name or platform.node()


class CaptureList(Struct, frozen=True):
    """The captures that words name. `others` are files of folders that hold no session."""

    captures: tuple[CaptureFile, ...]
    others: tuple[str, ...]


def list_captures(words: Sequence[str], left_out: str | None = None) -> CaptureList:
    """Return the files that these words name, each once. Raises `SourceError` if one of them names nothing.

    Files below the folder `left_out` are passed over: the lake itself.
    """
    found: dict[CaptureFile, None] = {}
    others: list[str] = []
    for word in words:
        if os.path.isdir(word) or (is_collection(word) and not _is_in_archive(word)):
            content = list_content(word)
            folder = _find_folder(word)
            paths = [*((path, False) for path, _ in content.sessions), *((path, True) for path in content.archives)]
            for path, is_archive in sorted(paths):
                whole = os.path.abspath(os.path.join(folder, path))
                if not _is_below(whole, left_out):
                    found[CaptureFile(whole, os.path.getsize(whole), is_archive)] = None
            others += [path for path in content.others if not _is_below(os.path.join(folder, path), left_out)]
        else:
            found[_find_file(word)] = None
    return CaptureList(tuple(found), tuple(others))


def _find_file(word: str) -> CaptureFile:
    """Return the file or archive of this name. Raises `SourceError` if there is none."""
    if is_collection(word):
        place, inside = split_name(word)
        return CaptureFile(os.path.abspath(place), os.path.getsize(place), is_archive=True, inside=inside)
    if os.path.isfile(word):
        return CaptureFile(os.path.abspath(word), os.path.getsize(word))
    what = "a port" if is_port_name(word) or word.startswith("/dev/") or "://" in word else "no file or folder"
    raise SourceError(f"{word}: {what}: `lake add` takes saved sessions, and folders and archives with them")


def _is_in_archive(word: str) -> bool:
    return os.path.isfile(split_name(word)[0])


def _find_folder(word: str) -> str:
    """Return the folder that the paths of its content begin in."""
    return word if os.path.isdir(word) else split_name(word)[0]


def _is_below(path: str, folder: str | None) -> bool:
    if folder is None:
        return False
    real = os.path.realpath(path)
    return real.startswith(f"{os.path.realpath(folder)}{os.sep}")


def _strip_endings(name: str) -> str:
    """Return the name of an archive without the endings of its kind."""
    endings = (*(one.ending for one in COMPRESSIONS), ".zip", ".tar", ".tgz", ".tbz2", ".txz")
    while (ending := next((one for one in endings if name.lower().endswith(one)), "")) and name != ending:
        name = name[: -len(ending)]
    return name
