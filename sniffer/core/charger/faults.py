"""Faults: raised once, however many frames and lines tell of them, and cleared when the connector says so.

A status report, its relay on the other link and the log lines around them each give some of the three codes (M4, OCPP,
vendor). Reports whose codes do not contradict each other tell of one fault; codes that come later complete it, and it
has changed where it now says something else. What a fault means is `sniffer.core.charger.fault_codes`'.

Memory is bounded: one active fault for each connector, the last few of what told of each, and a history by kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sniffer.base.times import duration_between
from sniffer.core.charger.events import Evidence, Fault, FaultChanged, FaultCleared, FaultRaised, Preceding
from sniffer.core.charger.fault_codes import Diagnosis, FaultCodes, diagnose
from sniffer.core.protocol.definition import ErrorRow

EVIDENCE_KEPT = 8
"""How many of the records that told of a fault it names: those that raised and completed it come first."""

KINDS_KEPT = 64
"""How many kinds of faults the history holds; of more, those that were not seen for longest are left out."""

FaultEvent = FaultRaised | FaultChanged | FaultCleared


@dataclass(frozen=True, slots=True)
class FaultHistory:
    """All faults of one kind that are over: those of one connector that mean the same.

    `first` is when the first one began, `last` when the last one ended; `total` is how long they lasted together, None
    where the source has no times. `raised` is where the last one was seen first.
    """

    connector: int | None
    codes: FaultCodes
    diagnosis: Diagnosis
    count: int
    first: int | None
    last: int | None
    total: int | None
    raised: Evidence


class Faults:
    """The faults of one session. `connector` None stands for one that no report has named yet."""

    def __init__(self, table: Sequence[ErrorRow]) -> None:
        self._table = table
        self.by_connector: dict[int | None, _Active] = {}
        """Those that are active."""
        self._past: dict[tuple[object, ...], FaultHistory] = {}

    @property
    def active(self) -> tuple[Fault, ...]:
        return tuple(fault.now() for fault in self.by_connector.values())

    @property
    def past(self) -> tuple[FaultHistory, ...]:
        return tuple(self._past.values())

    def repeat(self, time: int | None, connector: int) -> None:
        """A connector reports the same as before."""
        if fault := self.by_connector.pop(connector, None):
            # The latest that was reported stands last: it is what log lines tell of.
            self.by_connector[connector] = fault
            fault.last = time
            fault.reports += 1

    def report(
        self, seen: Evidence, connector: int, codes: FaultCodes | None, before: tuple[Preceding, ...]
    ) -> list[FaultEvent]:
        """A connector reports a fault with these codes, or none; `before` are the events until now.

        A fault that only log lines told of is taken to be this connector's: no line names one.
        """
        unnamed = self.by_connector.pop(None, None)
        known = self.by_connector.pop(connector, None) or unnamed
        if codes is None:
            return [self._over(known, seen)] if known else []
        if known and known.takes(codes):
            self.by_connector[connector] = known
            known.connector = connector
            self.repeat(seen.time, connector)
            return self._completed(known, codes, seen)
        cleared = [self._over(known, seen)] if known else []
        return [*cleared, self._raised(seen, connector, codes, before)]

    def hint(
        self, seen: Evidence, codes: FaultCodes | None, before: tuple[Preceding, ...], connector: int | None = None
    ) -> list[FaultEvent]:
        """A log line or a relayed report gives codes: they complete an active fault that they fit.

        That of `connector` where it is named. Where no report has named a faulted connector, the codes are all there
        is: they raise a fault, and other codes, or none, end it.
        """
        for place, fault in reversed(self.by_connector.items()):
            if codes and connector in (None, place) and fault.takes(codes):
                fault.last = seen.time
                return self._completed(fault, codes, seen)
        over = self.by_connector.pop(None, None)
        cleared = [self._over(over, seen)] if over else []
        if codes is None or self.by_connector:
            return [*cleared]
        return [*cleared, self._raised(seen, None, codes, before)]

    def _raised(
        self, seen: Evidence, connector: int | None, codes: FaultCodes, before: tuple[Preceding, ...]
    ) -> FaultRaised:
        fault = _Active(seen, connector, codes, diagnose(codes, self._table), before)
        self._recall(fault)
        self.by_connector[connector] = fault
        return FaultRaised(seen.time, fault.now())

    def _completed(self, fault: "_Active", codes: FaultCodes, seen: Evidence) -> list[FaultEvent]:
        changed = fault.complete(codes, seen, self._table)
        self._recall(fault)
        return [FaultChanged(seen.time, fault.now())] if changed else []

    def _recall(self, fault: "_Active") -> None:
        """How often this fault was there before, by what it means now."""
        earlier = self._past.get(fault.kind)
        fault.earlier, fault.earlier_total = (earlier.count, earlier.total) if earlier else (0, None)

    def _over(self, active: "_Active", seen: Evidence) -> FaultCleared:
        self._recall(active)
        earlier = self._past.pop(active.kind, None)
        fault = active.now(cleared=seen.time)
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
        )
        return FaultCleared(seen.time, fault)


class _Active:
    """One active fault."""

    __slots__ = (
        "_before",
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
        before: tuple[Preceding, ...],
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
        self._before = before

    def takes(self, codes: FaultCodes) -> bool:
        """Whether these codes can be of this fault."""
        return self.codes.merged(codes) is not None

    @property
    def kind(self) -> tuple[object, ...]:
        """What tells one kind of fault from another: the connector and the meaning."""
        return self.connector, self.diagnosis.meanings or self.codes

    def complete(self, codes: FaultCodes, seen: Evidence, table: Sequence[ErrorRow]) -> bool:
        """Take codes that it takes; return whether it says something else now."""
        if len(self._evidence) < EVIDENCE_KEPT:
            self._evidence.append(seen)
        merged = self.codes.merged(codes)
        if merged is None or merged == self.codes:
            return False
        told = self._told()
        self.codes, self.diagnosis = merged, diagnose(merged, table)
        return self._told() != told

    def now(self, cleared: int | None = None) -> Fault:
        own = duration_between(self._since, self.last if cleared is None else cleared)
        return Fault(
            connector=self.connector,
            codes=self.codes,
            diagnosis=self.diagnosis,
            since=self._since,
            last=self.last,
            reports=self.reports,
            evidence=tuple(self._evidence),
            before=self._before,
            cleared=cleared,
            earlier=self.earlier,
            total=self.earlier_total if own is None else own + (self.earlier_total or 0),
        )

    def _told(self) -> tuple[object, ...]:
        """What people read of it: a code that the table gave anyway adds nothing when it is sent."""
        return self.codes.merged(self.diagnosis.implied), self.diagnosis.meanings, self.diagnosis.agree is False
