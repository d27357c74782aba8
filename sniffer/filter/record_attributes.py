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
from sniffer.core.protocol.ocpp_message import OcppDirection, OcppKind, OcppMessage
from sniffer.core.protocol.ocpp_parameters import OCPP_ACTIONS
from sniffer.core.record import Record
from sniffer.core.record_kind import KindName, RecordKind
from sniffer.core.wire.frame import Noise, Reason
from sniffer.filter.attribute import Presence, RecordAttribute, kind_attribute
from sniffer.filter.command_values import CommandType, FrameCommand
from sniffer.filter.time_values import TimeType, Zone
from sniffer.filter.value_types import BytesType, ChoiceType, DigitsType, DirectionType, NumberType, TextType
from sniffer.text import describe
from sniffer.text.describe import UNKNOWN_FAULT

ALIASES = {"frame": "link", "direction": "dir", "sequence": "seq", "type": "kind"}
"""Other names of the same attributes: `frame` alone is true of what has a link."""


def record_attributes(definition: Definition, zone: Zone) -> dict[str, RecordAttribute]:
    """Return all attributes by name, aliases included."""
    groups = (
        _build_item_attributes(definition),
        _build_frame_attributes(definition),
        _build_text_attributes(),
        _build_ocpp_attributes(),
        _build_order_attributes(zone),
    )
    attributes = {attribute.name: attribute for group in groups for attribute in group}
    return attributes | {alias: attributes[name] for alias, name in ALIASES.items()}


def _build_item_attributes(definition: Definition) -> Iterator[RecordAttribute]:
    """Yield the attributes for the kind of a record and its events."""
    reasons = ChoiceType("a reason of noise", [reason.value for reason in Reason])
    events = ChoiceType("an event", EVENT_NAMES.values())
    faults = ChoiceType("a fault of the error table", [*(row.meaning for row in definition.errors), UNKNOWN_FAULT])
    yield kind_attribute("kind", ChoiceType("a kind of record", get_args(KindName)), lambda kind: kind.kind)
    yield kind_attribute("noise", reasons, lambda kind: kind.reason.value if kind.reason else None)
    yield kind_attribute("crc", ChoiceType("good, bad or none", ["bad", "good", "none"]), _judge_crc)
    yield RecordAttribute("event", events, _allow_in_all, _list_events, is_multiple=True)
    yield RecordAttribute("fault", faults, _allow_in_all, _list_faults, is_multiple=True)


def _build_frame_attributes(definition: Definition) -> Iterator[RecordAttribute]:
    """Yield the attributes of all frames, some of which noise has as well."""
    in_frame, in_bytes = _require_in("frame"), _require_in("frame", "noise")
    framed = definition.links.framed
    links = sorted(definition.links.links, key=lambda name: name not in framed)
    routes = sorted(definition.links.routes, key=lambda route: route.link.name not in framed)
    directions = [*dict.fromkeys(route.direction for route in routes if route.direction)]
    names = [*(command.name for command in definition.ordered_commands), *(line.name for line in definition.lines)]
    yield RecordAttribute("command", CommandType(definition), _find_kind_command, _build_frame_reader(_build_command))
    yield RecordAttribute("name", ChoiceType("a known name", names, _is_unknown_command), _find_kind_name, _find_name)
    yield kind_attribute("dir", DirectionType("a direction", directions), _find_direction)
    yield kind_attribute("link", ChoiceType("a link", links), lambda kind: kind.route.link.name if kind.route else None)
    yield RecordAttribute("seq", DigitsType(4), in_frame, _build_frame_reader(lambda message: message.frame.sequence))
    if any(link.address for name, link in definition.links.links.items() if name in framed):
        yield RecordAttribute("address", DigitsType(16), in_frame, _build_frame_reader(_find_address))
    yield RecordAttribute(
        "length", NumberType("bytes"), in_frame, _build_frame_reader(lambda message: len(message.frame.payload))
    )
    yield RecordAttribute("size", NumberType("bytes"), in_bytes, lambda record, _: _count_bytes(record))
    yield RecordAttribute("payload", BytesType(), in_frame, _build_frame_reader(lambda message: message.frame.payload))
    yield RecordAttribute("raw", BytesType(), in_bytes, lambda record, _: _find_raw(record))
    yield RecordAttribute(UNDEFINED, BytesType(), _allow_in_frames, _build_frame_reader(_find_undefined))
    yield RecordAttribute(
        "problem", TextType(), _allow_in_frames, _build_frame_reader(lambda message: message.problem or None)
    )
    for relation in ("answers", "repeats", "relays"):
        yield RecordAttribute(relation, NumberType(), _allow_in_exchanges, _build_reference_reader(relation))
    yield RecordAttribute("latency", NumberType("seconds"), _allow_in_exchanges, _compute_latency)


