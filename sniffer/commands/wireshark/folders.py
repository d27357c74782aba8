"""The folders in which the installed Wireshark looks for what a user adds: dissectors in Lua, and extcap programs.

In: what `tshark -G folders` prints, if tshark is there. Out: paths of folders, which may be missing. Up to version 4.0,
extcap programs are in a folder beside the configuration, which tshark does not name.
"""

import os
import shutil
import subprocess
from pathlib import Path

from sniffer.base import platform

_PLUGINS, _EXTCAP, _CONFIGURATION = "Personal Lua Plugins:", "Personal Extcap path:", "Personal configuration:"
"""The beginnings of the lines in which `tshark -G folders` names the folders."""

_TIMEOUT = 20
"""Seconds; a Wireshark that starts for the first time takes a while."""


def find_plugin_folder() -> Path:
    """Return the plugin folder of the installed Wireshark, or the usual one if tshark does not name it."""
    return _ask_tshark().get(_PLUGINS) or _find_personal_folder("plugins")


def find_extcap_folder() -> Path:
    """Return the extcap folder of the installed Wireshark, or that of new versions if tshark does not name it."""
    return list_extcap_folders()[0]


def list_extcap_folders() -> list[Path]:
    """Return the folders in which versions of Wireshark look for extcap programs: that of the installed one first."""
    named = _ask_tshark()
    old = named.get(_CONFIGURATION, Path.home() / ".config" / "wireshark") / "extcap"
    new = named.get(_EXTCAP) or _find_personal_folder("extcap")
    return [old, new] if _CONFIGURATION in named and _EXTCAP not in named else list(dict.fromkeys((new, old)))


def _ask_tshark() -> dict[str, Path]:
    """Return the folders that tshark names, by the beginnings of their lines; empty if it is missing or fails."""
    tshark = shutil.which("tshark")
    if tshark is None:
        return {}
    try:
        done = subprocess.run([tshark, "-G", "folders"], capture_output=True, check=False, timeout=_TIMEOUT)
    except (OSError, subprocess.TimeoutExpired):
        # The usual folders are right for nearly everybody.
        return {}
    named: dict[str, Path] = {}
    for line in os.fsdecode(done.stdout).splitlines():
        for key in (_PLUGINS, _EXTCAP, _CONFIGURATION):
            if folder := line.removeprefix(key).strip() if line.startswith(key) else "":
                named.setdefault(key, Path(folder))
    return named


def _find_personal_folder(name: str) -> Path:
    """Return the default folder (Wireshark User's Guide, Plugin folders; XDG_DATA_HOME is not used)."""
    if platform.IS_WINDOWS and (roaming := os.environ.get("APPDATA")):
        return Path(roaming) / "Wireshark" / name
    return Path.home() / ".local" / "lib" / "wireshark" / name
