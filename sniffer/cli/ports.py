"""`ports`: the serial ports of this machine, or the rules that give two of them names that stay."""

from sniffer.cli.options import parser_of
from sniffer.cli.output import say

EPILOG = """\
No port is opened. --udev prints rules for udev that name the adapter on the wire from the
communication processor /dev/evse-com, and that on the wire from the power board
/dev/evse-pwr; one adapter for both wires is the first alone:
  evse-sniff ports --udev /dev/ttyUSB0 /dev/ttyUSB1 |
    sudo tee /etc/udev/rules.d/71-evse-names.rules"""


def run(words: list[str]) -> int:
    parser = parser_of("ports", "List the serial ports here, with adapter, USB ids and stable names.", EPILOG)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a port")
    form.add_argument("--udev", nargs="+", metavar="PORT", help="rules that name these one or two ports")
    options = parser.parse_args(words)

    if options.udev:
        from sniffer.sources.serial.udev_names import WIRES, format_rules

        if len(options.udev) > len(WIRES):
            parser.error(f"--udev: one or two ports, one for each wire, not {len(options.udev)}")
        say(format_rules(options.udev))
        return 0

    from sniffer.commands.ports import format_json, format_table, list_ports

    found = list_ports()
    for line in format_json(found) if options.json else [format_table(found)]:
        say(line)
    return 0
