"""`record`: save a session as a capture, without a screen."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sniffer.base.errors import CutOffError
from sniffer.cli.notices import Notices, add_verbosity
from sniffer.cli.options.black_box_options import add_black_box, build_black_box, parse_until
from sniffer.cli.options.capture_name import add_output
from sniffer.cli.options.metrics_option import add_metrics, build_metrics
from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.publish_option import add_no_publish, build_publishing, print_published
from sniffer.cli.options.source_options import add_source
from sniffer.cli.options.trigger_options import add_exec, build_command_triggers, parse_exec_rules, print_summaries
from sniffer.cli.options.value_parsers import number_parser
from sniffer.cli.output import open_output, print_error, print_escaped, print_notice, report_recording_state
from sniffer.cli.setup.command_settings import read_settings
from sniffer.cli.setup.session_setup import idle_of, live_limits_of, open_sources_of

if TYPE_CHECKING:
    from sniffer.commands.record import EndingRecorder, LimitedRecorder
    from sniffer.core.protocol.definition import Definition
    from sniffer.fleet.mqtt.live_publishing import LivePublishing
    from sniffer.recording.destination import Destination
    from sniffer.recording.output_stream import StandardOutput
    from sniffer.session import Session
    from sniffer.sources.source import Source


def run(words: list[str]) -> int:
    """Record a session. Returns 1 if the recording failed, else 0."""
    parser = _build_parser()
    options = parser.parse_args(words)
    notices = Notices(options)

    from sniffer.config.definition_choice import choose_definition
    from sniffer.recording.output_stream import NAME, StandardOutput
    from sniffer.session import Attachments, Session
    from sniffer.sources.open import pipeline_for

    definition = choose_definition(options.definition, options.sources, notices.show, join=options.join)
    until = parse_until(parser, options, definition, lambda: source.zone)
    rules = parse_exec_rules(parser, options, definition, lambda: source.zone)
    stream = StandardOutput(open_output().fileno()) if options.output == NAME else None
    source = open_sources_of(options, definition, notices.show)
    notices.explain_source(source)
    observers = build_metrics(parser, options, source, definition)
    publishing = _build_publishing(options, source, definition, is_recorded=not (stream or until))
    recorder = (
        build_black_box(options, until, source, definition, notices.show)
        if until
        else _build_recorder(options, source, definition, stream, publishing)
    )
    triggers = build_command_triggers(rules, options, definition, lambda: source.zone)
    session = Session(
        source,
        pipeline_for(source, definition, live_limits_of(options)),
        notices.decision_sinks(definition),
        attachments=Attachments(recorder, triggers, [*observers, *publishing]),
        idle=idle_of(options),
    )
    try:
        _run_session(session, recorder, options.duration, stream, is_quiet=notices.is_quiet)
    finally:
        if not notices.is_quiet:
            _print_summary(recorder, stream)
        print_published(publishing, is_quiet=notices.is_quiet)
        print_summaries(triggers, is_quiet=notices.is_quiet)
    return 1 if recorder.state.is_incomplete and not _has_lost_reader(stream) else 0


def _run_session(
    session: "Session",
    recorder: "EndingRecorder",
    duration: float | None,
    stream: "StandardOutput | None",
    *,
    is_quiet: bool,
) -> None:
    """Record the session to its end, to a limit, or until a signal arrives. A file that is cut off is reported.

    Raises `RecordingError` if the capture cannot be created, and the errors of the session.
    """
    import asyncio

    from sniffer.commands.record import record

    # The program that reads the capture may show it on this terminal.
    say = _say_nothing if stream or is_quiet else print_escaped
    try:
        asyncio.run(record(session, recorder, duration, say, stream.stream if stream else None))
    except CutOffError as error:
        print_error(error)


def _print_summary(recorder: "EndingRecorder", stream: "StandardOutput | None") -> None:
    """Print what was recorded, unless nobody reads it: a capture on standard output leaves no room for words there."""
    if recorder.summary and not _has_lost_reader(stream):
        (print_notice if stream else print_escaped)(recorder.summary)


def _build_publishing(
    options: argparse.Namespace, source: "Source", definition: "Definition", *, is_recorded: bool
) -> "list[LivePublishing]":
    """Return the publisher of a live session, if there is a broker for it and it may be used."""
    if options.no_publish or not (source.is_live or options.follow):
        return []
    return build_publishing(read_settings().publish, definition, is_recorded=is_recorded)


def _build_parser() -> argparse.ArgumentParser:
    parser = build_parser(
        "record", "Save a session as a capture, until it ends, Ctrl-C is pressed, or a limit is reached."
    )
    add_source(parser)
    add_output(
        parser, "the capture to write (.pcapng or .pcapng.gz); it must not exist yet; - is standard output", needed=True
    )
    parser.add_argument("--duration", type=number_parser(float), metavar="SECONDS", help="stop after this time")
    parser.add_argument("--frames", type=number_parser(int), metavar="N", help="stop after this number of frames")
    add_black_box(parser.add_argument_group("how to keep only what surrounds an event"))
    add_exec(parser)
    add_metrics(parser)
    add_no_publish(parser)
    add_verbosity(parser)
    return parser


def _build_recorder(
    options: argparse.Namespace,
    source: "Source",
    definition: "Definition",
    stream: "StandardOutput | None",
    publishing: "Sequence[LivePublishing]",
) -> "LimitedRecorder":
    """Return the recorder of the whole session, or of its first frames with `--frames`. Its recording is published.

    It writes to `stream`, standard output, unless that is None. When standard output cannot be written any more, the
    recorder ends the session.
    """
    from pathlib import Path

    from sniffer.commands.record import LimitedRecorder
    from sniffer.recording.destination import SingleFile

    def report(failure: str) -> None:
        if stream and stream.stream.is_broken:
            recorder.reached.set()
        if not _has_lost_reader(stream):
            report_recording_state(failure)

    destination: Destination = stream or SingleFile(Path(options.output))
    for one in publishing:
        destination = one.wrap(destination)
    recorder = LimitedRecorder(destination, source, report, options.frames, origins=definition.origins)
    return recorder


def _has_lost_reader(stream: "StandardOutput | None") -> bool:
    """Return True if the reader of the capture has ended, which ends the recording quietly."""
    return stream is not None and stream.stream.has_lost_reader


def _say_nothing(_: str) -> None:
    """Print nothing when recording begins."""
