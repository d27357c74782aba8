"""What holds now, record by record: the status of each connector and the active faults.

The charger's snapshot is that after all records of a read. A state that held between two of them was there all the
same, and who waits for it must not miss it: so this follows the events of each record.
"""

from dataclasses import dataclass

from sniffer.core.charger.events import Fault, FaultChanged, FaultCleared, FaultRaised, StatusChanged
from sniffer.core.record import Record
from sniffer.text.describe import UNKNOWN_FAULT


@dataclass(frozen=True, slots=True)
class AwaitedState:
    """A state that is waited for. What is None does not matter; names are compared without regard to case."""

    status: str | None = None
    connector: int | None = None
    fault: str | None = None

    def __str__(self) -> str:
        parts = (("status", self.status), ("connector", self.connector), ("fault", self.fault))
        return ", ".join(f"{name} {value}" for name, value in parts if value is not None)


class StateTracker:
    """Follows the records of one session, in order."""

    def __init__(self) -> None:
        self._statuses: dict[int, str] = {}
        self._faults: dict[int, Fault] = {}
        """By the record that was the first to tell of the fault: its connector and its codes may be known later."""

    def follow(self, record: Record) -> None:
        """Take the next record."""
        for event in record.events:
            match event:
                case StatusChanged():
                    self._statuses[event.connector] = event.after
                case FaultRaised(fault=fault) | FaultChanged(fault=fault):
                    self._faults[fault.evidence[0].number] = fault
                case FaultCleared(fault=fault):
                    self._faults.pop(fault.evidence[0].number, None)
                case _:
                    continue

    def holds(self, state: AwaitedState) -> bool:
        """Whether this is so now, all of it on one connector."""
        # A fault that only log lines told of may be on any connector, and on one that no report has named.
        named = (fault.connector for fault in self._faults.values() if fault.connector is not None)
        places: set[int | None] = {*self._statuses, *named} or {state.connector}
        return any(self._holds_at(place, state) for place in places if state.connector in (None, place))

    def _holds_at(self, place: int | None, state: AwaitedState) -> bool:
        status = None if place is None else self._statuses.get(place)
        if state.fault is None:
            return status is not None and _is(state.status, status)
        if state.status is not None and (status is None or not _is(state.status, status)):
            return False
        return any(fault.connector in (None, place) and _means(fault, state.fault) for fault in self._faults.values())


def _is(wanted: str | None, name: str) -> bool:
    return wanted is None or name.casefold() == wanted.casefold()


def _means(fault: Fault, wanted: str) -> bool:
    """Whether this is the fault, as the filter's `fault` has it."""
    return any(_is(wanted, meaning) for meaning in fault.diagnosis.meanings or (UNKNOWN_FAULT,))
