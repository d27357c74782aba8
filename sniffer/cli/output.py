"""Output of all commands: results on standard output, errors on standard error."""

import os
import sys
from contextlib import suppress
from io import TextIOWrapper

from sniffer.base.errors import OutputError, SnifferError, translate_output_errors
from sniffer.base.type_checking import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

COLOR_CHOICES = ("auto", "always", "never")
"""The values of `--color`."""


def print_error(error: SnifferError) -> None:
    """Print an error as one line on standard error, if that can be written: the exit status reports it as well."""
    from sniffer.base.sanitize import printable

    with suppress(OSError):
        print(f"evse-sniff: {printable(str(error))}", file=sys.stderr, flush=True)


def open_output() -> "TextIO":
    """Return standard output, set up so that characters it cannot encode are escaped.

    Raises `OutputError` if standard output is closed.
    """
    if sys.stdout is None:
        raise OutputError("standard output is closed: there is nowhere to write to")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    return sys.stdout


def is_color_wanted(choice: str) -> bool:
    """Return True if standard output shall have colours by the user's choice, one of `COLOR_CHOICES`.

    By default it has them on a terminal that knows them, unless `NO_COLOR` is set (no-color.org: any value except the
    empty one counts).
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or sys.stdout is None or not sys.stdout.isatty():
        return False
    # Terminals on Windows set no TERM; the one that shows SGR sequences by default sets WT_SESSION.
    terminal = os.environ.get("TERM", "")
    return terminal != "dumb" if terminal else "WT_SESSION" in os.environ


def print_line(text: str) -> None:
    """Write a line to standard output and flush it."""
    out = open_output()
    with translate_output_errors():
        print(text, file=out, flush=True)


def print_escaped(text: str) -> None:
    """Write a line after escaping control characters, for text that holds names of files."""
    from sniffer.base.sanitize import printable

    print_line(printable(text))


def print_notice(text: str) -> None:
    """Write a line to standard error after escaping control characters, if that can be written."""
    from sniffer.base.sanitize import printable

    with suppress(OSError):
        print(printable(text), file=sys.stderr, flush=True)


def print_prefixed(text: str) -> None:
    """Write a notice to standard error with the name of the program before it."""
    print_notice(f"evse-sniff: {text}")


def report_recording_state(failure: str) -> None:
    """Print why recording has stopped, or, if `failure` is empty, that it has resumed."""
    from sniffer.base.sanitize import printable

    text = f"NOT RECORDED: {printable(failure)}" if failure else "recording again"
    with suppress(OSError):
        print(f"evse-sniff: {text}", file=sys.stderr, flush=True)


def discard_output() -> None:
    """Point standard output at the null device, so that Python's flush at exit does not fail a second time."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
