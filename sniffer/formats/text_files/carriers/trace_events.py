"""Events in the trace format of Chrome, in which sigrok prints what a decoder found (`--protocol-decoder-jsontrace`).

In: the members of an event. Out: its time and direction, and the byte that is its name. Each byte has an event where it
begins and one where it ends; the bits of it have events of another name.
"""

from typing import NamedTuple

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.hex_lines.channel_words import WORD

BEGINNING = '{"traceEvents":'
"""The text before the list of events, each of which is an object of its own."""

_PHASE, _TIME = "ph", "ts"
_END = "E"
_BYTE = compile_late(r"[0-9A-Fa-f]{2}")
_MICROSECONDS = 1_000_000


class TraceEvent(NamedTuple):
    """An event of a trace. `byte` is empty if its name is no byte, and `members` may hold bytes themselves."""

    time: str
    way: str
    byte: str
    members: object


def parse_event(members: dict[str, object]) -> TraceEvent | None:
    """Return the event that these members are; None if they are none."""
    time = members.get(_TIME)
    if not isinstance(members.get(_PHASE), str) or not isinstance(time, int | float):
        return None
    name, line = members.get("name"), members.get("tid")
    word = WORD.match(f"{line}:")
    way = str(line) if word and word.end() == len(str(line)) else ""
    is_byte = bool(way) and isinstance(name, str) and bool(_BYTE.fullmatch(name)) and members[_PHASE] != _END
    return TraceEvent(f"{time / _MICROSECONDS:.6f}", way, str(name) if is_byte else "", members.get("args"))