def _find_address(message: Message) -> int | None:
    """Return the address of a frame; None if its link has none."""
    address = message.frame.route.address
    return address.read(message.frame.content) if address else None


def _build_text_attributes() -> Iterator[RecordAttribute]:
    """Yield the attributes of the lines of a text log."""
    yield RecordAttribute(
        "text", TextType(), _require_in("text", "ocpp"), _build_text_reader(lambda message: message.line.text)
    )
    yield RecordAttribute(
        "process", TextType(), _allow_in_text, _build_text_reader(lambda message: message.line.process)
    )


def _build_ocpp_attributes() -> Iterator[RecordAttribute]:
    """Yield the attributes of OCPP messages of a text log. The action of a result or an error is that of its call."""
    in_ocpp, directions = _require_in("ocpp"), DirectionType("a direction of OCPP", get_args(OcppDirection))
    calls = ChoiceType("a kind of OCPP message", get_args(OcppKind))
    yield RecordAttribute("ocpp", directions, in_ocpp, _build_ocpp_reader(lambda message: message.direction))
    yield RecordAttribute("ocpp.action", TextType(OCPP_ACTIONS), _allow_in_ocpp, _find_ocpp_action)
    yield RecordAttribute("ocpp.id", TextType(), in_ocpp, _build_ocpp_reader(lambda message: message.id))
    yield RecordAttribute("ocpp.call", calls, in_ocpp, _build_ocpp_reader(lambda message: message.kind))


def _build_order_attributes(zone: Zone) -> Iterator[RecordAttribute]:
    """Yield the position of a record in its session."""
    yield RecordAttribute("number", NumberType(), lambda _: Presence.ALWAYS, lambda record, _: record.number)
    yield RecordAttribute("line", NumberType(), _allow_in_all, lambda record, _: record.line)
    yield RecordAttribute("time", TimeType(zone), _allow_in_all, lambda record, _: record.time)
    yield RecordAttribute("delta", NumberType("seconds"), _allow_in_all, _compute_delta)


def _allow_in_all(_: RecordKind) -> Presence:
    """Return that a record of any kind may have the attribute."""
    return Presence.MAYBE


def _allow_in_frames(kind: RecordKind) -> Presence | None:
    """Return that a frame may have the attribute; None for other kinds, which never have it."""
    return Presence.MAYBE if kind.kind == "frame" else None


def _allow_in_text(kind: RecordKind) -> Presence | None:
    """Return that a log line may have the attribute; None for other kinds, which never have it."""
    return Presence.MAYBE if kind.kind in ("text", "ocpp") else None


def _allow_in_ocpp(kind: RecordKind) -> Presence | None:
    """Return that an OCPP message may have the attribute; None for other kinds, which never have it."""
    return Presence.MAYBE if kind.kind == "ocpp" else None


def _allow_in_exchanges(kind: RecordKind) -> Presence | None:
    """Return that a frame or an OCPP message may have the attribute; None for other kinds, which never have it."""
    return Presence.MAYBE if kind.kind in ("frame", "ocpp") else None


def _require_in(*kinds: str) -> Callable[[RecordKind], Presence | None]:
    """Return a function that returns `ALWAYS` for these kinds, and None for others, which never have the attribute."""
    return lambda kind: Presence.ALWAYS if kind.kind in kinds else None


def _build_frame_reader(value_of: Callable[[Message], Any]) -> Callable[[Record, int | None], Any]:
    """Return the function of an attribute that frames have; it returns None for other records."""
    return lambda record, _: value_of(record.item) if isinstance(record.item, Message) else None


def _build_text_reader(value_of: Callable[[TextMessage], Any]) -> Callable[[Record, int | None], Any]:
    """Return the function of an attribute that log lines have; it returns None for other records."""
    return lambda record, _: value_of(record.item) if isinstance(record.item, TextMessage) else None


def _build_ocpp_reader(value_of: Callable[[OcppMessage], Any]) -> Callable[[Record, int | None], Any]:
    """Return the function of an attribute that OCPP messages have; it returns None for other records."""
    return _build_text_reader(lambda message: value_of(message.ocpp) if message.ocpp else None)


