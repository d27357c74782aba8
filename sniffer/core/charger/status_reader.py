"""Read status reports: what one report says of its connector, and which consistency rules it breaks.

In: a status report. Out: a `StatusReading`. It depends on the report alone, and a charger sends the same few reports
again and again, so the last `READINGS_KEPT` different ones are kept.
"""

from msgspec import Struct

from sniffer.core.charger.consistency_rules import NO_ERROR, STATION, ConsistencyRule, StatusReport, find_rules
from sniffer.core.charger.evidence import FrozenValue
from sniffer.core.charger.fault_codes import NO_CODES, FaultCodes, codes_of
from sniffer.core.protocol.conversions import Named, RawValues
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.enumeration import Enumeration
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.links import LINKS

READINGS_KEPT = 64
ONLY_CONNECTOR = 1
"""The connector of a board whose reports name none."""


class StatusReading(FrozenValue, Struct, frozen=True, gc=False):
    """The content of one status report.

    `ocpp_error` and `cp_voltage` are None if the report has none; `cp_voltage` is in volts. `rules` are those that
    apply to the report by itself. `machine` are the states of a board of another maker; None for those of OCPP.
    `has_codes` is True if the report says whether there is a fault.
    """

    connector: int
    status: str
    ocpp_error: int | None
    cp_voltage: float | None
    codes: FaultCodes
    rules: tuple[ConsistencyRule, ...]
    machine: Enumeration | None
    has_codes: bool


def read_connector(message: Message) -> int | None:
    """Return the connector of a report; None if it is cut short before it, or of the charger and names none.

    A board of another maker may have only one connector, and name none.
    """
    is_named = message.command is not None and "connector" in message.command.positions
    return message.number("connector") if is_named or message.frame.link.name in LINKS else ONLY_CONNECTOR


def has_status(message: Message) -> bool:
    """Return False for a report of a board whose fields tell what they are, if its status is not among those there.

    A report of the charger itself that lacks its status is one that was cut short.
    """
    command = message.command
    position = command.positions.get("status") if command else None
    if command is None or position is None or not command.fields[position].tells:
        return True
    return message.raw("status") is not None


class StatusReader(FrozenValue):
    """The reader of the status reports of one definition. Copies of a charger share it: its results never change."""

    __slots__ = ("_definition", "_no_error", "_readings")

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._no_error = definition.ocpp_errors.number_of(NO_ERROR)
        self._readings: dict[tuple[Command | None, RawValues], StatusReading] = {}

    def read(self, message: Message) -> StatusReading | None:
        """Return the status in a report; None if it has no connector or no status."""
        key = message.command, message.values
        reading = self._readings.get(key)
        if reading is None and (reading := self._read(message)):
            if len(self._readings) >= READINGS_KEPT:
                self._readings.clear()
            self._readings[key] = reading
        return reading

    def read_codes(self, message: Message | TextMessage) -> FaultCodes:
        """Return the fault codes of a report, its relay or a log line; `NO_CODES` if it reports no fault."""
        return codes_of(message, self._no_error)

    def says_no_fault(self, message: Message) -> bool:
        """Return True if a report without a fault says so, and was not cut short before its codes."""
        if message.command is None:
            return False
        # A board without an OCPP error code has other codes, of which 0 is no fault; so may a frame without one.
        is_sure = "ocpp_error" in message.command.positions and not message.command.parts
        names = ("ocpp_error",) if is_sure else ("ocpp_error", "vendor_error", "m4_error")
        return any(message.number(name) is not None for name in names)

    def _read(self, message: Message) -> StatusReading | None:
        """Compute the reading of a report; None if it has no connector or no status."""
        if message.command is None:
            return None
        connector, status = read_connector(message), message.number("status")
        if connector is None or status is None:
            return None
        codes, ocpp_error = self.read_codes(message), message.number("ocpp_error")
        # Connector 0 stands for the whole station, which has no control pilot.
        cp_voltage = None if connector == STATION else read_volts(message, "cp_voltage")
        machine = self._find_machine(message.command)
        report = StatusReport(
            connector=connector,
            status=(machine or self._definition.statuses).name_of(status),
            ocpp_error=None if ocpp_error is None else self._definition.ocpp_errors.name_of(ocpp_error),
            has_code=codes.ocpp is not None or codes.vendor is not None,
            has_m4=codes.m4 is not None,
            pilot=self._find_pilot(cp_voltage),
        )
        has_codes = codes is not NO_CODES or self.says_no_fault(message)
        rules = () if machine else find_rules(report)
        return StatusReading(connector, report.status, ocpp_error, cp_voltage, codes, rules, machine, has_codes)

    def _find_machine(self, command: Command) -> Enumeration | None:
        """Return the states that a command reports if they are not those of OCPP; None if they are."""
        conversion = command.fields[command.positions["status"]].conversion
        if not isinstance(conversion, Named) or conversion.enumeration == self._definition.statuses:
            return None
        return conversion.enumeration

    def _find_pilot(self, cp_voltage: float | None) -> str | None:
        """Return the state of the control pilot at this voltage by IEC 61851-1; None if it is in no state's window."""
        state = None if cp_voltage is None else self._definition.pilot_state(cp_voltage)
        return state.state if state else None


def read_volts(message: Message, name: str) -> float | None:
    """Return a field of a message in volts; None if the message has no such field. The definition makes it a number."""
    value = message.value(name)
    return None if value is None or isinstance(value, str) else value
