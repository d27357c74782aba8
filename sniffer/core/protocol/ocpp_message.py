"""The OCPP messages that the charger's text log prints: `=>CSMS:[...]` and `<=CSMS:[...]`.

Sources: protocol.md, The charger's text log; OCPP-J 1.6, section 4.

In: the text of a line. Out: an `OcppMessage`, or None if the text is anything else. A message that the log cuts off
keeps the parts that are whole. No text raises: what is no JSON, or no OCPP message, stays plain text. So do values that
JSON output could not hold, such as numbers too large for a float.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from sniffer.base.late_pattern import compile_late

OcppKind = Literal["call", "result", "error"]
OcppDirection = Literal["ocpp>csms", "csms>ocpp"]

_KINDS: Mapping[int, OcppKind] = {2: "call", 3: "result", 4: "error"}
"""OCPP-J 1.6, section 4.1.3."""

_LENGTHS: Mapping[OcppKind, int] = {"call": 4, "result": 3, "error": 5}
"""The number of elements of each kind of message."""

_ARROWS: Mapping[str, OcppDirection] = {"=>": "ocpp>csms", "<=": "csms>ocpp"}
_LINE = compile_late(r"\s*+([=<][=>])\s*+CSMS\s*+:\s*+(\[.*)", re.DOTALL | re.IGNORECASE)

_PART_OF_CHARACTER = compile_late(r"(?:\\x[0-9a-f]{2}){1,3}\Z")
"""The escapes of the first bytes of a character that is cut off (`decode_line` of the log writes them)."""

_NUMBER_SIGNS = "-+.0123456789eE"

_CUT_OFF = "EOF while parsing"
"""The beginning of the parser's message if the text ends too early."""


class OcppMessage(Struct, frozen=True):
    """One OCPP message. `action` is None for a result or an error, which have only the `id` of their call.

    `payload` is the JSON object as parsed, and must not be changed; for an error it holds the details. `complete` is
    False if the JSON was cut off. `code` and `description` are those of an error.
    """

    kind: OcppKind
    id: str
    action: str | None
    payload: Mapping[str, Any]
    direction: OcppDirection
    complete: bool = True
    code: str | None = None
    description: str | None = None

    def __hash__(self) -> int:
        return hash((self.kind, self.id, self.action, self.direction))


def parse_ocpp(text: str) -> OcppMessage | None:
    """Return the OCPP message that a log line prints, or None if it prints none."""
    match = _LINE.fullmatch(text)
    direction = _ARROWS.get(match[1]) if match else None
    if match is None or direction is None:
        return None
    parsed, is_complete = parse_json(match[2].rstrip())
    return _build_message(parsed, direction, is_complete) if isinstance(parsed, list) else None


def parse_json(text: str) -> tuple[Any, bool]:
    """Return the value of a JSON text, and True unless it was cut off.

    The value is None if the text is no JSON, or if JSON output could not hold it.
    """
    import json

    text = text[:-12] + _PART_OF_CHARACTER.sub("", text[-12:])
    try:
        try:
            parsed, is_complete = _decode(text), True
        except ValueError as error:
            if not str(error).startswith(_CUT_OFF):
                return None, False
            parsed, is_complete = _decode(_drop_last_number(text), is_partial=True), False
        # A number beyond the range of floats becomes infinite, which JSON cannot express.
        json.dumps(parsed, allow_nan=False)
    except ValueError:
        return None, False
    return parsed, is_complete


def _drop_last_number(text: str) -> str:
    """Return a text that was cut off without the number at its end, which may be the beginning of a longer one."""
    number = text[len(text.rstrip(_NUMBER_SIGNS)) :].lstrip("eE")
    return text[: len(text) - len(number)]


def _decode(text: str, *, is_partial: bool = False) -> Any:
    """Return the value of a JSON text. Raises `ValueError` if it is not one, or has a key twice."""
    import jiter

    return jiter.from_json(
        text.encode(), allow_inf_nan=False, cache_mode="keys", partial_mode=is_partial, catch_duplicate_keys=True
    )


def _build_message(parts: list[Any], direction: OcppDirection, is_complete: bool) -> OcppMessage | None:
    """Return the message of the elements of its array, or None if they are not those of a message."""
    number = parts[0] if parts else None
    kind = _KINDS.get(number) if type(number) is int else None
    if kind is None or len(parts) < 2 or len(parts) > _LENGTHS[kind]:
        return None
    id_, *rest = parts[1:]
    payload = rest.pop() if rest and len(parts) == _LENGTHS[kind] else {}
    if not isinstance(payload, dict) or not all(isinstance(text, str) for text in (id_, *rest)):
        return None
    if is_complete and len(rest) < _LENGTHS[kind] - 3:
        return None
    first, second = (*rest, None, None)[:2]
    if kind == "error":
        return OcppMessage(kind, id_, None, payload, direction, is_complete, first, second)
    return OcppMessage(kind, id_, first, payload, direction, is_complete)
