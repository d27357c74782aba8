"""The legend of the timeline: one table of the letters of statuses, and one of the characters of marks.

Every status and mark has its own character; colour only helps. Styles name colours of the theme.
"""

from typing import NamedTuple

from sniffer.core.charger.consistency_rules import FAULTED
from sniffer.core.charger.events import (
    CardReaderFault,
    CardReaderFaultEnded,
    Contradicted,
    Disagreed,
    FaultChanged,
    FaultCleared,
    FaultRaised,
    Overdue,
    StatusChanged,
    Warned,
)
from sniffer.core.charger.measurements.measurement import ImplausibleMeasurement
from sniffer.core.charger.ocpp.events import ClockOffset, OcppFailed
from sniffer.core.charger.startup.registration_events import (
    Booted,
    BootLoop,
    BootLoopEnded,
    RegistrationChanged,
    Restarted,
)
from sniffer.core.charger.tap_events import SourceBack, SourceLost
from sniffer.history.session_timeline import Kind
from sniffer.tui.traffic.columns import EVENT_MARKS, NOISE


class StateStyle(NamedTuple):
    """How a status is drawn: its letter if the name does not fit, the pattern behind it, and the style of both."""

    letter: str
    fill: str
    style: str


STATUS_STYLES = {
    "Available": StateStyle("A", "·", "$secondary on $panel"),
    "Preparing": StateStyle("P", "░", "$primary on $primary 15%"),
    "Charging": StateStyle("C", "━", "$success on $success 20%"),
    "SuspendedEVSE": StateStyle("E", "┅", "$accent on $accent 15%"),
    "SuspendedEV": StateStyle("V", "┄", "$accent on $accent 15%"),
    "Finishing": StateStyle("N", "▒", "$primary on $primary 15%"),
    "Reserved": StateStyle("R", ":", "$secondary on $panel"),
    "Unavailable": StateStyle("U", "┈", "$quiet on $panel"),
    FAULTED: StateStyle("!", "╱", "bold $error on $error 25%"),  # noqa: RUF001
}

UNKNOWN_STATUS = StateStyle("?", "?", "bold $warning on $warning 15%")
"""The style of a status without a letter: one without a name, or from the user's definition."""

SEVERAL = "≈"
"""Several statuses in one column, none of them Faulted."""

GAP = "╌"
"""Silence on the bus; a state below it is the last one that was reported."""

GAP_STYLE = "$faint"


class MarkStyle(NamedTuple):
    """A kind of mark: its character, its style and its name in the legend."""

    kind: Kind
    char: str
    style: str
    name: str


MARK_STYLES = (
    MarkStyle(FaultRaised, EVENT_MARKS[FaultRaised], "bold $error", "fault"),
    MarkStyle(SourceLost, EVENT_MARKS[SourceLost], "bold $error", "source lost"),
    MarkStyle(SourceBack, EVENT_MARKS[SourceBack], "$success", "source back"),
    MarkStyle(BootLoop, EVENT_MARKS[BootLoop], "bold $error", "boot loop"),
    MarkStyle(FaultChanged, EVENT_MARKS[FaultChanged], "bold $error", "fault changed"),
    MarkStyle(FaultCleared, EVENT_MARKS[FaultCleared], "$success", "cleared"),
    MarkStyle(BootLoopEnded, EVENT_MARKS[BootLoopEnded], "$success", "loop ended"),
    MarkStyle(Contradicted, EVENT_MARKS[Contradicted], "bold $warning", "contradiction"),
    MarkStyle(Warned, EVENT_MARKS[Warned], "$warning", "warning"),
    MarkStyle(Disagreed, EVENT_MARKS[Disagreed], "$warning", "relay differs"),
    MarkStyle(ImplausibleMeasurement, EVENT_MARKS[ImplausibleMeasurement], "$warning", "implausible"),
    MarkStyle(StatusChanged, "↛", "bold $warning", "illegal move"),
    MarkStyle(Restarted, EVENT_MARKS[Restarted], "bold $warning", "restart"),
    MarkStyle(Overdue, EVENT_MARKS[Overdue], "$warning", "overdue"),
    MarkStyle(OcppFailed, EVENT_MARKS[OcppFailed], "$warning", "OCPP error"),
    MarkStyle(ClockOffset, EVENT_MARKS[ClockOffset], "$warning", "clock"),
    MarkStyle(CardReaderFault, EVENT_MARKS[CardReaderFault], "$warning", "card reader"),
    MarkStyle(CardReaderFaultEnded, EVENT_MARKS[CardReaderFaultEnded], "$success", "card reader fault over"),
    MarkStyle(Booted, EVENT_MARKS[Booted], "$accent", "announcement"),
    MarkStyle(RegistrationChanged, EVENT_MARKS[RegistrationChanged], "$accent", "registration"),
    MarkStyle("noise", NOISE, "$warning", "noise"),
)
"""All kinds of marks. Of several marks in one column, the first one of this table is drawn."""
