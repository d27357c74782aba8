"""The names that every record can have, whatever the definition says: what it is, where it came from, when.

In: a definition and the zone of the session's times. Out: the properties by name, in the order in which people think of
them. They are called as `dump --json` calls them, where it does; README.md describes each.
"""

from collections.abc import Callable, Iterator
from typing import Any, get_args

from sniffer.core.charger.events import EVENT_NAMES, FaultChanged, FaultCleared, FaultRaised
from sniffer.core.pipeline import Record
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import UNDEFINED, Message
from sniffer.core.record_kind import RecordKind
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.links import LINKS, Direction
from sniffer.filter.attribute import Property, ShapeKnowledge, by_shape
from sniffer.filter.command_values import Called, CommandCode
from sniffer.filter.time_values import Moment, Zone
from sniffer.filter.value_types import BytesType, ChoiceType, DigitsType, NumberType, TextType
from sniffer.text.describe import UNKNOWN_FAULT

ALIASES = {"frame": "link", "direction": "dir", "sequence": "seq"}
"""Other words for the same: what has a link is a frame."""

_NANOSECONDS = 1e9


def properties(definition: Definition, zone: Zone) -> dict[str, Property]:
    """All of them by name, aliases too."""
    found = {
        one.name: one for group in (_kinds(definition), _frames(definition), _texts(), _times(zone)) for one in group
    }
    return found | {alias: found[name] for alias, name in ALIASES.items()}


def _kinds(definition: Definition) -> Iterator[Property]:
    """What a record is, and what it showed."""
    reasons = ChoiceType("a reason of noise", [reason.value for reason in Reason])
    events = ChoiceType("an event", EVENT_NAMES.values())
    faults = ChoiceType("a fault of the error table", [*(row.meaning for row in definition.errors), UNKNOWN_FAULT])
    yield by_shape("noise", reasons, lambda shape: shape.reason.value if shape.reason else None)
    yield by_shape("crc", ChoiceType("good or bad", ["bad", "good"]), _crc)
    yield Property("event", events, _maybe, _events, several=True)
    yield Property("fault", faults, _maybe, _faults, several=True)


def _frames(definition: Definition) -> Iterator[Property]:
    """What all frames have, and some of it noise as well."""
    in_frame, in_bytes = _some("frame"), _some("frame", "noise")
    called = [*(command.name for command in definition.commands), *(line.name for line in definition.lines)]
    yield Property("command", CommandCode(definition), _command_of_shape, _of_frame(_command))
    yield Property("name", ChoiceType("a known name", called, _is_unknown_command), _name_of_shape, _name)
    yield by_shape("dir", ChoiceType("a direction", get_args(Direction)), _direction)
    yield by_shape("link", ChoiceType("a link", LINKS), lambda shape: shape.route.link.name if shape.route else None)
    yield Property("seq", DigitsType(4), in_frame, _of_frame(lambda message: message.frame.sequence))
    yield Property("length", NumberType("bytes"), in_frame, _of_frame(lambda message: len(message.frame.payload)))
    yield Property("size", NumberType("bytes"), in_bytes, lambda record, _: _sized(record))
    yield Property("payload", BytesType(), in_frame, _of_frame(lambda message: message.frame.payload))
    yield Property("raw", BytesType(), in_bytes, lambda record, _: _raw(record))
    yield Property(UNDEFINED, BytesType(), _maybe_of_frame, _of_frame(_undefined))
    yield Property("problem", TextType(), _maybe_of_frame, _of_frame(lambda message: message.problem or None))
    for kind in ("answers", "repeats", "relays"):
        yield Property(kind, NumberType(), _maybe_of_frame, _referring(kind))
    yield Property("latency", NumberType("seconds"), _maybe_of_frame, _latency)


def _texts() -> Iterator[Property]:
    """What lines of a log have."""
    yield Property("text", TextType(), _some("text"), _of_text(lambda message: message.line.text))
    yield Property("process", TextType(), _maybe_of_text, _of_text(lambda message: message.line.process))


