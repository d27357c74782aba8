"""The program in Wireshark's extcap folder: a script that runs our extcap interface with this Python.

In: the path of the interpreter, and the files of the user's definition. Out: the text of the script. It names the
interpreter by its absolute path, so that it also works from a virtual environment, which Wireshark does not know.
"""

import shlex
from collections.abc import Sequence

from sniffer.base import platform

MODULE = "sniffer.cli.extcap"
"""The module that is run."""

FIRST_LINE = "#!/bin/sh\n# Written by evse-sniff"
FIRST_LINE_ON_WINDOWS = "@rem Written by evse-sniff"
"""The first words of each script of ours, by which `install` recognises them."""


def script_name() -> str:
    """Return the name of the script. Windows runs no script without an ending."""
    return "evse-sniff.bat" if platform.IS_WINDOWS else "evse-sniff"


def format_script(python: str, definitions: Sequence[str]) -> str:
    """Return the text of the script. The definitions are absolute paths of files."""
    # -P: a folder named sniffer in the folder in which Wireshark was started is not taken for this package.
    words = [python, "-P", "-m", MODULE, *(word for path in definitions for word in ("--definition", path))]
    if platform.IS_WINDOWS:
        # In a batch file % begins the name of a variable. The name of a file has no quotation mark there.
        line = " ".join(f'"{word}"' for word in words).replace("%", "%%")
        return f"{FIRST_LINE_ON_WINDOWS}: it runs its extcap interface.\r\n@{line} %*\r\n"
    # exec: the signal by which Wireshark ends a capture must reach Python and not the shell.
    return f'{FIRST_LINE}: it runs its extcap interface.\nexec {shlex.join(words)} "$@"\n'
