"""`definition`: print the protocol definition as a file."""

from sniffer.cli.options import add_definition, parser_of
from sniffer.cli.output import say


def run(words: list[str]) -> int:
    parser = parser_of(
        "definition",
        "Print what is known of the protocol, with how well each fact is known,\nas a file for --definition.",
    )
    add_definition(parser)
    options = parser.parse_args(words)

    from sniffer.config.definition_files import load_definition
    from sniffer.core.protocol.definition_writer import format_definition

    say(format_definition(load_definition(options.definition)).rstrip())
    return 0
