"""Faults: each is raised once, however many frames and lines report it, and cleared when its connector reports so.

A status report, its relay on the other link, and the log lines around them each carry some of the three codes (M4,
OCPP, vendor). Reports whose codes do not contradict each other belong to one fault. Later codes complete it, and it has
changed if its meaning has. The meaning comes from `sniffer.core.charger.fault_codes`.

Memory is bounded: one active fault for each connector with a limited number of records as evidence, and a history by
kind.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec import Struct

from sniffer.base.times import duration_between
from sniffer.core.charger.events import Fault, FaultChanged, FaultCleared, FaultRaised, Preceding
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.fault_codes import Diagnosis, FaultCodes, diagnose
from sniffer.core.charger.measurements.course import Course
from sniffer.core.charger.measurements.measurement import Measurement
from sniffer.core.protocol.definition import ErrorRow

EVIDENCE_KEPT = 8
"""The highest number of records that a fault names as evidence. Those that raised and completed it come first."""

KINDS_KEPT = 64
"""The highest number of kinds in the history. Beyond it, the kinds seen longest ago are dropped."""

FaultEvent = FaultRaised | FaultChanged | FaultCleared


class FaultHistory(Struct, frozen=True):
    """All ended faults of one kind: those of one connector with the same meaning.

    `first` is when the first one began, `last` when the last one ended. `total` is how long they lasted together, in
    nanoseconds; None if the source has no times. `raised` is where the last one was first reported, `measured` are the
    values measured then, and `courses` how these moved in the half minute before.
    """

    connector: int | None
    codes: FaultCodes
    diagnosis: Diagnosis
    count: int
    first: int | None
    last: int | None
    total: int | None
    raised: Evidence
    measured: tuple[Measurement, ...] = ()
    courses: tuple[Course, ...] = ()


class FaultReports(Struct, frozen=True):
    """The reports of fault codes without a status: how many there were, and the time of the last one."""

    count: int = 0
    last: int | None = None


class Circumstances(NamedTuple):
    """The circumstances in which a fault was raised: earlier events, the last measured values and their courses."""

    before: tuple[Preceding, ...] = ()
    measured: tuple[Measurement, ...] = ()
    courses: tuple[Course, ...] = ()


Around = Callable[[], Circumstances]
"""Returns the circumstances; it is called only when a fault is raised."""


class Faults:
    """The faults of one session. The connector None stands for one that no report has named yet.

    `by_connector` are the active faults.
    """

    def __init__(self, table: Sequence[ErrorRow]) -> None:
        self._table = table
        self.by_connector: dict[int | None, _Active] = {}

        self._past: dict[tuple[object, ...], FaultHistory] = {}

    @property
    def active(self) -> tuple[Fault, ...]:
        """The active faults."""
        return tuple(fault.snapshot() for fault in self.by_connector.values())

    @property
    def past(self) -> tuple[FaultHistory, ...]:
        """The faults that have ended, by kind."""
        return tuple(self._past.values())

    def add_repeat(self, time: int | None, connector: int) -> None:
        """Add a report of a connector that equals the one before it."""
        if fault := self.by_connector.pop(connector, None):
            # The latest reported fault stands last: log lines refer to it.
            self.by_connector[connector] = fault
            fault.last = time
            fault.reports += 1

    def add_report(self, seen: Evidence, connector: int, codes: FaultCodes | None, around: Around) -> list[FaultEvent]:
        """Add a report of a connector; return the events that follow. `codes` is None if it reports no fault.

        `around` returns the measured values at this moment; a fault that is raised keeps them. An active fault that
        only log lines reported is taken to be this connector's, as no line names one.
        """
        unnamed = self.by_connector.pop(None, None)
        known = self.by_connector.pop(connector, None) or unnamed
        if codes is None:
            return [self._clear_fault(known, seen)] if known else []
        if known and known.accepts(codes):
            self.by_connector[connector] = known
            known.connector = connector
            self.add_repeat(seen.time, connector)
            return self._complete_fault(known, codes, seen)
        cleared = [self._clear_fault(known, seen)] if known else []
        return [*cleared, self._raise_fault(seen, connector, codes, around)]

    def add_codes(
        self, seen: Evidence, codes: FaultCodes | None, around: Around, connector: int | None = None
    ) -> list[FaultEvent]:
        """Add the codes of a log line or a relayed report; return the events that follow.

        They complete an active fault that they fit: that of `connector` if it is named. If no report has named a
        faulted connector, the codes alone raise a fault, and other codes, or none, end it.
        """
        for place, fault in reversed(self.by_connector.items()):
            if codes and connector in (None, place) and fault.accepts(codes):
                fault.last = seen.time
                return self._complete_fault(fault, codes, seen)
        over = self.by_connector.pop(None, None)
        cleared = [self._clear_fault(over, seen)] if over else []
        if codes is None or self.by_connector:
            return [*cleared]
        return [*cleared, self._raise_fault(seen, None, codes, around)]

    def _raise_fault(self, seen: Evidence, connector: int | None, codes: FaultCodes, around: Around) -> FaultRaised:
        """Raise a fault of a connector and keep it as active; return the event."""
        fault = _Active(seen, connector, codes, diagnose(codes, self._table), around())
        self._recall(fault)
        self.by_connector[connector] = fault
        return FaultRaised(seen.time, fault.snapshot())

    def _complete_fault(self, fault: "_Active", codes: FaultCodes, seen: Evidence) -> list[FaultEvent]:
        """Add codes to an active fault; return the event if that changes it."""
        changed = fault.complete(codes, seen, self._table)
        self._recall(fault)
        return [FaultChanged(seen.time, fault.snapshot())] if changed else []

    def _recall(self, fault: "_Active") -> None:
        """Set the number of times this fault was active before, by its present meaning."""
        earlier = self._past.get(fault.kind)
        fault.earlier, fault.earlier_total = (earlier.count, earlier.total) if earlier else (0, None)

    def _clear_fault(self, active: "_Active", seen: Evidence) -> FaultCleared:
        """End an active fault and keep it among the past ones; return the event.

        The past fault unseen for longest makes room.
        """
        self._recall(active)
        earlier = self._past.pop(active.kind, None)
        fault = active.snapshot(cleared=seen.time)
        if len(self._past) >= KINDS_KEPT:
            del self._past[next(iter(self._past))]
        self._past[active.kind] = FaultHistory(
            connector=fault.connector,
            codes=fault.codes,
            diagnosis=fault.diagnosis,
            count=fault.earlier + 1,
            first=earlier.first if earlier else fault.since,
            last=seen.time,
            total=fault.total,
            raised=fault.evidence[0],
            measured=fault.measured,
            courses=fault.courses,
        )
        return FaultCleared(seen.time, fault)


class _Active:
    """One active fault."""

    __slots__ = (
        "_around",
        "_evidence",
        "_since",
        "codes",
        "connector",
        "diagnosis",
        "earlier",
        "earlier_total",
        "last",
        "reports",
    )

    def __init__(
        self,
        seen: Evidence,
        connector: int | None,
        codes: FaultCodes,
        diagnosis: Diagnosis,
        around: Circumstances,
    ) -> None:
        self.connector = connector
        self.codes = codes
        self.diagnosis = diagnosis
        self.last = seen.time
        self.reports = 1
        self.earlier = 0
        self.earlier_total: int | None = None
        self._since = seen.time
        self._evidence = [seen]
        self._around = around

    def accepts(self, codes: FaultCodes) -> bool:
        """Return True if these codes can belong to this fault."""
        return self.codes.merge(codes) is not None

    @property
    def kind(self) -> tuple[object, ...]:
        """The key of a kind of fault: the connector and the meaning."""
        return self.connector, self.diagnosis.meanings or self.codes

    def complete(self, codes: FaultCodes, seen: Evidence, table: Sequence[ErrorRow]) -> bool:
        """Add codes that this fault accepts; return whether it shows something else now."""
        if len(self._evidence) < EVIDENCE_KEPT:
            self._evidence.append(seen)
        merged = self.codes.merge(codes)
        if merged is None or merged == self.codes:
            return False
        shown = self._list_shown_values()
        self.codes, self.diagnosis = merged, diagnose(merged, table)
        return self._list_shown_values() != shown

    def snapshot(self, cleared: int | None = None) -> Fault:
        """Return the fault as it is now, with the time at which it was cleared."""
        own = duration_between(self._since, self.last if cleared is None else cleared)
        return Fault(
            connector=self.connector,
            codes=self.codes,
            diagnosis=self.diagnosis,
            since=self._since,
            last=self.last,
            reports=self.reports,
            evidence=tuple(self._evidence),
            before=self._around.before,
            measured=self._around.measured,
            courses=self._around.courses,
            cleared=cleared,
            earlier=self.earlier,
            total=self.earlier_total if own is None else own + (self.earlier_total or 0),
        )

    def _list_shown_values(self) -> tuple[object, ...]:
        """Return the visible part of the fault. A code that the table implied adds nothing when it is sent."""
        return self.codes.merge(self.diagnosis.implied), self.diagnosis.meanings, self.diagnosis.agree is False
