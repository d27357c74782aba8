"""The reader of JSON lines: the output of `dump --json` (`sniffer.formats.jsonl.writer`) becomes a session again.

In: a line. Out: the items that the source gave: bytes, a line of a text log, or an event of a tap, each after its note.
Whatever the session concluded from them is ignored, because it is concluded again: other events, names, fields,
summaries. A frame with the key `process`, which may be null, was printed by a text log; any other came from a tap.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from sniffer.base.late_pattern import compile_late
from sniffer.base.times import MILLISECOND, nanoseconds_of
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import (
    MOST_TAPS,
    BaudChange,
    Idle,
    LatencyBound,
    LineError,
    LineErrorMark,
    Note,
    Segments,
    TapGap,
    TapLineError,
    TapRestored,
    TapShared,
)
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import ROUTES
from sniffer.core.wire.mended import Mended
from sniffer.formats.charger_log import zone_seconds_of
from sniffer.formats.charger_log_writer import guess_route
from sniffer.formats.jsonl.mended_keys import parse_mended
from sniffer.formats.jsonl.splitter import to_utf8

Object = dict[str, Any]
JsonItem = (
    Segments | LogLine | TapGap | TapRestored | BaudChange | LatencyBound | TapShared | TapLineError | Idle | Note
)

_ROUTES: dict[Any, Route] = {(route.link.name, route.direction): route for route in ROUTES}
_RESULT = compile_late(rb'\{\s*+"type"\s*+:\s*+"(?:report|comparison|status|port)"')
_TYPES = ("frame", "noise", "text", "ocpp", "event", "note")
_OTHER_TYPE = rf'\s*+:\s*+"(?!(?:{"|".join(_TYPES)})")[^"]*+"'
_TYPE = compile_late(rf'\{{\s*+"type"(?!{_OTHER_TYPE})'.encode())
_EMBEDDED = compile_late(rf'[^\n]*?\{{\\?"type\\?": \\?"(?:{"|".join(_TYPES)})\\?", \\?"time\\?": '.encode())
"""The beginning of the first line if another program printed before the object, or made a text of it."""

_HEAD_SIZE = 1 << 14
"""Bytes in which the type of the first object is looked for, as its keys may be in any order."""

_LONGEST_NAME = 20
_LARGEST_NUMBER = 10**18
_LARGEST_BAUD = 10**9
_LARGEST_LATENESS = 10**9


def is_json_lines(head: bytes) -> bool:
    """Return True if a file with this beginning is the output of `dump --json`, or an array of its objects."""
    whole = to_utf8(head).lstrip()
    if _EMBEDDED.match(whole):
        return True
    text = whole.removeprefix(b"[").lstrip()
    if not text.startswith(b"{") or is_result(text):
        return False
    if _TYPE.match(text):
        return True
    try:
        # Another program may have put the keys into another order.
        entry, _ = json.JSONDecoder().raw_decode(text[:_HEAD_SIZE].decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    return isinstance(entry, dict) and entry.get("type") in _TYPES


def is_result(head: bytes) -> bool:
    """Return True if a file with this beginning is the JSON of a report, a status or a list of ports."""
    return _RESULT.match(head) is not None


def parse_object(line: bytes) -> Object | None:
    """Return the object on a line, or None if the line is blank. Raises `ValueError` that says what is wrong."""
    if not line.strip(b"\0 \t\r\n"):
        if b"\0" in line:
            raise ValueError("there are only zero bytes in it, as a loss of power leaves them")
        return None
    try:
        parsed = _load(line)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    except ValueError as error:
        raise ValueError("it is no JSON") from error
    if not isinstance(parsed, dict):
        raise ValueError("it is no JSON object")
    return parsed


def _load(line: bytes) -> Any:
    """Return the value on a line; the object in it if another program printed before it, or made a text of it.

    Raises `ValueError` if it is no JSON.
    """
    try:
        parsed = json.loads(line)
    except ValueError:
        begin, end = line.find(b'{"type"'), line.rfind(b"}") + 1
        if begin < 0 or (begin, end) == (0, len(line)):
            raise
        return json.loads(line[begin:end])
    if isinstance(parsed, dict) and "type" not in parsed:
        texts = [text for text in parsed.values() if isinstance(text, str) and text.startswith('{"type"')]
        return json.loads(texts[0]) if texts else parsed
    return parsed


def items_of(entry: Object) -> Iterator[JsonItem]:
    """Yield the item of an object after its note; nothing if the session concluded the object.

    Raises `ValueError` that says what is wrong with the object.
    """
    item = _parse_item(entry)
    if item is None:
        return
    if not isinstance(item, Note) and (note := _text_of(entry, "note", "")):
        yield Note(note)
    yield item


def number_of(line: bytes) -> int | None:
    """Return the number of the record of the object on a line that `items_of` accepts; None if it has none."""
    number = (parse_object(line) or {}).get("number")
    return number if type(number) is int else None


def zone_of(entry: Object) -> tzinfo | None:
    """Return the time zone of an object that `items_of` accepts, or None if it has no time."""
    moment = _moment_of(entry)
    return timezone(moment.utcoffset() or timedelta()) if moment else None


def _parse_item(entry: Object) -> JsonItem | None:
    """Return the item of an object; None for one that the session concluded.

    Raises `ValueError` if the object has no type, or one that `dump --json` does not write.
    """
    match entry.get("type"):
        case "frame" | "noise":
            return _parse_bytes(entry)
        case "text" | "ocpp":
            return _parse_text(entry)
        case "event":
            return _parse_tap_event(entry)
        case "note":
            return Note(_text_of(entry, "note"), _integer_of(entry, "number", _LARGEST_NUMBER))
        case str(name):
            raise ValueError(f"its type {name[:_LONGEST_NAME]!r} is none of `dump --json`")
    raise ValueError("it has no type")


def _parse_text(entry: Object) -> LogLine:
    """Return the line of a log from its object."""
    moment = _moment_of(entry)
    return LogLine(
        time=nanoseconds_of(moment) if moment else None,
        process=_text_of(entry, "process", None),
        text=_text_of(entry, "text"),
        number=_line_number_of(entry),
        continues=_is_continuation(entry),
        zone=zone_seconds_of(moment) if moment else None,
        mended=_mended_of(entry),
    )


def _mended_of(entry: Object) -> Mended | None:
    """Return how the line of an object was mended; None if it was not. Raises `ValueError` if the key is wrong."""
    return parse_mended(entry["mended"]) if "mended" in entry else None


def _is_continuation(entry: Object) -> bool:
    """Return True if the line has no time stamp of its own and belongs to the record before it.

    Raises `ValueError` if the key is no boolean.
    """
    continues = entry.get("continues", False)
    if isinstance(continues, bool):
        return continues
    raise ValueError("its continues is neither true nor false")


def _parse_tap_event(entry: Object) -> JsonItem | None:
    """Return the item of an event that a tap reported, or None for an event that the session concluded."""
    match entry.get("event"):
        case "source_lost":
            return TapGap(_time_of(entry), _text_of(entry, "reason"), _tap_of(entry))
        case "source_back":
            return TapRestored(_time_of(entry), _text_of(entry, "how"), _tap_of(entry))
        case "rate":
            baud = None if entry.get("baud") is None else _integer_of(entry, "baud", _LARGEST_BAUD)
            return BaudChange(_time_of(entry), baud or None, _text_of(entry, "evidence"), _tap_of(entry))
        case "lateness":
            return LatencyBound(_time_of(entry), _lateness_of(entry), _tap_of(entry))
        case "shared":
            return TapShared(_time_of(entry), _text_of(entry, "holder"), _tap_of(entry))
        case "line_error":
            return TapLineError(_time_of(entry), _line_error_of(entry), _tap_of(entry))
        case "overdue" | "link_health" as name:
            # Where the event belongs to a frame, it is concluded from that frame, and this changes nothing.
            time = _time_of(entry)
            return None if time is None else Idle(time, _tap_of(entry), shows_health=name == "link_health")
    return None


def _lateness_of(entry: Object) -> int:
    """Return the lateness of an object, in nanoseconds. Raises `ValueError` if it has none."""
    milliseconds = entry.get("late_ms")
    if isinstance(milliseconds, int | float) and 0 <= milliseconds <= _LARGEST_LATENESS:
        return round(milliseconds * MILLISECOND)
    raise ValueError("its late_ms is no number of milliseconds")


def _line_error_of(entry: Object) -> LineError:
    """Return the line error of an object. Raises `ValueError` if it has none."""
    try:
        return LineError(_text_of(entry, "error"))
    except ValueError as error:
        raise ValueError("its error is no line error") from error


def _parse_bytes(entry: Object) -> Segments | LogLine:
    """Return the bytes of a frame or noise: a line of a text log if the object has a process, else a piece
    of the line.
    """
    time, raw = _time_of(entry), _raw_of(entry)
    if "process" not in entry:
        return Segments(((raw, time),), _line_errors_of(entry, len(raw)), _tap_of(entry))
    names = _text_of(entry, "link", None), _text_of(entry, "direction", None)
    route = _ROUTES.get(names) or guess_route(raw)
    process, continues = _text_of(entry, "process", None), _is_continuation(entry)
    return LogLine(time, process, "", _line_number_of(entry), raw, route, continues, mended=_mended_of(entry))


def _raw_of(entry: Object) -> bytes:
    """Return the bytes of an object. Raises `ValueError` if there are none."""
    text = _text_of(entry, "raw")
    try:
        raw = bytes.fromhex(text)
    except ValueError as error:
        raise ValueError("its raw is no row of bytes in hexadecimal") from error
    if not raw:
        raise ValueError("its raw is empty")
    return raw


def _line_number_of(entry: Object) -> int | None:
    """Return the line number that a text log printed, or None if it printed none."""
    return None if entry.get("line") is None else _integer_of(entry, "line", _LARGEST_NUMBER)


def _tap_of(entry: Object) -> int:
    """Return the number of the tap, or 0 if the session has one tap only."""
    return _integer_of(entry, "tap", MOST_TAPS) if "tap" in entry else 0


def _integer_of(entry: Object, key: str, most: int) -> int:
    """Return the number of a key, from 0 to `most`. Raises `ValueError` if it is none."""
    number = entry.get(key)
    if type(number) is int and 0 <= number <= most:
        return number
    raise ValueError(f"its {key} is no number")


def _line_errors_of(entry: Object, size: int) -> tuple[LineErrorMark, ...]:
    """Return the line errors of the bytes, in the order of their positions. Raises `ValueError` if one is wrong."""
    errors = entry.get("line_errors", [])
    try:
        marks = tuple(LineErrorMark(_integer_of(one, "at", size - 1), LineError(one["error"])) for one in errors)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError("its line_errors are none") from error
    return tuple(sorted(marks))


def _time_of(entry: Object) -> int | None:
    """Return the time of an object, in nanoseconds since the epoch; None if it has none."""
    moment = _moment_of(entry)
    return None if moment is None else nanoseconds_of(moment)


def _moment_of(entry: Object) -> datetime | None:
    """Return the time of an object with its zone; None if it has none. Raises `ValueError` if it is not a time with a
    zone.
    """
    text = _text_of(entry, "time", None)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("its time is not in ISO 8601") from error
    if moment.tzinfo is None:
        raise ValueError("its time has no zone")
    return moment


_REQUIRED: Any = object()


def _text_of(entry: Object, key: str, default: Any = _REQUIRED) -> Any:
    """Return the text of a key, or the default if there is none; without a default the key is required.

    Raises `ValueError` if it is missing or no text.
    """
    value = entry.get(key, default)
    if isinstance(value, str) or (default is not _REQUIRED and value is None):
        return value
    raise ValueError(f"its {key} is no text" if key in entry else f"it has no {key}")
