"""How long bytes take on the simulated line."""

import pytest

from sniffer.errors import SourceError
from sniffer.simulator.line import byte_time


@pytest.mark.parametrize(("baud", "nanoseconds"), [(9600, 1_041_666), (115200, 86_805), (1_000_000, 10_000)])
def test_a_byte_takes_ten_bits(baud: int, nanoseconds: int) -> None:
    assert byte_time(baud) == nanoseconds


@pytest.mark.parametrize("baud", [0, -9600, 10**12])
def test_an_impossible_rate_is_refused(baud: int) -> None:
    with pytest.raises(SourceError, match=f"{baud} is no baud rate"):
        byte_time(baud)
