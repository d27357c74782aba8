"""The options of `record` that keep only what surrounds an event: `--until` and those that need it."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from sniffer.cli.options.filter_argument import compile_filter_argument
from sniffer.cli.options.value_parsers import parse_seconds, parse_size
from sniffer.cli.output import report_recording_state

if TYPE_CHECKING:
    from sniffer.core.protocol.definition import Definition
    from sniffer.filter.predicates import Filter
    from sniffer.filter.time_values import Zone
    from sniffer.recording.black_box import BlackBoxRecorder
    from sniffer.sources.source import Source

AROUND = 30.0
"""The seconds that are kept before and after an event, unless others are given."""


def add_black_box(parser: argparse._ActionsContainer) -> None:
    """Add the options."""
    parser.add_argument(
        "--until", metavar="EXPR", help="keep only what surrounds the first record that matches, then end"
    )
    for name, what in (("--before", "before"), ("--after", "after")):
        about = f"how much to keep {what} the record of --until (default 30)"
        parser.add_argument(name, type=parse_seconds, metavar="SECONDS", help=about)
    parser.add_argument("--again", action="store_true", help="go on after the event; each event gets a file of its own")
    parser.add_argument(
        "--keep", type=parse_size, metavar="SIZE", help="with --again: delete the oldest files beyond this, such as 1GB"
    )


def parse_until(
    parser: argparse.ArgumentParser, options: argparse.Namespace, definition: "Definition", zone: "Zone"
) -> "Filter | None":
    """Return the filter of `--until`, None without it. Options that do not go together are wrong usage."""
    from sniffer.recording.output_stream import NAME

    if options.keep is not None and not options.again:
        parser.error("argument --keep: it needs --again")
    if options.until is None:
        values = {"--before": options.before, "--after": options.after, "--again": options.again or None}
        given = [name for name, value in values.items() if value is not None]
        if given:
            parser.error(f"argument {given[0]}: it needs --until EXPR")
        return None
    if options.output == NAME:
        parser.error("argument --until: name a file with -o, as what comes before the event is kept beside it")
    if options.frames is not None:
        parser.error("argument --until: it does not go with --frames: leave out one")
    return compile_filter_argument(options.until, definition, zone)


def build_black_box(
    options: argparse.Namespace,
    until: "Filter",
    source: "Source",
    definition: "Definition",
    say: Callable[[str], None],
) -> "BlackBoxRecorder":
    """Return the recorder of `--until`. `say` is called with a line for each event."""
    from pathlib import Path

    from sniffer.base.times import SECOND
    from sniffer.recording.black_box import BlackBoxRecorder
    from sniffer.recording.black_box_files import BlackBoxLimits
    from sniffer.recording.event_files import EventFiles, OneEventFile
    from sniffer.triggers.filter_watch import FilterWatch

    before, after = (round((AROUND if given is None else given) * SECOND) for given in (options.before, options.after))
    path = Path(options.output)
    return BlackBoxRecorder(
        EventFiles(path, options.keep) if options.again else OneEventFile(path),
        BlackBoxLimits(before, after, is_repeated=options.again),
        FilterWatch(until).matches,
        source,
        report_recording_state,
        say,
        origins=definition.origins,
    )
