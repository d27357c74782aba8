"""Put a dissector and the extcap interface where Wireshark looks for what a user adds, or remove them again.

In: the text of a dissector, the files of the user's definition. Out: the paths of the files that were written or
removed. An older file of ours is replaced; a file that is not ours is left alone (`OutputError`).
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sniffer.base.atomic_file import read_text, replace_text
from sniffer.base.errors import ConfigFileError, OutputError
from sniffer.commands.wireshark import dissector
from sniffer.commands.wireshark.extcap_script import FIRST_LINE, FIRST_LINE_ON_WINDOWS, format_script, script_name
from sniffer.commands.wireshark.folders import find_extcap_folder, find_plugin_folder, list_extcap_folders

FILE_NAME = "evse-sniff.lua"

_OURS = (dissector.FIRST_LINE, FIRST_LINE, FIRST_LINE_ON_WINDOWS)
_EXECUTABLE = 0o755


def install_dissector(text: str) -> Path:
    """Write the dissector into the user's plugin folder, and return its path.

    Raises `OutputError` if it cannot be written, or if a file of that name is not ours.
    """
    return _write(find_plugin_folder() / FILE_NAME, text)


def install_extcap(definitions: Sequence[str]) -> Path:
    """Write the program of the extcap interface into the user's extcap folder, and return its path.

    The definitions are files that extend the protocol. Raises `OutputError` if it cannot be written, or if a file of
    that name is not ours.
    """
    path = find_extcap_folder() / script_name()
    _write(path, format_script(sys.executable, [os.path.abspath(name) for name in definitions]))
    try:
        path.chmod(_EXECUTABLE)
    except OSError as error:
        raise OutputError(f"{path}: cannot be made executable: {error.strerror}") from error
    return path


def uninstall() -> list[Path]:
    """Remove the dissector and the extcap interface from all folders of the user, and return the paths of the files.

    Raises `OutputError` if one cannot be removed, or if a file of that name is not ours.
    """
    paths = [find_plugin_folder() / FILE_NAME, *(folder / script_name() for folder in list_extcap_folders())]
    found = [path for path in paths if _is_ours(path)]
    for path in found:
        try:
            path.unlink()
        except OSError as error:
            raise OutputError(f"{path}: cannot be removed: {error.strerror}") from error
    return found


def _write(path: Path, text: str) -> Path:
    _is_ours(path)
    try:
        replace_text(path, text)
    except ConfigFileError as error:
        raise OutputError(str(error)) from error
    return path


def _is_ours(path: Path) -> bool:
    """Return True if this file is one of ours, False if there is no file. Raises `OutputError` for any other file."""
    try:
        found = read_text(path)
    except ConfigFileError as error:
        raise OutputError(str(error)) from error
    if found and not found.startswith(_OURS):
        raise OutputError(f"{path}: this file was not written by evse-sniff: move it away first")
    return bool(found)
