"""`dump`: print a session as lines or as JSON."""

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sniffer.base.errors import CutOffError
from sniffer.base.phrasing import format_count
from sniffer.cli.notices import Notices, add_verbosity
from sniffer.cli.options.capture_name import add_output
from sniffer.cli.options.filter_argument import compile_filter_argument
from sniffer.cli.options.mend_option import add_mend, check_mend, format_hint
from sniffer.cli.options.metrics_option import add_metrics, build_metrics
from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_source
from sniffer.cli.options.trigger_options import add_exec, build_command_triggers, parse_exec_rules, print_summaries
from sniffer.cli.output import (
    COLOR_CHOICES,
    is_color_wanted,
    open_output,
    print_error,
    print_prefixed,
    report_recording_state,
)
from sniffer.cli.setup.garbage_collection import disable_garbage_collection, relax_garbage_collection
from sniffer.cli.setup.session_setup import idle_of, live_limits_of, open_sources_of, recorder_for

if TYPE_CHECKING:
    from sniffer.commands.dump.dump import DumpSink
    from sniffer.commands.dump.line_output import LineOutput
    from sniffer.core.protocol.definition import Definition
    from sniffer.filter.predicates import Filter
    from sniffer.filter.time_values import Zone
    from sniffer.recording.recorder import Recorder
    from sniffer.session import Session
    from sniffer.sources.source import Source
    from sniffer.triggers.ending_sink import EndingSink

CONDITION_MET = 3
"""The exit status when `--exit-on` came true."""


def run(words: list[str]) -> int:
    """Print a session until it ends. Returns 1 if its recording failed, 3 if `--exit-on` came true, else 0."""
    parser = _build_parser()
    options = parser.parse_args(words)
    check_mend(parser, options, options.sources)
    notices = Notices(options)
    disable_garbage_collection()

    from sniffer.config.definition_choice import choose_definition
    from sniffer.session import Attachments, Session, SessionNotes
    from sniffer.sources.open import pipeline_for
    from sniffer.triggers.ending_sink import EndingSink

    definition = choose_definition(options.definition, options.sources, notices.show, join=options.join)
    # A wrong filter is reported before a port is opened.
    record_filter, end_filter = _compile_filters(options, definition, lambda: source.zone)
    rules = parse_exec_rules(parser, options, definition, lambda: source.zone)
    source = open_sources_of(options, definition, notices.show)
    notices.explain_source(source)
    observers = build_metrics(parser, options, source, definition)
    triggers = build_command_triggers(rules, options, definition, lambda: source.zone)
    notes: dict[int, str] = {}
    out = _open_line_output(options, is_live=source.is_live)
    sink = _build_sink(options, source, definition, out, record_filter, notes)
    ending = EndingSink(sink, end_filter) if end_filter else None
    session = Session(
        source,
        pipeline_for(source, definition, live_limits_of(options), mending=options.mend),
        [ending or sink, *notices.decision_sinks(definition)],
        attachments=Attachments(_build_recorder(options, source, definition), triggers, observers),
        notes=SessionNotes(notes, sink.note),
        idle=idle_of(options),
    )
    relax_garbage_collection()
    try:
        _run_session(session, notices, ending)
    finally:
        if options.summary:
            sink.summarize(session.snapshot())
        _close(out)
        _print_hints(session, options.sources, notices)
        print_summaries(triggers, is_quiet=notices.is_quiet)
    return _choose_exit_status(session, ending)


def _compile_filters(
    options: argparse.Namespace, definition: "Definition", zone: "Zone"
) -> "tuple[Filter | None, Filter | None]":
    """Return the filter of the printed records, and that of `--exit-on`; None for one that is not given.

    The record that ends the session is printed as well, whatever `--filter` is.
    """
    texts = (options.filter, options.exit_on)
    shown, ending = (None if text is None else compile_filter_argument(text, definition, zone) for text in texts)
    return _join(shown, ending), ending


def _choose_exit_status(session: "Session", ending: "EndingSink | None") -> int:
    """Return the exit status of a session that has ended: an incomplete recording counts more than `--exit-on`."""
    if session.recorder and session.recorder.state.is_incomplete:
        return 1
    return CONDITION_MET if ending and ending.reached.is_set() else 0


