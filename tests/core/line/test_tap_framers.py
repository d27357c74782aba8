"""The framers of the taps of one session."""

from sniffer.core.line.tap_framers import TapFramers
from sniffer.core.wire.framer import LiveLimits
from sniffer.core.wire.links import ROUTES_IN_BYTES

HALF = bytes.fromhex("AA EE EE")


def framers() -> TapFramers:
    return TapFramers(ROUTES_IN_BYTES, baud=9600, live=LiveLimits(1024, 20_000_000))


def test_each_tap_keeps_its_own_half_frame() -> None:
    taps = framers()
    assert taps.single.framer.feed(HALF, 5_000_000) == []
    assert taps.get(2).framer.feed(HALF[:2], 9_000_000) == []
    assert [*taps] == [0, 2]
    assert taps.waiting == 5


def test_a_tap_has_one_framer() -> None:
    taps = framers()
    assert taps.get(0) is taps.single
    assert taps.get(3) is taps.get(3)


def test_the_first_byte_that_waits_has_a_time() -> None:
    taps = framers()
    assert taps.pending_since(1) is None
    taps.get(1).framer.feed(HALF[:1], 7_000_000)
    assert taps.pending_since(1) == 7_000_000
