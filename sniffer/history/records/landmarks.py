"""The landmarks of a session: records with events of a kind that a key jumps to."""

from collections.abc import Iterable

from sniffer.core.charger.events import (
    Contradicted,
    Disagreed,
    Event,
    FaultChanged,
    FaultRaised,
    StatusChanged,
    Warned,
)
from sniffer.core.charger.startup.registration_events import Booted, BootLoop, Restarted

LANDMARKS: dict[str, tuple[type[Event], ...]] = {
    "fault": (FaultRaised, FaultChanged),
    "move": (StatusChanged,),
    "boot": (Booted, Restarted, BootLoop),
    "contradiction": (Contradicted, Warned, Disagreed),
}
"""The landmarks that a key jumps to, and the events that make a record such a landmark."""

LANDMARK_BITS = {name: 1 << place for place, name in enumerate(LANDMARKS)}
"""The bit of each landmark, by which a record and a page say which ones they have."""

_BITS_OF_EVENTS = {kind: LANDMARK_BITS[name] for name, kinds in LANDMARKS.items() for kind in kinds}


def find_landmarks(events: Iterable[Event]) -> int:
    """Return the bits of the landmarks that a record with these events is; 0 if it is none."""
    bits = 0
    for event in events:
        bits |= _BITS_OF_EVENTS.get(type(event), 0)
    return bits
