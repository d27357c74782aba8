"""The connector state machine: one table of transitions, and the path of each connector through it.

The table comes from the definition; it is that of OCPP 1.6, section 4.9 (protocol.md, Connector status). The diagram on
the screen is drawn from the same table. A transition outside it is followed and flagged, never refused, because a
station may skip reports of short states. A first report has no predecessor and is never illegal. The same status again
is no transition. A status with a number that no table has makes a transition neither legal nor illegal.
"""

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sniffer.base.native import mypyc_attr
from sniffer.base.times import duration_between
from sniffer.core.charger.consistency_rules import STATION, STATION_STATUSES, ConsistencyRule
from sniffer.core.charger.events import Contradicted, StatusChanged, Warned
from sniffer.core.charger.evidence import Evidence

PATH_LENGTH = 64
"""The number of transitions that are kept for each connector: more than a screen has rows for."""


@dataclass(frozen=True, slots=True)
class Connector:
    """One connector at one moment.

    `path` holds its latest transitions, the last one into `status`; `moves` counts them all. `cp_voltage` is the last
    control pilot voltage, in volts, and `cp_time` its time. `contradictions` and `warnings` are
    those of the last report, by their rules. `is_mended` is True if all reports of `status` were read wrongly and
    mended, so that it is `assumed`. `reports_faults` is False if no report said whether there is a fault.
    """

    number: int
    status: str
    since: int | None
    last: int | None
    reports: int
    path: tuple[StatusChanged, ...]
    moves: int
    ocpp_error: int | None
    cp_voltage: float | None
    cp_time: int | None
    contradictions: tuple[Contradicted, ...]
    warnings: tuple[Warned, ...]
    is_mended: bool = False
    reports_faults: bool = True


@mypyc_attr(allow_interpreted_subclasses=True)
class ConnectorTracker:
    """The state machine of one connector."""

    def __init__(
        self,
        number: int,
        transitions: Mapping[str, tuple[str, ...]],
        statuses: Collection[str],
        *,
        is_ocpp: bool = True,
    ) -> None:
        self._number = number
        self._is_ocpp = is_ocpp
        self._transitions = transitions
        self._statuses = statuses
        self._path: deque[StatusChanged] = deque(maxlen=PATH_LENGTH)
        self._status: str | None = None
        self._since: int | None = None
        self._last: int | None = None
        self._reports = 0
        self._ocpp_error: int | None = None
        self._cp_voltage: float | None = None
        self._cp_time: int | None = None
        self._has_pilot = False
        self._moves = 0
        self._findings: dict[str, Contradicted | Warned] = {}
        self._pending: dict[str, int | None] = {}
        self._is_mended = False
        self.reports_faults = False
        """True once a report said whether there is a fault."""

    def add_report(
        self, seen: Evidence, status: str, ocpp_error: int | None, cp_voltage: float | None
    ) -> StatusChanged | None:
        """Add a report; return the transition, or None if the status is the same."""
        time = self._last = seen.time
        self._reports += 1
        self._ocpp_error = ocpp_error
        self._has_pilot = cp_voltage is not None
        if self._has_pilot:
            self._cp_voltage, self._cp_time = cp_voltage, time
        before = self._status
        self._is_mended = seen.mended and (self._is_mended or status != before)
        if status == before:
            return None
        dwell = duration_between(self._since, time)
        legal = self.is_legal(before, status)
        move = StatusChanged(time, self._number, before, status, legal, seen, dwell, cp_voltage)
        self._status, self._since = status, time
        self._path.append(move)
        self._moves += 1
        return move

    def set_rules(self, time: int | None, rules: tuple[ConsistencyRule, ...]) -> list[Contradicted | Warned]:
        """Set the rules that apply to the last report; return the contradictions and warnings that are new.

        A rule with a persistence applies when a later report shows that it has held so long; if the source has no
        times, with the next report.
        """
        if not rules and not self._findings and not self._pending:
            return []
        held, pending, self._findings, self._pending = self._findings, self._pending, {}, {}
        for rule in rules:
            if rule.name in held:
                self._findings[rule.name] = held[rule.name]
            elif rule.persistence and not _has_persisted(rule, pending, time):
                self._pending[rule.name] = pending.get(rule.name, time)
            else:
                event = Warned if rule.is_warning else Contradicted
                self._findings[rule.name] = event(time, self._number, rule.name, rule.about, rule.provenance)
        return [found for name, found in self._findings.items() if name not in held]

    @property
    def is_pending(self) -> bool:
        """True if a rule applies that has not yet applied long enough: the next report counts though it is the same."""
        return bool(self._pending)

    @property
    def status(self) -> str | None:
        """The last status; None before the first report."""
        return self._status

    def add_repeat(self, time: int | None, *, mended: bool = False) -> None:
        """Add a report that equals the one before it. `mended`: it was misread."""
        self._is_mended = self._is_mended and mended
        self._last = time
        self._reports += 1

    def is_legal(self, before: str | None, after: str) -> bool | None:
        """Return True if the table allows this transition; None if one of the statuses has no name."""
        if after not in self._statuses:
            return None
        if before is None:
            return True
        if before not in self._statuses:
            return None
        if self._is_ocpp and self._number == STATION and after not in STATION_STATUSES:
            return False
        return after in self._transitions.get(before, ())

    def snapshot(self) -> Connector | None:
        """Return the connector as it is now; None before its first report."""
        if self._status is None:
            return None
        return Connector(
            number=self._number,
            status=self._status,
            since=self._since,
            last=self._last,
            reports=self._reports,
            path=tuple(self._path),
            moves=self._moves,
            ocpp_error=self._ocpp_error,
            cp_voltage=self._cp_voltage,
            cp_time=self._last if self._has_pilot else self._cp_time,
            contradictions=tuple(found for found in self._findings.values() if isinstance(found, Contradicted)),
            warnings=tuple(found for found in self._findings.values() if isinstance(found, Warned)),
            is_mended=self._is_mended,
            reports_faults=self.reports_faults,
        )


def _has_persisted(rule: ConsistencyRule, pending: Mapping[str, int | None], time: int | None) -> bool:
    """Return True if the rule, pending since an earlier report, has applied for its persistence by now."""
    if rule.name not in pending:
        return False
    duration = duration_between(pending[rule.name], time)
    return duration is None or duration >= rule.persistence
