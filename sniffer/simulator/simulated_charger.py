"""The simulated charger: a scenario goes in, the endless lines of the charger's own log come out, with exact times.

It does no I/O and reads no clock. All chance comes from the given random numbers, so the same seed gives the same
lines. Lines that print a frame of the power board's link are that link's traffic (`sniffer.simulator.traffic`); all
lines together are the text log (`sniffer.simulator.session_log`).

The traffic follows protocol.md and the real log: the power board announces itself until it is accepted, reports its
status periodically and on change, and is asked for meter values at :00 and :30 of the minute. Two things are `assumed`:
that a report on change does not move the periodic ones, and that the phase voltages are sent each second (the real log
shows them once at the start). Answers take milliseconds; the real log, in whole seconds, shows 0 to 1 s.

Theory of operation: an agenda holds the next actions, each with its due time. An action yields its lines, and may put
others on the agenda. A frame that is due while its link is busy is sent when the link is free, so times do not drift,
whatever the baud rate.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, cycle
from random import Random

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.protocol.conversions import Value
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, OCPP_TO_COM, PWR_TO_COM, UNSOLICITED
from sniffer.simulator import log_texts, ocpp_texts
from sniffer.simulator.charger_links import COMPROC, OCPP, ChargerLinks
from sniffer.simulator.measured_values import MeasuredValues
from sniffer.simulator.scenarios import Phase, Scenario
from sniffer.simulator.sequences import RandomSequences, SequenceCounter
from sniffer.text.code_numbers import format_vendor_code

CHARGE_POINT_ID = "10427240"
SERIAL_NUMBER = "20000001"
CONNECTOR = 1
STATION = 0
"""The connector number that stands for the whole station (protocol.md, Connector status)."""

ANNOUNCEMENT = {
    "charge_box_serial_number": "",
    "charge_point_model": "",
    "charge_point_serial_number": SERIAL_NUMBER,
    "charge_point_vendor": ocpp_texts.VENDOR,
    "firmware_version": "107",
    "iccid": "",
    "imsi": "",
    "meter_serial_number": "",
    "meter_type": "",
}
"""The announcement of the power board: the fields of the real log's frame."""

POLLED, START_UP, FAULT = 0xEEEE, 0x0000, 0xFFFF
"""The sequences of polled messages, of the voltages at the start, and of card reader faults and `dbus` 0021."""

ANNOUNCEMENT_PERIOD = 5 * SECOND
REPORT_PERIOD = 29 * SECOND
METER_PERIOD = 30 * SECOND
VOLTAGES_PERIOD = SECOND
CARD_READER_PERIOD = 8190 * MILLISECOND
SYSTEM_PERIOD = 60 * SECOND

ANNOUNCEMENT_DELAY = 100 * MILLISECOND
OCPP_START_DELAY = 400 * MILLISECOND
FIRST_REPORT_DELAY = 700 * MILLISECOND
FIRST_VOLTAGES_DELAY = 500 * MILLISECOND
CHANGE_REPORT_DELAY = 30 * MILLISECOND
METER_DELAY = 120 * MILLISECOND
CENTRAL_SYSTEM_DELAY = SECOND
AVAILABILITY_DELAY = 2 * SECOND
CONFIGURATION_DELAY = 5 * SECOND
ANSWER_DELAY = (2 * MILLISECOND, 8 * MILLISECOND)
"""Nanoseconds, as all periods and delays above."""

_Action = Callable[[int], Iterable[LogLine]]
"""An action, called with its due time. It returns the lines that it causes."""


