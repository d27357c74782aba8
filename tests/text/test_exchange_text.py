"""The hops of an exchange in words: each with its time since the hop that was seen before it."""

import pytest

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.charger.exchanges.exchange_chains import HopFrame
from sniffer.core.wire.links import COM_TO_OCPP, DBUS_EITHER_WAY, PWR_TO_COM
from sniffer.text.exchange_text import format_hop, format_hop_time, list_hops
from tests.core.protocol.helpers import DEFINITION

STATUS = next(exchange for exchange in DEFINITION.exchanges if exchange.name == "status")
START = 100 * SECOND + 1


def frame(place: int, after: int) -> HopFrame:
    """Return the frame of a hop, so many milliseconds after the start."""
    return HopFrame(place, place + 1, None, START + after * MILLISECOND)


def test_each_hop_has_its_time_since_the_hop_before() -> None:
    hops = list_hops(STATUS, [frame(0, 0), frame(1, 3), frame(2, 5), frame(3, 9)])
    assert [(hop.direction, hop.code, hop.after) for hop in hops] == [
        ("pwr>com", "01", ""),
        ("com>ocpp", "0001", "+3.0 ms"),
        ("ocpp>com", "0001", "+2.0 ms"),
        ("com>pwr", "01", "+4.0 ms"),
    ]
    assert [hop.frame.number for hop in hops if hop.frame] == [1, 2, 3, 4]


def test_over_a_hop_that_was_not_seen_the_time_goes_on() -> None:
    hops = list_hops(STATUS, [frame(0, 0), frame(3, 9)])
    assert [hop.frame is None for hop in hops] == [False, True, True, False]
    assert [hop.after for hop in hops] == ["", "", "", "+9.0 ms"]


def test_times_in_whole_seconds_give_no_time() -> None:
    hops = list_hops(STATUS, [HopFrame(place, place, None, 5 * SECOND) for place in range(4)])
    assert [hop.after for hop in hops] == [""] * 4


@pytest.mark.parametrize(
    ("after", "text"), [(None, ""), (0, "+0.0 ms"), (3 * MILLISECOND, "+3.0 ms"), (-SECOND, "-1.00 s")]
)
def test_the_time_of_a_hop(after: int | None, text: str) -> None:
    assert format_hop_time(after) == text


def test_a_hop_is_a_direction_and_a_code() -> None:
    assert format_hop(PWR_TO_COM, 1) == "pwr>com 01"
    assert format_hop(COM_TO_OCPP, 0xF) == "com>ocpp 000F"
    assert format_hop(DBUS_EITHER_WAY, 1) == "dbus 0001"
