"""`convert`: a saved session in another format."""

import sys

from sniffer.cli.options import add_definition, parser_of


def run(words: list[str]) -> int:
    from sniffer.formats.registry import FORMATS

    told = "\n".join(f"  {known.ending:<10} {known.about}" for known in FORMATS)
    parser = parser_of(
        "convert",
        "Write a saved session in another format. What IN is, its content decides.",
        f"what the ending of OUT means:\n{told}\n  .gz, .zst  behind any of them, the same packed",
    )
    parser.add_argument("source", metavar="IN", help="a saved session, packed or not, or - for raw bytes")
    parser.add_argument("path", metavar="OUT", help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace OUT where it is there already")
    add_definition(parser)
    options = parser.parse_args(words)

    from pathlib import Path

    from sniffer.commands.convert.convert import convert
    from sniffer.config.definition_files import load_definition

    definition = load_definition(options.definition)
    done = convert(options.source, Path(options.path), definition, replace=options.force, terminal=sys.stderr)
    if done.lost:
        print(f"evse-sniff: {done.lost}", file=sys.stderr)
    if done.error:
        raise done.error
    return 0
