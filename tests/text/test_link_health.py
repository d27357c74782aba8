"""The verdict on the link in words."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.health.link_health import Health, LinkHealth
from sniffer.core.wire.links import COM_TO_PWR
from sniffer.text.link_health import HEALTH_WORDS, format_health


@pytest.mark.parametrize(
    ("link", "now", "text"),
    [
        (LinkHealth(Health.ALIVE, "", 5 * SECOND), 60 * SECOND, "ALIVE"),
        (LinkHealth(Health.ONE_SIDE, "", 5 * SECOND, COM_TO_PWR), 47 * SECOND, "ONE SIDE ONLY (com>pwr for 42 s)"),
        (LinkHealth(Health.ONE_SIDE, "", None, COM_TO_PWR), None, "ONE SIDE ONLY (com>pwr)"),
        (LinkHealth(Health.SILENT, "", 5 * SECOND), 17 * SECOND, "SILENT 12 s"),
        (LinkHealth(Health.SILENT, "", 5 * SECOND), 4 * SECOND, "SILENT 0 s"),
        (LinkHealth(Health.LOST, "gone", None), 4 * SECOND, "LOST"),
        (LinkHealth(Health.NOISE_ONLY, ""), 4 * SECOND, "NOISE ONLY"),
        (LinkHealth(Health.WRONG_RATE, ""), 4 * SECOND, "WRONG RATE?"),
        (LinkHealth(Health.NOTHING_HEARD, ""), 4 * SECOND, "NOTHING HEARD"),
    ],
)
def test_a_verdict_has_its_words_and_how_long_it_holds(link: LinkHealth, now: int | None, text: str) -> None:
    assert format_health(link, now) == text


def test_every_verdict_has_words_of_its_own() -> None:
    assert set(HEALTH_WORDS) == set(Health)
    assert len(set(HEALTH_WORDS.values())) == len(Health)
