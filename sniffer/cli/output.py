"""What all commands say to the terminal: lines on standard output, complaints on standard error."""

import os
import sys
from io import TextIOWrapper
from typing import TextIO

from sniffer.base.errors import OutputError, SnifferError, translate_output_errors


def complain(error: SnifferError) -> None:
    from sniffer.base.sanitize import printable

    print(f"evse-sniff: {printable(str(error))}", file=sys.stderr)


def output() -> TextIO:
    """Standard output, which takes any character even where it cannot show it."""
    if sys.stdout is None:
        raise OutputError("standard output is closed: there is nowhere to write to")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    return sys.stdout


def say(text: str) -> None:
    """Write a line to standard output, at once."""
    out = output()
    with translate_output_errors():
        print(text, file=out, flush=True)


def say_safely(text: str) -> None:
    """Write a line that has names of files in it, which may hold anything."""
    from sniffer.base.sanitize import printable

    say(printable(text))


def shout(failure: str) -> None:
    """Tell what keeps the recording from going on, and, with an empty text, that it goes on."""
    from sniffer.base.sanitize import printable

    told = f"NOT RECORDED: {printable(failure)}" if failure else "recording again"
    print(f"evse-sniff: {told}", file=sys.stderr, flush=True)


def give_up_output() -> None:
    """Whoever read has gone, or has no room: what Python would still flush at exit has nowhere to go either."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
