"""`learn`: propose entries that the definition lacks, from saved sessions."""

import argparse
from typing import TYPE_CHECKING

from sniffer.cli.notices import Notices, add_verbosity
from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_auto_baud, add_file_options, add_reading_group
from sniffer.cli.output import print_line
from sniffer.cli.setup.session_setup import baud_of, file_options_of

if TYPE_CHECKING:
    from sniffer.core.protocol.definition import Definition
    from sniffer.session import Sink
    from sniffer.sources.source import Source


def run(words: list[str]) -> int:
    """Read the sessions, and print the proposals. Returns 0."""
    parser = _build_parser()
    options = parser.parse_args(words)
    if options.json and not options.framing:
        parser.error("--json is for --framing: leave it out, or add --framing")
    notices = Notices(options)

    from sniffer.commands.learn.framing_sink import FramingSink
    from sniffer.commands.learn.learner import Learner
    from sniffer.commands.learn.proposal_file import format_proposals
    from sniffer.config.definition_choice import choose_definition
    from sniffer.core.protocol.loader import load_board_routes
    from sniffer.formats.framing_proposal import format_framings, format_framings_json
    from sniffer.sources.open import LineOptions, open_joined, open_source

    definition = choose_definition(options.definition, options.files, notices.show, join=options.join)
    line_options = LineOptions(baud_of(options, options.files), routes=definition.links.routes_in_bytes)
    file_options = file_options_of(options, definition, notices.show)
    sources = (
        [open_joined(options.files, file_options)]
        if options.join
        else [open_source(name, line_options=line_options, file_options=file_options) for name in options.files]
    )
    learner, framing = Learner(definition), FramingSink()
    try:
        for source in sources:
            learner.begin(source.name)
            _read(source, definition, framing if options.framing else learner, notices)
    finally:
        # A file that ends too early counts up to its end.
        if options.framing:
            boards, found = framing.find_boards(load_board_routes()), framing.find()
            print_line(
                format_framings_json(found, boards) if options.json else format_framings(found, framing.read, boards)
            )
        else:
            print_line(format_proposals(learner.result(), definition))
    return 0


def _read(source: "Source", definition: "Definition", sink: "Sink", notices: Notices) -> None:
    """Let `sink` receive the records of a source until it ends. The progress of a long file is shown."""
    import asyncio

    from sniffer.commands.live_progress import progress_for, run_with_progress
    from sniffer.session import Session, live_limits
    from sniffer.sources.open import pipeline_for, share_out

    pipeline = pipeline_for(source, definition, live_limits())
    share_out(source, definition)
    notices.explain_source(source)
    sinks: list[Sink] = [sink, *notices.decision_sinks(definition)]
    if progress := progress_for(source, "the proposals", notices.progress):
        asyncio.run(run_with_progress(Session(source, pipeline, [*sinks, progress]), progress))
    else:
        asyncio.run(Session(source, pipeline, sinks).run())


def _build_parser() -> argparse.ArgumentParser:
    parser = build_parser(
        "learn",
        "Propose entries that the protocol definition lacks,\nas a definition file with the evidence in comments.",
        "A port, the simulated charger (demo) or a pipe (-) is read until Ctrl-C is pressed or it ends.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="a saved session, or a port")
    parser.add_argument(
        "--framing", action="store_true", help="look for heads, length and check of an unknown protocol, in all bytes"
    )
    parser.add_argument("--json", action="store_true", help="with --framing: print one JSON object with all candidates")
    reading = add_reading_group(parser)
    add_auto_baud(reading)
    add_file_options(reading)
    add_verbosity(parser)
    return parser
