"""Compare OCPP messages with the frames whose content they pass on to the central system.

In: the frames with a status or with meter values, then the call that tells the central system of them. Out: the
frame that the call passes on, and an event for each value that differs.

The lines of a log have a fixed order within one process only (protocol.md, The charger's text log). So a call can pass
on a frame that is printed before the newest one, if the newest one is from the same second. A call is compared with the
frames that it can mean, and differs only if it agrees with none of them.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Disagreed
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.exchanges.relay_check import Reported
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.message import Message
from sniffer.core.protocol.ocpp_message import OcppMessage
from sniffer.core.protocol.ocpp_parameters import ENERGY, samples_of
from sniffer.core.wire.links import PWR_TO_COM

FRAMES_REMEMBERED = 16
"""The number of frames with meter values that are remembered for all connectors together."""

FRESH = 60 * SECOND
"""A frame is compared for so long: two periods of the status report (protocol.md, Commands on `pwrboard`)."""

UNORDERED = SECOND
"""Frames and calls whose times are closer than this may stand in any order."""

Passed = Literal["status", "meter"]
"""The roles of the frames whose content is passed on."""

_PASSED_BY: Mapping[str, Passed] = {"StatusNotification": "status", "MeterValues": "meter"}
"""The calls that pass on frames."""

_PRINTED = re.compile(r"-?[0-9]{1,12}(?:\.([0-9]{1,6}))?")
_PHASES = {"L1": "l1_", "L1-N": "l1_", "L2": "l2_", "L2-N": "l2_", "L3": "l3_", "L3-N": "l3_"}
_MEASURANDS: Mapping[str, tuple[str, Mapping[str, int]]] = {
    ENERGY: ("energy", {"Wh": 1, "kWh": 1000}),
    "Voltage": ("voltage", {"V": 1}),
    "Current.Import": ("current", {"A": 1}),
}
"""For each measurand that is compared, the field of the frame and the units (OCPP 1.6, sections 7.31 and 7.45)."""


class _Difference(NamedTuple):
    """One value of a call that is not that of the frame."""

    field: str
    reported: int | float
    relayed: int | float | str


class PassedFrames:
    """The last frames of a session that OCPP calls can pass on. `reports` are those with a status."""

    def __init__(self, definition: Definition, reports: deque[Reported]) -> None:
        self._definition = definition
        self._frames: dict[Passed, deque[Reported]] = {
            "status": reports,
            "meter": deque(maxlen=FRAMES_REMEMBERED),
        }

    def add_meter(self, message: Message, number: int, line: int | None) -> None:
        """Remember a frame with meter values."""
        self._frames["meter"].append((message, number, line))

    def check(self, call: OcppMessage, time: int | None) -> tuple[Reported | None, list[Disagreed]]:
        """Return the frame that this call passes on, or None, and the values in which the call differs from it."""
        role, connector = _PASSED_BY.get(call.action or ""), call.payload.get("connectorId")
        if role is None or type(connector) is not int:
            return None, []
        candidates = [*_find_candidates(self._frames[role], connector, time)]
        differences = [(frame, [*self._compare(role, call, frame[0])]) for frame in candidates]
        if agreeing := [frame for frame, found in differences if not found]:
            reports = (frame for frame in agreeing if frame[0].frame.route is PWR_TO_COM)
            return next(reports, agreeing[0]), []
        if not differences or not _is_fresh(differences[0][0], time):
            return None, []
        (message, number, line), found = differences[0]
        seen = Evidence(number, line, message.frame.time)
        return differences[0][0], [
            Disagreed(time, connector, field, reported, relayed, seen, call.action)
            for field, reported, relayed in found
        ]

    def _compare(self, role: Passed, call: OcppMessage, message: Message) -> Iterator[_Difference]:
        return self._compare_status(call, message) if role == "status" else _compare_meter(call, message)

    def _compare_status(self, call: OcppMessage, message: Message) -> Iterator[_Difference]:
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


def _find_candidates(frames: Iterable[Reported], connector: int, time: int | None) -> Iterator[Reported]:
    """Yield the frames of a connector that a call at this time can pass on, the latest first."""
    for reported in reversed([*frames]):
        if reported[0].raw("connector") != connector:
            continue
        yield reported
        at = reported[0].frame.time
        if time is None or at is None or time - at >= UNORDERED:
            return


def _is_fresh(reported: Reported, time: int | None) -> bool:
    """Return True if the frame is known to be recent enough to be compared."""
    at = reported[0].frame.time
    return at is not None and time is not None and abs(time - at) <= FRESH


def _compare_meter(call: OcppMessage, message: Message) -> Iterator[_Difference]:
    """Yield the sampled values that differ from those of the frame by more than half a step of what is printed."""
    for sample in samples_of(call.payload):
        field, units = _MEASURANDS.get(_text_of(sample.get("measurand", ENERGY)), ("", {}))
        phase = sample.get("phase")
        scale = units.get(_text_of(sample.get("unit", next(iter(units), ""))))
        name = field if phase is None else _PHASES.get(_text_of(phase), "?") + field
        reported, printed = message.value(name), _PRINTED.fullmatch(_text_of(sample.get("value")))
        if scale is None or printed is None or not isinstance(reported, int | float):
            continue
        value = Decimal(printed[0]) * scale
        step = scale * Decimal((0, (1,), -len(printed[1] or "")))
        if abs(value - Decimal(str(reported))) > step / 2:
            yield _Difference(name, reported, float(value) if value % 1 else int(value))


def _text_of(value: object) -> str:
    """Return a text or a number of JSON as text; the text is empty for anything else."""
    return value if isinstance(value, str) else str(value) if type(value) in (int, float) else ""
