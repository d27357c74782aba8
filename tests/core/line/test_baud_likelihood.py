"""The expected bytes of one rate read at another: the probabilities add up, and they distinguish the rates."""

from math import exp, isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.core.line.baud_finder import CANDIDATES
from sniffer.core.line.baud_likelihood import expect_symbols
from sniffer.core.line.uart_model import simulate_reception
from tests.known_frames import STATUS_REPORT

RATES = st.sampled_from(CANDIDATES)


@settings(deadline=None)  # the first use of a rate computes its expected bytes, once
@given(RATES, RATES)
def test_the_probabilities_add_up(read_at: int, sent_at: int) -> None:
    seen = expect_symbols(read_at, sent_at)
    assert isclose(sum(map(exp, seen.marked)), 1, abs_tol=1e-9)
    assert isclose(sum(map(exp, seen.plain)), 1, abs_tol=1e-9)


@pytest.mark.parametrize("baud", CANDIDATES)
def test_at_its_own_rate_no_frame_is_shorter_than_it_is(baud: int) -> None:
    assert expect_symbols(baud, baud).fewest == 7


@pytest.mark.parametrize("sent_at", [9600, 19200, 38400, 57600])
def test_a_frame_read_too_fast_tells_its_rate(sent_at: int) -> None:
    (characters,) = simulate_reception([STATUS_REPORT.raw], sent_at=sent_at, read_at=115200)
    likely = {
        baud: sum(expect_symbols(115200, baud).marked[value + 256 * bool(error)] for value, error, _ in characters)
        for baud in CANDIDATES
    }
    assert max(likely, key=likely.__getitem__) == sent_at


@pytest.mark.parametrize("sent_at", [230400, 460800, 921600])
def test_read_too_slowly_a_frame_gives_few_bytes(sent_at: int) -> None:
    assert expect_symbols(115200, sent_at).fewest < 4
