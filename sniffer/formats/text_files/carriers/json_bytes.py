"""Bytes within JSON objects of other programs, as lines of hex text with the time and direction that belong to them.

In: a value of JSON. Out: a line for each bytes in it. A value may hold bytes as a text in any form of hex text, in
Base64, or as a list of numbers, if the list is named as data or holds a frame of the charger. Where an object has
several such values, the names of its members decide: one that is named as data is read first, and one that is named as
an identifier or a hash last.
"""

import binascii
import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from sniffer.base.late_pattern import compile_late
from sniffer.base.times import SECOND
from sniffer.core.wire.links import PWRBOARD
from sniffer.formats.text_files.carriers.json_texts import may_hold_text, open_text
from sniffer.formats.text_files.carriers.packet_texts import pick_layers
from sniffer.formats.text_files.carriers.trace_events import TraceEvent, parse_event
from sniffer.formats.text_files.dumps.dump_form import count_frames
from sniffer.formats.text_files.hex_lines.channel_words import WORD
from sniffer.formats.text_files.hex_lines.hex_line import HexLine, parse_hex_line
from sniffer.formats.text_files.hex_lines.hex_search import UNCLEAR
from sniffer.formats.text_files.printed_time import find_time

_TIME_KEY = compile_late(
    r"(?!.*monotonic)[@_$]*(?:[a-z]+[-_.])*(?:(?:(?:approximate)?arrival|captured?|created|enqueued|event|ingestion|log"
    r"|publish(?:ed)?|received|recorded|sample|sent|start)?(?:timestamp|time)(?:unix)?(?:nano|milli)?s?(?:_epoch)?|tst?|tsns|t|date|"
    r"datetime|when|at)",
    2,
)
_WAY_KEY = compile_late(r"_?(?:dir(?:ection)?|way|channel|port|side|topic|type|event|kind|msg|message|label|tag)", 2)
_DATA_KEY = compile_late(
    r"(?:.*[-_.])?(?:hex|data|raw|payload|bytes?|frame|packet|buf(?:fer)?|value|message|msg|log|line|text|(?:serial)?received)",
    2,
)
_ENCODED_KEY = compile_late(r"(?:.*[-_.])?(?:data|raw|payload|bytes?|frame|packet|buf(?:fer)?|b64|base64)", 2)
_LIST_KEY = compile_late(
    r".*(?:hex|data|raw|payload|byte|frame|packet|buf|message|msg|received|sent|request|response|value\b|\b[rt]xd?\b).*",
    2,
)
_IDENTIFIER = compile_late(r"_*(?:.*[-_.])?(?:msg)?(?:id|uuid|guid|cursor|hash|sha\d*|md5|etag|digest|token|key)", 2)
_WORD_OF_NAME = compile_late(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_DIGITS = compile_late(r"[0-9]{10,19}")
_UNITS = ((17, 1), (14, 1_000), (11, 1_000_000), (0, SECOND))
"""The fewest digits of a time since the epoch but one, and its unit in nanoseconds."""

_BASE64 = compile_late(r"(?:[A-Za-z0-9+/]{4}){2,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_NO_WORD = compile_late(r"(?=.*[a-z])(?=.*[A-Z]).*[0-9+/=]")
"""A pattern that words in letters of one kind, or without a digit, do not match."""

_MESSAGE_TYPES, _MESSAGE_ID = (2, 3, 4), 1
"""The types of OCPP messages (call, result, error), and the place of the identifier after the type."""

_MOST_DEPTH = 8
_MOST_AROUND = 2
_BYTE = compile_late(r"0[xX][0-9A-Fa-f]{1,2}|[0-9A-Fa-f]{2}")
_LEAST_BYTE, _MOST_BYTE = -128, 255
_FEWEST = 2

_DATA_RANK, _OTHER_RANK, _LAST_RANK, _ITEM_RANK = range(4)


class MemberKind(NamedTuple):
    """The possible content of a member. `rank` says how soon it is taken for bytes."""

    rank: int
    may_be_time: bool
    may_be_way: bool
    may_be_encoded: bool
    may_be_list: bool
    """True if a list of numbers in it is data. Other lists hold settings or measured values."""
    way: str = ""
    """The direction that the name of the member says."""


_ITEM = MemberKind(_ITEM_RANK, may_be_time=True, may_be_way=True, may_be_encoded=False, may_be_list=True)
"""An item of a list."""

_Found = tuple[int, str, HexLine | None]
"""The number of bytes in a value, the value as hex text, and what was found in a text."""

_NO_BYTES: _Found = (0, "", None)


def load(line: str) -> object | None:
    """Return the object or list of a line; None if it is none."""
    try:
        found: object = json.loads(line.strip().rstrip(","))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def load_last_object(line: str) -> tuple[int, object] | None:
    """Return where the object at the end of a line begins, after other words, and the object; None without one."""
    begin = line.find('{"', 1)
    found = load(line[begin:]) if begin > 0 and line.rstrip().endswith("}") else None
    return None if found is None else (begin, found)


def find_bytes(
    value: object, time: str = "", way: str = "", depth: int = 0, kind_around: MemberKind = _ITEM
) -> Iterator[str]:
    """Yield the bytes in a value as lines of hex text, with the time and direction of the object around them."""
    if depth > _MOST_DEPTH:
        return
    if isinstance(value, dict) and "ph" in value and (event := parse_event(value)):
        yield from _find_in_event(event, depth)
        return
    value = _open_members(value)
    item = _ITEM._replace(may_be_list=kind_around.may_be_list)
    kinds = _list_members(value, item)
    time, way = _find_context(value, kinds, time, way)
    named = [(_read_bytes(one, kind), kind.way) for kind, one in kinds if kind.way]
    if named := [(found, way_of_key) for found, way_of_key in named if found[0] >= PWRBOARD.overhead]:
        yield from (_format_bytes(found, time, way_of_key) for found, way_of_key in named)
        return
    whole = [_read_bytes(value, item), *_read_all(kinds, _ITEM.rank)] if isinstance(value, list) else []
    if found := _choose(_read_all(kinds, _DATA_RANK)) or _choose(whole):
        yield _format_bytes(found, time, way)
        return
    inner = [(kind, one) for kind, one in kinds if isinstance(one, dict | list)]
    for is_last in (False, True):
        some = ((kind, one) for kind, one in inner if (kind.rank == _LAST_RANK) is is_last)
        within = (line for kind, one in some for line in find_bytes(one, time, way, depth + 1, kind))
        if first := next(within, ""):
            yield first
            yield from within
            return
    if not whole and (rest := _choose(_read_all(kinds, _OTHER_RANK)) or _choose(_read_all(kinds, _LAST_RANK))):
        yield _format_bytes(rest, time, way)


def _open_members(value: object) -> object:
    """Return an object with the layers of a packet as Wireshark names them, and with the values that its texts hold.

    Anything else is returned as it is.
    """
    if not isinstance(value, dict):
        return value
    if "frame_raw" in value or "rtacser" in value:
        value = pick_layers(value)
    opened = {key: open_text(one) for key, one in value.items() if may_hold_text(one)}
    return value | opened if opened else value


def _list_members(value: object, item: MemberKind) -> list[tuple[MemberKind, object]]:
    """Return the members of an object or a list, each with its kind: `item` in a list. Other values have none."""
    if isinstance(value, dict):
        return [(_kind_of(key), one) for key, one in value.items()]
    members = [*value] if isinstance(value, list) else []
    if _is_ocpp(members):
        del members[_MESSAGE_ID]
    return [(item, one) for one in members]


def _find_context(value: object, kinds: Sequence[tuple[MemberKind, object]], time: str, way: str) -> tuple[str, str]:
    """Return the time and direction of an object or list with these members, or else those around it."""
    time = next(filter(None, (_read_time(one, kind) for kind, one in kinds if kind.may_be_time)), time)
    if not time and isinstance(value, dict):
        time = next(filter(None, (_find_time(one) for _, one in kinds if isinstance(one, dict))), "")
    way = next(filter(None, (_read_way(one) for kind, one in kinds if kind.may_be_way)), way)
    return time, way or _find_way_within(value)


def _is_ocpp(value: Sequence[object]) -> bool:
    """Return True for an OCPP message, whose second item is its identifier."""
    kind, identifier = (*value[:2], None, None)[:2]
    return kind in _MESSAGE_TYPES and type(kind) is int and isinstance(identifier, str)


def _find_in_event(event: TraceEvent, depth: int) -> Iterator[str]:
    """Yield the bytes of an event of a trace."""
    if event.byte:
        yield f"{event.time} {event.way}: {event.byte}"
    else:
        yield from find_bytes(event.members, event.time, event.way, depth + 1)


def _find_way_within(members: object, depth: int = 0) -> str:
    """Return the direction that a member of an object within an object names; empty without one."""
    values = members.values() if isinstance(members, dict) and depth < _MOST_AROUND else ()
    inner = [one for one in values if isinstance(one, dict)]
    ways = (_read_way(one) for member in inner for key, one in member.items() if _kind_of(key).may_be_way)
    return next(filter(None, ways), "") or next(filter(None, (_find_way_within(one, depth + 1) for one in inner)), "")


def _find_time(members: dict[str, object]) -> str:
    """Return the time that a member of an object holds; empty without one."""
    times = (_read_time(one, kind) for key, one in members.items() if (kind := _kind_of(key)).may_be_time)
    return next(filter(None, times), "")


@lru_cache(maxsize=256)
def _kind_of(name: str) -> MemberKind:
    """Return what a member with this name may hold."""
    is_time = _TIME_KEY.fullmatch(name) is not None
    rank = _DATA_RANK if _DATA_KEY.fullmatch(name) else _LAST_RANK if _IDENTIFIER.fullmatch(name) else _OTHER_RANK
    may_be_list = rank == _DATA_RANK or _LIST_KEY.fullmatch(name) is not None
    may_be_encoded = _ENCODED_KEY.fullmatch(name) is not None
    is_way = _WAY_KEY.fullmatch(name) is not None
    return MemberKind(rank, is_time, is_way, may_be_encoded, may_be_list, "" if is_way else _find_way(name))


def _find_way(name: str) -> str:
    """Return the direction that is a word of a name, as in `packetSent` or `rx_data`; empty without one."""
    words = _WORD_OF_NAME.findall(name)
    ways = [word for word in words if (found := WORD.match(f"{word}:")) and found.end() == len(word)]
    return next((word for word in ways if word.lower() not in UNCLEAR or word == words[0] == name), "")


def _read_all(kinds: Sequence[tuple[MemberKind, object]], rank: int) -> list[_Found]:
    """Return the bytes in the members of this rank."""
    return [_read_bytes(one, kind) for kind, one in kinds if kind.rank == rank]


def _choose(values: Sequence[_Found]) -> _Found | None:
    """Return the value with the most bytes; None if none of them holds bytes."""
    found = max(values, key=lambda one: one[0], default=_NO_BYTES)
    return found if found[0] >= _FEWEST else None


def _format_bytes(found: _Found, time: str, way: str) -> str:
    """Return bytes as a line of hex text."""
    _, text, parsed = found
    before = "" if parsed and parsed.printed else time, "" if (parsed and parsed.channel) or not way else f"{way}:"
    return " ".join([*filter(None, before), text])


def _read_bytes(value: object, kind: MemberKind) -> _Found:
    """Return the bytes in a text or list. A text that may be encoded holds them in Base64 if it is no hex text."""
    if isinstance(value, list):
        numbers = [_read_byte(one) for one in value]
        data = bytes(one for one in numbers if one is not None)
        is_data = len(data) == len(value) and (
            kind.may_be_list or any(isinstance(one, str) for one in value) or count_frames(data) > 0
        )
        return (len(data), data.hex(" "), None) if is_data else _NO_BYTES
    if not isinstance(value, str) or _DIGITS.fullmatch(value):
        return _NO_BYTES
    text = value.strip()
    if parsed := parse_hex_line(text):
        return len(parsed.data), text, parsed
    data = _decode(text) if kind.may_be_encoded and _BASE64.fullmatch(text) else b""
    return len(data), data.hex(" "), None


def _decode(text: str) -> bytes:
    """Return the bytes of a text in Base64; none if they are too few for a frame, or if it may be a word."""
    data = binascii.a2b_base64(text)
    is_long = len(data) >= PWRBOARD.overhead
    return data if is_long and (_NO_WORD.match(text) or count_frames(data)) else b""


def _read_byte(value: object) -> int | None:
    """Return a byte that is a number, with or without a sign, or a text; None for anything else."""
    if isinstance(value, str) and _BYTE.fullmatch(value):
        return int(value, 16)
    return value & _MOST_BYTE if type(value) is int and _LEAST_BYTE <= value <= _MOST_BYTE else None


def _read_time(value: object, kind: MemberKind) -> str:
    """Return the time that a member holds, as hex text prints it; empty if it holds none."""
    text = value if isinstance(value, str) else _format_number(value) if kind.rank != _ITEM_RANK else ""
    if not text:
        return ""
    if _DIGITS.fullmatch(text):
        unit = next(unit for digits, unit in _UNITS if len(text) >= digits + 1)
        seconds, rest = divmod(int(text) * unit, SECOND)
        return f"{seconds}.{rest:09}"
    found = find_time(text)
    return text if found and found.end == len(text) else ""


def _format_number(value: object) -> str:
    """Return a number as digits, with a fraction if it may have one; empty for anything else."""
    return str(value) if type(value) is int else f"{value:.6f}" if type(value) is float else ""


def _read_way(value: object) -> str:
    """Return the direction that a member holds, or the last part of a topic; empty if it holds none."""
    if not isinstance(value, str):
        return ""
    way = value if "/dev/" in value else value.rpartition("/")[2]
    return way if (found := WORD.match(f"{way}:")) and found.end() == len(way) else ""
