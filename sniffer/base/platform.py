"""What one operating system has and another lacks: all other modules ask here.

Linux has all that the tool makes use of. macOS has neither udev nor a driver that tells of line errors; Windows has no
signals that end a program, no locks that go with a process, and no pseudo-terminals.

MERGED:
What the screen needs of the terminal: that there is one, and its keys.
"""

import os
import sys

from sniffer.base.errors import SnifferError

IS_LINUX = sys.platform == "linux"
IS_WINDOWS = sys.platform == "win32"
IS_POSIX = os.name == "posix"

if IS_POSIX:
    import fcntl
    import grp


def lock_file(file: int) -> None:
    """Hold an open file for ourselves; the system lets go of it with the process. On Windows nothing is held.

    Raises `BlockingIOError` where another program has it, another `OSError` where the file cannot be locked.
    """
    if IS_POSIX:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def find_group_name(number: int) -> str:
    """The name of a group of users; empty where it has none."""
    return next((group.gr_name for group in grp.getgrall() if group.gr_gid == number), "") if IS_POSIX else ""


def has_terminal() -> bool:
    """Whether somebody sits there: keys come in by standard input, and the screen is drawn on standard error."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def reopen_keyboard() -> str:
    """Free standard input for the keys of the screen; return the name under which its bytes can be read."""
    descriptor = os.dup(sys.stdin.fileno())
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError as error:
        raise SnifferError("-: the screen needs a terminal for its keys; `evse-sniff dump -` does without") from error
    os.dup2(terminal, sys.stdin.fileno())
    return f"/dev/fd/{descriptor}"
