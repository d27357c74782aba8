"""`explain`: what a code, a name, a frame or a log line means."""

from sniffer.cli.options import add_definition, parser_of
from sniffer.cli.output import say


def run(words: list[str]) -> int:
    parser = parser_of(
        "explain", "Explain what a code (decimal or 0x hex), a name, a frame in hex or a log line means."
    )
    parser.add_argument("what", metavar="WHAT", nargs="+", help="14,2097672   0x200208   'BB DD DD 32 ...'")
    add_definition(parser)
    options = parser.parse_args(words)

    from sniffer.commands.explain import explain
    from sniffer.config.definition_files import load_definition

    say(explain(options.what, load_definition(options.definition)))
    return 0
