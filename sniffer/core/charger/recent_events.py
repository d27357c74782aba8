"""The last events of a session, which a fault keeps as what came before it."""

from collections import deque
from collections.abc import Iterable

from msgspec.structs import replace

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Event, FaultChanged, FaultCleared, FaultRaised, Preceding
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.health.link_health import Health, LinkHealthChanged

BEFORE = 10 * SECOND
"""The time before a fault, in nanoseconds, whose events are kept with it."""

EVENTS_KEPT = 32
"""The highest number of these events; if times are missing, the latest ones are kept."""

FAULT_EVENTS = (FaultRaised, FaultChanged, FaultCleared)


class RecentEvents:
    """The last events, in bounded memory."""

    def __init__(self) -> None:
        self._events: deque[Preceding] = deque(maxlen=EVENTS_KEPT)

    def add(self, events: Iterable[Event], seen: Evidence) -> None:
        """Keep events and the record that showed them. That the link is alive explains no fault."""
        for event in events:
            if isinstance(event, LinkHealthChanged) and event.link.health is Health.ALIVE:
                continue
            self._events.append(Preceding(seen, drop_preceding(event)))

    def before(self, now: int | None) -> tuple[Preceding, ...]:
        """Return the events of the last ten seconds before `now`, and those whose time is not known."""
        if now is None:
            return tuple(self._events)
        earliest = now - BEFORE
        return tuple([one for one in self._events if one.seen.time is None or earliest <= one.seen.time <= now])


def drop_preceding(event: Event) -> Event:
    """Return the event without what came before it, so that no event keeps the whole session alive."""
    if isinstance(event, FAULT_EVENTS) and (event.fault.before or event.fault.courses):
        return type(event)(event.time, replace(event.fault, before=(), courses=()))
    return event
