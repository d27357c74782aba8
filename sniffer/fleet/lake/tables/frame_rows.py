"""The rows of frames: the table `frames`, and what a frame adds to `measures` and `exchanges`.

In: messages. Out: rows without their session, as tuples in the order of the columns. This runs for every frame of
every capture, so what is the same for all frames of a command is computed once.
"""

import json
from collections.abc import Callable
from typing import Any

import msgspec

from sniffer.core.charger.measurements.course import PILOT
from sniffer.core.charger.measurements.measurement import MeasurementReader, Owner, ReadingPlan, measures
from sniffer.core.protocol.conversions import Raw, RawValues, Value
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.link import Route
from sniffer.fleet.lake.schema import TABLES_BY_NAME

Row = tuple[Any, ...]

PAYLOADS_KEPT = 1024
"""The number of payloads of one command that are kept with their values: many frames repeat an earlier one."""

_FIRST_QUANTITY = 5
_QUANTITIES = {column.name: at for at, column in enumerate(TABLES_BY_NAME["measures"].columns[_FIRST_QUANTITY:])}
"""The place of each quantity among the measured values of a row."""


def encode_json(value: object) -> str:
    """Return a value as JSON. Text that UTF-8 cannot encode is escaped."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(value)


class FrameRows:
    """The rows of the frames of one session. `frames`, `measures` and `exchanges` grow until they are taken."""

    def __init__(self, definition: Definition, measures: "MeasureRows") -> None:
        self.frames: list[Row] = []
        self.measures: list[Row] = []
        self.exchanges: list[Row] = []
        self._definition = definition
        self._measures = measures
        self._kinds: dict[tuple[Command | None, Route], _FrameKind] = {}

    def add(self, record: Record, message: Message) -> None:
        """Add the rows of a frame."""
        frame, command, raws = message.frame, message.command, message.values
        key = (command, frame.route)
        kind = self._kinds.get(key)
        if kind is None:
            kind = self._kinds[key] = _FrameKind(command, message, self._definition)
        number, time, raw = record.number, frame.time, frame.raw
        if kind.size == len(raw):
            known = kind.known.get(raws)
            if known is None:
                known = self._read_values(kind, message)
            fields, measured = known
            sequence = kind.read_sequence(raw)
            row = (number, time, record.line, kind.link, kind.direction, sequence, kind.code, kind.name, fields)
            self.frames.append((*row, None, raw))
            if measured is not None and kind.plan is not None:
                connector = self._measures.find_connector(kind.plan, raws, time)
                self.measures.append((number, time, connector, *measured))
        else:
            fields = encode_json({field.name: field.value for field in message.fields})
            head = (number, time, record.line, kind.link, kind.direction, frame.sequence, frame.command, message.name)
            self.frames.append((*head, fields, message.problem or None, raw))
            if kind.measures and (found := self._measures.build_row(number, time, message)):
                self.measures.append(found)
        refers = record.refers
        if refers is not None and refers.kind == "answers":
            code, request = (kind.code, kind.request) if command else (frame.command, message.name)
            self.exchanges.append((number, time, refers.number, kind.link, code, request, True, refers.after))

    def _read_values(self, kind: "_FrameKind", message: Message) -> "_Known":
        """Return the fields of a frame of the usual size, as JSON, and its measured values, None if it has none."""
        raws = message.values
        if len(kind.known) >= PAYLOADS_KEPT:
            kind.known.clear()
        values = [value(raw) for value, raw in zip(kind.values, raws, strict=True)]  # type: ignore[arg-type]
        measured = None
        if kind.plan is None and kind.measures:
            kind.plan = self._measures.plan_of(message)
            kind.measures = kind.plan is not None
        if kind.plan is not None:
            measured = self._measures.read_values(kind.plan, raws)
        known = kind.known[raws] = encode_json(dict(zip(kind.names, values, strict=True))), measured
        return known


_Known = tuple[str, tuple[Any, ...] | None]
"""The fields of a payload as JSON, and the source and the values of its row in `measures`; None if it has none."""


class _FrameKind:
    """The common properties of the frames of one command on one route.

    `size` is the size in bytes of a frame whose fields can be read by their positions; -1 if there is none. `request`
    is the name of the command that this one answers, else its own. `plan` is where its measured values are, None until
    it is made; `measures` is True if it may have some. `known` are the latest payloads, by their raw values.
    """

    __slots__ = (
        "code", "direction", "known", "link", "measures", "name", "names", "plan", "read_sequence", "request", "size",
        "values",
    )  # fmt: skip

    def __init__(self, command: Command | None, message: Message, definition: Definition) -> None:
        frame = message.frame
        self.link, self.direction = frame.link.name, message.direction
        self.code, self.name = frame.command, message.name
        self.request, self.size = message.name, -1
        self.read_sequence = frame.link.read_sequence
        self.measures = command is not None and measures(command)
        self.plan: ReadingPlan | None = None
        self.names: list[str] = []
        self.values: list[Callable[[Raw], Value]] = []
        self.known: dict[RawValues, _Known] = {}
        if command is None:
            return
        self.request = _find_request(command, definition)
        if command.parts or command.size is None or frame.link.coding:
            return
        self.size = frame.link.payload_at + command.size + frame.link.trailer_size
        self.names = [field.name for field in command.fields]
        self.values = [field.conversion.value for field in command.fields]


def _find_request(command: Command, definition: Definition) -> str:
    """Return the name of the command that this one answers; its own name if there is none, or any of several."""
    if not command.answers or len(command.request_codes) > 1:
        return command.name
    of_link = (one for one in definition.commands if one.route.link is command.route.link and one is not command)
    requests = (one for one in of_link if one.code in command.request_codes and not one.answers)
    return next((one.name for one in requests), command.name)


class MeasureRows:
    """The rows of `measures` of one session, from frames and from lines of a text log."""

    def __init__(self) -> None:
        self._reader = MeasurementReader()
        self._places: dict[int, tuple[ReadingPlan, list[_QuantityPlace]]] = {}
        self.find_connector = self._reader.find_connector

    def plan_of(self, item: Message | TextMessage) -> ReadingPlan | None:
        """Return where the measured values of an item are; None if it is of no kind that measures."""
        owner: Owner | None = item.command if isinstance(item, Message) else item.meaning
        return self._reader.plan_of(owner, item.values) if owner else None

    def build_row(self, number: int, time: int | None, item: Message | TextMessage) -> Row | None:
        """Return the row of a report; None if it has no measured value."""
        plan = self.plan_of(item)
        if plan is None:
            return None
        values = self.read_values(plan, item.values)
        return values and (number, time, self.find_connector(plan, item.values, time), *values)

    def read_values(self, plan: ReadingPlan, raws: RawValues) -> tuple[Any, ...] | None:
        """Return the source and the measured values in the order of their columns; None if there is no value."""
        values: list[Value | None] = [None] * len(_QUANTITIES)
        is_empty = True
        for at, position, convert in self._places_of(plan):
            if position < len(raws) and (raw := raws[position]) is not None:
                values[at] = convert(raw)
                is_empty = False
        return None if is_empty else (plan.source, *values)

    def _places_of(self, plan: ReadingPlan) -> "list[_QuantityPlace]":
        """Return the places of the quantities of a plan, which are found once."""
        known = self._places.get(id(plan))
        if known is None:
            found = [*plan.quantities, *([(PILOT, *plan.pilot)] if plan.pilot else [])]
            places: list[_QuantityPlace] = [
                (_QUANTITIES[name], position, conversion.value)
                for name, position, conversion in found
                if name in _QUANTITIES
            ]
            # The plan is kept as well, so that no other one gets its id.
            known = plan, places
            self._places[id(plan)] = known
        return known[1]


_QuantityPlace = tuple[int, int, Callable[[Raw], Value]]
"""The place of a quantity among the values of a row, its position in the message, and its conversion."""
