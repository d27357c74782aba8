"""The status of each connector, the active faults and the registration, followed record by record.

The snapshot of the charger is that after all records of a read. A state that began and ended within one read must not
be missed by a waiting test, so this follows the events of each record.
"""

from msgspec import Struct

from sniffer.core.charger.events import Fault, FaultChanged, FaultCleared, FaultRaised, StatusChanged
from sniffer.core.charger.startup.registration_events import RegistrationChanged, RegistrationState
from sniffer.core.record import Record
from sniffer.text.describe import UNKNOWN_FAULT


class AwaitedState(Struct, frozen=True):
    """A state to wait for. None matches anything; the case of letters in names does not matter.

    `registration` is that of the whole charger; the other parts hold together on one connector.
    """

    status: str | None = None
    connector: int | None = None
    fault: str | None = None
    registration: RegistrationState | None = None

    def __str__(self) -> str:
        parts = (
            ("status", self.status),
            ("connector", self.connector),
            ("fault", self.fault),
            ("registration", self.registration),
        )
        return ", ".join(f"{name} {value}" for name, value in parts if value is not None)


class StateTracker:
    """The states of one session, after the records so far."""

    def __init__(self) -> None:
        self._statuses: dict[int, str] = {}
        self._faults: dict[int, Fault] = {}
        """By the first record of evidence, as the connector and the codes of a fault may become known later."""
        self._registration: RegistrationState | None = None

    def follow(self, record: Record) -> None:
        """Add the next record."""
        for event in record.events:
            match event:
                case StatusChanged():
                    self._statuses[event.connector] = event.after
                case FaultRaised(fault=fault) | FaultChanged(fault=fault):
                    self._faults[fault.evidence[0].number] = fault
                case FaultCleared(fault=fault):
                    self._faults.pop(fault.evidence[0].number, None)
                case RegistrationChanged():
                    self._registration = event.state
                case _:
                    continue

    def holds(self, state: AwaitedState) -> bool:
        """Return True if the charger, and one of its connectors, has this whole state now."""
        if state.registration not in (None, self._registration):
            return False
        if state == AwaitedState(registration=self._registration) != AwaitedState():
            return True
        # A fault that only log lines report may be on any connector, also on one that no status report has named.
        named = (fault.connector for fault in self._faults.values() if fault.connector is not None)
        connectors: set[int | None] = {*self._statuses, *named} or {state.connector}
        return any(self._holds_on(connector, state) for connector in connectors if state.connector in (None, connector))

    def _holds_on(self, connector: int | None, state: AwaitedState) -> bool:
        """Return True if the connector has the awaited status and fault now."""
        status = None if connector is None else self._statuses.get(connector)
        if state.fault is None:
            return status is not None and _matches(state.status, status)
        if state.status is not None and (status is None or not _matches(state.status, status)):
            return False
        return any(
            fault.connector in (None, connector) and _has_meaning(fault, state.fault) for fault in self._faults.values()
        )


def _matches(wanted: str | None, name: str) -> bool:
    """Return True if a name is the wanted one, in any case of letters; `wanted` None stands for any."""
    return wanted is None or name.casefold() == wanted.casefold()


def _has_meaning(fault: Fault, wanted: str) -> bool:
    """Return True if the fault has this meaning, as in the filter's `fault`."""
    return any(_matches(wanted, meaning) for meaning in fault.diagnosis.meanings or (UNKNOWN_FAULT,))
