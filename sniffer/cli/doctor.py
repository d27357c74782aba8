"""`doctor`: check what may keep the tool from working here, and say what to do about it."""

from sniffer.cli.options import add_rate, parser_of
from sniffer.cli.output import say

EPILOG = """\
Each line is ok, note or WRONG; what is wrong keeps the tool from working, and makes the exit
status 1. Only a PORT that is named is opened, and only where nothing is wrong with it: the
kernel pulses DTR and RTS then, as with every open. It is listened to for half a second, or where
bytes come at a rate that is not known, for five at most."""


def run(words: list[str]) -> int:
    parser = parser_of("doctor", "Check what the tool needs: permissions, udev rules, other programs, speed.", EPILOG)
    parser.add_argument("port", metavar="PORT", nargs="?", help="check this port only, and open it")
    add_rate(parser)
    options = parser.parse_args(words)

    from sniffer.commands.doctor.checks import examine
    from sniffer.commands.doctor.finding import Verdict

    is_fine = True
    for found in examine(options.port, options.baud):
        say(found.line())
        is_fine = is_fine and found.verdict is not Verdict.WRONG
    return 0 if is_fine else 1
