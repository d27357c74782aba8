"""Options that several commands share, and argument parsers that escape what they print."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence

from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.core.line.usual_rates import ASSUMED_BAUD

if TYPE_CHECKING:
    from typing import NoReturn

    from _typeshed import SupportsWrite

    from sniffer.formats.link_types import PacketLayout

SIZE_UNITS = {"": 1, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
"""The bytes in a unit of size."""

USAGE_ERROR = 2
"""The exit status of wrong usage."""


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """A formatter of help. Words are wrapped at spaces only, so that no option is broken at its hyphens."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        # argparse imports `textwrap` here, whose patterns take a thirtieth of the time of `--help`.
        lines = [""]
        for word in text.split():
            if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
                lines.append(word)
            else:
                lines[-1] = f"{lines[-1]} {word}".lstrip()
        return lines


class ParserRequest(list[str]):
    """Words of the command line that request the parser of a command, and not that it runs."""


class ParserBuilt(Exception):  # noqa: N818 - it is no error
    """Ends a command that was given a `ParserRequest`, as soon as its `parser` is complete."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        super().__init__()
        self.parser = parser


class _Parser(argparse.ArgumentParser):
    """An argument parser whose error messages suggest the option that may be meant.

    They cannot send control characters to the terminal. Help that cannot be written raises `OutputError`; argparse
    would end as if it had been written.
    """

    def parse_args(  # type: ignore[override]  # The overloads for other namespaces are not needed.
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """Return the parsed words. Wrong usage ends the program with exit status 2.

        Raises `ParserBuilt` for a `ParserRequest`.
        """
        if isinstance(args, ParserRequest):
            raise ParserBuilt(self)
        options, unknown = self.parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}{self._suggest_option(unknown)}")
        # Now the command will run, and nearly all of them make values.
        from sniffer.cli.light_import import import_msgspec

        import_msgspec()
        return options

    def _suggest_option(self, words: Sequence[str]) -> str:
        """Return the end of the message on unknown words: the option that the first mistyped one may stand for."""
        from sniffer.base.suggest import find_near_words

        names = [name for name in self._option_string_actions if name.startswith("--")]
        mistyped = (word.partition("=")[0] for word in words if word.startswith("-"))
        near = next((found for word in mistyped if (found := find_near_words(word, names))), [])
        return f": did you mean {near[0]}?" if near else ""

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """Check that the value is one of the choices of its option, if it has any."""
        if action.choices is not None and value not in action.choices:
            from sniffer.base.suggest import format_suggestion

            message = f"there is no {value}{format_suggestion(str(value), map(str, action.choices))}"
            raise argparse.ArgumentError(action, message)

    def _print_message(self, message: str, file: "SupportsWrite[str] | None" = None) -> None:
        from sniffer.cli.output import print_line

        if file is sys.stderr:
            super()._print_message(message, file)
        else:
            print_line(message.removesuffix("\n"))

    def error(self, message: str) -> "NoReturn":
        from sniffer.base.sanitize import printable

        super().error(printable(message))


def _find_columns() -> int:
    """Return the columns of the terminal, as `shutil.get_terminal_size` does: `COLUMNS` first, and 80 without both."""
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns > 0:
        return columns
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80 if sys.__stdout__ else 80
    except (ValueError, OSError):
        return 80


def build_parser(command: str, description: str, epilog: str | None = None) -> argparse.ArgumentParser:
    """Return a parser for a command. The description and the epilog are printed as they are, line by line."""
    # Without a width, argparse imports `shutil` and with it all compressors, a seventh of the time of `--help`; and it
    # makes a formatter for each option.
    width = _find_columns() - 2
    return _Parser(
        prog=f"evse-sniff {command}".strip(),
        description=description,
        epilog=epilog,
        formatter_class=lambda prog: _HelpFormatter(prog, width=width),
    )


def add_source(parser: argparse.ArgumentParser, *, needed: bool = True) -> None:
    """Add `SOURCE`, and the options that say how to read it."""
    about = (
        "a port, a file, a folder or an archive with one, - or demo; two ports are two taps on one charger, one on "
        "each wire"
    )
    more = "" if needed else "; without it, a list to choose from is shown"
    parser.add_argument("sources", metavar="SOURCE", nargs="+" if needed else "*", help=about + more)
    add_auto_baud(parser)
    parser.add_argument(
        "--follow",
        action="store_true",
        help="keep reading a file that another program still writes, also after it was replaced",
    )
    parser.add_argument(
        "--share", action="store_true", help="read a port beside another program, as it is set; bytes may be missing"
    )
    parser.add_argument(
        "--idle",
        type=number_parser(float),
        metavar="SECONDS",
        help="silence that ends an unfinished frame on a live line (default 0.05; more on a slow line)",
    )
    parser.add_argument(
        "--longest-dbus",
        type=number_parser(int),
        metavar="BYTES",
        help="longest dbus frame that is waited for on a live line (default 512)",
    )
    add_file_options(parser)


def add_file_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how a file is read and decoded, for `sniffer.cli.session_setup.file_options_of`."""
    parser.add_argument(
        "--join",
        action="store_true",
        help="read several files, or all sessions of a folder or an archive, as one session in time order",
    )
    add_packet_layouts(parser)
    add_definition(parser)


