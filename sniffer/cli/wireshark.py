"""`wireshark`: a dissector for our captures."""

from sniffer.cli.options import add_definition, parser_of
from sniffer.cli.output import say


def run(words: list[str]) -> int:
    parser = parser_of("wireshark", "Print a dissector for Wireshark, in Lua, that shows the fields of our captures.")
    parser.add_argument("--install", action="store_true", help="write it to where Wireshark finds it")
    add_definition(parser)
    options = parser.parse_args(words)

    from sniffer.commands.wireshark.dissector import dissector
    from sniffer.commands.wireshark.install import install
    from sniffer.config.definition_files import load_definition

    text = dissector(load_definition(options.definition))
    say(str(install(text)) if options.install else text.rstrip())
    return 0
