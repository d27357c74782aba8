"""The extcap interface: the program that Wireshark starts to list our tap, to show its dialog, and to capture.

In: the words of Wireshark (extcap(4)). Out: sentences on standard output, or a capture in a named pipe. Wireshark shows
what stands on standard error to the user. It is no command for people: `evse-sniff wireshark --install` writes
a script that runs this module as a program.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sniffer.base.errors import CutOffError, OutputError, SnifferError, SourceError
from sniffer.cli.options.source_options import add_definition
from sniffer.cli.options.value_parsers import parse_rate
from sniffer.cli.output import print_error, print_line, report_recording_state
from sniffer.commands.wireshark.extcap_interface import AUTO, INTERFACE, NOTHING, list_interfaces, list_link_types

if TYPE_CHECKING:
    from sniffer.recording.output_stream import NamedPipe

_PREFERENCE = INTERFACE.replace("-", "_")


def main(argv: Sequence[str] | None = None) -> int:
    """Answer one call of Wireshark. Returns 1 if a source or the pipe cannot be used, else 0."""
    # A later Wireshark may pass options that this version does not know.
    options, _ = _build_parser().parse_known_args(argv)
    try:
        if options.capture:
            return _capture(options)
        for sentence in _answer(options):
            print_line(sentence)
    except SnifferError as error:
        print_error(error)
        return 1
    return 0


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evse-sniff wireshark",
        description="The extcap interface: Wireshark runs it. `evse-sniff wireshark --install` installs it.",
    )
    ask = parser.add_mutually_exclusive_group(required=True)
    ask.add_argument("--extcap-interfaces", action="store_true", help="list the interface")
    ask.add_argument("--extcap-dlts", action="store_true", help="list its link type")
    ask.add_argument("--extcap-config", action="store_true", help="list the arguments of its dialog")
    ask.add_argument("--capture", action="store_true", help="capture into the pipe of --fifo")
    parser.add_argument("--extcap-interface", metavar="NAME", help="the interface that is meant")
    parser.add_argument("--extcap-reload-option", metavar="ARGUMENT", help="list the choices of this argument only")
    parser.add_argument("--fifo", metavar="PIPE", help="the named pipe that Wireshark reads")
    parser.add_argument("--port", help="the port to tap")
    parser.add_argument("--second-port", metavar="PORT", help="the port on the other wire")
    parser.add_argument("--address", help="the tap to use instead: socket://host:port, or a path")
    # A wrong rate is an error of the capture, which Wireshark shows; one of the words would look like a broken program.
    parser.add_argument("--baud", default="", metavar="N", help="the baud rate; auto finds it")
    add_definition(parser)
    return parser


def _answer(options: argparse.Namespace) -> Iterable[str]:
    """Return the sentences that answer a question of Wireshark. Raises `SourceError` for another interface."""
    if options.extcap_interfaces:
        return list_interfaces()
    if options.extcap_interface != INTERFACE:
        raise SourceError(f"{options.extcap_interface}: no such interface: it is {INTERFACE}")
    if options.extcap_dlts:
        return list_link_types()

    from sniffer.commands.wireshark.extcap_dialog import list_arguments, list_values
    from sniffer.config.settings import SettingsFile

    if options.extcap_reload_option:
        return list_values(options.extcap_reload_option)
    return list_arguments(SettingsFile().settings.baud)


def _capture(options: argparse.Namespace) -> int:
    """Record into the pipe until Wireshark closes it or ends the program. Returns 1 if that failed, else 0.

    Raises `SnifferError` if the source or the pipe cannot be used.
    """
    from sniffer.formats.pcapng.writer import CaptureWriter
    from sniffer.recording.output_stream import NamedPipe

    if not options.fifo:
        raise OutputError("--capture needs --fifo PIPE: Wireshark passes it")
    pipe = NamedPipe(Path(options.fifo))
    try:
        return _record(options, pipe)
    except SnifferError:
        if not pipe.stream.size:
            # Without a header Wireshark reports an empty pipe before it shows why.
            pipe.stream.write(CaptureWriter(INTERFACE).encode_header())
        raise


def _record(options: argparse.Namespace, pipe: "NamedPipe") -> int:
    """Record the chosen ports into the pipe. Returns 1 if that failed, else 0. Raises `SnifferError`."""
    import asyncio

    from sniffer.commands.record import LimitedRecorder, record
    from sniffer.config.definition_files import load_definition
    from sniffer.session import Attachments, Session, live_limits
    from sniffer.sources.open import LineOptions, open_sources, pipeline_for

    definition = load_definition(list(filter(None, options.definition)))
    line_options = LineOptions(_parse_baud(options.baud), routes=definition.links.routes_in_bytes)
    source = open_sources(_list_sources(options), line_options=line_options)

    def report(failure: str) -> None:
        if pipe.stream.is_broken:
            recorder.reached.set()
        if not pipe.stream.has_lost_reader:
            report_recording_state(failure)

    recorder = LimitedRecorder(pipe, source, report, origins=definition.origins)
    session = Session(source, pipeline_for(source, definition, live_limits()), attachments=Attachments(recorder))
    try:
        asyncio.run(record(session, recorder, None, lambda _: None, pipe.stream))
    except CutOffError as error:
        print_error(error)
    return 1 if recorder.state.is_incomplete and not pipe.stream.has_lost_reader else 0


def _list_sources(options: argparse.Namespace) -> list[str]:
    """Return the names of the chosen sources. Raises `SourceError` if none was chosen."""
    if options.address:
        if options.address == "-":
            raise SourceError("-: Wireshark passes no standard input: name a port or an address")
        return [options.address]
    chosen = [name for name in (options.port, options.second_port) if name and name != NOTHING]
    if not chosen:
        raise SourceError(
            "no port was chosen: click the wheel beside the interface in Wireshark; "
            f"with tshark: -o extcap.{_PREFERENCE}.port:/dev/ttyUSB0"
        )
    return chosen


def _parse_baud(text: str) -> int | None:
    """Return the baud rate; None finds it. Raises `SourceError` if the text is not one."""
    try:
        return parse_rate(text.strip() or AUTO)
    except (ValueError, argparse.ArgumentTypeError) as error:
        raise SourceError(f"{text}: no baud rate: write a number such as 9600, or {AUTO}") from error


if __name__ == "__main__":
    sys.exit(main())
