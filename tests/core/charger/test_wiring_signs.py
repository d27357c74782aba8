"""The signs of wrong wiring: kept from their event on until they have ended."""

from sniffer.core.charger.tap_events import Miswired, MiswiringEnded, SourceLost
from sniffer.core.charger.wiring_signs import WiringSigns


def test_a_sign_is_kept_until_it_has_ended() -> None:
    signs = WiringSigns()
    low, other = Miswired(1, "low", "the line is low", (1,)), Miswired(1, "low", "the line is low", (2,))
    signs.apply_events([low, other, SourceLost(2, "unplugged")])
    assert signs.snapshot() == (low, other)
    signs.apply_events([MiswiringEnded(3, "low", (1,)), MiswiringEnded(3, "inverted", ())])
    assert signs.snapshot() == (other,)
