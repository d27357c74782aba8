"""`publish`: send a session to an MQTT broker, live or saved."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sniffer.base.errors import PublishError
from sniffer.base.phrasing import format_count
from sniffer.cli.notices import Notices, add_verbosity
from sniffer.cli.options.capture_name import add_output
from sniffer.cli.options.metrics_option import add_metrics, build_metrics
from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.publish_option import print_published
from sniffer.cli.options.source_options import add_source
from sniffer.cli.options.value_parsers import number_parser
from sniffer.cli.output import print_error, print_escaped, print_prefixed, report_recording_state
from sniffer.cli.setup.command_settings import read_settings
from sniffer.cli.setup.session_setup import idle_of, live_limits_of, open_sources_of

if TYPE_CHECKING:
    from sniffer.commands.record import LimitedRecorder
    from sniffer.config.publish_settings import PublishSettings
    from sniffer.core.protocol.definition import Definition
    from sniffer.fleet.mqtt.live_publishing import LivePublishing
    from sniffer.fleet.mqtt.publish_target import PublishTarget
    from sniffer.session import Observer, Session
    from sniffer.sources.source import Source

EPILOG = """\
A session of a port is recorded, and what is in the recording is sent, at least once and in
order, also after an outage: what is missing is sent when the bench publishes again. A saved
session is sent to its end. User, password and certificates are in `[publish]` of the
settings, or in EVSE_SNIFF_MQTT_USER and EVSE_SNIFF_MQTT_PASSWORD: `evse-sniff help fleet`."""


def run(words: list[str]) -> int:
    """Publish a session. Returns 1 if the recording failed or a saved session was not sent to its end, else 0."""
    parser = _build_parser()
    options = parser.parse_args(words)
    notices = Notices(options)

    from sniffer.config.definition_choice import choose_definition
    from sniffer.fleet.mqtt.publish_target import prepare_target

    definition = choose_definition(options.definition, options.sources, notices.show, join=options.join)
    # A wrong address is reported before a port is opened.
    target = prepare_target(_settings_of(options))
    source = open_sources_of(options, definition, notices.show)
    notices.explain_source(source)
    observers = build_metrics(parser, options, source, definition)
    if source.is_live or options.follow:
        return _publish_live(options, notices, target, source, definition, observers)
    if options.output or options.duration:
        source.close()
        option = "-o" if options.output else "--duration"
        parser.error(f"argument {option}: it is for a live session: leave it out for a file")
    return _publish_saved(options, notices, target, source, definition)


def _build_parser() -> argparse.ArgumentParser:
    parser = build_parser("publish", "Send a session to an MQTT broker, as it happens or from a file.", EPILOG)
    add_source(parser)
    parser.add_argument(
        "--to",
        metavar="URL",
        help="the broker and the prefix of all topics, such as mqtts://broker:8883/benches (default: that of the "
        "settings)",
    )
    parser.add_argument("--bench", metavar="NAME", help="the name of this bench (default: that of the machine)")
    parser.add_argument("--frames", action="store_true", help="publish all frames and noise as well, in batches")
    parser.add_argument(
        "--home-assistant", action="store_true", help="let the bench and its values appear in Home Assistant"
    )
    parser.add_argument(
        "--without-tls", action="store_true", help="allow a broker on another machine to be used in clear, by mqtt://"
    )
    add_output(
        parser, "the capture of a live session (.pcapng or .pcapng.gz; default: one in the folder of recordings)"
    )
    parser.add_argument("--duration", type=number_parser(float), metavar="SECONDS", help="stop after this time")
    parser.add_argument("--again", action="store_true", help="send a saved session again that was sent before")
    add_metrics(parser)
    add_verbosity(parser)
    return parser


def _settings_of(options: argparse.Namespace) -> "PublishSettings":
    """Return the settings of publishing, with those of the command line in their place."""
    from msgspec.structs import replace

    from sniffer.config.publish_settings import HOME_ASSISTANT_PREFIX

    settings = read_settings().publish
    return replace(
        settings,
        to=options.to or settings.to,
        bench=options.bench or settings.bench,
        frames=options.frames or settings.frames,
        home_assistant=settings.home_assistant or (HOME_ASSISTANT_PREFIX if options.home_assistant else ""),
        without_tls=options.without_tls or settings.without_tls,
    )


def _publish_live(
    options: argparse.Namespace,
    notices: Notices,
    target: "PublishTarget",
    source: "Source",
    definition: "Definition",
    observers: "Sequence[Observer]",
) -> int:
    """Record and publish a session until it ends. Returns 1 if the recording failed, else 0."""
    from sniffer.fleet.mqtt.live_publishing import LivePublishing
    from sniffer.session import Attachments, Session
    from sniffer.sources.open import pipeline_for

    try:
        publishing = LivePublishing(target, definition, print_prefixed)
    except PublishError:
        source.close()
        raise
    recorder = _build_recorder(options.output, source, definition, publishing)
    session = Session(
        source,
        pipeline_for(source, definition, live_limits_of(options)),
        notices.decision_sinks(definition),
        attachments=Attachments(recorder, observers=[publishing, *observers]),
        idle=idle_of(options),
    )
    try:
        _run_live(session, recorder, publishing, options.duration, is_quiet=notices.is_quiet)
    finally:
        if recorder.summary and not notices.is_quiet:
            print_escaped(recorder.summary)
        print_published([publishing], is_quiet=notices.is_quiet)
    return 1 if recorder.state.is_incomplete else 0


def _run_live(
    session: "Session",
    recorder: "LimitedRecorder",
    publishing: "LivePublishing",
    duration: float | None,
    *,
    is_quiet: bool,
) -> None:
    """Record the session to its end, for `duration` seconds, or until a signal arrives. A cut-off file is reported."""
    import asyncio

    from sniffer.base.errors import CutOffError
    from sniffer.commands.record import record

    def announce(text: str) -> None:
        if not is_quiet:
            print_escaped(f"publishing to {publishing.place}; {text}")

    try:
        asyncio.run(record(session, recorder, duration, announce))
    except CutOffError as error:
        print_error(error)


def _build_recorder(
    output: str | None, source: "Source", definition: "Definition", publishing: "LivePublishing"
) -> "LimitedRecorder":
    """Return the recorder that writes what is published: into the capture `output`, or the folder of recordings."""
    from pathlib import Path

    from sniffer.commands.record import LimitedRecorder
    from sniffer.recording.destination import RecordingFolder, SingleFile

    return LimitedRecorder(
        publishing.wrap(SingleFile(Path(output)) if output else RecordingFolder(source.name)),
        source,
        report_recording_state,
        origins=definition.origins,
    )


def _publish_saved(
    options: argparse.Namespace,
    notices: Notices,
    target: "PublishTarget",
    source: "Source",
    definition: "Definition",
) -> int:
    """Publish a saved session. Returns 1 if it was stopped before all was confirmed, else 0."""
    import asyncio

    from sniffer.commands.publish import SavedPublishing
    from sniffer.session import Session, SessionNotes
    from sniffer.sources.open import pipeline_for

    publishing = SavedPublishing(target, options.sources, source, definition, print_prefixed, again=options.again)
    session = Session(
        source,
        pipeline_for(source, definition),
        [publishing.feed],
        notes=SessionNotes(publishing.notes, publishing.feed.add_late_note),
        idle=None,
    )
    cut_off = asyncio.run(publishing.run(session))
    if cut_off:
        print_error(cut_off)
    state, place = publishing.state, f"{target.bench.address}/{target.bench.name}"
    if not state.is_done:
        print_prefixed(f"not all was published to {place}: the same command goes on where this one ended")
        return 1
    if not notices.is_quiet:
        before = publishing.confirmed_before
        earlier = (
            f"; {format_count(before, 'record')} published before (--again sends them once more)" if before else ""
        )
        print_escaped(f"published {format_count(state.messages, 'message')} to {place}{earlier}")
    return 0
