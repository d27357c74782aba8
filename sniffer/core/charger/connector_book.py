"""The connectors of a session and their faults: status reports, their relays on the other link, and lines with codes.

A status report moves its connector, raises, completes or clears a fault, and may contradict itself. Its relay on the
other link can add codes and must agree with it. Memory is bounded: `CONNECTORS_KEPT` connectors.
"""

from collections import deque
from functools import partial

from sniffer.base.native import mypyc_attr
from sniffer.core.charger.connector import Connector, ConnectorTracker
from sniffer.core.charger.consistency_rules import FAULTED
from sniffer.core.charger.events import Event
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.exchanges.relay_check import (
    REPORTS_REMEMBERED,
    FrameReport,
    find_counterpart,
    find_disagreements,
)
from sniffer.core.charger.fault_codes import NO_CODES
from sniffer.core.charger.faults import Circumstances, FaultReports, Faults
from sniffer.core.charger.measurements.report_source import ReportSource
from sniffer.core.charger.measurements.tracker import MeasurementTracker
from sniffer.core.charger.recent_events import RecentEvents
from sniffer.core.charger.status_reader import StatusReader, has_status, read_connector
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.enumeration import Enumeration
from sniffer.core.protocol.fault_rows import list_fault_rows
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.links import DBUS, PWR_TO_COM, PWRBOARD

CONNECTORS_KEPT = 256
"""The highest number of connectors: as many as a byte can name. A user's own report could name more."""


@mypyc_attr(allow_interpreted_subclasses=True)
class _Latest:
    """The last status report that differed from the one before it. `source` is that of its measured values.

    `source` is None once the reports are compared with their relays: they take no shortcut then. `has_codes` is True if
    the report says whether there is a fault.
    """

    __slots__ = ("command", "connector", "has_codes", "source", "tracker", "values")

    def __init__(
        self,
        message: Message,
        connector: int,
        tracker: ConnectorTracker,
        source: ReportSource | None,
        *,
        has_codes: bool,
    ) -> None:
        self.values = message.values
        self.command = message.command
        self.connector = connector
        self.tracker = tracker
        self.source = source
        self.has_codes = has_codes


