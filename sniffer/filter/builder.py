"""Filters written for the user, as for "show the records with this value".

In: names and values, or a part of a record on the screen. Out: the text of a filter that finds this very record.
"""

from typing import get_args

from sniffer.core.protocol.conversions import Value
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.protocol.ocpp_message import OcppDirection
from sniffer.core.record import Record
from sniffer.core.wire.links import ROUTES
from sniffer.filter.tokens import KEYWORDS
from sniffer.filter.vocabulary import Vocabulary

_FRAMING = ("head", "sequence", "address", "command", "length", "crc")
"""The parts of a frame around its payload, as `framing_fields` names them."""


_DIRECTIONS = (*(route.direction for route in ROUTES), *get_args(OcppDirection))
"""The directions that a filter may name without quotes."""


def build_field_filter(name: str, value: Value, vocabulary: Vocabulary) -> str:
    """Return the filter for a field with this value, which is the one that scripts read (`FieldValue.value`)."""
    return f"{quote_name(vocabulary.name_of_field(name))} == {quote_value(value)}"


def build_part_filter(record: Record, name: str, start: int, vocabulary: Vocabulary) -> str | None:
    """Return the filter for a part of a record, or None if the record has no such part.

    The part is a field, or a part of the frame around its payload (`framing_fields`). `start` is its offset in the
    bytes of the frame, because a field can have the same name as a part of the frame; it is ignored for a log line.
    """
    item = record.item
    if isinstance(item, TextMessage):
        value = item.value(name)
        return None if value is None else build_field_filter(name, value, vocabulary)
    if not isinstance(item, Message):
        return None
    if item.frame.link.payload_at <= start < len(item.frame.raw) - item.frame.link.trailer_size or name not in _FRAMING:
        values = {field.name: field.value for field in item.fields}
        return build_field_filter(name, values[name], vocabulary) if name in values else None
    return _build_framing_filter(item, name)


def _build_framing_filter(message: Message, name: str) -> str:
    """Return the filter for a field of the frame itself: head, sequence, address, command, length or CRC."""
    frame = message.frame
    match name:
        case "head":
            return f"dir == {message.direction}" if message.direction else f"link == {frame.link.name}"
        case "sequence":
            return f"seq == {frame.sequence:04X}"
        case "address":
            return f"address == {frame.address_text}"
        case "command":
            return f"command == {frame.link.code_text(frame.command)}"
        case "length":
            return f"length == {len(frame.payload)}"
    return f'raw ~ "{frame.raw[len(frame.raw) - frame.link.trailer_size :].hex(" ").upper()}"'


def quote_name(name: str) -> str:
    """Return the name as a filter writes it: in quotes if the grammar would not take it for a word."""
    is_word = all(char.isalnum() or char in "_." for char in name) and name.casefold() not in KEYWORDS
    return name if is_word else quote(name)


def quote_value(value: Value) -> str:
    """Return the value as a filter writes it: a text in quotes unless it is a plain word or a direction."""
    if not isinstance(value, str):
        return repr(value)
    is_word = value.isascii() and value.replace("_", "a").isalnum() and value.casefold() not in KEYWORDS
    return value if is_word or value in _DIRECTIONS else quote(value)


def quote(text: str) -> str:
    """Return the text in double quotes, with backslashes where they are needed."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
