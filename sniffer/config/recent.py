"""What was used last: sources and filters, newest first, in `recent.json` in the folder for state.

In: a file that this program wrote, or that somebody damaged. Out: `Recent`, and one line where the file cannot be
used. The file is read again before something is added, as two programs may run at a time; what is damaged is replaced,
because nothing in it is anybody's work.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

from sniffer.base.atomic_file import read_text, replace_text
from sniffer.base.errors import ConfigFileError

SOURCES = 8
FILTERS = 50
"""So many are kept."""


@dataclass(frozen=True, slots=True)
class RecentSource:
    """A source as the command line takes it; `baud` is None where it has no line rate, 0 where that is found."""

    name: str
    baud: int | None = None


@dataclass(frozen=True, slots=True)
class Recent:
    """All that is kept, newest first."""

    sources: tuple[RecentSource, ...] = ()
    filters: tuple[str, ...] = ()

    def with_source(self, source: RecentSource) -> "Recent":
        """With this one first, and without an older entry of its name."""
        others = (other for other in self.sources if other.name != source.name)
        return replace(self, sources=(source, *others)[:SOURCES])

    def with_filter(self, text: str) -> "Recent":
        """With this one first, and only there."""
        return replace(self, filters=(text, *(other for other in self.filters if other != text))[:FILTERS])


class RecentFile:
    """What this user used last, in `path` or at the place that the system has for it.

    `recent` is what is kept; `complaint` says in one line what was wrong with the file, or is empty.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or user_state_path("evse-sniff", appauthor=False) / "recent.json"
        self._has_told = False
        self.complaint = ""
        self.recent = self._load()

    def add_source(self, source: RecentSource) -> str:
        """Keep this source. Returns why that is not possible, the first time, or nothing."""
        return self._change(lambda recent: recent.with_source(source))

    def add_filter(self, text: str) -> str:
        """Keep this filter. Returns why that is not possible, the first time, or nothing."""
        return self._change(lambda recent: recent.with_filter(text))

    def _change(self, change: Callable[[Recent], Recent]) -> str:
        self.recent = change(self._load())
        try:
            replace_text(self._path, json.dumps(asdict(self.recent), indent=2) + "\n")
        except ConfigFileError as error:
            told, self._has_told = self._has_told, True
            return "" if told else f"recent sources are not kept: {error}"
        return ""

    def _load(self) -> Recent:
        try:
            return _parse(self._path)
        except ConfigFileError as error:
            self.complaint = f"recent sources: {error}"
            return Recent()


def _parse(path: Path) -> Recent:
    text = read_text(path)
    if not text:
        return Recent()
    try:
        found = json.loads(text)
        sources = tuple(_source(entry) for entry in found.get("sources", []))
        return Recent(sources[:SOURCES], tuple(map(_text, found.get("filters", [])))[:FILTERS])
    except (ValueError, RecursionError, TypeError, AttributeError, KeyError) as error:
        raise ConfigFileError(f"{path}: damaged: what was used last is forgotten") from error


def _source(entry: Any) -> RecentSource:
    baud = entry.get("baud")
    if baud is not None and (type(baud) is not int or baud < 0):
        raise ValueError(f"no baud rate: {baud}")
    return RecentSource(_text(entry["name"]), baud)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"no text: {value}")
    return value
