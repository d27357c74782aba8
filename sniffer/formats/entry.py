"""What is written of a session: its records, one `RecordEntry` each, and where they are from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import NamedTuple

from sniffer.base.times import MILLISECOND
from sniffer.core.charger.events import LatenessKnown, RateFound, SourceBack, SourceLost
from sniffer.core.pipeline import Record
from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.frame import Tap


class RecordEntry(NamedTuple):
    """A record, when the last one before it that has a time was seen, and what the user noted at it."""

    record: Record
    before: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What records are from: the source's name, its rate and zone where it has one, its taps where it has several."""

    definition: Definition
    zone: tzinfo | None = None
    name: str = ""
    baud: int | None = None
    taps: Sequence[Tap] = ()


def tap_event_of(record: Record) -> tuple[str, str]:
    """What a record without bytes is, and what it says: a gap and why, a return and where, a rate and why."""
    for event in record.events:
        match event:
            case SourceBack():
                return "back", event.how
            case RateFound():
                return "rate", f"{event.baud or 'undetermined'}: {event.evidence}"
            case LatenessKnown():
                return "lateness", f"{event.late / MILLISECOND:g} ms"
    return "gap", loss_reason(record)


def loss_reason(record: Record) -> str:
    """Why the source was lost, or lost data, at a record that tells nothing else; empty where it does."""
    return "; ".join(event.reason for event in record.events if isinstance(event, SourceLost))