def _find_ocpp_action(record: Record, _: int | None) -> str | None:
    """Return the action of an OCPP message; None for other records, and if the call of a result is not known."""
    item = record.item
    return describe.find_ocpp_action(item.ocpp, record.refers) if isinstance(item, TextMessage) and item.ocpp else None


def _judge_crc(kind: RecordKind) -> str | None:
    """Return `good` or `bad`, and `none` for a frame whose link has no check; None for records that are no frame."""
    if kind.reason is Reason.CRC:
        return "bad"
    if kind.route and not kind.route.link.is_checked:
        return "none"
    return "good" if kind.kind == "frame" else None


def _list_events(record: Record, _: int | None) -> tuple[str, ...]:
    """Return the names of a record's events."""
    return tuple(EVENT_NAMES[type(event)] for event in record.events)


def _list_faults(record: Record, _: int | None) -> tuple[str, ...]:
    """Return the meanings of the faults that were raised, changed or cleared at a record."""
    return tuple(
        meaning
        for event in record.events
        if isinstance(event, FaultRaised | FaultChanged | FaultCleared)
        for meaning in event.fault.diagnosis.meanings or (UNKNOWN_FAULT,)
    )


def _build_command(message: Message) -> FrameCommand:
    """Return the command of a frame. Its name is None if the definition does not have it."""
    return FrameCommand(message.frame.link, message.frame.command, message.command.name if message.command else None)


def _find_kind_command(kind: RecordKind) -> FrameCommand | Presence | None:
    """Return the command that all records of a kind have.

    Return `ALWAYS` for frames of unknown commands, and None for other records, which have no command.
    """
    if kind.command:
        return FrameCommand(kind.command.route.link, kind.command.code, kind.command.name)
    return Presence.ALWAYS if kind.kind == "frame" else None


def _find_name(record: Record, _: int | None) -> str | None:
    """Return the name of a frame's command, or of a recognized log line; None for other records."""
    if isinstance(record.item, Message):
        return record.item.name
    return record.item.meaning.name if isinstance(record.item, TextMessage) and record.item.meaning else None


def _find_kind_name(kind: RecordKind) -> str | Presence | None:
    """Return the name that all records of a kind have.

    Return `ALWAYS` for frames of unknown commands, and None for other records, which have no name.
    """
    if named := kind.command or kind.line:
        return named.name
    return Presence.ALWAYS if kind.kind == "frame" else None


def _is_unknown_command(name: str) -> bool:
    """Return True for the name of a command that the definition does not have (`Message.name`)."""
    return name.casefold().startswith("command ") and name.casefold().endswith(" (unknown)")


def _find_direction(kind: RecordKind) -> str | None:
    """Return the direction of the route, else the one of the command; None if neither is known."""
    route = kind.route
    if route is None or route.direction:
        return route.direction if route else None
    return kind.command.route.direction if kind.command else None


def _find_raw(record: Record) -> bytes | None:
    """Return the bytes of a frame or of noise; None for other records."""
    item = record.item
    if isinstance(item, Message):
        return item.frame.raw
    return item.raw if isinstance(item, Noise) else None


def _count_bytes(record: Record) -> int | None:
    """Return the number of bytes of a frame or of noise; None for other records."""
    raw = _find_raw(record)
    return None if raw is None else len(raw)


def _find_undefined(message: Message) -> bytes | None:
    """Return the bytes at the end of the payload that the definition does not cover, or None if there are none."""
    fields = message.fields
    return bytes.fromhex(str(fields[-1].value)) if fields and fields[-1].name == UNDEFINED else None


def _build_reference_reader(relation: str) -> Callable[[Record, int | None], int | None]:
    """Return the function that returns the number of the record to which a record refers in this way.

    That function returns None if the record refers to none.
    """
    return lambda record, _: record.refers.number if record.refers and record.refers.kind == relation else None


def _compute_latency(record: Record, _: int | None) -> float | None:
    """Return the seconds between a request and this answer; None if it is no answer, or they are unknown."""
    refers = record.refers
    return refers.after / SECOND if refers and refers.kind == "answers" and refers.after is not None else None


def _compute_delta(record: Record, before: int | None) -> float | None:
    """Return the seconds since the record before, which was at the time `before`; None if a time is unknown."""
    return None if record.time is None or before is None else (record.time - before) / SECOND
