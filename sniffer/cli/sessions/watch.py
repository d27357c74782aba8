"""`evse-sniff SOURCE`: show a session on the screen. Without a source, the user chooses one from a list first."""

import argparse
import sys
from collections.abc import Callable, Sequence

from sniffer._version import __version__
from sniffer.base.phrasing import format_count
from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.cli.notices import add_verbosity
from sniffer.cli.options.capture_name import add_output
from sniffer.cli.options.mend_option import HintSink, add_mend, check_mend
from sniffer.cli.options.metrics_option import add_metrics, build_metrics
from sniffer.cli.options.parser import USAGE_ERROR, build_parser
from sniffer.cli.options.publish_option import add_no_publish, build_publishing, print_published
from sniffer.cli.options.source_options import add_source
from sniffer.cli.options.trigger_options import add_exec, build_command_triggers, print_summaries
from sniffer.cli.output import print_escaped, print_line, print_prefixed, report_recording_state

if TYPE_CHECKING:
    from sniffer.cli.setup.watched_source import WatchedSource
    from sniffer.config.recent import RecentFile
    from sniffer.config.settings import SettingsFile
    from sniffer.core.protocol.definition import Definition
    from sniffer.fleet.mqtt.live_publishing import LivePublishing
    from sniffer.recording.recorder import Recorder, RecordingState
    from sniffer.session import Attachments, Session, Sink
    from sniffer.sources.source import Source
    from sniffer.triggers.command_trigger import CommandTrigger
    from sniffer.tui.app import SnifferApp
    from sniffer.tui.base_app import Preferences

BATCH_SECONDS = 0.015
"""Seconds for which records may be collected before they go to the screen, which refreshes a quarter as often."""

EPILOG = """\
SOURCE is a serial port (/dev/ttyUSB0, COM5), also of another machine (socket://HOST:PORT,
rfc2217://HOST:PORT), a saved session (a capture, the charger's text log, hex text, the output
of dump --json, or raw bytes; .gz works too), - for any of these from standard input, or the
simulated charger (demo, or demo:undervoltage, demo:pending, demo:restarts, demo:noisy).

commands, such as `evse-sniff dump SOURCE`, each with --help:
  dump SOURCE                print a session as lines, or as JSON with --json
  record SOURCE -o FILE      save a session as a capture, without a screen
  publish SOURCE             send a session to an MQTT broker, live or saved
  convert IN OUT             write a saved session in another format, chosen by OUT's ending
  explain WHAT...            explain a code, a frame in hex, a log line or an OCPP message
  status SOURCE              print link health, state and faults in one line, and as exit status
  report FILE                summarize a session; with two files, show what differs
  check FILE --against GOOD  judge a session by those of good units
  bundle FILE -o NEW.zip     pack a session to send on, without ids, names and addresses
  lake add|sql|report        collect sessions of many benches, and ask about all of them
  learn FILE...              propose entries that the protocol definition lacks
  simulate                   run the simulated charger on a pseudo-terminal
  definition                 print the protocol definition, in the format of --definition
  wireshark                  print or install a Wireshark dissector, and a live tap in Wireshark
  serve SOURCE               show the screen in browsers, to look at
  dashboard                  print a dashboard for Grafana, of benches with --metrics
  ports                      list the serial ports, with adapter, USB ids and stable names
  doctor                     check what may keep the tool from working here
  completion SHELL           print the script by which bash, zsh or fish completes words
  help [TOPIC]               read the documentation; without TOPIC, list the topics
"""