def _times(zone: Zone) -> Iterator[Property]:
    """Where a record is in its session."""
    yield Property("number", NumberType(), lambda _: ShapeKnowledge.SOME, lambda record, _: record.number)
    yield Property("line", NumberType(), _maybe, lambda record, _: record.line)
    yield Property("time", Moment(zone), _maybe, lambda record, _: record.time)
    yield Property("delta", NumberType("seconds"), _maybe, _delta)


def _maybe(_: RecordKind) -> ShapeKnowledge:
    return ShapeKnowledge.MAYBE


def _maybe_of_frame(shape: RecordKind) -> ShapeKnowledge | None:
    return ShapeKnowledge.MAYBE if shape.kind == "frame" else None


def _maybe_of_text(shape: RecordKind) -> ShapeKnowledge | None:
    return ShapeKnowledge.MAYBE if shape.kind == "text" else None


def _some(*kinds: str) -> Callable[[RecordKind], ShapeKnowledge | None]:
    return lambda shape: ShapeKnowledge.SOME if shape.kind in kinds else None


def _of_frame(read: Callable[[Message], Any]) -> Callable[[Record, int | None], Any]:
    return lambda record, _: read(record.item) if isinstance(record.item, Message) else None


def _of_text(read: Callable[[TextMessage], Any]) -> Callable[[Record, int | None], Any]:
    return lambda record, _: read(record.item) if isinstance(record.item, TextMessage) else None


def _crc(shape: RecordKind) -> str | None:
    if shape.reason is Reason.CRC:
        return "bad"
    return "good" if shape.kind == "frame" else None


def _events(record: Record, _: int | None) -> tuple[str, ...]:
    return tuple(EVENT_NAMES[type(event)] for event in record.events)


def _faults(record: Record, _: int | None) -> tuple[str, ...]:
    """The meanings of the faults that a record raised, changed or cleared."""
    return tuple(
        meaning
        for event in record.events
        if isinstance(event, FaultRaised | FaultChanged | FaultCleared)
        for meaning in event.fault.diagnosis.meanings or (UNKNOWN_FAULT,)
    )


def _command(message: Message) -> Called:
    return Called(message.frame.link, message.frame.command, message.command.name if message.command else None)


def _command_of_shape(shape: RecordKind) -> Called | ShapeKnowledge | None:
    if shape.command:
        return Called(shape.command.route.link, shape.command.code, shape.command.name)
    return ShapeKnowledge.SOME if shape.kind == "frame" else None


def _name(record: Record, _: int | None) -> str | None:
    if isinstance(record.item, Message):
        return record.item.name
    return record.item.meaning.name if isinstance(record.item, TextMessage) and record.item.meaning else None


def _name_of_shape(shape: RecordKind) -> str | ShapeKnowledge | None:
    if known := shape.command or shape.line:
        return known.name
    return ShapeKnowledge.SOME if shape.kind == "frame" else None


def _is_unknown_command(name: str) -> bool:
    """Whether this is what a command without a name is called (`Message.name`)."""
    return name.casefold().startswith("command ") and name.casefold().endswith(" (unknown)")


def _direction(shape: RecordKind) -> str | None:
    route = shape.route
    if route is None or route.direction:
        return route.direction if route else None
    return shape.command.route.direction if shape.command else None


def _raw(record: Record) -> bytes | None:
    item = record.item
    if isinstance(item, Message):
        return item.frame.raw
    return item.raw if isinstance(item, Noise) else None


def _sized(record: Record) -> int | None:
    raw = _raw(record)
    return None if raw is None else len(raw)


def _undefined(message: Message) -> bytes | None:
    """The bytes at the payload's end that no definition covers."""
    fields = message.fields
    return message.frame.raw[fields[-1].start : fields[-1].end] if fields and fields[-1].name == UNDEFINED else None


def _referring(kind: str) -> Callable[[Record, int | None], int | None]:
    return lambda record, _: record.refers.number if record.refers and record.refers.kind == kind else None


def _latency(record: Record, _: int | None) -> float | None:
    refers = record.refers
    return refers.after / _NANOSECONDS if refers and refers.kind == "answers" and refers.after is not None else None


def _delta(record: Record, before: int | None) -> float | None:
    return None if record.time is None or before is None else (record.time - before) / _NANOSECONDS
