"""Options that several commands share: the source and how it is read, the baud rate and the protocol definition."""

import argparse

from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.cli.options.value_parsers import number_parser, parse_rate

if TYPE_CHECKING:
    from sniffer.formats.link_types import PacketLayout


def add_reading_group(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Return a new group of options, which the help lists after those of the command itself."""
    return parser.add_argument_group("how the session is read")


def add_source(parser: argparse.ArgumentParser, *, needed: bool = True) -> argparse._ArgumentGroup:
    """Add `SOURCE`, and the options that say how to read it. Returns the group of these options."""
    about = (
        "a port, a saved session (a file, or a folder or an archive that holds it), - or demo; two ports are two taps "
        "on one charger, one on each wire"
    )
    more = "" if needed else "; without it, a list to choose from is shown"
    parser.add_argument("sources", metavar="SOURCE", nargs="+" if needed else "*", help=about + more)
    reading = add_reading_group(parser)
    add_auto_baud(reading)
    add_reading_beside(reading)
    reading.add_argument(
        "--idle",
        type=number_parser(float),
        metavar="SECONDS",
        help="silence that ends an unfinished frame on a live line (default 0.05; more on a slow line)",
    )
    reading.add_argument(
        "--longest-dbus",
        type=number_parser(int),
        metavar="BYTES",
        help="longest dbus frame that is waited for on a live line (default 512)",
    )
    add_file_options(reading)
    return reading


def add_reading_beside(parser: argparse._ActionsContainer) -> None:
    """Add the options for reading what another program writes or reads as well: `--follow` and `--share`."""
    parser.add_argument(
        "--follow",
        action="store_true",
        help="keep reading a file that another program still writes, also after it was replaced",
    )
    parser.add_argument(
        "--share",
        action="store_true",
        help="read a port that another program reads as well, with the settings that it has; bytes may be missing",
    )


def add_file_options(parser: argparse._ActionsContainer) -> None:
    """Add the options that say how a file is read and decoded, for `file_options_of` of the session set-up."""
    parser.add_argument(
        "--join",
        action="store_true",
        help="read several files, or all sessions of a folder or an archive, as one session in time order",
    )
    add_packet_layouts(parser)
    add_definition(parser)


def add_packet_layouts(parser: argparse._ActionsContainer) -> None:
    """Add `--dlt`, which says what the packets of foreign captures hold."""
    parser.add_argument(
        "--dlt",
        action="append",
        default=[],
        type=_parse_dlt,
        metavar="N=HOW",
        help="how to read packets of link type N of a capture: rtac (an RTAC serial header, then bytes), raw (bytes) "
        "or raw+SIZE (a header of SIZE bytes, then bytes); types 147 to 162 are recognised without it",
    )


def _parse_dlt(text: str) -> "tuple[int, PacketLayout]":
    """Return a link type and the layout of its packets. Raises `ArgumentTypeError`."""
    from sniffer.formats.link_types import parse_link_type

    try:
        return parse_link_type(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def add_auto_baud(parser: argparse._ActionsContainer) -> None:
    """Add `--baud`; its value is None for `auto`. `has_baud` is True if it is given."""
    about = "baud rate of a serial line; auto, the default, finds it by frames with a valid CRC"
    parser.add_argument("--baud", type=parse_rate, action=_RateAction, metavar="N", help=about)
    parser.set_defaults(has_baud=False)


class _RateAction(argparse.Action):
    """Stores a rate, and that it was given: otherwise the rate of the settings is used."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Store the rate."""
        namespace.baud, namespace.has_baud = values, True


def add_baud(parser: argparse.ArgumentParser, about: str) -> None:
    """Add `--baud` without `auto`, with `ASSUMED_BAUD` as its default. `about` is its help text."""
    from sniffer.core.line.usual_rates import ASSUMED_BAUD

    parser.add_argument("--baud", type=number_parser(int), default=ASSUMED_BAUD, metavar="N", help=about)


def add_definition(parser: argparse._ActionsContainer) -> None:
    """Add `--definition`; its value is a list of file names and names of boards, empty by default."""
    parser.add_argument(
        "--definition",
        action="append",
        default=[],
        metavar="FILE|BOARD",
        help="a file that extends or overrides the protocol definition, or a known board (`definition --list`); "
        "if given several times, later files win",
    )
