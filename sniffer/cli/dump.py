"""`dump`: a session as lines, or as JSON."""

import sys
from typing import TYPE_CHECKING

from sniffer.base.errors import QueryError
from sniffer.cli.options import USAGE_ERROR, add_source, parser_of
from sniffer.cli.output import complain, output, shout
from sniffer.cli.session_setup import collect_later, collect_seldom, idle_of, recorder_for

if TYPE_CHECKING:
    from sniffer.core.protocol.definition import Definition
    from sniffer.filter.predicates import Filter
    from sniffer.filter.time_values import Zone


def run(words: list[str]) -> int:
    parser = parser_of("dump", "Print a session as it happens: one line, or one JSON object a line.")
    add_source(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--summary", action="store_true", help="at the end, how each command was answered, and how fast"
    )
    parser.add_argument(
        "--filter",
        metavar="EXPR",
        help="only the records that this is true of, such as 'status == Faulted or crc bad' (see README, Filter)",
    )
    parser.add_argument("-o", dest="output", metavar="FILE", help="record the whole session into this capture as well")
    options = parser.parse_args(words)
    collect_later()

    import asyncio

    from sniffer.commands.dump import DumpSink
    from sniffer.config.definition_files import load_definition
    from sniffer.session import Session
    from sniffer.sources.open import open_sources, pipeline_for

    definition = load_definition(options.definition)
    # A filter that is wrong is told before a port is touched.
    query = None if options.filter is None else _query(options.filter, definition, lambda: source.zone)
    source = open_sources(options.sources, baud=options.baud, follow=options.follow)
    notes: dict[int, str] = {}
    sink = DumpSink(source, definition, output(), as_json=options.json, query=query, notes=notes)
    recorder = recorder_for(source, options.output, by_itself=False, told=shout)
    session = Session(
        source,
        pipeline_for(source, definition),
        [sink],
        idle=idle_of(options),
        notes=notes,
        on_late_note=sink.note,
        recorder=recorder,
    )
    collect_seldom()
    try:
        if recorder:
            asyncio.run(recorder.open())
        asyncio.run(session.run())
    finally:
        if options.summary:
            sink.summarize(session.snapshot())
    return 0


def _query(text: str, definition: "Definition", zone: "Zone") -> "Filter":
    """The filter that was typed; one that is wrong ends the command as wrong usage, with its place marked."""
    from sniffer.filter.compiler import compile_filter
    from sniffer.filter.tokens import underline
    from sniffer.filter.vocabulary import Vocabulary

    try:
        return compile_filter(text, Vocabulary(definition, zone))
    except QueryError as error:
        complain(error)
        print(*underline(text, error), sep="\n", file=sys.stderr)
        raise SystemExit(USAGE_ERROR) from error
