"""The baud rates that a serial line has as a rule."""

from sniffer.core.line.baud_finder import CANDIDATES
from sniffer.core.line.usual_rates import ASSUMED_BAUD, USUAL_RATES


def test_the_assumed_rate_is_tried_first_and_can_be_chosen() -> None:
    assert CANDIDATES[0] == ASSUMED_BAUD
    assert ASSUMED_BAUD in USUAL_RATES


def test_a_rate_that_can_be_chosen_can_be_found() -> None:
    assert {*USUAL_RATES} <= {*CANDIDATES}
