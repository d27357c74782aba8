"""JSON lines back in: what `dump --json` wrote (`sniffer.formats.jsonl.writer`), read as it was seen.

In: a line. Out: the bytes, the log line, or what a tap told of itself, each after its note. What was concluded from
them is left out, as it is concluded again: events, names, fields, summaries. A frame that a log printed says by which
process (`process`, which may be null); any other was read from a tap.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from sniffer.base.times import MILLISECOND
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.frame import (
    MOST_TAPS,
    BaudChange,
    LatencyBound,
    LineError,
    LineErrorMark,
    Segments,
    TapGap,
    TapRestored,
)
from sniffer.core.wire.items import Note
from sniffer.core.wire.links import ROUTES, Route
from sniffer.formats.charger_log import guess_route, nanoseconds_of

Object = dict[str, Any]
JsonItem = Segments | LogLine | TapGap | TapRestored | BaudChange | LatencyBound | Note

_ROUTES: dict[Any, Route] = {(route.link.name, route.direction): route for route in ROUTES}
_LARGEST_NUMBER = 10**18
_LARGEST_BAUD = 10**9
_LATEST = 10**9


def is_json_lines(head: bytes) -> bool:
    """Whether a file that begins so is the output of `dump --json`."""
    return head.lstrip().startswith(b'{"type"')


def parse_object(line: bytes) -> Object | None:
    """The object on a line; None where it is blank. Raises `ValueError` with what is wrong with it."""
    if not line.strip():
        return None
    try:
        found = json.loads(line)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    except ValueError as error:
        raise ValueError("it is no JSON") from error
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")
    return found


def items_of(found: Object) -> Iterator[JsonItem]:
    """What an object says; nothing where it is a conclusion. Raises `ValueError` with what is wrong with it."""
    item = _item(found)
    if item is None:
        return
    if note := _text(found, "note", ""):
        yield Note(note)
    yield item


def zone_of(found: Object) -> tzinfo | None:
    """The zone in which an object that `items_of` understands tells its time; None where it has no time."""
    moment = _moment(found)
    return timezone(moment.utcoffset() or timedelta()) if moment else None


def _item(found: Object) -> Segments | LogLine | TapGap | TapRestored | BaudChange | LatencyBound | None:
    match found.get("type"):
        case "frame" | "noise":
            return _bytes(found)
        case "text":
            process = _text(found, "process", None)
            return LogLine(_time(found), process, _text(found, "text"), _number(found))
        case "event":
            return _told_by_tap(found)
        case str():
            return None
    raise ValueError("it has no type")


def _told_by_tap(found: Object) -> TapGap | TapRestored | BaudChange | LatencyBound | None:
    """What is an event, but no conclusion."""
    match found.get("event"):
        case "source_lost":
            return TapGap(_time(found), _text(found, "reason"), _tap(found))
        case "source_back":
            return TapRestored(_time(found), _text(found, "how"), _tap(found))
        case "rate":
            baud = None if found.get("baud") is None else _whole(found, "baud", _LARGEST_BAUD)
            return BaudChange(_time(found), baud or None, _text(found, "evidence"), _tap(found))
        case "lateness":
            return LatencyBound(_time(found), _late(found), _tap(found))
    return None


def _late(found: Object) -> int:
    milliseconds = found.get("late_ms")
    if isinstance(milliseconds, int | float) and 0 <= milliseconds <= _LATEST:
        return round(milliseconds * MILLISECOND)
    raise ValueError("its late_ms is no number of milliseconds")


def _bytes(found: Object) -> Segments | LogLine:
    time, raw = _time(found), _raw(found)
    if "process" not in found:
        return Segments(((raw, time),), _marks(found, len(raw)), _tap(found))
    route = _ROUTES.get((found.get("link"), found.get("direction"))) or guess_route(raw)
    return LogLine(time, _text(found, "process", None), "", _number(found), raw, route)


def _raw(found: Object) -> bytes:
    text = _text(found, "raw")
    try:
        raw = bytes.fromhex(text)
    except ValueError as error:
        raise ValueError("its raw is no row of bytes in hexadecimal") from error
    if not raw:
        raise ValueError("its raw is empty")
    return raw


def _number(found: Object) -> int | None:
    """The number that a text log printed on it."""
    return None if found.get("line") is None else _whole(found, "line", _LARGEST_NUMBER)


def _tap(found: Object) -> int:
    """Which of several taps it was; 0 where there is only one."""
    return _whole(found, "tap", MOST_TAPS) if "tap" in found else 0


def _whole(found: Object, key: str, most: int) -> int:
    number = found.get(key)
    if type(number) is int and 0 <= number <= most:
        return number
    raise ValueError(f"its {key} is no number")


def _marks(found: Object, size: int) -> tuple[LineErrorMark, ...]:
    """What the receiver found wrong with the bytes, in their order."""
    errors = found.get("line_errors", [])
    try:
        marks = tuple(LineErrorMark(_whole(one, "at", size - 1), LineError(one["error"])) for one in errors)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError("its line_errors are none") from error
    return tuple(sorted(marks))


def _time(found: Object) -> int | None:
    moment = _moment(found)
    return None if moment is None else nanoseconds_of(moment)


def _moment(found: Object) -> datetime | None:
    text = _text(found, "time", None)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("its time is not in ISO 8601") from error
    if moment.tzinfo is None:
        raise ValueError("its time has no zone")
    return moment


_NEEDED: Any = object()


def _text(found: Object, key: str, default: Any = _NEEDED) -> Any:
    """The text under a key; without a default it has to be there."""
    value = found.get(key, default)
    if isinstance(value, str) or (default is not _NEEDED and value is None):
        return value
    raise ValueError(f"its {key} is no text" if key in found else f"it has no {key}")
