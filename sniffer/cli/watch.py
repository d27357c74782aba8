"""`evse-sniff SOURCE`: show a session on the screen. Without a source, the user chooses one from a list first."""

import argparse
import sys

from sniffer._version import __version__
from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.cli.capture_name import parse_capture_name
from sniffer.cli.expressions import compile_expression
from sniffer.cli.mending import HintSink, add_mend, check_mend
from sniffer.cli.metrics_option import add_metrics, build_metrics
from sniffer.cli.notices import add_verbosity
from sniffer.cli.options import USAGE_ERROR, add_source, build_parser
from sniffer.cli.output import print_escaped, print_line, report_recording_state
from sniffer.cli.publish_option import add_no_publish, build_publishing, print_published
from sniffer.cli.trigger_options import add_exec, build_command_triggers, parse_exec_rules, print_summaries

if TYPE_CHECKING:
    from sniffer.recording.recorder import RecordingState

BATCH_SECONDS = 0.015
"""Seconds for which records may be collected before they go to the screen, which refreshes a quarter as often."""

EPILOG = """\
SOURCE is a serial port (/dev/ttyUSB0, COM5), a saved session (a capture, the charger's text
log, the output of dump --json, or raw bytes; .gz works too), - for raw bytes from standard
input, or the simulated charger (demo, demo:undervoltage, demo:pending, demo:noisy).

other commands (each with --help):
  evse-sniff dump SOURCE       print a session as lines, or as JSON with --json
  evse-sniff record SOURCE -o FILE   save a session as a capture, without a screen
  evse-sniff publish SOURCE    send a session to an MQTT broker, live or saved
  evse-sniff convert IN OUT    write a saved session in another format, chosen by OUT's ending
  evse-sniff explain WHAT...   explain a code, a frame in hex, a log line or an OCPP message
  evse-sniff status SOURCE     print link health, state and faults in one line, and as exit status
  evse-sniff report FILE       summarize a session; with two files, show what differs
  evse-sniff check FILE --against GOOD  judge a session by those of good units
  evse-sniff bundle FILE -o NEW.zip  pack a session to send on, without ids, names and addresses
  evse-sniff lake add|sql|report     collect sessions of many benches, and ask about all of them
  evse-sniff learn FILE...     propose entries that the protocol definition lacks
  evse-sniff simulate          run the simulated charger on a pseudo-terminal
  evse-sniff definition        print the protocol definition, in the format of --definition
  evse-sniff wireshark         print or install a Wireshark dissector, and a live tap in Wireshark
  evse-sniff serve SOURCE      show the screen in browsers, to look at
  evse-sniff dashboard         print a dashboard for Grafana, of benches with --metrics
  evse-sniff ports             list the serial ports, with adapter, USB ids and stable names
  evse-sniff doctor            check what may keep the tool from working here
  evse-sniff completion SHELL  print the script by which bash, zsh or fish completes words
  evse-sniff help [TOPIC]      read the documentation; without TOPIC, list the topics
"""