def add_packet_layouts(parser: argparse.ArgumentParser) -> None:
    """Add `--dlt`, which says what the packets of foreign captures hold."""
    parser.add_argument(
        "--dlt",
        action="append",
        default=[],
        type=_parse_dlt,
        metavar="N=HOW",
        help="what packets of link type N of a capture hold: rtac (a header of RTAC serial, then bytes), raw (bytes) "
        "or raw+SIZE (a header of SIZE bytes, then bytes); without it, found for 147 to 162",
    )


def _parse_dlt(text: str) -> "tuple[int, PacketLayout]":
    """Return a link type and the layout of its packets. Raises `ArgumentTypeError`."""
    from sniffer.formats.link_types import parse_link_type

    try:
        return parse_link_type(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def add_auto_baud(parser: argparse.ArgumentParser) -> None:
    """Add `--baud`; its value is None for `auto`. `has_baud` is True if it is given."""
    about = "baud rate of a serial line; auto, the default, finds it by frames with a valid CRC"
    parser.add_argument("--baud", type=parse_rate, action=_RateAction, metavar="N", help=about)
    parser.set_defaults(has_baud=False)


class _RateAction(argparse.Action):
    """Stores a rate, and that one was named: without one, that of the settings holds."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Store the rate."""
        namespace.baud, namespace.has_baud = values, True


def parse_rate(text: str) -> int | None:
    """Return a baud rate, or None for `auto`. Raises `ArgumentTypeError`."""
    if text == "auto":
        return None
    if not text.lstrip("-").isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is neither a whole number nor auto")
    return int(number_parser(int)(text))


def add_baud(parser: argparse.ArgumentParser, about: str) -> None:
    """Add `--baud` without `auto`, with `ASSUMED_BAUD` as its default. `about` is its help text."""
    parser.add_argument("--baud", type=number_parser(int), default=ASSUMED_BAUD, metavar="N", help=about)


def add_definition(parser: argparse.ArgumentParser) -> None:
    """Add `--definition`; its value is a list of file names and names of boards, empty by default."""
    parser.add_argument(
        "--definition",
        action="append",
        default=[],
        metavar="FILE|BOARD",
        help="a file that extends or overrides the protocol definition, or a known board (`definition --list`); "
        "if given several times, later files win",
    )


def parse_seconds(text: str) -> float:
    """Return a time in seconds, which may be 0. Raises `ArgumentTypeError`."""
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is no time in seconds, such as 2.5")
    return number


def parse_size(text: str) -> int:
    """Return a size in bytes: `500MB`, `1GB`, `1.5 GB`, or a number of bytes."""
    found = re.fullmatch(r"([0-9.]+) *([kMGT]?)B?", text, re.IGNORECASE)
    try:
        size = round(float(found[1]) * SIZE_UNITS[found[2].upper()]) if found else 0
    except ValueError:
        size = 0
    if size <= 0:
        raise argparse.ArgumentTypeError(f"{text} is no size, such as 500MB or 1GB")
    return size


def number_parser(kind: type[int] | type[float]) -> Callable[[str], int | float]:
    """Return a parser of numbers above zero, for `type=` of an option. It raises `ArgumentTypeError`."""

    def convert(text: str) -> int | float:
        try:
            number = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text} is no {'whole ' if kind is int else ''}number") from None
        if not 0 < number < float("inf"):
            raise argparse.ArgumentTypeError(f"{text} is not greater than zero")
        return number

    return convert