def _build_recorder(options: argparse.Namespace, source: "Source", definition: "Definition") -> "Recorder | None":
    """Return the recorder that writes the capture of `-o`; None without that option."""
    return recorder_for(source, options.output, definition, automatic=False, on_failure=report_recording_state)


def _build_sink(
    options: argparse.Namespace,
    source: "Source",
    definition: "Definition",
    out: "LineOutput",
    record_filter: "Filter | None",
    notes: Mapping[int, str],
) -> "DumpSink":
    """Return the sink that writes to `out` the records that match, all of them without a filter."""
    from sniffer.commands.dump.dump import DumpSink

    return DumpSink(
        source,
        definition,
        out,
        as_json=options.json,
        in_color=is_color_wanted(options.color),
        record_filter=record_filter,
        notes=notes,
    )


def _run_session(session: "Session", notices: Notices, ending: "EndingSink | None") -> None:
    """Read the session to its end, to that of `ending`, or until a signal arrives. A file that is cut off is reported.

    Raises `RecordingError` if its capture cannot be created, and the errors of the session.
    """
    import asyncio

    from sniffer.base.stop_signals import run_until_stopped

    try:
        if session.recorder:
            asyncio.run(session.recorder.open())
            notices.explain(f"recording into {session.recorder.state.path}")
        asyncio.run(run_until_stopped(session.run(), ending.reached if ending else None))
    except CutOffError as error:
        print_error(error)


def _print_hints(session: "Session", names: Sequence[str], notices: Notices) -> None:
    """Print what may help to read more of the session: the mending of its lines, or the search for its framing."""
    source = session.source
    if session.is_mendable:
        notices.show(format_hint(source.name))
    notices.suggest_search(names, session.snapshot(), source.baud)


def _close(out: "LineOutput") -> None:
    """Write what waits, and say how many records could not be written."""
    if left_out := out.close():
        print_prefixed(
            f"{format_count(left_out, 'record')} could not be written: the reader of the output has stopped reading"
        )


def _build_parser() -> argparse.ArgumentParser:
    parser = build_parser("dump", "Print a session as it happens, one line for each record.")
    reading = add_source(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object on each line")
    parser.add_argument(
        "--summary", action="store_true", help="at the end, print how often and how fast each command was answered"
    )
    parser.add_argument(
        "--filter",
        metavar="EXPR",
        help="print only the records that match, such as 'status == Faulted or crc bad' (see `evse-sniff help filter`)",
    )
    parser.add_argument(
        "--exit-on", metavar="EXPR", help="end with exit status 3 after the first record that matches was printed"
    )
    add_mend(reading)
    add_exec(parser)
    add_metrics(parser)
    parser.add_argument(
        "--color",
        choices=COLOR_CHOICES,
        default="auto",
        help="colour the lines: faults red, warnings amber; auto, the default: on a terminal, unless NO_COLOR is set",
    )
    add_output(parser, "also record the whole session into this capture (.pcapng or .pcapng.gz)")
    add_verbosity(parser)
    return parser


def _join(record_filter: "Filter | None", end_filter: "Filter | None") -> "Filter | None":
    """Return the filter of the records that either one lets pass; None (no filter) without `record_filter`."""
    if record_filter is None or end_filter is None:
        return record_filter
    from sniffer.filter.predicates import Filter, any_of

    return Filter(record_filter.text, any_of([record_filter.predicate, end_filter.predicate]))


def _open_line_output(options: argparse.Namespace, *, is_live: bool) -> "LineOutput":
    """Return the output of the lines. That of a live line never waits for its reader; a file does."""
    from functools import partial

    from sniffer.commands.dump.dump import format_overrun
    from sniffer.commands.dump.line_output import DirectOutput, QueuedOutput, write_to_descriptor

    out = open_output()
    if not is_live or options.follow:
        return DirectOutput(out)
    write_all = partial(write_to_descriptor, out.fileno())
    in_color = is_color_wanted(options.color)
    return QueuedOutput(write_all, partial(format_overrun, as_json=options.json, in_color=in_color))
