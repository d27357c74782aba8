"""What a user likes, kept from one start to the next: `settings.toml` in the folder for configuration.

In: a file that people edit, so it may hold anything. Out: `Settings` that can be relied on, and one line about all
that is wrong with the file; what is wrong has its default meanwhile. Only what changed is written: what this version
does not know stays in the file, and so do comments. A file that is not TOML is left alone.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import tomlkit
from platformdirs import user_config_path
from tomlkit.exceptions import TOMLKitError

from sniffer.base.atomic_file import read_text, replace_text
from sniffer.base.errors import ConfigFileError

TimeMode = Literal["absolute", "relative", "delta"]
"""How the list tells when: by the time of day, since the session began, or since the record before."""

TIME_MODES: tuple[TimeMode, ...] = ("absolute", "relative", "delta")


@dataclass(frozen=True, slots=True)
class Settings:
    """How the screen looks. `columns` are those of the traffic list, by name; None: as many as there is room for."""

    theme: str = "evse-calm"
    time_mode: TimeMode = TIME_MODES[0]
    columns: tuple[str, ...] | None = None


DEFAULTS = Settings()

_Rule = tuple[Callable[[Any], bool], str]
_RULES: Mapping[str, _Rule] = MappingProxyType(
    {
        "theme": (lambda found: isinstance(found, str), "the name of a theme"),
        "time_mode": (lambda found: found in TIME_MODES, f"one of {', '.join(TIME_MODES)}"),
        "columns": (
            lambda found: isinstance(found, list) and all(isinstance(name, str) for name in found),
            "a list of names",
        ),
    }
)
"""For each key: whether a value will do, and what it must be."""


class SettingsFile:
    """The settings of this user, in `path` or at the place that the system has for them.

    `settings` is what holds; `complaint` says in one line what was wrong with the file, or is empty.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or user_config_path("evse-sniff", appauthor=False) / "settings.toml"
        self._has_told = False
        self.settings = DEFAULTS
        self.complaint = ""
        try:
            self._take(_parse(self._path))
        except ConfigFileError as error:
            self.complaint = f"settings: {error}"

    def save(self, settings: Settings) -> str:
        """Let these hold, and write what changed. Returns why it cannot be written, the first time, or nothing."""
        before, self.settings = self.settings, settings
        try:
            self._write(before, settings)
        except ConfigFileError as error:
            told, self._has_told = self._has_told, True
            return "" if told else f"settings are not kept: {error}"
        return ""

    def _take(self, found: Mapping[str, Any]) -> None:
        wrong = []
        values: dict[str, Any] = {}
        for key, (will_do, what) in _RULES.items():
            if key not in found:
                continue
            if will_do(found[key]):
                values[key] = tuple(found[key]) if isinstance(found[key], list) else found[key]
            else:
                wrong.append(f"{key} must be {what}")
        self.settings = Settings(**values)
        if wrong:
            self.complaint = f"settings: {self._path}: {'; '.join(wrong)}"

    def _write(self, before: Settings, after: Settings) -> None:
        _parse(self._path)
        try:
            document = tomlkit.parse(read_text(self._path))
            for name in (field.name for field in fields(after)):
                value = getattr(after, name)
                if value == getattr(before, name):
                    continue
                if value is None:
                    document.pop(name, None)
                else:
                    document[name] = list(value) if isinstance(value, tuple) else value
            text = document.as_string()
        except (TOMLKitError, ValueError) as error:
            raise ConfigFileError(f"{self._path}: cannot be changed: {error}") from error
        replace_text(self._path, text)


def _parse(path: Path) -> dict[str, Any]:
    text = read_text(path)
    try:
        return tomllib.loads(text)
    # Numbers of thousands of digits and nesting without end are refused by the reader's own limits.
    except (ValueError, RecursionError) as error:
        raise ConfigFileError(f"{path}: not valid TOML: mend it or delete it ({error})") from error
