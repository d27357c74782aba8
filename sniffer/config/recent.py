"""The recent sources and filters, newest first, in `recent.json` in the user's state folder.

In: a file that this program wrote, and that may be damaged. Out: a `Recent`, and one line if the file cannot be used.
The file is read again before something is added, as two programs may run at the same time. A damaged file is replaced,
because nobody edits it by hand.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import replace
from platformdirs import user_state_path

from sniffer.base.atomic_file import read_text, replace_text
from sniffer.base.errors import ConfigFileError

MAX_SOURCES = 8
MAX_FILTERS = 50


class RecentSource(Struct, frozen=True):
    """A source as the command line takes it. `baud` is None if it has no line rate, 0 if the rate is found."""

    name: str
    baud: int | None = None


class Recent(Struct, frozen=True):
    """The kept sources and filters, newest first."""

    sources: tuple[RecentSource, ...] = ()
    filters: tuple[str, ...] = ()

    def with_source(self, source: RecentSource) -> "Recent":
        """Return a copy with this source first, without older entries of its name."""
        others = (other for other in self.sources if other.name != source.name)
        return replace(self, sources=(source, *others)[:MAX_SOURCES])

    def with_filter(self, text: str) -> "Recent":
        """Return a copy with this filter first, without older entries of it."""
        return replace(self, filters=(text, *(other for other in self.filters if other != text))[:MAX_FILTERS])


class RecentFile:
    """The file of recent sources and filters, in `path` or in the user's state folder.

    Without `is_kept` it is only read. `recent` is its content. `complaint` says in one line what was wrong with the
    file; it is empty if nothing was.
    """

    def __init__(self, path: Path | None = None, *, is_kept: bool = True) -> None:
        self._is_kept = is_kept
        self._path = path or user_state_path("evse-sniff", appauthor=False) / "recent.json"
        self._has_reported = False
        self.complaint = ""
        self.recent = self._load()

    def add_source(self, source: RecentSource) -> str:
        """Keep this source. Return a complaint the first time that this fails, otherwise an empty text."""
        return self._change(lambda recent: recent.with_source(source))

    def add_filter(self, text: str) -> str:
        """Keep this filter. Return a complaint the first time that this fails, otherwise an empty text."""
        return self._change(lambda recent: recent.with_filter(text))

    def _change(self, change: Callable[[Recent], Recent]) -> str:
        """Apply a change to the file and save it; return why it could not be saved, once, else an empty text."""
        if not self._is_kept:
            return ""
        self.recent = change(self._load())
        try:
            replace_text(self._path, json.dumps(to_builtins(self.recent), indent=2) + "\n")
        except ConfigFileError as error:
            is_repeated, self._has_reported = self._has_reported, True
            return "" if is_repeated else f"recent sources are not kept: {error}"
        return ""

    def _load(self) -> Recent:
        """Return the entries that are kept. A file that cannot be read counts as empty; `complaint` says why."""
        try:
            return _read_recent(self._path)
        except ConfigFileError as error:
            self.complaint = f"recent sources: {error}"
            return Recent()


def _read_recent(path: Path) -> Recent:
    """Return the content of the file, empty if there is none. Raises `ConfigFileError` if it is damaged."""
    text = read_text(path)
    if not text:
        return Recent()
    try:
        found = json.loads(text)
        sources = tuple(_parse_source(entry) for entry in found.get("sources", []))
        return Recent(sources[:MAX_SOURCES], tuple(map(_check_text, found.get("filters", [])))[:MAX_FILTERS])
    except (ValueError, RecursionError, TypeError, AttributeError, KeyError) as error:
        raise ConfigFileError(f"{path}: damaged: what was used last is forgotten") from error


def _parse_source(entry: Any) -> RecentSource:
    """Return the source of an entry. Raises `ValueError` or `TypeError` if it is damaged."""
    baud = entry.get("baud")
    if baud is not None and (type(baud) is not int or baud < 0):
        raise ValueError(f"no baud rate: {baud}")
    return RecentSource(_check_text(entry["name"]), baud)


def _check_text(value: Any) -> str:
    """Return the value if it is a text. Raises `TypeError` if not."""
    if not isinstance(value, str):
        raise TypeError(f"no text: {value}")
    return value
