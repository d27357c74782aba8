"""`definition`: print the protocol definition as a file, or list the known boards."""

from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_definition
from sniffer.cli.output import print_line, print_notice


def run(words: list[str]) -> int:
    """Print the protocol definition, or with `--list` the known boards. Returns 0."""
    parser = build_parser(
        "definition",
        "Print the protocol definition, with the provenance of each fact,\nin the format of --definition.",
    )
    add_definition(parser)
    parser.add_argument("--list", action="store_true", help="list the boards whose names --definition knows")
    parser.add_argument("--json", action="store_true", help="with --list: print one JSON object")
    options = parser.parse_args(words)
    if options.json and not options.list:
        parser.error("--json is for --list, as a definition is printed as TOML: leave it out")
    if options.list and options.definition:
        parser.error("--list and --definition: give one of them")
    if options.list:
        from sniffer.commands.board_list import format_boards_as_json, list_board_lines

        for line in [format_boards_as_json()] if options.json else list_board_lines():
            print_line(line)
        return 0

    from sniffer.config.definition_files import list_unasked, load_and_count
    from sniffer.core.protocol.definition_writer import format_definition

    definition, counts = load_and_count(options.definition)
    print_line(format_definition(definition).rstrip())
    for line in (*counts, *list_unasked(definition)):
        print_notice(line)
    return 0
