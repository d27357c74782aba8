"""The input of every format: the records of a session, one `RecordEntry` each, and their origin."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import NamedTuple

from msgspec import Struct

from sniffer.base.times import MILLISECOND
from sniffer.core.charger.events import Overdue
from sniffer.core.charger.health.link_health import LinkHealthChanged
from sniffer.core.charger.tap_events import (
    LatenessKnown,
    LineErrorReported,
    RateFound,
    SourceBack,
    SourceLost,
    SourceShared,
)
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Tap


class RecordEntry(NamedTuple):
    """A record, the time of the last earlier record that has one, and the user's note on the record."""

    record: Record
    before: int | None = None
    note: str = ""


class Origin(Struct, frozen=True):
    """The origin of records: the source's name, its bit rate and time zone if it has them, its taps if it has several.

    `definition` is the one that the records were decoded by.
    """

    definition: Definition
    zone: tzinfo | None = None
    name: str = ""
    baud: int | None = None
    taps: Sequence[Tap] = ()


def tap_event_of(record: Record) -> tuple[str, str]:
    """Return the type and the reason of a record without bytes, as tables show them.

    The type is `back`, `rate`, `lateness`, `shared`, `line_error`, `overdue`, `health` or, for all other records,
    `gap`.
    """
    for event in record.events:
        match event:
            case SourceBack():
                return "back", event.how
            case RateFound():
                return "rate", f"{event.baud or 'undetermined'}: {event.evidence}"
            case LatenessKnown():
                return "lateness", f"{event.late / MILLISECOND:g} ms"
            case SourceShared():
                return "shared", event.holder
            case LineErrorReported():
                return "line_error", event.error.value
            case SourceLost():
                break
            case Overdue():
                return "overdue", "; ".join(one.name for one in record.events if isinstance(one, Overdue))
            case LinkHealthChanged(link=link):
                return "health", f"{link.health}: {link.reason}"
    return "gap", find_loss_reason(record)


def find_loss_reason(record: Record) -> str:
    """Return why the source or some of its data was lost at this record; empty if nothing was lost."""
    return "; ".join(event.reason for event in record.events if isinstance(event, SourceLost))