class _VersionAction(argparse.Action):
    """Prints the version, and whether the core is compiled, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from sniffer.base.native import describe_form

        print_line(f"evse-sniff {__version__} ({describe_form()})")
        parser.exit()


def run(words: list[str]) -> int:
    """Show a session on the screen until the user quits.

    Returns 1 if the screen failed, or if a recording that was requested is incomplete; 2 without SOURCE and terminal.
    """
    parser = _build_parser()
    options = parser.parse_args(words)
    check_mend(parser, options, options.sources)

    from sniffer.cli.setup.garbage_collection import disable_garbage_collection

    disable_garbage_collection()

    from sniffer.base.platform import has_terminal

    if not options.sources and not has_terminal():
        print("usage: evse-sniff SOURCE; without SOURCE, a terminal is needed to choose one", file=sys.stderr)
        return USAGE_ERROR
    return _show_session(parser, options)


def _show_session(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    """Open the sources and show them on the screen. Returns the exit status; 0 also if no source was chosen."""
    from sniffer.cli.setup.garbage_collection import relax_garbage_collection
    from sniffer.cli.setup.watched_source import open_watched_source
    from sniffer.config.recent import RecentFile
    from sniffer.config.settings import SettingsFile
    from sniffer.session import Attachments
    from sniffer.sources.capture_file import CaptureSource
    from sniffer.tui.app import SnifferApp

    def warn(text: str) -> None:
        # The application is built last, as it needs the source; the source warns while it is read, which is later.
        app.warn(text)

    settings, recent = SettingsFile(), RecentFile(is_kept=not options.read_only)
    watched = open_watched_source(parser, options, settings, recent, warn)
    if watched is None:
        return 0
    source, definition = watched.source, watched.definition
    observers = build_metrics(parser, options, source, definition, warn)
    # The publisher reports from a thread of its own.
    publishing = _build_publishing(options, settings, watched, lambda text: app.call_later(app.warn, text))
    recorder = _open_recorder(options, source, definition, publishing)
    commands = build_command_triggers(watched.rules, options, definition, lambda: source.zone, report=warn)
    attachments = Attachments(recorder, commands, [*observers, *publishing])
    app = SnifferApp(
        lambda view: _build_session(options, watched, view, attachments, warn),
        definition,
        _build_preferences(options, settings, recent, tuple(watched.notices)),
        source if isinstance(source, CaptureSource) else None,
        watched.alerts,
        read_only=options.read_only,
    )
    relax_garbage_collection()
    app.run()
    return _report_end(app, options, recorder.state if recorder else None, publishing, commands)


def _build_session(
    options: argparse.Namespace,
    watched: "WatchedSource",
    view: "Sink",
    attachments: "Attachments",
    warn: Callable[[str], None],
) -> "Session":
    """Return the session that `view` shows. `warn` is called with a line if misread lines could be mended."""
    from sniffer.cli.setup.session_setup import idle_of, live_limits_of
    from sniffer.session import Session
    from sniffer.sources.open import pipeline_for

    pipeline = pipeline_for(watched.source, watched.definition, live_limits_of(options), mending=options.mend)
    return Session(
        watched.source,
        pipeline,
        [watched.alerts, HintSink(pipeline, watched.source.name, warn)],
        view=view,
        attachments=attachments,
        idle=idle_of(options),
        batch_seconds=BATCH_SECONDS,
    )


def _report_end(
    app: "SnifferApp",
    options: argparse.Namespace,
    recording: "RecordingState | None",
    publishing: "Sequence[LivePublishing]",
    commands: "Sequence[CommandTrigger]",
) -> int:
    """Print the results of the recording, of publishing and of commands, and the failure of the screen, if it failed.

    Returns the exit status. `recording` is None if nothing was recorded.
    """
    if recording:
        _report_recording(recording, is_quiet=options.quiet)
    print_published(publishing, is_quiet=options.quiet)
    print_summaries(commands, is_quiet=options.quiet)
    if app.view_error:
        _report_view_error(app.view_error)
    is_incomplete = bool(options.output and recording and recording.is_incomplete)
    return 1 if app.view_error or is_incomplete else app.return_code or 0


def _build_parser() -> argparse.ArgumentParser:
    parser = build_parser("", "Watch the serial link inside an EV charger: commands, faults, connector state.", EPILOG)
    parser.add_argument(
        "--version", action=_VersionAction, nargs=0, help="print the version, and whether the core is compiled"
    )
    add_mend(add_source(parser, needed=False))
    saving = parser.add_argument_group("what is recorded").add_mutually_exclusive_group()
    add_output(saving, "record the session into this capture (.pcapng or .pcapng.gz)")
    saving.add_argument(
        "--no-record", action="store_true", help="do not record; by default, a session on a port is recorded"
    )
    saving.add_argument(
        "--read-only",
        action="store_true",
        help="only look: nothing is recorded, noted, exported or kept, not even a setting",
    )
    triggers = parser.add_argument_group("what happens at a record that matches EXPR")
    triggers.add_argument(
        "--alert",
        action="append",
        default=[],
        metavar="EXPR",
        help="ring the bell and flash a line at a record that matches, until ! acknowledges it; repeatable",
    )
    add_exec(triggers)
    add_metrics(parser)
    add_no_publish(parser)
    add_verbosity(parser, has_more=False)
    return parser


def _is_recorded_automatically(options: argparse.Namespace) -> bool:
    """Return True if a session of a port is recorded although no capture is named."""
    return not (options.no_record or options.read_only)


def _build_publishing(
    options: argparse.Namespace, settings: "SettingsFile", watched: "WatchedSource", report: Callable[[str], object]
) -> "list[LivePublishing]":
    """Return the observer that publishes the session, none if it is saved or not to be published.

    What keeps it from that is added to the notices. `report` is that of `build_publishing`.
    """
    source = watched.source
    if not source.is_live or options.no_publish or options.read_only:
        return []
    is_recorded = bool(options.output or (source.taps and _is_recorded_automatically(options)))
    return build_publishing(
        settings.settings.publish,
        watched.definition,
        is_recorded=is_recorded,
        complain=watched.notices.append,
        report=report,
    )


def _open_recorder(
    options: argparse.Namespace, source: "Source", definition: "Definition", publishing: "Sequence[LivePublishing]"
) -> "Recorder | None":
    """Return the recorder of the session, which is also what is published; None if it is not recorded.

    A file that cannot be written is reported by `RecordingError`, before the screen covers the terminal.
    """
    from sniffer.cli.setup.session_setup import recorder_for

    recorder = recorder_for(
        source,
        options.output,
        definition,
        automatic=_is_recorded_automatically(options),
        wrap=lambda place: publishing[0].wrap(place) if publishing else place,
    )
    if recorder and options.output:
        import asyncio

        asyncio.run(recorder.open())
    return recorder


def _build_preferences(
    options: argparse.Namespace, settings: "SettingsFile", recent: "RecentFile", notices: tuple[str, ...]
) -> "Preferences":
    """Return the preferences from the user's files, with the functions that save changes; `--read-only` saves none."""
    from sniffer.tui.base_app import Preferences

    if options.read_only:
        return Preferences(settings.settings, notices=notices)
    return Preferences(settings.settings, settings.save, recent.recent.filters, recent.add_filter, notices)


def _report_view_error(error: Exception) -> None:
    """Print why the screen showed no more records."""
    reason = f"{type(error).__name__}: {error}"
    print_prefixed(f"the screen failed and showed no new records ({reason}); reading and recording went on")


def _report_recording(recording: "RecordingState", *, is_quiet: bool) -> None:
    """Print where the session was recorded, and what of it could not be, now that the screen is gone.

    With `is_quiet`, only what could not be recorded is printed.
    """
    if recording.failure:
        report_recording_state(recording.failure)
    if recording.lost:
        print_prefixed(f"{format_count(recording.lost, 'packet')} could not be recorded")
    if recording.path and not is_quiet:
        print_escaped(f"recorded into {recording.path} ({recording.size:,} bytes)")
