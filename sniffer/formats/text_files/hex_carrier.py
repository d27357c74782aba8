"""What other programs made of the lines of hex text: JSON objects and pages in HTML.

In: the first lines of a text. Out: a `HexCarrier`, or None if its lines stand there as they were printed. `unwrap`
returns the lines of hex text that a line carries, each with the time and direction that belong to it.

A JSON value may hold bytes as a text in any form of hex text, or as a list of numbers. One line may hold many objects.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto
from html import unescape
from itertools import islice

from sniffer.base.late_pattern import compile_late
from sniffer.base.times import SECOND
from sniffer.formats.text_files.channel_words import WORD
from sniffer.formats.text_files.hex_line import HexLine, parse_hex_line
from sniffer.formats.text_files.printed_time import find_time

_TAG = compile_late(
    r"</?(?:html|head|body|pre|code|p|br|hr|div|span|font|table|tbody|thead|tr|td|th|ul|ol|li|b|i|u|em|strong|a|Events?"
    r"|System|EventData|Data)\b[^<>]{0,300}/?>",
    2,
)
_BREAK = compile_late(r"<br\b[^<>]{0,99}>|</(?:p|div|tr|li|pre|Event)>", 2)
_CELL = compile_late(r"</t[dh]>|</Data>", 2)
_SPACE_CODE = compile_late(r"&nbsp;|&#160;|&#xa0;", 2)
_TIME_KEY = compile_late(r"[@_]*(?:timestamp|time|ts|t|date|datetime|realtime_timestamp|when|at)", 2)
_WAY_KEY = compile_late(r"(?:dir(?:ection)?|way|channel|port|side)", 2)
_DIGITS = compile_late(r"[0-9]{10,19}")
_UNITS = ((17, 1), (14, 1_000), (11, 1_000_000), (0, SECOND))
"""The fewest digits of a time since the epoch but one, and its unit in nanoseconds."""

_MOST_TRIED = 100
_MOST_DEPTH = 8
_BYTE = compile_late(r"0[xX][0-9A-Fa-f]{1,2}|[0-9A-Fa-f]{2}")
_LEAST_BYTE, _MOST_BYTE = -128, 255
_FEWEST = 2


class HexCarrier(Enum):
    """How another program carries the lines of hex text."""

    JSON = auto()
    """In JSON objects, one or more a line."""
    HTML = auto()
    """Between tags."""

    def unwrap(self, line: str) -> list[str] | None:
        """Return the lines of hex text that a line carries, the line itself if this program did not make it; None if
        it carries no bytes.
        """
        return _UNWRAP[self](line)


def find_hex_carrier(lines: Sequence[str]) -> HexCarrier | None:
    """Return the carrier of these lines; None if they are as they were printed."""
    filled = list(islice((line for line in lines if line.strip()), _MOST_TRIED))
    if any(line.lstrip()[:1] in ("{", "[") and _load(line) is not None for line in filled):
        return HexCarrier.JSON
    if any(_TAG.search(line) or _SPACE_CODE.search(line) for line in filled):
        return HexCarrier.HTML
    return None


def _load(line: str) -> object | None:
    """Return the object or list of a line; None if it is none."""
    try:
        found: object = json.loads(line.strip().rstrip(","))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _unwrap_json(line: str) -> list[str] | None:
    """Return a line of hex text for each bytes of an object, any other line itself; None if an object holds none."""
    found = _load(line) if line.lstrip()[:1] in ("{", "[") else None
    return [line] if found is None else list(_find_bytes([found])) or None


def _find_bytes(value: object, time: str = "", way: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the bytes in a value as lines of hex text, with the time and direction of the object around them."""
    if depth > _MOST_DEPTH:
        return
    members = value if isinstance(value, dict) else dict(enumerate(value)) if isinstance(value, list) else {}
    time = next(filter(None, (_read_time(key, one) for key, one in members.items())), time)
    way = next(filter(None, (_read_way(key, one) for key, one in members.items())), way)
    if found := _choose_bytes(list(members.values()), time, way):
        yield found
        return
    for one in members.values():
        yield from _find_bytes(one, time, way, depth + 1)


def _choose_bytes(values: Sequence[object], time: str, way: str) -> str:
    """Return the value with the most bytes as a line of hex text; empty if none of them holds bytes."""
    found = max(map(_read_bytes, values), key=lambda one: one[0], default=(0, "", None))
    count, text, parsed = found
    if count < _FEWEST:
        return ""
    before = "" if parsed and parsed.printed else time, "" if (parsed and parsed.channel) or not way else f"{way}:"
    return " ".join([*filter(None, before), text])


def _read_bytes(value: object) -> tuple[int, str, HexLine | None]:
    """Return the number of bytes in a value, the value as hex text, and what was found in a text."""
    if isinstance(value, list):
        numbers = [_read_byte(one) for one in value]
        data = bytes(one for one in numbers if one is not None)
        return (len(data), data.hex(" "), None) if len(data) == len(value) else (0, "", None)
    if not isinstance(value, str) or _DIGITS.fullmatch(value):
        return 0, "", None
    text = value.strip()
    parsed = parse_hex_line(text)
    return (len(parsed.data), text, parsed) if parsed else (0, "", None)


def _read_byte(value: object) -> int | None:
    """Return a byte that is a number, with or without a sign, or a text; None for anything else."""
    if isinstance(value, str) and _BYTE.fullmatch(value):
        return int(value, 16)
    return value & _MOST_BYTE if type(value) is int and _LEAST_BYTE <= value <= _MOST_BYTE else None


def _read_time(key: object, value: object) -> str:
    """Return the time that a member holds, as hex text prints it; empty if it holds none."""
    is_named = isinstance(key, str) and _TIME_KEY.fullmatch(key)
    text = value if isinstance(value, str) else str(value) if type(value) in (int, float) else ""
    if not (is_named or (isinstance(key, int) and isinstance(value, str))) or not text:
        return ""
    if _DIGITS.fullmatch(text):
        unit = next(unit for digits, unit in _UNITS if len(text) >= digits + 1)
        seconds, rest = divmod(int(text) * unit, SECOND)
        return f"{seconds}.{rest:09}"
    found = find_time(text)
    return text if found and found.end == len(text) else ""


def _read_way(key: object, value: object) -> str:
    """Return the direction that a member holds; empty if it holds none."""
    is_way = isinstance(value, str) and (found := WORD.match(f"{value}:")) and found.end() == len(value)
    return str(value) if is_way and (isinstance(key, int) or _WAY_KEY.fullmatch(str(key))) else ""


def _unwrap_html(line: str) -> list[str]:
    """Return the lines of a line of a page, without its tags."""
    text = _CELL.sub(" ", _BREAK.sub("\n", line))
    parts = unescape(_TAG.sub("", text)).replace("\xa0", " ").split("\n")
    return [part for part in parts if part.strip()] or [""]


_UNWRAP: dict[HexCarrier, Callable[[str], list[str] | None]] = {
    HexCarrier.JSON: _unwrap_json,
    HexCarrier.HTML: _unwrap_html,
}
