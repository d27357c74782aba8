"""`serve`: show the screen of a session in browsers, to look at."""

import argparse
import sys

from sniffer.base.errors import OutputError
from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.cli.notices import Notices, add_verbosity
from sniffer.cli.options.capture_name import add_output
from sniffer.cli.options.metrics_option import LOOPBACK, parse_address
from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_auto_baud, add_definition, add_reading_beside, add_reading_group
from sniffer.cli.output import print_escaped, print_prefixed, report_recording_state
from sniffer.cli.setup.session_setup import idle_of, live_limits_of, open_sources_of, recorder_for

if TYPE_CHECKING:
    from sniffer.session import Session

DEFAULT_ADDRESS = f"{LOOPBACK}:8000"

EPILOG = """\
A browser can look and change nothing: no note, no export, no setting is kept, and
what is read, counted and recorded goes on. A live source is read and recorded once;
the screens follow the recording. There is no password: whoever reaches the address
sees the session. Without HOST, only this machine reaches it."""


def run(words: list[str]) -> int:
    """Serve until interrupted. Returns 1 if the recording failed, else 0."""
    parser = _build_parser()
    options = parser.parse_args(words)

    import asyncio
    from tempfile import TemporaryDirectory

    from sniffer.base.stop_signals import run_until_stopped
    from sniffer.sources.stored.collection import is_saved_session

    try:
        from sniffer.commands.serve.serving import serve_screen
        from sniffer.commands.serve.web_server import ScreenServer, log_to
    except ImportError as error:
        raise OutputError("serve needs textual-serve: `pip install 'evse-sniff[serve]'`") from error

    is_saved = all(map(is_saved_session, options.sources))
    if is_saved and options.output:
        parser.error(f"-o {options.output}: {options.sources[0]} is a saved session already: leave out -o")
    if options.output and options.output.endswith(".gz"):
        parser.error(f"-o {options.output}: screens cannot follow a packed file: leave out .gz")
    notices = Notices(options)
    with TemporaryDirectory(prefix="evse-sniff-") as folder:
        session = None if is_saved else _open_session(options, folder, notices)
        recorder = session.recorder if session else None

        def find_words() -> list[str]:
            shown = [str(recorder.state.path)] if recorder else options.sources
            flags = ["--follow"] if recorder or options.follow else []
            flags += [f"--definition={name}" for name in options.definition]
            return [sys.executable, "-m", "sniffer", "--read-only", *flags, "--", *shown]

        host, port = options.listen
        server = ScreenServer(find_words, host, port, f"evse-sniff {', '.join(options.sources)}")
        log_to(print_prefixed)
        say = (lambda _: None) if notices.is_quiet else print_escaped
        asyncio.run(run_until_stopped(serve_screen(server, session, say)))
        return 1 if recorder and recorder.state.is_incomplete else 0


def _build_parser() -> argparse.ArgumentParser:
    parser = build_parser("serve", "Show the screen of a session in browsers, to look at.", EPILOG)
    about = "a port, or two, a saved session, - or demo"
    parser.add_argument("sources", metavar="SOURCE", nargs="+", help=about)
    parser.add_argument(
        "--listen",
        type=parse_address,
        metavar="[HOST:]PORT",
        default=DEFAULT_ADDRESS,
        help=f"where browsers find it (default {DEFAULT_ADDRESS})",
    )
    add_output(parser, "record a live session into this capture (.pcapng)")
    reading = add_reading_group(parser)
    add_auto_baud(reading)
    add_reading_beside(reading)
    add_definition(reading)
    add_verbosity(parser)
    parser.set_defaults(join=False, dlt=[], idle=None, longest_dbus=None)
    return parser


def _open_session(options: argparse.Namespace, folder: str, notices: Notices) -> "Session":
    """Return the session of a live source, with its recorder.

    Without `-o`, a port is recorded as on the screen, and any other source into `folder`, which is removed at the end.
    """
    from sniffer.config.definition_files import load_definition
    from sniffer.session import Attachments, Session
    from sniffer.sources.open import pipeline_for

    definition = load_definition(options.definition)
    source = open_sources_of(options, definition, notices.show)
    notices.explain_source(source)
    output = options.output or (None if source.taps else f"{folder}/session.pcapng")
    recorder = recorder_for(source, output, definition, automatic=True, on_failure=report_recording_state)
    pipeline = pipeline_for(source, definition, live_limits_of(options))
    sinks = notices.decision_sinks(definition)
    return Session(source, pipeline, sinks, attachments=Attachments(recorder), idle=idle_of(options))
