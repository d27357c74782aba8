"""`ports`: list the serial ports of this machine, or print udev rules that give them stable names."""

from pathlib import Path

from sniffer.cli.options.parser import build_parser
from sniffer.cli.output import print_line

EPILOG = """\
No port is opened. --udev prints udev rules. They name the first PORT, the adapter on the wire
from the communication processor, /dev/evse-com, and the second PORT, the adapter on the wire
from the power board, /dev/evse-pwr. If there is one adapter only, name only that PORT:
  evse-sniff ports --udev /dev/ttyUSB0 /dev/ttyUSB1 -o 71-evse-names.rules &&
    sudo install -m 644 71-evse-names.rules /etc/udev/rules.d/
A file that is there already is replaced when the rules are complete, and stays as it is if a
port is missing."""

FOR_ALL = 0o644
"""The permissions of a file of rules, which are no secret."""


def run(words: list[str]) -> int:
    """List the serial ports, or print udev rules that name them. Returns 0."""
    parser = build_parser("ports", "List the serial ports here, with adapter, USB ids and stable names.", EPILOG)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object for each port")
    form.add_argument("--udev", nargs="+", metavar="PORT", help="print udev rules that name these one or two ports")
    parser.add_argument("-o", "--output", metavar="FILE", help="write the rules of --udev into this file")
    options = parser.parse_args(words)

    if options.udev:
        from sniffer.sources.serial.udev_names import WIRES, format_rules

        if len(options.udev) > len(WIRES):
            parser.error(f"--udev: one or two ports, one for each wire, not {len(options.udev)}")
        rules = format_rules(options.udev)
        if options.output is None:
            print_line(rules)
        else:
            _write_rules(Path(options.output), rules)
        return 0
    if options.output is not None:
        parser.error("--output: only the rules of --udev go into a file: leave it out, or add --udev")

    from sniffer.commands.ports import format_json, format_table, list_ports

    ports = list_ports()
    for line in format_json(ports) if options.json else [format_table(ports)]:
        print_line(line)
    return 0


def _write_rules(path: Path, rules: str) -> None:
    """Write the rules into the file in one step. Raises `OutputError`, and then the file is as before."""
    from sniffer.base.atomic_file import NewFile

    file = NewFile(path, replace=True, mode=FOR_ALL)
    try:
        file.open()
        file.write(f"{rules}\n".encode())
        file.keep()
    finally:
        file.give_up()
