"""The signs of wrong wiring that hold now."""

from collections.abc import Iterable

from sniffer.core.charger.tap_events import Miswired, MiswiringEnded


class WiringSigns:
    """The signs of wrong wiring of one session, each from its event on until it has ended."""

    def __init__(self) -> None:
        self._signs: dict[tuple[str, tuple[int, ...]], Miswired] = {}

    def apply_events(self, events: Iterable[object]) -> None:
        """Keep new signs and drop those that have ended; other events change nothing."""
        for event in events:
            if isinstance(event, Miswired):
                self._signs[event.kind, event.taps] = event
            elif isinstance(event, MiswiringEnded):
                self._signs.pop((event.kind, event.taps), None)

    def snapshot(self) -> tuple[Miswired, ...]:
        """Return the signs that hold now."""
        return tuple(self._signs.values())