class SimulatedCharger:
    """All processors of one charger in one scenario, from `start_time` on, in nanoseconds since the epoch.

    The power board's link runs at `baud` bits a second.
    """

    def __init__(self, scenario: Scenario, *, baud: int, random: Random, start_time: int = 0) -> None:
        self._random = random
        self._start = start_time
        self._definition = packaged_definition()
        self._links = ChargerLinks(self._definition, baud=baud, start=start_time)
        self._measured = MeasuredValues(random, start_time)
        self._phases = chain(scenario.opening, cycle(scenario.cycle))
        self._wanted_announcements = scenario.announcements
        self._announcements = 0
        self._accepted = False
        self._pwr, self._counter, self._calls = RandomSequences(random), SequenceCounter(), ocpp_texts.CallIds()
        self._phase = Phase("", 0, 0)
        self._agenda: dict[_Action, int] = {
            self._begin_phase: start_time,
            self._start_ocpp_module: start_time + OCPP_START_DELAY,
            self._send_voltages: start_time + FIRST_VOLTAGES_DELAY,
            self._ask_meter: (start_time // METER_PERIOD + 1) * METER_PERIOD + METER_DELAY,
            self._print_system: start_time + FIRST_REPORT_DELAY,
        }
        if scenario.card_reader_fails:
            self._agenda[self._report_card_reader] = start_time + CARD_READER_PERIOD

    def lines(self) -> Iterator[LogLine]:
        """Yield the lines without end, in the order of their times."""
        while True:
            action = min(self._agenda, key=self._agenda.__getitem__)
            due = self._agenda.pop(action)
            self._links.wait_until(due)
            yield from action(due)

    def _begin_phase(self, due: int) -> Iterator[LogLine]:
        """Begin the next phase of the scenario, and yield the lines with which it begins.

        `due` is the time in nanoseconds.
        """
        before, self._phase = self._phase, next(self._phases)
        length = round(self._phase.seconds * SECOND)
        self._measured.begin_phase(self._phase, due, length)
        self._agenda[self._begin_phase] = due + length
        if self._phase.starts:
            yield from self._start_power_board(due)
        elif before.status != self._phase.status:
            self._agenda[self._report_change] = due + CHANGE_REPORT_DELAY

    # Start and registration

    def _start_power_board(self, due: int) -> Iterator[LogLine]:
        """Yield the first frame of a power board that starts, and plan its announcements and reports."""
        self._announcements, self._accepted = 0, False
        self._agenda[self._announce] = due + ANNOUNCEMENT_DELAY
        self._agenda[self._report] = due + FIRST_REPORT_DELAY
        yield self._links.send(PWR_TO_COM, 0x32, START_UP, self._measured.read_voltages(due))

    def _start_ocpp_module(self, due: int) -> Iterator[LogLine]:
        """Yield the lines of an OCPP module that starts."""
        sequence = self._counter.next()
        yield self._links.send(OCPP_TO_COM, 0x000B, sequence)
        yield self._links.send(PWR_TO_COM, 0x0B, sequence)
        yield self._links.send(COM_TO_OCPP, 0x000B, sequence)

    def _announce(self, due: int) -> Iterator[LogLine]:
        """Yield the lines of an announcement of the power board, and plan its answer and the next announcement."""
        sequence = self._pwr.next()
        self._announcements += 1
        self._agenda[self._announce] = due + ANNOUNCEMENT_PERIOD
        yield self._links.send(PWR_TO_COM, 0x00, sequence, ANNOUNCEMENT)
        yield self._links.build_text_line(COMPROC, log_texts.ANNOUNCED)
        yield self._links.send(COM_TO_OCPP, 0x0000, sequence)
        self._answer_later(partial(self._answer_announcement, sequence))

    def _answer_announcement(self, sequence: int, due: int) -> Iterator[LogLine]:
        """Yield the answer to an announcement, and the BootNotification that it causes.

        `sequence` is that of the announcement.
        """
        yield self._links.build_text_line(COMPROC, log_texts.PENDING)
        yield self._links.send(OCPP_TO_COM, 0x0000, sequence)
        yield self._links.send(COM_TO_PWR, 0x00, sequence, {"charge_point_id": CHARGE_POINT_ID})
        yield self._links.send(COM_TO_OCPP, 0x0021, FAULT, {"charge_point_id": CHARGE_POINT_ID})
        for text in log_texts.format_charge_point(CHARGE_POINT_ID):
            yield self._links.build_text_line(OCPP, text)
        call = self._calls.next()
        notification = ocpp_texts.boot_notification(SERIAL_NUMBER)
        yield self._links.build_text_line(OCPP, ocpp_texts.format_call(call, "BootNotification", notification))
        yield self._links.send(OCPP_TO_COM, 0x0021, FAULT)
        is_last = self._announcements == self._wanted_announcements
        self._agenda[partial(self._answer_boot, call, is_last)] = due + CENTRAL_SYSTEM_DELAY

    def _answer_boot(self, call: str, is_accepted: bool, due: int) -> Iterator[LogLine]:
        """Yield the central system's answer to the BootNotification `call`. An acceptance ends the announcements."""
        result = ocpp_texts.boot_result(accepted=is_accepted, now=due)
        yield self._links.build_text_line(OCPP, ocpp_texts.format_central_result(call, result))
        if is_accepted:
            self._accepted = True
            self._agenda.pop(self._announce, None)
            self._agenda[self._change_availability] = due + AVAILABILITY_DELAY
            self._agenda[self._change_configuration] = due + CONFIGURATION_DELAY

    # Calls of the central system

    def _change_availability(self, due: int) -> Iterator[LogLine]:
        """Yield the lines with which the central system sets the station and the connector to operative."""
        for connector in (STATION, CONNECTOR):
            call, sequence = self._calls.next(), self._counter.next()
            values: dict[str, Value] = {"connector": connector, "availability": "Operative"}
            asked = {"connectorId": connector, "type": "Operative"}
            yield self._links.build_text_line(OCPP, ocpp_texts.format_central_call(call, "ChangeAvailability", asked))
            yield self._links.send(OCPP_TO_COM, 0x000F, sequence, values)
            # The communication processor answers for the whole station alone (protocol.md, Commands on `dbus`).
            if connector == STATION:
                yield self._links.send(COM_TO_OCPP, 0x000F, sequence, {**values, "result": 1})
            else:
                yield self._links.send(COM_TO_PWR, 0x0F, sequence, values)
                self._answer_later(partial(self._answer_availability, sequence, values))
            yield self._links.build_text_line(OCPP, ocpp_texts.format_result(call, {"status": "Accepted"}))

    def _answer_availability(self, sequence: int, values: dict[str, Value], due: int) -> Iterator[LogLine]:
        """Yield the power board's answer to the change of availability with this sequence, and what follows it.

        These are the notifications of the connectors.
        """
        yield self._links.send(PWR_TO_COM, 0x0F, sequence, values)
        yield self._links.send(COM_TO_OCPP, 0x000F, sequence, values)
        yield from self._notify(STATION, "Available", "NoError")
        yield from self._notify(CONNECTOR, self._phase.status, self._phase.ocpp_error)

    def _change_configuration(self, due: int) -> Iterator[LogLine]:
        """Yield the lines with which the central system changes a configuration key."""
        call, key, sampled = self._calls.next(), "MeterValuesSampledData", "Current.Import"
        asked = {"key": key, "value": sampled}
        yield self._links.build_text_line(OCPP, ocpp_texts.format_central_call(call, "ChangeConfiguration", asked))
        for text in log_texts.format_configuration(key, sampled):
            yield self._links.build_text_line(OCPP, text)
        yield self._links.build_text_line(OCPP, ocpp_texts.format_result(call, {"status": "Accepted"}))

    def _notify(self, connector: int, status: str, error: str) -> Iterator[LogLine]:
        payload = ocpp_texts.status_notification(connector, status, error, self._links.now)
        yield from self._call("StatusNotification", payload)

    def _call(self, action: str, payload: dict[str, object]) -> Iterator[LogLine]:
        """Yield a call of the charger and its empty result."""
        call = self._calls.next()
        yield self._links.build_text_line(OCPP, ocpp_texts.format_call(call, action, payload))
        yield self._links.build_text_line(OCPP, ocpp_texts.format_central_result(call, {}))

    # Status reports

    def _report(self, due: int) -> Iterator[LogLine]:
        """Yield the regular status report, and plan the next one."""
        self._agenda[self._report] = due + REPORT_PERIOD
        yield from self._send_report(due)

    def _report_change(self, due: int) -> Iterator[LogLine]:
        """Yield a status report after a change, and the notification of it if the charger is accepted."""
        yield from self._send_report(due)
        if self._accepted:
            yield from self._notify(CONNECTOR, self._phase.status, self._phase.ocpp_error)

    def _send_report(self, due: int) -> Iterator[LogLine]:
        """Yield the lines of a status report of the power board, and plan its answer."""
        phase, sequence, temperatures = self._phase, self._pwr.next(), self._measured.read_temperatures(due)
        report: dict[str, Value] = {
            "connector": CONNECTOR,
            "status": phase.status,
            "ocpp_error": phase.ocpp_error,
            "m4_error": phase.m4_error,
            "cp_voltage": phase.cp_voltage,
            **temperatures,
        }
        yield self._links.send(PWR_TO_COM, 0x01, sequence, report)
        yield self._links.build_text_line(COMPROC, log_texts.format_error_row(self._definition, phase))
        yield self._links.build_text_line(COMPROC, log_texts.RELAY_WARNING)
        yield self._links.send(PWR_TO_COM, 0x2D, POLLED)
        yield self._links.build_text_line(COMPROC, log_texts.format_temperatures(temperatures))
        for text in log_texts.format_errors(self._definition, phase):
            yield self._links.build_text_line(COMPROC, text)
        notification: dict[str, Value] = {
            "connector": CONNECTOR,
            "status": phase.status,
            "ocpp_error": phase.ocpp_error,
            "vendor_error": format_vendor_code(log_texts.find_vendor_error(self._definition, phase)),
        }
        yield self._links.send(COM_TO_OCPP, 0x0001, sequence, notification)
        self._answer_later(partial(self._answer_report, sequence))

    def _answer_report(self, sequence: int, due: int) -> Iterator[LogLine]:
        """Yield the answer to the status report with this sequence, and the messages that go with it."""
        own = self._counter.next()
        acceptance: dict[str, Value] = {"acceptance": "accepted" if self._accepted else "not accepted"}
        online: dict[str, Value] = {"acceptance": "accepted" if self._accepted else "pending"}
        yield self._links.send(COM_TO_PWR, 0x2C, own, acceptance)
        yield self._links.send(COM_TO_OCPP, 0x002D, POLLED)
        yield self._links.send(OCPP_TO_COM, 0x002D, own, acceptance)
        yield self._links.send(COM_TO_PWR, 0x01, sequence, {"connector": CONNECTOR, **online})
        yield self._links.send(OCPP_TO_COM, 0x0001, sequence)
        yield self._links.send(COM_TO_OCPP, 0x5009, self._pwr.next())

    # Measured values

    def _send_voltages(self, due: int) -> Iterator[LogLine]:
        self._agenda[self._send_voltages] = due + VOLTAGES_PERIOD + self._random.randint(-20, 20) * MILLISECOND
        yield self._links.send(PWR_TO_COM, 0x32, UNSOLICITED, self._measured.read_voltages(due))

    def _ask_meter(self, due: int) -> Iterator[LogLine]:
        """Yield the request for meter values, and plan its answer and the next request."""
        self._agenda[self._ask_meter] = due + METER_PERIOD
        yield self._links.send(COM_TO_PWR, 0x04, POLLED, {"connector": CONNECTOR})
        yield self._links.send(OCPP_TO_COM, 0x0004, POLLED, {"connector": CONNECTOR})
        self._answer_later(self._answer_meter)

    def _answer_meter(self, due: int) -> Iterator[LogLine]:
        """Yield the meter values of this moment on both links, as an answer to a request."""
        meter = self._measured.read_meter(due)
        shown = {name: meter[name] for name in ("energy", "voltage", "current", "temperature")}
        first = {name: meter[name] for name in ("l1_voltage", "l1_current")}
        yield self._links.send(PWR_TO_COM, 0x04, POLLED, {"connector": CONNECTOR, **meter})
        yield self._links.send(COM_TO_OCPP, 0x0004, POLLED, {"connector": CONNECTOR, **shown, **first})
        yield self._links.build_text_line(OCPP, log_texts.format_meter(CONNECTOR, meter))
        if self._accepted and self._phase.status == "Charging":
            yield from self._call("MeterValues", ocpp_texts.meter_values(CONNECTOR, meter, due))

    # Card reader and system

    def _report_card_reader(self, due: int) -> Iterator[LogLine]:
        """Yield the lines of a card reader that does not answer, and plan the next ones."""
        self._agenda[self._report_card_reader] = due + CARD_READER_PERIOD
        yield self._links.build_text_line(COMPROC, log_texts.CARD_READER_FAULT)
        yield self._links.send(COM_TO_PWR, 0xFF, FAULT)

    def _print_system(self, due: int) -> Iterator[LogLine]:
        """Yield the lines about the OCPP module's own state, and plan the next ones."""
        self._agenda[self._print_system] = due + SYSTEM_PERIOD
        for text in log_texts.format_system(due - self._start, due):
            yield self._links.build_text_line(OCPP, text)
        for text in log_texts.INTERFACES:
            yield LogLine(None, None, text)

    def _answer_later(self, answer: _Action) -> None:
        """Plan an answer a few milliseconds after the last frame."""
        self._agenda[answer] = self._links.free_at + self._random.randint(*ANSWER_DELAY)
