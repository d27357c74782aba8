"""The verdict on the link in words, as the headline, `dump`, `status` and reports show it."""

from collections.abc import Mapping

from sniffer.base.times import format_seconds
from sniffer.core.charger.health.link_health import Health, LinkHealth

HEALTH_WORDS: Mapping[Health, str] = {
    Health.ALIVE: "ALIVE",
    Health.ONE_SIDE: "ONE SIDE ONLY",
    Health.SILENT: "SILENT",
    Health.NOISE_ONLY: "NOISE ONLY",
    Health.WRONG_RATE: "WRONG RATE?",
    Health.NOTHING_HEARD: "NOTHING HEARD",
    Health.LOST: "LOST",
}
"""Each verdict as it is shown: the words differ, so that colour is not needed."""


def format_health(link: LinkHealth, now: int | None) -> str:
    """Return the verdict, with how long it has been so where that says something: `SILENT 12 s`."""
    word = HEALTH_WORDS[link.health]
    elapsed = None if now is None or link.since is None else max(0, now - link.since)
    if link.health is Health.ONE_SIDE and link.route:
        lasting = "" if elapsed is None else f" for {format_seconds(elapsed)}"
        return f"{word} ({link.route.direction}{lasting})"
    if link.health in (Health.SILENT, Health.LOST) and elapsed is not None:
        return f"{word} {format_seconds(elapsed)}"
    return word
