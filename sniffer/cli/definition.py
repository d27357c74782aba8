"""`definition`: print the protocol definition as a file."""

from sniffer.cli.options import add_definition, build_parser
from sniffer.cli.output import print_line


def run(words: list[str]) -> int:
    """Print the protocol definition. Returns 0."""
    parser = build_parser(
        "definition",
        "Print the protocol definition, with the provenance of each fact,\nin the format of --definition.",
    )
    add_definition(parser)
    options = parser.parse_args(words)

    from sniffer.config.definition_files import load_definition
    from sniffer.core.protocol.definition_writer import format_definition

    print_line(format_definition(load_definition(options.definition)).rstrip())
    return 0
