"""The attributes of records that do not depend on the definition: what a record is, where it came from, and when.

In: a definition and the time zone of the session. Out: the attributes by name, the usual ones first. Their names are
those of `dump --json`, where it has them; `docs/filter.md` describes each.
"""

from collections.abc import Callable, Iterator
from typing import Any, get_args

from sniffer.base.times import SECOND
from sniffer.core.charger.events import EVENT_NAMES, FaultChanged, FaultCleared, FaultRaised
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import UNDEFINED, Message
from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.links import LINKS, Direction
from sniffer.filter.attribute import Presence, RecordAttribute, kind_attribute
from sniffer.filter.command_values import CommandType, FrameCommand
from sniffer.filter.time_values import TimeType, Zone
from sniffer.filter.value_types import BytesType, ChoiceType, DigitsType, NumberType, TextType
from sniffer.text.describe import UNKNOWN_FAULT

ALIASES = {"frame": "link", "direction": "dir", "sequence": "seq"}
"""Other names of the same attributes: `frame` alone is true of what has a link."""


def record_attributes(definition: Definition, zone: Zone) -> dict[str, RecordAttribute]:
    """Return all attributes by name, aliases included."""
    groups = (_item_attributes(definition), _frame_attributes(definition), _text_attributes(), _order_attributes(zone))
    attributes = {attribute.name: attribute for group in groups for attribute in group}
    return attributes | {alias: attributes[name] for alias, name in ALIASES.items()}


def _item_attributes(definition: Definition) -> Iterator[RecordAttribute]:
    """Yield what a record is, and its events."""
    reasons = ChoiceType("a reason of noise", [reason.value for reason in Reason])
    events = ChoiceType("an event", EVENT_NAMES.values())
    faults = ChoiceType("a fault of the error table", [*(row.meaning for row in definition.errors), UNKNOWN_FAULT])
    yield kind_attribute("noise", reasons, lambda kind: kind.reason.value if kind.reason else None)
    yield kind_attribute("crc", ChoiceType("good or bad", ["bad", "good"]), _crc)
    yield RecordAttribute("event", events, _maybe, _events, is_multiple=True)
    yield RecordAttribute("fault", faults, _maybe, _faults, is_multiple=True)


def _frame_attributes(definition: Definition) -> Iterator[RecordAttribute]:
    """Yield what all frames have, some of which noise has as well."""
    in_frame, in_bytes = _always("frame"), _always("frame", "noise")
    names = [*(command.name for command in definition.commands), *(line.name for line in definition.lines)]
    yield RecordAttribute("command", CommandType(definition), _command_of_kind, _of_frame(_command))
    yield RecordAttribute("name", ChoiceType("a known name", names, _is_unknown_command), _name_of_kind, _name)
    yield kind_attribute("dir", ChoiceType("a direction", get_args(Direction)), _direction)
    yield kind_attribute("link", ChoiceType("a link", LINKS), lambda kind: kind.route.link.name if kind.route else None)
    yield RecordAttribute("seq", DigitsType(4), in_frame, _of_frame(lambda message: message.frame.sequence))
    yield RecordAttribute(
        "length", NumberType("bytes"), in_frame, _of_frame(lambda message: len(message.frame.payload))
    )
    yield RecordAttribute("size", NumberType("bytes"), in_bytes, lambda record, _: _size(record))
    yield RecordAttribute("payload", BytesType(), in_frame, _of_frame(lambda message: message.frame.payload))
    yield RecordAttribute("raw", BytesType(), in_bytes, lambda record, _: _raw(record))
    yield RecordAttribute(UNDEFINED, BytesType(), _maybe_of_frame, _of_frame(_undefined))
    yield RecordAttribute("problem", TextType(), _maybe_of_frame, _of_frame(lambda message: message.problem or None))
    for relation in ("answers", "repeats", "relays"):
        yield RecordAttribute(relation, NumberType(), _maybe_of_frame, _reference(relation))
    yield RecordAttribute("latency", NumberType("seconds"), _maybe_of_frame, _latency)


def _text_attributes() -> Iterator[RecordAttribute]:
    """Yield what the lines of a text log have."""
    yield RecordAttribute("text", TextType(), _always("text"), _of_text(lambda message: message.line.text))
    yield RecordAttribute("process", TextType(), _maybe_of_text, _of_text(lambda message: message.line.process))


