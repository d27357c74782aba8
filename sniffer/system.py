"""What one operating system has and another lacks: all other modules ask here.

Linux has all that the tool makes use of. macOS has neither udev nor a driver that tells of line errors; Windows has no
signals that end a program, no locks that go with a process, and no pseudo-terminals.
"""

import os
import sys

IS_LINUX = sys.platform == "linux"
IS_WINDOWS = sys.platform == "win32"
IS_POSIX = os.name == "posix"

if IS_POSIX:
    import fcntl
    import grp


def lock(file: int) -> None:
    """Hold an open file for ourselves; the system lets go of it with the process. On Windows nothing is held.

    Raises `BlockingIOError` where another program has it, another `OSError` where the file cannot be locked.
    """
    if IS_POSIX:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def group_name(number: int) -> str:
    """The name of a group of users; empty where it has none."""
    return next((group.gr_name for group in grp.getgrall() if group.gr_gid == number), "") if IS_POSIX else ""
