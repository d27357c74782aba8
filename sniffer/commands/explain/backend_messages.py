"""OCPP messages as a backend shows them: JSON that was copied from a screen, a log or a chat.

In: a text. Out: the messages in it, in their order. The text may hold whole messages (OCPP-J, section 4), only their
payloads, objects that contain either, several of these, with anything around them. Instead of JSON, a payload may be
names with values, as logs print objects (`errorCode=UnderVoltage`), or elements of XML. Commas too many, quotation
marks of another kind and names with underscores are accepted, and so is a message that is cut off. No text raises.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from sniffer.base.late_pattern import compile_late
from sniffer.core.protocol.ocpp_message import parse_json

Version = Literal["1.6", "2.x"]

STATUS_NOTIFICATION, NOTIFY_EVENT = "StatusNotification", "NotifyEvent"

MOST_BEGINNINGS = 200
"""The number of brackets that are tried as the beginning of JSON: a text without JSON may consist of them."""

DEEPEST = 6
"""The greatest depth in a backend's own object at which a message is looked for."""

_KINDS: Mapping[object, Literal["call", "result", "error"]] = {
    2: "call",
    3: "result",
    4: "error",
    5: "error",
    6: "call",
}
"""OCPP-J, section 4.1.3; OCPP 2.1 adds the error of a result (5) and the call without an answer (6)."""

_OF_OCPP_2_1 = (5, 6)

_NAMES = {
    name.casefold(): name
    for name in (
        *("connectorId", "errorCode", "status", "info", "timestamp", "vendorId", "vendorErrorCode"),
        *("connectorStatus", "evseId", "generatedAt", "eventData", "techCode", "techInfo"),
    )
}
"""Names of parameters, by their letters alone: some backends print `error_code` or `ErrorCode`."""

_QUOTES = str.maketrans("\u201c\u201d\u201e\u201f", '""""')
_STRING_OR_COMMA = compile_late(r'("(?:[^"\\]|\\.)*+")|,(?=\s*+[\]}])', re.DOTALL)
_PAIR = compile_late(
    r"(?<!\w)[\"']?(?P<name>[A-Za-z]{2,20}(?:[ _-][A-Za-z]{2,20}){0,3})[\"']?\s{0,4}[:=]\s{0,4}"
    r"(?:\"(?P<double>[^\"]{0,200})\"|'(?P<single>[^']{0,200})'|(?P<bare>[^\s,;(){}<>\"']{1,200}))"
)
_ELEMENT = compile_late(r"<(?:\w{1,20}:)?(?P<name>[A-Za-z]{2,30})>(?P<value>[^<>]{0,200})</")
_WORD_END = compile_late(r"[ _-]")
_BEGINNING = compile_late(r"[\[{]")
_DECODER = json.JSONDecoder()


class BackendMessage(Struct, frozen=True):
    """One message. `action` is empty where the text does not name it, as for a result or an error.

    `version` is None where the payload does not show it. `id` is None where there is only a payload. For an error the
    payload begins with its code and description. `complete` is False if the text was cut off.
    """

    action: str
    version: Version | None
    id: str | None
    payload: Mapping[str, Any]
    kind: Literal["call", "result", "error"] = "call"
    complete: bool = True


def find_messages(text: str) -> list[BackendMessage]:
    """Return the messages in a text; empty if it holds none."""
    plain = text.translate(_QUOTES)
    found = _find_in_json(plain)
    if not found and '\\"' in plain:
        # A log in JSON holds messages as texts.
        found = _find_in_json(plain.replace('\\"', '"'))
    return found if found or '":' in plain else _find_in_pairs(plain)


def _find_in_json(plain: str) -> list[BackendMessage]:
    """Return the messages in a text that are JSON, with quotation marks of either kind."""
    if '"' not in plain:
        plain = plain.replace("'", '"')
    if '"' not in plain:
        return []
    values, cut_off = _find_values(_STRING_OR_COMMA.sub(lambda found: found[1] or "", plain))
    messages = [message for value in values for message in _list_messages(value, DEEPEST)]
    return messages or [replace(message, complete=False) for message in _list_messages(cut_off, DEEPEST)]


