"""The differences between operating systems, and the terminal of this process. All other modules ask here.

Linux has everything that the tool uses. macOS has neither udev nor a driver that reports line errors. Windows has no
signals that end a program, no file locks that end with the process, and no pseudo-terminals.
"""

import errno
import os
import sys

from sniffer.base.errors import SnifferError

IS_LINUX = sys.platform == "linux"
IS_WINDOWS = sys.platform == "win32"
IS_POSIX = os.name == "posix"

_NO_SYNC = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)
"""The errors by which a file system says that it cannot confirm a write."""


def describe_system() -> str:
    """Return the kind of system and of machine, without its name: `Linux 6.1, x86_64`."""
    import platform

    return f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}, {platform.machine()}"


def lock_file(file: int) -> None:
    """Lock an open file until the process ends. On Windows this does nothing.

    Raises `BlockingIOError` if another program has locked it, and another `OSError` if the file cannot be locked.
    """
    if IS_POSIX:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def sync_file(file: int) -> None:
    """Wait until the disk has all bytes of an open file, if it can confirm that. Raises `OSError` if it failed."""
    try:
        (os.fdatasync if sys.platform == "linux" else os.fsync)(file)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


def find_group_name(number: int) -> str:
    """Return the name of a group of users; the name is empty if there is none."""
    if not IS_POSIX:
        return ""
    import grp

    return next((group.gr_name for group in grp.getgrall() if group.gr_gid == number), "")


def has_terminal() -> bool:
    """Return True if standard input, output and error are a terminal, as the screen needs for keys and drawing."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


DRIVER_VARIABLE = "TEXTUAL_DRIVER"
"""The environment variable by which Textual shows the screen elsewhere than on a terminal, as in a browser."""


def can_show_screen() -> bool:
    """Return True if a screen can be shown: on the terminal, or elsewhere.

    For a terminal, standard input, for keys, and standard error, for the screen, must be one.
    """
    return bool(os.environ.get(DRIVER_VARIABLE)) or all(
        stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr)
    )


def reopen_keyboard() -> str:
    """Connect standard input to the terminal, for keys. Return the path at which the piped bytes can still be read.

    Raises `SnifferError` if there is no terminal.
    """
    descriptor = os.dup(sys.stdin.fileno())
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError as error:
        raise SnifferError("-: the screen needs a terminal for its keys; `evse-sniff dump -` does without") from error
    os.dup2(terminal, sys.stdin.fileno())
    return f"/dev/fd/{descriptor}"
