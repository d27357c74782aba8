"""What the screen needs of the terminal: that there is one, and its keys."""

import os
import sys

from sniffer.errors import SnifferError


def has_terminal() -> bool:
    """Whether somebody sits there: keys come in by standard input, and the screen is drawn on standard error."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def keyboard_from_terminal() -> str:
    """Free standard input for the keys of the screen; return the name under which its bytes can be read."""
    descriptor = os.dup(sys.stdin.fileno())
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError as error:
        raise SnifferError("-: the screen needs a terminal for its keys; `evse-sniff dump -` does without") from error
    os.dup2(terminal, sys.stdin.fileno())
    return f"/dev/fd/{descriptor}"
