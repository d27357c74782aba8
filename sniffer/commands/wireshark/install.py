"""Put a dissector where Wireshark looks for the user's own Lua plugins.

In: the text of a dissector. Out: the path of the file that now holds it. An older dissector of ours is replaced; a file
that is not ours is left alone (`OutputError`).
"""

import os
import shutil
import subprocess
from pathlib import Path

from sniffer.base import platform
from sniffer.base.atomic_file import read_text, replace_text
from sniffer.base.errors import ConfigFileError, OutputError
from sniffer.commands.wireshark.dissector import FIRST_LINE

FILE_NAME = "evse-sniff.lua"

_FOLDER = "Personal Lua Plugins:"
"""How the line begins in which `tshark -G folders` names the folder."""

_TIMEOUT = 20
"""Seconds; a Wireshark that starts for the first time takes a while."""


def install(text: str) -> Path:
    """Write the dissector into the user's plugin folder, and return its path.

    Raises `OutputError` if it cannot be written, or if a file of that name is not ours.
    """
    path = find_plugin_folder() / FILE_NAME
    try:
        found = read_text(path)
        if found and not found.startswith(FIRST_LINE):
            raise OutputError(f"{path}: this file was not written by evse-sniff: move it away first")
        replace_text(path, text)
    except ConfigFileError as error:
        raise OutputError(str(error)) from error
    return path


def find_plugin_folder() -> Path:
    """Return the plugin folder of the installed Wireshark, or the usual one if tshark does not name it."""
    return _find_by_tshark() or _find_default_folder()


def _find_by_tshark() -> Path | None:
    """Return the folder that tshark names, None if tshark is missing or names none."""
    tshark = shutil.which("tshark")
    if tshark is None:
        return None
    try:
        done = subprocess.run([tshark, "-G", "folders"], capture_output=True, check=False, timeout=_TIMEOUT)
    except (OSError, subprocess.TimeoutExpired):
        # The usual folder is right for nearly everybody.
        return None
    lines = os.fsdecode(done.stdout).splitlines()
    folders = [line.removeprefix(_FOLDER).strip() for line in lines if line.startswith(_FOLDER)]
    return Path(folders[0]) if folders and folders[0] else None


def _find_default_folder() -> Path:
    """Return the default folder (Wireshark User's Guide, Plugin folders; XDG_DATA_HOME is not used)."""
    if platform.IS_WINDOWS and (roaming := os.environ.get("APPDATA")):
        return Path(roaming) / "Wireshark" / "plugins"
    return Path.home() / ".local" / "lib" / "wireshark" / "plugins"
