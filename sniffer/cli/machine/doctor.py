"""`doctor`: check what may keep the tool from working here, and advise what to do."""

from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_auto_baud
from sniffer.cli.output import print_line
from sniffer.cli.setup.session_setup import baud_of

EPILOG = """\
Each line begins with ok, note or WRONG. WRONG keeps the tool from working, and makes the exit
status 1. Only the PORT that you name is opened, and only if nothing is wrong with it: the kernel
pulses DTR and RTS then, as with every open. The tool listens for half a second, or, if bytes
arrive and the baud rate is not known, for at most five."""


def run(words: list[str]) -> int:
    """Run the checks, and print each result. Returns 1 if something keeps the tool from working, else 0."""
    parser = build_parser(
        "doctor", "Check what the tool needs: permissions, udev rules, other programs, speed.", EPILOG
    )
    parser.add_argument("port", metavar="PORT", nargs="?", help="check this port only, and open it")
    add_auto_baud(parser)
    options = parser.parse_args(words)

    from sniffer.commands.doctor.check_result import Verdict
    from sniffer.commands.doctor.checks import run_checks

    is_fine = True
    for result in run_checks(options.port, baud_of(options, [options.port or "-"])):
        print_line(result.format_line())
        is_fine = is_fine and result.verdict is not Verdict.WRONG
    return 0 if is_fine else 1