@mypyc_attr(allow_interpreted_subclasses=True)
class ConnectorBook:
    """The connectors and faults of one session.

    What is found is appended to `events`. `reports` are the last status reports and their relays.
    """

    def __init__(
        self, definition: Definition, events: list[Event], recent: RecentEvents, measurements: MeasurementTracker
    ) -> None:
        self._events = events
        self.faults = Faults(list_fault_rows(definition))
        self._definition = definition
        self._statuses = frozenset(definition.statuses.names.values())
        self._reader = StatusReader(definition)
        self._trackers: dict[int, ConnectorTracker] = {}
        self.reports: deque[FrameReport] = deque(maxlen=REPORTS_REMEMBERED)
        self._availability: dict[int, str] = {}
        self._has_relays = False
        self._recent = recent
        self._measurements = measurements
        self._latest: _Latest | None = None
        self.fault_reports = FaultReports()
        self.is_mended = False
        """True if the record that is added now was read wrongly and mended."""

    @property
    def connectors(self) -> tuple[Connector, ...]:
        """The connectors as they are now, by number."""
        found = (self._trackers[number].snapshot() for number in sorted(self._trackers))
        return tuple(connector for connector in found if connector)

    @property
    def availability(self) -> tuple[tuple[int, str], ...]:
        """The connectors that the central system has made operative or inoperative, each with its availability."""
        return tuple(sorted(self._availability.items()))

    def add_status(self, message: Message, number: int, line: int | None) -> None:
        """Add a status report, or its relay on the other link, with the values that it measures.

        Of a board whose fields tell what they are, one frame may have the status and another one only the fault.
        """
        repeated = self._latest
        if repeated is not None:
            if message.values != repeated.values or message.command is not repeated.command:
                repeated = None
            elif not self.faults.by_connector and (source := repeated.source) and source.is_calm:
                self.reports.append((message, number, line))
                repeated.tracker.add_repeat(message.frame.time, mended=self.is_mended)
                source.skip(message, number, line)
                return
        if repeated is None and not has_status(message):
            self.add_fault(message, number, line)
            return
        implausible = self._measurements.add(message, number, line)
        self._add_report(repeated, message, number, line)
        self._events += implausible

    def _add_report(self, repeated: _Latest | None, message: Message, number: int, line: int | None) -> None:
        """Add a status report, or its relay on the other link; collect the events that follow.

        A report is compared with its relay. One that equals the report before it, `repeated`, takes a short way.
        """
        frame = message.frame
        is_relay = frame.route is not PWR_TO_COM and frame.link in (PWRBOARD, DBUS)
        counterpart = find_counterpart(message, self.reports) if is_relay or self._has_relays else None
        if is_relay and not self._has_relays:
            self._has_relays = True
            if self._latest:
                self._latest.source = None
        self.reports.append((message, number, line))
        if counterpart and is_relay:
            self._add_relay(message, counterpart, Evidence(number, line, frame.time, self.is_mended))
            return
        if counterpart:
            self._events += find_disagreements(counterpart[0], (message, number, line), frame.time)
        if repeated and None not in self.faults.by_connector:
            repeated.tracker.add_repeat(frame.time, mended=self.is_mended)
            if self.faults.by_connector and repeated.has_codes:
                self.faults.add_repeat(frame.time, repeated.connector)
        else:
            self._add_new_status(message, Evidence(number, line, frame.time, self.is_mended))

    def add_availability(self, message: Message, number: int, line: int | None) -> None:
        """Add the answer to a ChangeAvailability: the connector has the availability that was asked for."""
        connector, availability = message.raw("connector"), message.value("availability")
        if not isinstance(connector, int) or not isinstance(availability, str):
            return
        if connector in self._availability or len(self._availability) < CONNECTORS_KEPT:
            self._availability[connector] = availability

    def add_fault_line(self, message: TextMessage, number: int, line: int | None) -> None:
        """Add a log line with fault codes. It names no connector."""
        codes = self._reader.read_codes(message)
        seen = Evidence(number, line, message.time, self.is_mended)
        around = partial(self._describe_circumstances, seen, None)
        self._events += self.faults.add_codes(seen, None if codes is NO_CODES else codes, around)

    def add_fault(self, message: Message, number: int, line: int | None) -> None:
        """Add a report of fault codes that has no status, with the values that it measures."""
        implausible = self._measurements.add(message, number, line)
        self._add_codes(message, number, line)
        self._events += implausible

    def _add_codes(self, message: Message, number: int, line: int | None) -> None:
        """Add the fault codes of a report without a status; collect the events that follow."""
        connector = read_connector(message)
        if connector is None:
            return
        codes = self._reader.read_codes(message)
        if codes is NO_CODES and not self._reader.says_no_fault(message):
            return
        self.fault_reports = FaultReports(self.fault_reports.count + 1, message.frame.time)
        seen = Evidence(number, line, message.frame.time, self.is_mended)
        around = partial(self._describe_circumstances, seen, connector)
        self._events += self.faults.add_report(seen, connector, None if codes is NO_CODES else codes, around)

    def _add_new_status(self, message: Message, seen: Evidence) -> None:
        """Add a report that may differ from the one before it."""
        reading = self._reader.read(message)
        tracker = self._find_tracker(reading.connector, reading.machine) if reading else None
        if reading is None or tracker is None:
            return
        connector, codes, ocpp_error = reading.connector, reading.codes, reading.ocpp_error
        if move := tracker.add_report(seen, reading.status, ocpp_error, reading.cp_voltage):
            self._events.append(move)
        faulted = codes is not NO_CODES or reading.status == FAULTED
        tracker.reports_faults = tracker.reports_faults or faulted or reading.has_codes
        # A report without an error code was cut short: it does not say that there is no fault.
        if faulted or (reading.has_codes and self.faults.by_connector):
            around = partial(self._describe_circumstances, seen, connector)
            self._events += self.faults.add_report(seen, connector, codes if faulted else None, around)
        self._events += tracker.set_rules(seen.time, reading.rules)
        if tracker.is_pending:
            # The next report counts, though it may be the same.
            self._latest = None
            return
        source = None if self._has_relays else self._measurements.find_source(message.command)
        has_codes = faulted or reading.has_codes
        self._latest = _Latest(message, connector, tracker, source, has_codes=has_codes)

    def _find_tracker(self, connector: int, machine: Enumeration | None) -> ConnectorTracker | None:
        """Return the tracker of a connector; None if there are too many connectors already.

        `machine` are the states of a board of another maker. If nothing is said of its moves, none is illegal.
        """
        tracker = self._trackers.get(connector)
        if tracker is None and len(self._trackers) < CONNECTORS_KEPT:
            if machine is None:
                tracker = ConnectorTracker(connector, self._definition.transitions, self._statuses)
            else:
                names = machine.names.values() if machine.moves else ()
                tracker = ConnectorTracker(connector, machine.transitions, frozenset(names), is_ocpp=False)
            self._trackers[connector] = tracker
        return tracker

    def _add_relay(self, message: Message, report: FrameReport, seen: Evidence) -> None:
        """Add a report that was passed on to the other link. It can add codes to a fault, and changes no state."""
        connector = message.raw("connector")
        self._events += find_disagreements(message, report, seen.time)
        if self.faults.by_connector and isinstance(connector, int):
            codes = self._reader.read_codes(message)
            around = partial(self._describe_circumstances, seen, connector)
            self._events += self.faults.add_codes(seen, codes, around, connector)

    def _describe_circumstances(self, seen: Evidence, connector: int | None) -> Circumstances:
        """Return the circumstances of a fault that is raised now: the events before it, and the measured values."""
        return Circumstances(
            before=self._recent.before(seen.time),
            measured=self._measurements.find_recent(seen.time, connector),
            courses=self._measurements.find_courses(seen.time, connector),
        )
