"""`wireshark`: print or install a Wireshark dissector for our captures; install a live tap in Wireshark."""

from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_definition
from sniffer.cli.output import print_escaped, print_line

EPILOG = """\
After --install, Wireshark shows the fields of our captures, and its list of interfaces has the
"EV charger serial bus": the wheel beside it opens a dialog for port, baud rate and definition.
With tshark:
  tshark -o extcap.evse_sniff.port:/dev/ttyUSB0 -i evse-sniff"""


def run(words: list[str]) -> int:
    """Print the dissector, or install or remove it with the extcap interface. Returns 0."""
    parser = build_parser(
        "wireshark", "Print a Wireshark dissector, in Lua, that shows the fields of our captures.", EPILOG
    )
    action = parser.add_mutually_exclusive_group()
    action.add_argument(
        "--install",
        action="store_true",
        help="write it, and a live tap in Wireshark's list of interfaces, where Wireshark looks; print the paths",
    )
    action.add_argument("--uninstall", action="store_true", help="remove both again, and print what was removed")
    add_definition(parser)
    options = parser.parse_args(words)

    from sniffer.commands.wireshark.dissector import format_dissector
    from sniffer.commands.wireshark.install import install_dissector, install_extcap, uninstall
    from sniffer.config.definition_files import load_definition

    if options.uninstall:
        for path in uninstall():
            print_escaped(str(path))
        return 0
    text = format_dissector(load_definition(options.definition))
    if not options.install:
        print_line(text.rstrip())
        return 0
    for path in (install_dissector(text), install_extcap(options.definition)):
        print_escaped(str(path))
    return 0
