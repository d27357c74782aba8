"""Where Wireshark looks for the plugins of one user, and how ours gets there.

In: the dissector's text. Out: the path of the file that was written. Wireshark itself is asked where the folder is, as
it knows best; where it is not on the path, the folder is the documented one of the system (Wireshark User's Guide,
appendix B, Files and Folders).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from sniffer.errors import OutputError
from sniffer.newfile import NewFile
from sniffer.wireshark.dissector import FIRST_LINE

NAME = "evse.lua"
_ASKED = ("Personal Lua Plugins", "Personal Plugins")
_PATIENCE = 20.0


def install(text: str) -> Path:
    """Write the dissector where Wireshark finds it; an older one of ours is replaced. Raises `OutputError`."""
    path = plugins_folder() / NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_ours = not path.exists() or path.read_text("utf-8", "replace").startswith(FIRST_LINE)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error
    if not is_ours:
        raise OutputError(f"{path}: this is another dissector: move it away first")
    file = NewFile(path, replace=True)
    try:
        file.open()
        file.write(text.encode())
        file.keep()
    except BaseException:
        file.give_up()
        raise
    return path


def plugins_folder() -> Path:
    """The folder of the user's own Lua plugins."""
    return _told_by_wireshark() or _documented()


def _told_by_wireshark() -> Path | None:
    """What `tshark -G folders` says; None where there is no tshark, or an old one that does not say it."""
    tshark = shutil.which("tshark")
    if tshark is None:
        return None
    try:
        told = subprocess.run([tshark, "-G", "folders"], capture_output=True, text=True, timeout=_PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    folders = dict(line.split(":", 1) for line in told.stdout.splitlines() if ":" in line)
    return next((Path(folders[name].strip()) for name in _ASKED if folders.get(name, "").strip()), None)


def _documented() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", Path.home())) / "Wireshark" / "plugins"
    return Path.home() / ".local" / "lib" / "wireshark" / "plugins"
