"""`report`: summarize a session, or show how two sessions differ."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sniffer.base.errors import SourceError
from sniffer.cli.notices import Notices, add_verbosity
from sniffer.cli.options.mend_option import add_mend, check_mend
from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_auto_baud, add_file_options, add_reading_group
from sniffer.cli.output import print_line
from sniffer.cli.setup.garbage_collection import relax_garbage_collection
from sniffer.cli.setup.session_setup import baud_of, file_options_of

if TYPE_CHECKING:
    from sniffer.commands.report.render import Form
    from sniffer.sources.file_options import FileOptions
    from sniffer.sources.open import LineOptions
    from sniffer.sources.source import Source

MOST_COMPARED = 2
"""The largest number of sessions of one report."""

EPILOG = """\
A port, the simulated charger (demo) or a pipe (-) is read until Ctrl-C is pressed or it ends."""


def run(words: list[str]) -> int:
    """Print the report of one session, or the differences of two. Returns 0."""
    parser = _build_parser()
    options = parser.parse_args(words)
    check_mend(parser, options, options.files)
    notices = Notices(options)

    from sniffer.commands.live_progress import progress_for
    from sniffer.commands.report.render import format_report, read_report
    from sniffer.config.definition_choice import choose_definition
    from sniffer.session import live_limits
    from sniffer.sources.open import LineOptions, baud_of_reads

    form = _choose_form(parser, options)
    if len(options.files) > MOST_COMPARED and not options.join:
        parser.error(f"{len(options.files)} files: a report is of one session or of two; --join reads all as one")
    definition = choose_definition(options.definition, options.files, notices.show, join=options.join)
    sources = _open_sources(
        options.files,
        LineOptions(baud_of(options, options.files), routes=definition.links.routes_in_bytes),
        file_options_of(options, definition, notices.show),
    )
    relax_garbage_collection()
    with _open_destination(options.output) as write:
        results, sinks = [], notices.decision_sinks(definition)
        for source in sources:
            notices.explain_source(source)
            progress = progress_for(source, "the report", notices.progress)
            live = live_limits() if source.is_live else None
            rate, mending = baud_of_reads(source), options.mend
            results.append(
                read_report(source, definition, rate, live=live, mending=mending, progress=progress, sinks=sinks)
            )
        write(format_report([report for report, _ in results], form))
    for _, stopped in results:
        if stopped:
            raise stopped
    return 0


def _build_parser() -> argparse.ArgumentParser:
    parser = build_parser("report", "Summarize a session: faults, states, restarts, exchanges, link quality.", EPILOG)
    about = "a saved session, or a port; another saved session to compare it with; or the files of one with --join"
    parser.add_argument("files", metavar="FILE", nargs="+", help=about)
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--html", action="store_const", dest="form", const="html", help="one self-contained HTML page")
    forms.add_argument("--json", action="store_const", dest="form", const="json", help="one JSON object")
    parser.add_argument(
        "-o",
        "--output",
        metavar="NEW",
        help="a new file to write to; the ending .html, .json or .txt selects the form",
    )
    reading = add_reading_group(parser)
    add_auto_baud(reading)
    add_file_options(reading)
    add_mend(reading)
    add_verbosity(parser)
    return parser


def _choose_form(parser: argparse.ArgumentParser, options: argparse.Namespace) -> "Form":
    """Return the form of the report. A name that promises another form is wrong usage."""
    from sniffer.commands.report.render import find_form

    named: Form | None = options.form
    if options.output is None or not Path(options.output).suffix:
        return named or "text"
    by_ending = find_form(options.output)
    if by_ending is None:
        parser.error(f"-o {options.output}: a report is text, HTML or JSON: let the name end in .txt, .html or .json")
    if named and named != by_ending:
        parser.error(f"--{named} and -o {options.output} are two forms: leave out --{named}, or change the ending")
    return by_ending


def _open_sources(names: list[str], line_options: "LineOptions", file_options: "FileOptions") -> list["Source"]:
    """Return the open sources. Raises `SourceError`, also if one of two would never end."""
    from sniffer.sources.open import open_joined, open_source

    if file_options.join:
        return [open_joined(names, file_options)]
    sources: list[Source] = []
    try:
        for name in names:
            sources.append(open_source(name, line_options=line_options, file_options=file_options))
            if sources[-1].is_live and len(names) > 1:
                raise SourceError(f"{name}: two saved sessions are compared: save it with `evse-sniff record` first")
    except SourceError:
        for source in sources:
            source.close()
        raise
    return sources


@contextmanager
def _open_destination(name: str | None) -> Iterator[Callable[[str], None]]:
    """Yield a function that writes text: to standard output, or to a new file that exists as a whole or not at all."""
    if name is None:
        yield print_line
        return

    from sniffer.base.atomic_file import NewFile

    file = NewFile(Path(name))
    try:
        file.open()
        yield lambda text: file.write(f"{text}\n".encode(errors="backslashreplace"))
        file.keep()
    finally:
        file.give_up()
