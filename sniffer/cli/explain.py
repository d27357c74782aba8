"""`explain`: print what a code, a name, a frame or a log line means."""

from sniffer.cli.options import add_definition, build_parser
from sniffer.cli.output import print_line


def run(words: list[str]) -> int:
    """Print the explanation of the words. Returns 0."""
    parser = build_parser(
        "explain", "Explain what a code (decimal or 0x hex), a name, a frame in hex or a log line means."
    )
    parser.add_argument("what", metavar="WHAT", nargs="+", help="14,2097672   0x200208   'BB DD DD 32 ...'")
    add_definition(parser)
    options = parser.parse_args(words)

    from sniffer.commands.explain import explain
    from sniffer.config.definition_files import load_definition

    print_line(explain(options.what, load_definition(options.definition)))
    return 0
