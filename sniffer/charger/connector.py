"""The connector state machine: one table of moves, and the path that each connector took through it.

The table is OCPP 1.6's, section 4.9 (protocol.md, Connector status), from the definition; the diagram on the screen is
drawn from the same table. A move outside it is followed and flagged, never refused: a station may skip reports of
short states. A first report has no predecessor and is never illegal; the same status again is no move.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from sniffer.charger.events import StatusChanged

STATION = 0
"""The connector that stands for the whole station."""

STATION_STATUSES = ("Available", "Unavailable", "Faulted")
"""What the whole station can be (OCPP 1.6, section 4.9)."""

PATH_LENGTH = 32
"""How many moves each connector remembers."""


@dataclass(frozen=True, slots=True)
class Connector:
    """One connector at one moment. `path` is its latest moves, the last one into `status`.

    `cp_voltage` and `cp_time` are the control pilot's last voltage, in volts, and when it was told.
    """

    number: int
    status: str
    since: int | None
    last: int | None
    reports: int
    path: tuple[StatusChanged, ...]
    ocpp_error: int | None
    cp_voltage: int | None
    cp_time: int | None


class ConnectorTracker:
    """Follows one connector."""

    def __init__(self, number: int, transitions: Mapping[str, tuple[str, ...]]) -> None:
        self._number = number
        self._transitions = transitions
        self._path: deque[StatusChanged] = deque(maxlen=PATH_LENGTH)
        self._status: str | None = None
        self._since: int | None = None
        self._last: int | None = None
        self._reports = 0
        self._ocpp_error: int | None = None
        self._cp_voltage: int | None = None
        self._cp_time: int | None = None
        self._told_pilot = False

    def report(
        self, time: int | None, status: str, ocpp_error: int | None, cp_voltage: int | None
    ) -> StatusChanged | None:
        """Take one report; return the move, if it is one."""
        self._last = time
        self._reports += 1
        self._ocpp_error = ocpp_error
        self._told_pilot = cp_voltage is not None
        if self._told_pilot:
            self._cp_voltage, self._cp_time = cp_voltage, time
        before = self._status
        if status == before:
            return None
        move = StatusChanged(time, self._number, before, status, self.is_legal(before, status))
        self._status, self._since = status, time
        self._path.append(move)
        return move

    def repeat(self, time: int | None) -> None:
        """Take a report that says the same as the one before it."""
        if self._told_pilot:
            self._cp_time = time
        self._last = time
        self._reports += 1

    def is_legal(self, before: str | None, after: str) -> bool:
        """Whether the table allows this move."""
        if before is None:
            return True
        if self._number == STATION and after not in STATION_STATUSES:
            return False
        return after in self._transitions.get(before, ())

    def now(self) -> Connector | None:
        """The connector as it is; None before its first report."""
        if self._status is None:
            return None
        return Connector(
            number=self._number,
            status=self._status,
            since=self._since,
            last=self._last,
            reports=self._reports,
            path=tuple(self._path),
            ocpp_error=self._ocpp_error,
            cp_voltage=self._cp_voltage,
            cp_time=self._cp_time,
        )
