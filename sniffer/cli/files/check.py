"""`check`: judge a session by sessions that are known to be good."""

import argparse
import os
from collections.abc import Sequence

from sniffer.base.errors import SourceError
from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.cli.notices import Notices, add_verbosity
from sniffer.cli.options.mend_option import add_mend, check_mend
from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_file_options, add_reading_group
from sniffer.cli.output import print_line
from sniffer.cli.setup.garbage_collection import relax_garbage_collection
from sniffer.cli.setup.session_setup import file_options_of

if TYPE_CHECKING:
    from sniffer.commands.report.model import SessionReport
    from sniffer.core.protocol.definition import Definition

DIFFERENT = 6
"""The exit status when the session differs from the good ones."""

EPILOG = """\
What no good session shows is not judged, and is listed.

exit status:
  0  the session is like the good ones
  6  something is beyond what the good ones show, or is missing that they show
  1  a session cannot be used
  2  wrong usage"""


def run(words: list[str]) -> int:
    """Print the judgement. Returns 0 or 6, as the epilog says."""
    parser = _build_parser()
    options = parser.parse_args(words)
    check_mend(parser, options, [options.file])
    notices = Notices(options)

    import json

    from sniffer.commands.check.json_form import build_check_object
    from sniffer.commands.check.judge import judge
    from sniffer.commands.check.text import format_check_lines
    from sniffer.config.definition_choice import choose_definition

    names = _list_good(options.against, options.file)
    definition = choose_definition(options.definition, [options.file, *names], notices.show)
    relax_garbage_collection()
    checked = _read(options.file, definition, options, notices)
    good = [_read(name, definition, options, notices) for name in names]
    for report in good:
        if not report.ledger.frames:
            raise SourceError(f"{report.name}: no frame in it, so it shows nothing of a good unit: leave it out")
        if report.read_error:
            notices.show(f"evse-sniff: not all of a good session could be read: {report.read_error}")
    result = judge(checked, good)
    if options.json:
        print_line(json.dumps(build_check_object(result)))
    else:
        for line in format_check_lines(result):
            print_line(line)
    return 0 if result.is_good else DIFFERENT


def _build_parser() -> argparse.ArgumentParser:
    parser = build_parser("check", "Judge a saved session by good ones: what differs beyond their own spread.", EPILOG)
    parser.add_argument("file", metavar="FILE", help="the saved session to judge")
    parser.add_argument(
        "--against",
        metavar="GOOD",
        nargs="+",
        action="extend",
        required=True,
        help="a good session, or a folder or an archive of good ones; several show the spread of good units",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    reading = add_reading_group(parser)
    add_file_options(reading)
    add_mend(reading)
    add_verbosity(parser)
    return parser


def _list_good(places: Sequence[str], checked: str) -> list[str]:
    """Return the names of the good sessions. A session that is judged is none of them, though it may lie beside them.

    Raises `SourceError` if none is left, or if the judged session is named as a good one.
    """
    from sniffer.sources.stored.collection import is_collection, list_sessions

    found: list[str] = []
    for place in places:
        if not is_collection(place):
            if _is_same(place, checked):
                raise SourceError(f"{place}: a session cannot be judged by itself: name another one with --against")
            found.append(place)
            continue
        names = [name for name in list_sessions(place) if not _is_same(name, checked)]
        if not names:
            raise SourceError(f"{place}: no session in it but the one to judge: name good ones with --against")
        found += names
    return found


def _is_same(name: str, other: str) -> bool:
    """Return True if both names are of one file."""
    return os.path.exists(name) and os.path.exists(other) and os.path.samefile(name, other)


def _read(name: str, definition: "Definition", options: argparse.Namespace, notices: Notices) -> "SessionReport":
    """Return the report of a session. Raises `SourceError` if it cannot be opened, or is no saved session."""
    from sniffer.commands.report.render import read_report
    from sniffer.sources.open import baud_of_reads, open_source
    from sniffer.sources.stored.collection import is_saved_session

    if not is_saved_session(name):
        reason = "is no saved session: save one with `evse-sniff record`" if os.path.exists(name) else "no such file"
        raise SourceError(f"{name}: {reason}")
    source = open_source(name, file_options=file_options_of(options, definition))
    notices.explain_source(source)
    sinks = notices.decision_sinks(definition)
    report, stopped = read_report(source, definition, baud_of_reads(source), mending=options.mend, sinks=sinks)
    if isinstance(stopped, KeyboardInterrupt):
        raise stopped
    return report
