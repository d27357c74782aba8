"""Compare OCPP messages with the reports whose content they pass on to the central system.

In: the frames with a status, the frames and log lines with meter values, and then the call that reports them to the
central system. Out: the report that the call passes on, and an event for each value that differs.

The lines of a log have a fixed order within one process only (protocol.md, The charger's text log). So a call can pass
on a report that is printed before the newest one, if the newest one is from the same second. A call is compared with
the reports that it can mean, and differs only if it agrees with none of them. A log can also lack lines, so an old
report shows nothing.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from sniffer.base.late_pattern import compile_late
from sniffer.base.times import SECOND
from sniffer.core.charger.events import Disagreed
from sniffer.core.charger.evidence import Evidence
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.protocol.ocpp_message import OcppMessage
from sniffer.core.protocol.ocpp_parameters import ENERGY, samples_of
from sniffer.core.protocol.phases import PHASES
from sniffer.core.wire.links import PWR_TO_COM

READINGS_REMEMBERED = 16
"""The number of reports of meter values that are remembered for all connectors together."""

Passed = Literal["status", "meter"]
"""The roles of the reports that are passed on."""

FRESH: Mapping[Passed, int] = {"status": 30 * SECOND, "meter": 2 * SECOND}
"""The time for which a report is compared with later items. The status report has a period of 29 s (protocol.md,
Commands on `pwrboard`); meter values change all the time.
"""

UNORDERED = SECOND
"""Reports and calls whose times are closer than this may stand in any order."""

_PASSED_BY: Mapping[str, Passed] = {"StatusNotification": "status", "MeterValues": "meter"}
"""The calls that pass on reports."""

_PRINTED = compile_late(r"-?[0-9]{1,12}(?:\.([0-9]{1,6}))?")
_PHASES = {f"{phase.upper()}{to}": f"{phase}_" for phase in PHASES for to in ("", "-N")}
_MEASURANDS: Mapping[str, tuple[str, Mapping[str, int]]] = {
    ENERGY: ("energy", {"Wh": 1, "kWh": 1000}),
    "Voltage": ("voltage", {"V": 1}),
    "Current.Import": ("current", {"A": 1}),
    "Temperature": ("temperature", {"Celsius": 1, "Celcius": 1}),
}
"""For each measurand that is compared, the field of the report and the units (OCPP 1.6, sections 7.31 and 7.45). The
first edition of OCPP 1.6 spells the last unit wrong.
"""

_AT_METER = (None, "Outlet")
"""The locations of sampled values that the meter measures; without one it is the outlet."""

PassedReport = tuple[Message | TextMessage, int, int | None]
"""A frame or a log line that a call may pass on, with the number of its record and the number that the log printed."""


class _Difference(NamedTuple):
    """One value of a call that is not that of the report."""

    field: str
    reported: int | float
    relayed: int | float | str


class PassedReports:
    """The last reports of a session that OCPP calls can pass on. `statuses` are those with a status."""

    def __init__(self, definition: Definition, statuses: Iterable[PassedReport]) -> None:
        self._definition = definition
        self._readings: deque[PassedReport] = deque(maxlen=READINGS_REMEMBERED)
        self._reports: Mapping[Passed, Iterable[PassedReport]] = {"status": statuses, "meter": self._readings}

    def add_reading(self, message: Message | TextMessage, number: int, line: int | None) -> None:
        """Remember a report of meter values."""
        self._readings.append((message, number, line))

    def check(self, call: OcppMessage, time: int | None) -> tuple[PassedReport | None, list[Disagreed]]:
        """Return the report that this call passes on, or None, and the values in which the call differs from it."""
        role, connector = _PASSED_BY.get(call.action or ""), call.payload.get("connectorId")
        if role is None or type(connector) is not int:
            return None, []
        candidates = [
            reported
            for reported in _find_candidates(self._reports[role], connector, time)
            if _is_fresh(reported, time, FRESH[role])
        ]
        differences = [(reported, [*self._compare(role, call, reported[0])]) for reported in candidates]
        if agreeing := [reported for reported, found in differences if not found]:
            return next(filter(_is_from_board, agreeing), agreeing[0]), []
        if not differences:
            return None, []
        (message, number, line), found = differences[0]
        seen = Evidence(number, line, time_of(message))
        return differences[0][0], [
            Disagreed(time, connector, field, reported, relayed, seen, call.action)
            for field, reported, relayed in found
        ]

    def _compare(self, role: Passed, call: OcppMessage, message: Message | TextMessage) -> Iterator[_Difference]:
        return self._compare_status(call, message) if role == "status" else _compare_meter(call, message)

    def _compare_status(self, call: OcppMessage, message: Message | TextMessage) -> Iterator[_Difference]:
        """Yield the differences between a StatusNotification and the status report that it passes on."""
        tables = (
            ("status", "status", self._definition.statuses),
            ("ocpp_error", "errorCode", self._definition.ocpp_errors),
        )
        for field, key, table in tables:
            reported, name = message.raw(field), call.payload.get(key)
            if not isinstance(reported, int) or not isinstance(name, str):
                continue
            number = table.number_of(name)
            if number != reported:
                yield _Difference(field, reported, name if number is None else number)


def time_of(item: Message | TextMessage) -> int | None:
    """Return the time of a frame or of a log line, in nanoseconds; None if it has none."""
    return item.frame.time if isinstance(item, Message) else item.time


def _find_candidates(reports: Iterable[PassedReport], connector: int, time: int | None) -> Iterator[PassedReport]:
    """Yield the reports of a connector that a call at this time can pass on, the latest first."""
    for reported in reversed([*reports]):
        if reported[0].raw("connector") != connector:
            continue
        yield reported
        at = time_of(reported[0])
        if time is None or at is None or time - at >= UNORDERED:
            return


def _is_fresh(reported: PassedReport, time: int | None, most: int) -> bool:
    """Return True if the report is known to be recent enough to be compared."""
    at = time_of(reported[0])
    return at is not None and time is not None and abs(time - at) <= most


def _is_from_board(reported: PassedReport) -> bool:
    """Return True for a frame of the power board, where the content comes from."""
    return isinstance(reported[0], Message) and reported[0].frame.route is PWR_TO_COM


def _compare_meter(call: OcppMessage, message: Message | TextMessage) -> Iterator[_Difference]:
    """Yield the sampled values that differ from those of the report by more than half a step of what is printed."""
    for sample in samples_of(call.payload):
        field, units = _MEASURANDS.get(_text_of(sample.get("measurand", ENERGY)), ("", {}))
        phase = sample.get("phase")
        scale = units.get(_text_of(sample.get("unit", next(iter(units), ""))))
        name = field if phase is None else _PHASES.get(_text_of(phase), "?") + field
        reported, printed = message.value(name), _PRINTED.fullmatch(_text_of(sample.get("value")))
        if scale is None or printed is None or not isinstance(reported, int | float):
            continue
        if sample.get("location") not in _AT_METER:
            continue
        value = Decimal(printed[0]) * scale
        step = scale * Decimal((0, (1,), -len(printed[1] or "")))
        if abs(value - Decimal(str(reported))) > step / 2:
            yield _Difference(name, reported, float(value) if value % 1 else int(value))


def _text_of(value: object) -> str:
    """Return a text or a number of JSON as text; the text is empty for anything else."""
    return value if isinstance(value, str) else str(value) if type(value) in (int, float) else ""
