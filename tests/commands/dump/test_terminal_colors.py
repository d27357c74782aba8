"""Lines in colour: each rank has its SGR sequence, and a line ends in the terminal's own colour."""

from sniffer.commands.dump.terminal_colors import SGR_CODES, color_line
from sniffer.text.ranks import Rank


def test_every_rank_has_a_colour_of_its_own() -> None:
    assert set(SGR_CODES) == set(Rank)
    assert len(set(SGR_CODES.values())) == len(Rank)


def test_a_fault_is_red_and_a_warning_amber() -> None:
    assert color_line("fault", Rank.FAULT) == "\x1b[1;31mfault\x1b[0m"
    assert color_line("noise", Rank.WARNING) == "\x1b[33mnoise\x1b[0m"


def test_routine_stays_as_it_is() -> None:
    assert color_line("frame", Rank.ROUTINE) == "frame"