def _order_attributes(zone: Zone) -> Iterator[RecordAttribute]:
    """Yield the position of a record in its session."""
    yield RecordAttribute("number", NumberType(), lambda _: Presence.ALWAYS, lambda record, _: record.number)
    yield RecordAttribute("line", NumberType(), _maybe, lambda record, _: record.line)
    yield RecordAttribute("time", TimeType(zone), _maybe, lambda record, _: record.time)
    yield RecordAttribute("delta", NumberType("seconds"), _maybe, _delta)


def _maybe(_: RecordKind) -> Presence:
    """Return that a record of any kind may have the attribute."""
    return Presence.MAYBE


def _maybe_of_frame(kind: RecordKind) -> Presence | None:
    """Return that a frame may have the attribute; None for other kinds, which never have it."""
    return Presence.MAYBE if kind.kind == "frame" else None


def _maybe_of_text(kind: RecordKind) -> Presence | None:
    """Return that a log line may have the attribute; None for other kinds, which never have it."""
    return Presence.MAYBE if kind.kind == "text" else None


def _always(*kinds: str) -> Callable[[RecordKind], Presence | None]:
    """Return a function that returns `ALWAYS` for these kinds, and None for others, which never have the attribute."""
    return lambda kind: Presence.ALWAYS if kind.kind in kinds else None


def _of_frame(value_of: Callable[[Message], Any]) -> Callable[[Record, int | None], Any]:
    """Return the function of an attribute that frames have; it returns None for other records."""
    return lambda record, _: value_of(record.item) if isinstance(record.item, Message) else None


def _of_text(value_of: Callable[[TextMessage], Any]) -> Callable[[Record, int | None], Any]:
    """Return the function of an attribute that log lines have; it returns None for other records."""
    return lambda record, _: value_of(record.item) if isinstance(record.item, TextMessage) else None


def _crc(kind: RecordKind) -> str | None:
    if kind.reason is Reason.CRC:
        return "bad"
    return "good" if kind.kind == "frame" else None


def _events(record: Record, _: int | None) -> tuple[str, ...]:
    return tuple(EVENT_NAMES[type(event)] for event in record.events)


def _faults(record: Record, _: int | None) -> tuple[str, ...]:
    """Return the meanings of the faults that were raised, changed or cleared at a record."""
    return tuple(
        meaning
        for event in record.events
        if isinstance(event, FaultRaised | FaultChanged | FaultCleared)
        for meaning in event.fault.diagnosis.meanings or (UNKNOWN_FAULT,)
    )


def _command(message: Message) -> FrameCommand:
    return FrameCommand(message.frame.link, message.frame.command, message.command.name if message.command else None)


def _command_of_kind(kind: RecordKind) -> FrameCommand | Presence | None:
    if kind.command:
        return FrameCommand(kind.command.route.link, kind.command.code, kind.command.name)
    return Presence.ALWAYS if kind.kind == "frame" else None


def _name(record: Record, _: int | None) -> str | None:
    if isinstance(record.item, Message):
        return record.item.name
    return record.item.meaning.name if isinstance(record.item, TextMessage) and record.item.meaning else None


def _name_of_kind(kind: RecordKind) -> str | Presence | None:
    if named := kind.command or kind.line:
        return named.name
    return Presence.ALWAYS if kind.kind == "frame" else None


def _is_unknown_command(name: str) -> bool:
    """Return True for the name of a command that the definition does not have (`Message.name`)."""
    return name.casefold().startswith("command ") and name.casefold().endswith(" (unknown)")


def _direction(kind: RecordKind) -> str | None:
    route = kind.route
    if route is None or route.direction:
        return route.direction if route else None
    return kind.command.route.direction if kind.command else None


def _raw(record: Record) -> bytes | None:
    item = record.item
    if isinstance(item, Message):
        return item.frame.raw
    return item.raw if isinstance(item, Noise) else None


def _size(record: Record) -> int | None:
    raw = _raw(record)
    return None if raw is None else len(raw)


def _undefined(message: Message) -> bytes | None:
    """Return the bytes at the end of the payload that the definition does not cover, or None if there are none."""
    fields = message.fields
    return message.frame.raw[fields[-1].start : fields[-1].end] if fields and fields[-1].name == UNDEFINED else None


def _reference(relation: str) -> Callable[[Record, int | None], int | None]:
    return lambda record, _: record.refers.number if record.refers and record.refers.kind == relation else None


def _latency(record: Record, _: int | None) -> float | None:
    refers = record.refers
    return refers.after / SECOND if refers and refers.kind == "answers" and refers.after is not None else None


def _delta(record: Record, before: int | None) -> float | None:
    return None if record.time is None or before is None else (record.time - before) / SECOND
