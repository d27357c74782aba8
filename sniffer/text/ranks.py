"""The rank of what is shown: the one table that gives events, records and statuses their colour.

In: values of the core. Out: a `Rank`. The screen, `dump` and the HTML report each have one colour for each rank, so
that the same thing has the same colour everywhere. Red is for faults of the charger alone.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from sniffer.core.charger import events
from sniffer.core.charger.consistency_rules import FAULTED
from sniffer.core.charger.health.link_health import Health
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record


class Rank(StrEnum):
    """The urgency of something, the most urgent first. Each rank has a colour of its own."""

    FAULT = "fault"
    """Red: a fault of the charger."""
    WARNING = "warning"
    """Amber: something is wrong or missing, on the line or in a report."""
    GOOD = "good"
    """Green: what was wrong has ended, or what was waited for was received."""
    STATE = "state"
    """Blue: a status, or something that was found out."""
    NOTE = "note"
    """Violet: what the user wrote."""
    ROUTINE = "routine"
    """Neutral: traffic as it should be."""
    QUIET = "quiet"
    """Dim: what is beside the traffic, as lines of a text log."""


EVENT_RANKS: Mapping[type[events.Event], Rank] = {
    events.FaultRaised: Rank.FAULT,
    events.FaultChanged: Rank.FAULT,
    events.BootLoop: Rank.FAULT,
    events.Contradicted: Rank.WARNING,
    events.Warned: Rank.WARNING,
    events.Disagreed: Rank.WARNING,
    events.Unanswered: Rank.WARNING,
    events.Retransmitted: Rank.WARNING,
    events.Overdue: Rank.WARNING,
    events.CardReaderFault: Rank.WARNING,
    events.ImplausibleMeasurement: Rank.WARNING,
    events.Miswired: Rank.WARNING,
    events.SourceLost: Rank.WARNING,
    events.SourceShared: Rank.WARNING,
    events.LineErrorReported: Rank.WARNING,
    events.Restarted: Rank.WARNING,
    events.OcppFailed: Rank.WARNING,
    events.ClockOffset: Rank.WARNING,
    events.FaultCleared: Rank.GOOD,
    events.BootLoopEnded: Rank.GOOD,
    events.CardReaderFaultEnded: Rank.GOOD,
    events.MiswiringEnded: Rank.GOOD,
    events.SourceBack: Rank.GOOD,
    events.RegistrationChanged: Rank.GOOD,
    events.LinkHealthChanged: Rank.WARNING,
    events.StatusChanged: Rank.STATE,
    events.Booted: Rank.STATE,
    events.RateFound: Rank.STATE,
    events.LatenessKnown: Rank.STATE,
}
"""The rank of each event; `rank_of_event` knows the cases in which an event has another one."""


def rank_of_event(event: events.Event) -> Rank:
    """Return the rank of an event."""
    if isinstance(event, events.StatusChanged):
        return Rank.WARNING if event.legal is False else rank_of_status(event.after)
    if isinstance(event, events.LinkHealthChanged):
        return rank_of_health(event.link.health)
    is_pending = isinstance(event, events.RegistrationChanged) and event.state == "pending"
    is_undetermined = isinstance(event, events.RateFound) and event.baud is None
    return Rank.WARNING if is_pending or is_undetermined else EVENT_RANKS[type(event)]


def rank_of_health(health: Health) -> Rank:
    """Return the rank of a verdict on the link."""
    return Rank.GOOD if health is Health.ALIVE else Rank.WARNING


def rank_of_events(together: Iterable[events.Event]) -> Rank:
    """Return the most urgent rank of events that one record shows together; `Rank.ROUTINE` if there is none."""
    order = [*Rank]
    return min(map(rank_of_event, together), key=order.index, default=Rank.ROUTINE)


def rank_of_record(record: Record) -> Rank:
    """Return the rank of the item of a record; its events have ranks of their own."""
    item = record.item
    if item is None:
        return Rank.ROUTINE
    if isinstance(item, Message):
        return Rank.WARNING if item.problem else Rank.ROUTINE
    return Rank.QUIET if isinstance(item, TextMessage) else Rank.WARNING


def rank_of_status(status: str) -> Rank:
    """Return the rank of a connector's status."""
    return Rank.FAULT if status == FAULTED else Rank.STATE