def _find_in_pairs(plain: str) -> list[BackendMessage]:
    """Return the message whose payload is printed as names with values; none if the names are not those of one."""
    pairs = [(one["name"], one["value"]) for one in _ELEMENT.finditer(plain)]
    pairs += [(one["name"], one["double"] or one["single"] or one["bare"] or "") for one in _PAIR.finditer(plain)]
    payload = {name: value for words, value in pairs if (name := _find_name(words))}
    message = _read_payload(payload)
    return [message] if message else []


def _find_name(words: str) -> str:
    """Return the name of a parameter that ends these words; empty if there is none."""
    parts = _WORD_END.split(words)
    names = ("".join(parts[at:]).casefold() for at in range(len(parts)))
    return next((_NAMES[name] for name in names if name in _NAMES), "")


def is_json(text: str) -> bool:
    """Return True if the text begins as a JSON object, or as an OCPP message."""
    return bool(re.match(r"\s*+(?:\{|\[\s*+\d\s*+,)", text))


def _find_values(text: str) -> tuple[list[Any], Any]:
    """Return all JSON objects and arrays in a text, and the parts of the first that is cut off.

    The second value is None if none is.
    """
    values: list[Any] = []
    cut_off = None
    at = 0
    for _ in range(MOST_BEGINNINGS):
        beginning = _BEGINNING.search(text, at)
        if beginning is None:
            break
        try:
            value, at = _DECODER.raw_decode(text, beginning.start())
            values.append(value)
        except (ValueError, RecursionError):
            at = beginning.end()
            cut_off = cut_off or parse_json(text[beginning.start() :])[0]
    return values, cut_off


def _list_messages(value: Any, depth: int) -> Iterator[BackendMessage]:
    """Yield the messages in a JSON value: the value itself, or those in it. At most `depth` objects are gone into."""
    if message := _read_message(value):
        yield message
    elif depth == 0:
        return
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _list_messages(inner, depth - 1)
    elif isinstance(value, str) and _BEGINNING.match(value.lstrip()):
        # Backends store messages as texts in their own objects.
        for inner in _find_values(value)[0]:
            yield from _list_messages(inner, depth - 1)


def _read_message(value: Any) -> BackendMessage | None:
    """Return the message that a value is, or None if it is not one."""
    if isinstance(value, dict):
        return _read_payload(value)
    if not isinstance(value, list) or len(value) < 2 or type(value[0]) is not int or not isinstance(value[1], str):
        return None
    number, id_, *rest = value
    kind = _KINDS.get(number)
    if kind is None or (number in _OF_OCPP_2_1 and not (rest and isinstance(rest[0], str))):
        return None
    version: Version | None = "2.x" if number in _OF_OCPP_2_1 else None
    payload = rest.pop() if rest and isinstance(rest[-1], dict) else {}
    texts = [text for text in rest if isinstance(text, str)]
    if kind == "error":
        named = dict(zip(("errorCode", "errorDescription"), texts, strict=False))
        return BackendMessage("", version, id_, {**named, **payload}, kind)
    action = texts[0] if texts and kind == "call" else ""
    known = _read_payload(payload) if action in (STATUS_NOTIFICATION, NOTIFY_EVENT) else None
    if known and known.action == action:
        return replace(known, id=id_)
    return BackendMessage(action, version, id_, payload, kind)


def _read_payload(payload: Mapping[str, Any]) -> BackendMessage | None:
    """Return the message of which this is the payload, by the names in it; None if they are not those of a message."""
    payload = {_NAMES.get(name.replace("_", "").casefold(), name): value for name, value in payload.items()}
    if isinstance(payload.get("eventData"), list):
        return BackendMessage(NOTIFY_EVENT, "2.x", None, payload)
    if "connectorStatus" in payload:
        return BackendMessage(STATUS_NOTIFICATION, "2.x", None, payload)
    if "vendorErrorCode" in payload or ("errorCode" in payload and {"status", "connectorId"} & payload.keys()):
        return BackendMessage(STATUS_NOTIFICATION, "1.6", None, payload)
    if "techCode" in payload or {"component", "variable"} <= payload.keys():
        return BackendMessage(NOTIFY_EVENT, "2.x", None, {"eventData": [payload]})
    return None
