"""Read status reports: what one report says of its connector, and which consistency rules it breaks.

In: a status report. Out: a `StatusReading`. It depends on the report alone, and a charger sends the same few reports
again and again, so the last `READINGS_KEPT` different ones are kept.
"""

from msgspec import Struct

from sniffer.core.charger.consistency_rules import NO_ERROR, STATION, ConsistencyRule, StatusReport, find_rules
from sniffer.core.charger.evidence import FrozenValue
from sniffer.core.charger.fault_codes import FaultCodes, codes_of, number_of
from sniffer.core.charger.snapshot import volts
from sniffer.core.protocol.conversions import RawValues
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message

READINGS_KEPT = 64


class StatusReading(FrozenValue, Struct, frozen=True, gc=False):
    """The content of one status report.

    `ocpp_error` and `cp_voltage` are None if the report has none; `cp_voltage` is in volts. `rules` are those that
    apply to the report by itself.
    """

    connector: int
    status: str
    ocpp_error: int | None
    cp_voltage: float | None
    codes: FaultCodes
    rules: tuple[ConsistencyRule, ...]


class StatusReader(FrozenValue):
    """The reader of the status reports of one definition. Copies of a charger share it: its results never change."""

    __slots__ = ("_definition", "_no_error", "_readings")

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._no_error = definition.ocpp_errors.number_of(NO_ERROR)
        self._readings: dict[tuple[Command | None, RawValues], StatusReading] = {}

    def read(self, message: Message) -> StatusReading | None:
        """Return what a report says; None if it has no connector or no status."""
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

    def _read(self, message: Message) -> StatusReading | None:
        """Compute the reading of a report; None if it has no connector or no status."""
        connector, status = message.raw("connector"), message.raw("status")
        if not isinstance(connector, int) or not isinstance(status, int):
            return None
        codes, ocpp_error = self.read_codes(message), number_of(message, "ocpp_error")
        # Connector 0 stands for the whole station, which has no control pilot.
        cp_voltage = None if connector == STATION else volts(message, "cp_voltage")
        report = StatusReport(
            connector=connector,
            status=self._definition.statuses.name_of(status),
            ocpp_error=None if ocpp_error is None else self._definition.ocpp_errors.name_of(ocpp_error),
            has_code=codes.ocpp is not None or codes.vendor is not None,
            has_m4=codes.m4 is not None,
            pilot=self._find_pilot(cp_voltage),
        )
        return StatusReading(connector, report.status, ocpp_error, cp_voltage, codes, find_rules(report))

    def _find_pilot(self, cp_voltage: float | None) -> str | None:
        """Return the state of the control pilot at this voltage by IEC 61851-1; None if it is in no state's window."""
        state = None if cp_voltage is None else self._definition.pilot_state(cp_voltage)
        return state.state if state else None
