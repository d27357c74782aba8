"""The settings of a user, in `settings.toml` in the user's configuration folder.

In: a file that people edit, so it may contain anything. Out: valid `Settings`, and one line about everything that is
wrong with the file; a wrong value is replaced by its default. Only changed values are written: keys of other versions
and comments stay in the file. A file that is not TOML is never written.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import tomli
from msgspec import Struct, field
from msgspec.structs import fields
from platformdirs import user_config_path

from sniffer.base.atomic_file import read_text, replace_text
from sniffer.base.errors import ConfigFileError
from sniffer.config.publish_settings import PublishSettings, parse_publish_table
from sniffer.config.unknown_keys import list_mistyped

TimeMode = Literal["absolute", "relative", "delta"]
"""The form of times in the list: time of day, time since the session began, or time since the record before."""

TIME_MODE_NAMES: Mapping[TimeMode, str] = MappingProxyType(
    {
        "absolute": "time of day",
        "relative": "since the beginning of the session",
        "delta": "since the row before, in panels the time of day",
    }
)
"""All forms of times, each with its name for the user."""

TIME_MODES: tuple[TimeMode, ...] = tuple(TIME_MODE_NAMES)


class Settings(Struct, frozen=True):
    """The settings. `columns` are the names of the list's columns; None stands for as many as fit.

    `baud` is the rate of a serial line for which none is named; it is found if that is None. `keys` are the keys of
    actions of the screen, by the names of the actions. `publish` is where sessions are published.
    """

    theme: str = "evse-calm"
    time_mode: TimeMode = TIME_MODES[0]
    columns: tuple[str, ...] | None = None
    baud: int | None = None
    keys: tuple[tuple[str, str], ...] = ()
    publish: PublishSettings = field(default_factory=PublishSettings)


DEFAULTS = Settings()

AUTO = "auto"
"""The rate that is found by trying."""

MAX_BAUD = 1 << 32

_SettingRule = tuple[Callable[[Any], bool], str]
_RULES: Mapping[str, _SettingRule] = MappingProxyType(
    {
        "theme": (lambda found: isinstance(found, str), "the name of a theme"),
        "time_mode": (lambda found: found in TIME_MODES, f"one of {', '.join(TIME_MODES)}"),
        "columns": (
            lambda found: isinstance(found, list) and all(isinstance(name, str) for name in found),
            "a list of names",
        ),
        "baud": (
            lambda found: found == AUTO or (type(found) is int and 0 < found < MAX_BAUD),
            'a rate such as 9600, or "auto"',
        ),
        "keys": (
            lambda found: isinstance(found, dict),
            'a table of keys by action, such as note = "F4"',
        ),
        "publish": (
            lambda found: isinstance(found, dict),
            'a table, such as to = "mqtts://broker.example/benches"',
        ),
    }
)
"""For each key: the check of a value, and what a valid value is."""


def find_settings_path() -> Path:
    """Return where the settings of this user are, whether or not the file is there."""
    return user_config_path("evse-sniff", appauthor=False) / "settings.toml"


class SettingsFile:
    """The file of the settings, in `path` or in the user's configuration folder.

    `settings` are the valid settings. `complaint` says in one line what was wrong with the file; it is empty if nothing
    was.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or find_settings_path()
        self._has_reported = False
        self.settings = DEFAULTS
        self.complaint = ""
        try:
            self._apply(_read_toml(self._path))
        except ConfigFileError as error:
            self.complaint = f"settings: {error}"

    def save(self, settings: Settings) -> str:
        """Use these settings and write what changed.

        Return a complaint the first time that writing fails, otherwise an empty text.
        """
        before, self.settings = self.settings, settings
        try:
            self._write(before, settings)
        except ConfigFileError as error:
            is_repeated, self._has_reported = self._has_reported, True
            return "" if is_repeated else f"settings are not kept: {error}"
        return ""

    def _apply(self, found: Mapping[str, Any]) -> None:
        """Take over the valid values that were found in the file; `complaint` names the others."""
        wrong = []
        values: dict[str, Any] = {}
        for key, (is_valid, expected) in _RULES.items():
            if key not in found:
                continue
            if is_valid(found[key]):
                values[key] = _from_toml(found[key])
            else:
                wrong.append(f"{key} must be {expected}")
        for action in [action for action, key in values.get("keys", ()) if not isinstance(key, str)]:
            values["keys"] = tuple(pair for pair in values["keys"] if pair[0] != action)
            wrong.append(f'keys: {action} must be a key in quotes, such as "F4"')
        if "publish" in values:
            values["publish"], complaints = parse_publish_table(dict(values["publish"]))
            wrong += complaints
        wrong += list_mistyped(found, _RULES)
        self.settings = Settings(**values)
        if wrong:
            self.complaint = f"settings: {self._path}: {'; '.join(wrong)}"

    def _write(self, before: Settings, after: Settings) -> None:
        """Write the settings that differ from `before`, and keep the rest of the file. Raises `ConfigFileError`."""
        import tomlkit
        from tomlkit.exceptions import TOMLKitError

        _read_toml(self._path)
        try:
            # An entry is appended to the last line if that has no end.
            found = read_text(self._path)
            document = tomlkit.parse(found if found.endswith("\n") or not found else f"{found}\n")
            # The screen does not change where sessions are published.
            for name in (one.name for one in fields(after) if one.name != "publish"):
                value = getattr(after, name)
                if value == getattr(before, name):
                    continue
                if value is None:
                    document.pop(name, None)
                else:
                    document[name] = dict(value) if name == "keys" else _to_toml(value)
            text = document.as_string()
            tomli.loads(text)
        except (TOMLKitError, ValueError) as error:
            raise ConfigFileError(f"{self._path}: cannot be changed: mend it or delete it ({error})") from error
        replace_text(self._path, text)


def _from_toml(value: Any) -> Any:
    """Return a valid value of the file as a setting has it."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return tuple(value.items())
    return None if value == AUTO else value


def _to_toml(value: Any) -> Any:
    """Return the value of a setting as the file has it."""
    return list(value) if isinstance(value, tuple) else value


def _read_toml(path: Path) -> dict[str, Any]:
    text = read_text(path)
    try:
        return tomli.loads(text)
    except (ValueError, RecursionError) as error:
        # The parser's own limits refuse numbers of thousands of digits and endless nesting.
        raise ConfigFileError(f"{path}: not valid TOML: mend it or delete it ({error})") from error
