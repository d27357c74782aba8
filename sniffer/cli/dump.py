"""`dump`: print a session as lines or as JSON."""

import argparse
import sys
from typing import TYPE_CHECKING

from sniffer.base.errors import CutOffError, QueryError
from sniffer.base.phrasing import format_count
from sniffer.cli.options import USAGE_ERROR, add_source, build_parser
from sniffer.cli.output import open_output, print_error, report_recording_state
from sniffer.cli.session_setup import (
    disable_garbage_collection,
    idle_of,
    live_limits_of,
    recorder_for,
    relax_garbage_collection,
)

if TYPE_CHECKING:
    from sniffer.commands.line_output import LineOutput
    from sniffer.core.protocol.definition import Definition
    from sniffer.filter.predicates import Filter
    from sniffer.filter.time_values import Zone


def run(words: list[str]) -> int:
    """Print a session until it ends. Returns 1 if its recording failed, else 0."""
    parser = build_parser("dump", "Print a session as it happens, one line for each record.")
    add_source(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object on each line")
    parser.add_argument(
        "--summary", action="store_true", help="at the end, print how often and how fast each command was answered"
    )
    parser.add_argument(
        "--filter",
        metavar="EXPR",
        help="print only the records that match, such as 'status == Faulted or crc bad' (see `evse-sniff help filter`)",
    )
    parser.add_argument("-o", dest="output", metavar="FILE", help="also record the whole session into this capture")
    options = parser.parse_args(words)
    disable_garbage_collection()

    import asyncio

    from sniffer.base.stop_signals import run_until_stopped
    from sniffer.commands.dump import DumpSink
    from sniffer.config.definition_files import load_definition
    from sniffer.session import Session
    from sniffer.sources.open import open_sources, pipeline_for

    definition = load_definition(options.definition)
    # A wrong filter is reported before a port is opened.
    record_filter = None if options.filter is None else _compile(options.filter, definition, lambda: source.zone)
    source = open_sources(options.sources, baud=options.baud, follow=options.follow, share=options.share)
    notes: dict[int, str] = {}
    out = _open_line_output(options, is_live=source.is_live)
    sink = DumpSink(source, definition, out, as_json=options.json, record_filter=record_filter, notes=notes)
    recorder = recorder_for(source, options.output, automatic=False, on_change=report_recording_state)
    session = Session(
        source,
        pipeline_for(source, definition, live_limits_of(options)),
        [sink],
        idle=idle_of(options),
        notes=notes,
        on_late_note=sink.note,
        recorder=recorder,
    )
    relax_garbage_collection()
    try:
        if recorder:
            asyncio.run(recorder.open())
        asyncio.run(run_until_stopped(session.run()))
    except CutOffError as error:
        print_error(error)
    finally:
        if options.summary:
            sink.summarize(session.snapshot())
        if left_out := out.close():
            about = f"{format_count(left_out, 'record')} could not be written: the reader of the output takes nothing"
            print(f"evse-sniff: {about}", file=sys.stderr)
    return 1 if recorder and recorder.state.is_incomplete else 0


def _open_line_output(options: argparse.Namespace, *, is_live: bool) -> "LineOutput":
    """Return the output of the lines. That of a live line never waits for its reader; a file does."""
    from functools import partial

    from sniffer.commands.dump import format_overrun
    from sniffer.commands.line_output import DirectOutput, QueuedOutput, write_to_descriptor

    out = open_output()
    if not is_live or options.follow:
        return DirectOutput(out)
    write_all = partial(write_to_descriptor, out.fileno())
    return QueuedOutput(write_all, partial(format_overrun, as_json=options.json))


def _compile(text: str, definition: "Definition", zone: "Zone") -> "Filter":
    """Return the compiled filter.

    A wrong filter ends the command with exit status 2 after its place is marked on standard error.
    """
    from sniffer.filter.compiler import compile_filter
    from sniffer.filter.tokens import underline
    from sniffer.filter.vocabulary import Vocabulary

    try:
        return compile_filter(text, Vocabulary(definition, zone))
    except QueryError as error:
        print_error(error)
        print(*underline(text, error), sep="\n", file=sys.stderr)
        raise SystemExit(USAGE_ERROR) from error
