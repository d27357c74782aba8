"""`wireshark`: print or install a Wireshark dissector for our captures."""

from sniffer.cli.options import add_definition, build_parser
from sniffer.cli.output import print_line


def run(words: list[str]) -> int:
    """Print or install the dissector. Returns 0."""
    parser = build_parser("wireshark", "Print a Wireshark dissector, in Lua, that shows the fields of our captures.")
    parser.add_argument(
        "--install", action="store_true", help="write it into Wireshark's plugin folder, and print its path"
    )
    add_definition(parser)
    options = parser.parse_args(words)

    from sniffer.commands.wireshark.dissector import format_dissector
    from sniffer.commands.wireshark.install import install
    from sniffer.config.definition_files import load_definition

    text = format_dissector(load_definition(options.definition))
    print_line(str(install(text)) if options.install else text.rstrip())
    return 0
