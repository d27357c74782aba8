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
from sniffer.filter.attribute import Presence, RecordAttribute, kind_attribute
from sniffer.filter.command_values import CommandType, FrameCommand
from sniffer.filter.time_values import TimeType, Zone
from sniffer.filter.value_types import BytesType, ChoiceType, DigitsType, NumberType, TextType
from sniffer.text.describe import UNKNOWN_FAULT

ALIASES = {"frame": "link", "direction": "dir", "sequence": "seq"}
"""Other words for the same: what has a link is a frame."""

_NANOSECONDS = 1e9


def record_attributes(definition: Definition, zone: Zone) -> dict[str, RecordAttribute]:
    """All of them by name, aliases too."""
    found = {
        one.name: one for group in (_kinds(definition), _frames(definition), _texts(), _times(zone)) for one in group
    }
    return found | {alias: found[name] for alias, name in ALIASES.items()}


def _kinds(definition: Definition) -> Iterator[RecordAttribute]:
    """What a record is, and what it showed."""
    reasons = ChoiceType("a reason of noise", [reason.value for reason in Reason])
    events = ChoiceType("an event", EVENT_NAMES.values())
    faults = ChoiceType("a fault of the error table", [*(row.meaning for row in definition.errors), UNKNOWN_FAULT])
    yield kind_attribute("noise", reasons, lambda shape: shape.reason.value if shape.reason else None)
    yield kind_attribute("crc", ChoiceType("good or bad", ["bad", "good"]), _crc)
    yield RecordAttribute("event", events, _maybe, _events, several=True)
    yield RecordAttribute("fault", faults, _maybe, _faults, several=True)


def _frames(definition: Definition) -> Iterator[RecordAttribute]:
    """What all frames have, and some of it noise as well."""
    in_frame, in_bytes = _some("frame"), _some("frame", "noise")
    called = [*(command.name for command in definition.commands), *(line.name for line in definition.lines)]
    yield RecordAttribute("command", CommandType(definition), _command_of_shape, _of_frame(_command))
    yield RecordAttribute("name", ChoiceType("a known name", called, _is_unknown_command), _name_of_shape, _name)
    yield kind_attribute("dir", ChoiceType("a direction", get_args(Direction)), _direction)
    yield kind_attribute(
        "link", ChoiceType("a link", LINKS), lambda shape: shape.route.link.name if shape.route else None
    )
    yield RecordAttribute("seq", DigitsType(4), in_frame, _of_frame(lambda message: message.frame.sequence))
    yield RecordAttribute(
        "length", NumberType("bytes"), in_frame, _of_frame(lambda message: len(message.frame.payload))
    )
    yield RecordAttribute("size", NumberType("bytes"), in_bytes, lambda record, _: _sized(record))
    yield RecordAttribute("payload", BytesType(), in_frame, _of_frame(lambda message: message.frame.payload))
    yield RecordAttribute("raw", BytesType(), in_bytes, lambda record, _: _raw(record))
    yield RecordAttribute(UNDEFINED, BytesType(), _maybe_of_frame, _of_frame(_undefined))
    yield RecordAttribute("problem", TextType(), _maybe_of_frame, _of_frame(lambda message: message.problem or None))
    for kind in ("answers", "repeats", "relays"):
        yield RecordAttribute(kind, NumberType(), _maybe_of_frame, _referring(kind))
    yield RecordAttribute("latency", NumberType("seconds"), _maybe_of_frame, _latency)


def _texts() -> Iterator[RecordAttribute]:
    """What lines of a log have."""
    yield RecordAttribute("text", TextType(), _some("text"), _of_text(lambda message: message.line.text))
    yield RecordAttribute("process", TextType(), _maybe_of_text, _of_text(lambda message: message.line.process))


def _times(zone: Zone) -> Iterator[RecordAttribute]:
    """Where a record is in its session."""
    yield RecordAttribute("number", NumberType(), lambda _: Presence.SOME, lambda record, _: record.number)
    yield RecordAttribute("line", NumberType(), _maybe, lambda record, _: record.line)
    yield RecordAttribute("time", TimeType(zone), _maybe, lambda record, _: record.time)
    yield RecordAttribute("delta", NumberType("seconds"), _maybe, _delta)


def _maybe(_: RecordKind) -> Presence:
    return Presence.MAYBE


def _maybe_of_frame(shape: RecordKind) -> Presence | None:
    return Presence.MAYBE if shape.kind == "frame" else None


def _maybe_of_text(shape: RecordKind) -> Presence | None:
    return Presence.MAYBE if shape.kind == "text" else None


def _some(*kinds: str) -> Callable[[RecordKind], Presence | None]:
    return lambda shape: Presence.SOME if shape.kind in kinds else None


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


def _command(message: Message) -> FrameCommand:
    return FrameCommand(message.frame.link, message.frame.command, message.command.name if message.command else None)


def _command_of_shape(shape: RecordKind) -> FrameCommand | Presence | None:
    if shape.command:
        return FrameCommand(shape.command.route.link, shape.command.code, shape.command.name)
    return Presence.SOME if shape.kind == "frame" else None


def _name(record: Record, _: int | None) -> str | None:
    if isinstance(record.item, Message):
        return record.item.name
    return record.item.meaning.name if isinstance(record.item, TextMessage) and record.item.meaning else None


def _name_of_shape(shape: RecordKind) -> str | Presence | None:
    if known := shape.command or shape.line:
        return known.name
    return Presence.SOME if shape.kind == "frame" else None


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
