"""Options that several commands share, and argument parsers that escape what they print."""

import argparse
from collections.abc import Callable
from typing import NoReturn

DEFAULT_BAUD = 115200
"""The baud rate where none is given: `assumed`, as the protocol documents none."""

USAGE_ERROR = 2


class _Parser(argparse.ArgumentParser):
    """An argument parser whose error messages cannot send control characters to the terminal."""

    def error(self, message: str) -> NoReturn:
        from sniffer.base.sanitize import printable

        super().error(printable(message))


def parser_of(command: str, description: str, epilog: str | None = None) -> argparse.ArgumentParser:
    return _Parser(
        prog=f"evse-sniff {command}".strip(),
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_source(parser: argparse.ArgumentParser, *, needed: bool = True) -> None:
    about = "a port, a file, - or demo; two ports are two taps on one charger, one on each wire"
    more = "" if needed else "; without it, a list to choose from"
    parser.add_argument("sources", metavar="SOURCE", nargs="+" if needed else "*", help=about + more)
    add_rate(parser)
    parser.add_argument(
        "--follow", action="store_true", help="keep reading a capture that another program is still writing"
    )
    parser.add_argument(
        "--idle",
        type=positive(float),
        metavar="SECONDS",
        help="silence that ends an unfinished frame on a live line (default 0.05; use more on a slow line)",
    )
    add_definition(parser)


def add_rate(parser: argparse.ArgumentParser) -> None:
    """Add `--baud`; its value is None for `auto`."""
    about = "rate of a serial line; auto, the default, finds it by frames with a valid CRC"
    parser.add_argument("--baud", type=_rate, metavar="N", help=about)


def _rate(text: str) -> int | None:
    """Return a baud rate, or None for `auto`."""
    return None if text == "auto" else int(positive(int)(text))


_rate.__name__ = "number"


def add_baud(parser: argparse.ArgumentParser, about: str) -> None:
    parser.add_argument("--baud", type=positive(int), default=DEFAULT_BAUD, metavar="N", help=about)


def add_definition(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--definition",
        action="append",
        default=[],
        metavar="FILE",
        help="a file that extends or overrides the protocol definition; if given several times, later files win",
    )


def positive(kind: type[int] | type[float]) -> Callable[[str], int | float]:
    def convert(text: str) -> int | float:
        number = kind(text)
        if not 0 < number < float("inf"):
            raise argparse.ArgumentTypeError(f"{text} is not more than zero")
        return number

    convert.__name__ = "number"
    return convert
