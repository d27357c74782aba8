"""Lines of programs that write one event a line, of which some hold bytes: `usbmon` of Linux, and asciinema.

In: a line. Out: the lines of hex text that it holds, each with the time of the event; None for other events. Of
`usbmon` these are the data that a bulk transfer read or is to write. Of a recorded terminal they are what was printed;
its times count from the beginning of the recording, or from the event before.
"""

import json
from typing import NamedTuple

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.line_decoder import clean_line

_TRANSFER = compile_late(
    r"[0-9a-f]{8,16} (?P<time>\d{1,12}) (?P<event>[SCE]) (?P<kind>[BCIZ][io]):\d+:\d+:\d+ .*?"
    r"(?:(?P<size>\d+) = (?P<data>[0-9a-f]{2,8}(?: [0-9a-f]{2,8})*))?"
)
_WITH_BYTES = {"CBi": "in", "SBo": "out"}
"""The events with the bytes of a port. Each has another one, before or after it, without them."""

_MICROSECONDS = 1_000_000
_EVENT_ITEMS = 3


def is_transfer(line: str) -> bool:
    """Return True for a line of `usbmon` with bytes of a port."""
    found = _TRANSFER.fullmatch(line)
    return found is not None and found["event"] + found["kind"] in _WITH_BYTES and found["data"] is not None


def unwrap_transfer(line: str) -> list[str] | None:
    """Return the bytes of a transfer; None if it has none of a port, and the line itself if it is none."""
    found = _TRANSFER.fullmatch(line)
    if found is None:
        return [line]
    way = _WITH_BYTES.get(found["event"] + found["kind"])
    if way is None or not found["data"]:
        return None
    seconds, rest = divmod(int(found["time"]), _MICROSECONDS)
    missing = int(found["size"]) - len(found["data"].replace(" ", "")) // 2
    after = f" ... {missing} more bytes" if missing > 0 else ""
    return [f"{seconds}.{rest:06} {way}: {found['data']}{after}"]


def find_version(line: str) -> int:
    """Return the version of the recorded terminal of which this is the first line; 0 if it is none.

    In version 2, times count from its beginning, and in version 3, from the event before.
    """
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return 0
    if not isinstance(found, dict):
        return 0
    version = found.get("version")
    return version if (version == 2 and "width" in found) or (version == 3 and "term" in found) else 0


def unwrap_recording(line: str) -> list[str] | None:
    """Return the lines that were printed at once, each after its time; None for anything else."""
    event = _load_event(line)
    return [f"{event.time} {part}" for part in event.lines] or None if event else None


def unwrap_steps(line: str) -> list[str] | None:
    """Return the lines that were printed at once, after the time since the event before; None if it is none.

    An event without lines takes its time, too.
    """
    event = _load_event(line)
    return [f"{event.time} {next(iter(event.lines), '')}".rstrip(), *event.lines[1:]] if event else None


class _Event(NamedTuple):
    """The time of an event, and the lines that it printed."""

    time: str
    lines: list[str]


def _load_event(line: str) -> _Event | None:
    """Return the event of a line; None if it is none."""
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, list) or len(event) != _EVENT_ITEMS:
        return None
    time, kind, text = event
    if not isinstance(time, int | float) or not isinstance(text, str):
        return None
    lines = (clean_line(part).strip() for part in text.split("\n")) if kind == "o" else ()
    return _Event(f"{time:.6f}", [part for part in lines if part])
