"""`convert`: write a saved session in another format."""

import argparse

from sniffer.base.phrasing import format_count
from sniffer.cli.notices import Notices, add_verbosity
from sniffer.cli.options.mend_option import add_mend, check_mend, format_hint
from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_file_options, add_reading_group
from sniffer.cli.setup.session_setup import file_options_of


def run(words: list[str]) -> int:
    """Convert a saved session. Returns 0; losses are printed on standard error."""
    parser = _build_parser()
    options = parser.parse_args(words)
    check_mend(parser, options, options.sources)
    notices = Notices(options)
    if len(options.sources) > 1 and not options.join:
        parser.error(f"{len(options.sources)} files in front of OUT: --join reads them as one session")

    from pathlib import Path

    from sniffer.commands.convert.convert import convert
    from sniffer.config.definition_choice import choose_definition

    definition = choose_definition(options.definition, options.sources, notices.show, join=options.join)
    conversion = convert(
        options.sources,
        Path(options.path),
        definition,
        replace=options.force,
        mending=options.mend,
        terminal=notices.progress,
        file_options=file_options_of(options, definition, notices.show),
    )
    if conversion.error:
        raise type(conversion.error)("; ".join(filter(None, [str(conversion.error), conversion.lost])))
    if conversion.lost:
        notices.show(f"evse-sniff: {conversion.lost}")
    if conversion.is_mendable:
        notices.show(format_hint(options.sources[0]))
    notices.explain(f"wrote {format_count(conversion.records, 'record')} into {options.path}")
    return 0


def _build_parser() -> argparse.ArgumentParser:
    from sniffer.formats.registry import FORMATS

    formats = "\n".join(f"  {format_.ending:<10} {format_.about}" for format_ in FORMATS)
    parser = build_parser(
        "convert",
        "Write a saved session in another format. The format of IN is found by its content.",
        f"formats of OUT, by its ending:\n{formats}\n\nOUT is compressed if .gz, .xz, .bz2 or .zst follows.",
    )
    parser.add_argument(
        "sources", metavar="IN", nargs="+", help="a saved session, compressed or not, or -; several with --join"
    )
    parser.add_argument("path", metavar="OUT", help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace OUT if it exists")
    reading = add_reading_group(parser)
    add_file_options(reading)
    add_mend(reading)
    add_verbosity(parser)
    return parser
