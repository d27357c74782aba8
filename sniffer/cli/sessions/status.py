"""`status`: print the health of the link, the state and the faults in one line, for scripts and monitoring."""

import argparse

from sniffer.cli.notices import Notices, add_verbosity
from sniffer.cli.options.mend_option import add_mend, check_mend, format_hint
from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_source
from sniffer.cli.options.value_parsers import number_parser
from sniffer.cli.output import print_error, print_line
from sniffer.cli.setup.garbage_collection import relax_garbage_collection
from sniffer.cli.setup.session_setup import (
    idle_of,
    live_limits_of,
    open_sources_of,
)

LISTENING_SECONDS = 5.0
"""Seconds for which a port is read unless an option says otherwise."""

EPILOG = """\
A saved session is judged at its last bytes.

exit status:
  0  the link is alive and no fault is active
  4  a fault is active
  5  no fault is active, but the link is not alive: nothing heard, silent, noise only, one side only, \
a wrong rate, or lost
  1  the source cannot be used
  2  wrong usage"""


def run(words: list[str]) -> int:
    """Print the status. Returns 0, 4 or 5, as the epilog says."""
    parser = _build_parser()
    options = parser.parse_args(words)
    check_mend(parser, options, options.sources)
    notices = Notices(options)

    import asyncio
    import json

    from sniffer.commands.status import format_status, read_status
    from sniffer.config.definition_choice import choose_definition
    from sniffer.formats.jsonl.status_object import build_status_object
    from sniffer.session import Session
    from sniffer.sources.open import pipeline_for

    definition = choose_definition(options.definition, options.sources, notices.show, join=options.join)
    source = open_sources_of(options, definition, notices.show)
    seconds = options.seconds
    if seconds is None and (source.is_live or options.follow):
        seconds = LISTENING_SECONDS
    relax_garbage_collection()
    notices.explain_source(source)
    session = Session(
        source,
        pipeline_for(source, definition, live_limits_of(options), mending=options.mend),
        notices.decision_sinks(definition),
        idle=idle_of(options),
    )
    status, error = asyncio.run(read_status(session, seconds))
    if options.json:
        print_line(json.dumps(build_status_object(status, source.name, definition, source.zone)))
    else:
        print_line(format_status(status, definition))
    for tap in source.taps:
        if tap.advice:
            notices.show(f"{source.name}: {tap.advice}")
    if session.is_mendable:
        notices.show(format_hint(source.name))
    notices.suggest_search(options.sources, status.snapshot, source.baud)
    if error:
        print_error(error)
    return status.exit_status


def _build_parser() -> argparse.ArgumentParser:
    parser = build_parser("status", "Print link health, state and faults in one line.", EPILOG)
    reading = add_source(parser)
    parser.add_argument(
        "--for",
        dest="seconds",
        type=number_parser(float),
        metavar="SECONDS",
        help="how long to read (default 5 s for a port; a saved session is read to its end)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_mend(reading)
    add_verbosity(parser)
    return parser