class _VersionAction(argparse.Action):
    """Prints the version and the form of the core, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from sniffer.base.native import describe_form

        print_line(f"evse-sniff {__version__} ({describe_form()})")
        parser.exit()


def run(words: list[str]) -> int:
    """Show a session on the screen until the user quits. Returns 1 if the screen failed, 2 without SOURCE and
    terminal.
    """
    parser = build_parser("", "Watch the serial link inside an EV charger: commands, faults, connector state.", EPILOG)
    parser.add_argument("--version", action=_VersionAction, nargs=0, help="print the version, and the form of the core")
    add_source(parser, needed=False)
    saving = parser.add_mutually_exclusive_group()
    saving.add_argument(
        "-o",
        dest="output",
        metavar="FILE",
        type=parse_capture_name,
        help="record the session into this capture (.pcapng or .pcapng.gz)",
    )
    saving.add_argument(
        "--no-record", action="store_true", help="do not record; by default, a session on a port is recorded"
    )
    saving.add_argument(
        "--read-only",
        action="store_true",
        help="only look: nothing is recorded, noted, exported or kept, not even a setting",
    )
    parser.add_argument(
        "--alert",
        action="append",
        default=[],
        metavar="EXPR",
        help="ring the bell and flash a line at a record that matches, until ! acknowledges it; repeatable",
    )
    add_mend(parser)
    add_exec(parser)
    add_metrics(parser)
    add_no_publish(parser)
    add_verbosity(parser, has_more=False)
    options = parser.parse_args(words)
    check_mend(parser, options, options.sources)

    from sniffer.cli.session_setup import (
        disable_garbage_collection,
        file_options_of,
        idle_of,
        live_limits_of,
        recorder_for,
        relax_garbage_collection,
    )

    disable_garbage_collection()

    import asyncio

    from sniffer.base.errors import SnifferError
    from sniffer.base.platform import can_show_screen, has_terminal, reopen_keyboard
    from sniffer.base.sanitize import printable

    if not options.sources and not has_terminal():
        print("usage: evse-sniff SOURCE; without SOURCE, a terminal is needed to choose one", file=sys.stderr)
        return USAGE_ERROR

    from sniffer.cli.source_picker import open_and_keep, pick_on_screen, pick_source
    from sniffer.config.definition_choice import choose_definition
    from sniffer.config.recent import RecentFile
    from sniffer.config.settings import SettingsFile
    from sniffer.session import Session, Sink
    from sniffer.sources.capture_file import CaptureSource
    from sniffer.sources.open import pipeline_for
    from sniffer.triggers.alerts import Alerts
    from sniffer.tui.app import SnifferApp
    from sniffer.tui.base_app import Preferences

    notices = list[str]()
    definition = choose_definition(options.definition, options.sources, notices.append, join=options.join)
    # A wrong filter is reported before a port is opened.
    alerts = Alerts([compile_expression(text, definition, lambda: source.zone) for text in options.alert], definition)
    rules = parse_exec_rules(parser, options, definition, lambda: source.zone)
    settings, recent = SettingsFile(), RecentFile(is_kept=not options.read_only)
    baud = options.baud if options.has_baud else settings.settings.baud
    routes = definition.links.routes_in_bytes
    notices += [settings.complaint, recent.complaint]
    if not options.sources:
        picked = pick_source(pick_on_screen(baud, settings, recent, notices), recent, routes)
        if picked is None:
            return 0
        source, complaint = picked
        notices = []
    else:
        names = [reopen_keyboard() if name == "-" else name for name in options.sources]
        source, complaint = open_and_keep(
            names,
            baud,
            recent,
            follow=options.follow,
            share=options.share,
            file_options=file_options_of(options, definition, lambda text: app.warn(text)),
            routes=routes,
        )

    if not can_show_screen():
        source.close()
        raise SnifferError("the screen needs a terminal; `evse-sniff dump` prints lines without one")

    observers = build_metrics(parser, options, source, definition, lambda text: app.warn(text))
    is_automatic = not (options.no_record or options.read_only)
    publishing = []
    if source.is_live and not (options.no_publish or options.read_only):
        publishing = build_publishing(
            settings.settings.publish,
            definition,
            is_recorded=bool(options.output or (source.taps and is_automatic)),
            complain=notices.append,
            # These lines come in the thread of the publisher.
            report=lambda text: app.call_later(app.warn, text),
        )
    recorder = recorder_for(
        source,
        options.output,
        definition,
        automatic=is_automatic,
        wrap=lambda place: publishing[0].wrap(place) if publishing else place,
    )
    if recorder and options.output:
        # A file that cannot be written is reported before the screen covers the terminal.
        asyncio.run(recorder.open())

    commands = build_command_triggers(
        rules, options, definition, lambda: source.zone, report=lambda text: app.warn(text)
    )

    def session_for(sink: Sink) -> Session:
        pipeline = pipeline_for(source, definition, live_limits_of(options), mending=options.mend)
        return Session(
            source,
            pipeline,
            [alerts, HintSink(pipeline, source.name, lambda text: app.warn(text))],
            view=sink,
            idle=idle_of(options),
            batch_seconds=BATCH_SECONDS,
            recorder=recorder,
            triggers=commands,
            observers=[*observers, *publishing],
        )

    preferences = Preferences(
        settings.settings, settings.save, recent.recent.filters, recent.add_filter, (*notices, complaint)
    )
    if options.read_only:
        preferences = Preferences(settings.settings, notices=preferences.notices)
    saved = source if isinstance(source, CaptureSource) else None
    app = SnifferApp(session_for, definition, preferences, saved, alerts, read_only=options.read_only)
    relax_garbage_collection()
    app.run()
    if recorder:
        _report_recording(recorder.state, is_quiet=options.quiet)
    print_published(publishing, is_quiet=options.quiet)
    if not options.quiet:
        print_summaries(commands)
    if error := app.view_error:
        reason = printable(f"{type(error).__name__}: {error}")
        print(
            f"evse-sniff: the screen failed and showed no new records ({reason}); reading and recording went on",
            file=sys.stderr,
        )
        return 1
    if options.output and recorder and recorder.state.is_incomplete:
        return 1
    return app.return_code or 0


def _report_recording(recording: "RecordingState", *, is_quiet: bool) -> None:
    """Print where the session was recorded, and what of it could not be, now that the screen is gone.

    With `is_quiet`, only what could not be recorded is printed.
    """
    if recording.failure:
        report_recording_state(recording.failure)
    if recording.lost:
        print(f"evse-sniff: {recording.lost:,} packets could not be recorded", file=sys.stderr)
    if recording.path and not is_quiet:
        print_escaped(f"recorded into {recording.path} ({recording.size:,} bytes)")
