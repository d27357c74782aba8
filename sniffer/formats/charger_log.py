"""The charger's text log (protocol.md, The charger's text log): its lines told apart.

One record a line: an optional line number, a time with a zone offset, the process in brackets, the text. Some texts
print a frame in hex after an arrow that tells its way. A line that is no record is kept as text without a time.

MERGED:
Records in the form of the charger's text log (protocol.md, The charger's text log).

In: a record. Out: its line. Reading the lines gives the same records again, as far as a log can hold them. What a log
printed stands there as it stood, by the same process and with the same number; what was read from a tap is printed by
a process `tap`. A tap tells no way of noise, so its arrow follows its head; and none of a `dbus` frame whose command
does not tell it, which is printed as one of the OCPP module's.
"""

import re
from datetime import datetime, timedelta, timezone, tzinfo

from sniffer.base.times import EARLIEST, LATEST, as_datetime
from sniffer.core.pipeline import Record
from sniffer.core.protocol.log_lines import LogLine, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, OCPP_TO_COM, PWR_TO_COM, ROUTES, Route

ARROWS = {
    "=>pwrboard": COM_TO_PWR,
    "<=pwrboard": PWR_TO_COM,
    "=>dbus": OCPP_TO_COM,
    "<=dbus": COM_TO_OCPP,
}
"""How the log names each route, in lower case."""

_NAMES = {
    route: arrow for arrow, route in zip(("=>pwrboard", "<=pwrboard", "=>Dbus", "<=Dbus"), ARROWS.values(), strict=True)
}
"""The same as the log writes it."""

_RECORD = re.compile(
    r"\s*(?:(?P<number>\d{1,18})\s+)?"
    r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d))\s+"
    r"\[(?P<process>[^\]]*+)\]\s?(?P<text>.*)",
    re.DOTALL,
)
_FRAME = re.compile(r"\s*+(?P<arrow>[=<][=>](?:pwrboard|dbus))\s*+:?\s*+(?P<hex>[0-9a-f\s\[\]]++)", re.IGNORECASE)
_ARROW = re.compile(r"\s*+[=<][=>]")
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def parse_line(line: str) -> LogLine:
    """One line, with or without its line end."""
    line = line.rstrip("\r\n")
    found = _RECORD.fullmatch(line)
    moment = _moment(found["time"]) if found else None
    if found is None or moment is None:
        return _with_frame(LogLine(None, None, line))
    time = nanoseconds_of(moment)
    number = int(found["number"]) if found["number"] else None
    return _with_frame(LogLine(time, found["process"], found["text"], number))


def nanoseconds_of(moment: datetime) -> int | None:
    """The moment since the Unix epoch; None where only damage can have dated it so."""
    time = (moment - _EPOCH) // timedelta(microseconds=1) * 1000
    return time if EARLIEST <= time < LATEST else None


def decode_line(line: bytes) -> str:
    """The bytes of a line as text; those that are no UTF-8 as escapes."""
    return line.decode("utf-8", "backslashreplace").removeprefix("\ufeff")


def format_line(time: int | None, zone: tzinfo | None, number: int | None, process: str | None, text: str) -> str:
    """The line of a record as a log prints it; without a time or a process it is no record, but a text."""
    if time is None or process is None:
        return text
    moment = as_datetime(time, zone)
    fraction = f".{moment.microsecond:06}" if moment.microsecond else ""
    return f"{'' if number is None else f'{number} '}{moment:%Y-%m-%dT%H:%M:%S}{fraction}{moment:%z} [{process}] {text}"


def format_frame(route: Route, data: bytes) -> str:
    """Bytes as the log prints them: in hex after the arrow of their route, a command of two bytes in brackets."""
    pairs = [f"{byte:02X}" for byte in data]
    first, last = route.link.command_at, route.link.command_at + route.link.command_size - 1
    if first < last < len(pairs):
        pairs[first], pairs[last] = f"[{pairs[first]}", f"{pairs[last]}]"
    return f"{_NAMES[route]}:{' '.join(pairs)}"


def guess_route(raw: bytes) -> Route:
    """The way that bytes of which no way is known are printed as: that of their head, else from the power board."""
    return next((route for route in ROUTES if raw.startswith(route.head)), PWR_TO_COM)


def zone_of(line: str) -> tzinfo | None:
    """The zone that a record states; None where the line is no record."""
    found = _RECORD.fullmatch(line.rstrip("\r\n"))
    moment = _moment(found["time"]) if found else None
    return timezone(moment.utcoffset() or timedelta()) if moment else None


def is_cut_off(line: str) -> bool:
    """Whether a log's last line, which has no line end, visibly stops too early.

    It does where it is no record, or where the frame that it prints is shorter than the frame itself claims. A text
    that stops early cannot be told from one that is whole.
    """
    parsed = parse_line(line)
    if parsed.frame is not None and parsed.route is not None:
        return parsed.route.link.frame_end(parsed.frame, 0, len(parsed.frame)) > len(parsed.frame)
    return parsed.process is None or _ARROW.match(parsed.text) is not None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _with_frame(line: LogLine) -> LogLine:
    """The same line, with the frame that it prints."""
    found = _FRAME.fullmatch(line.text)
    route = ARROWS.get(found["arrow"].lower()) if found else None
    if found is None or route is None:
        return line
    data = parse_hex(found["hex"])
    return LogLine(line.time, line.process, line.text, line.number, data, route) if data else line


def parse_hex(text: str) -> bytes | None:
    """Bytes printed in hex, as the log does: two digits each, brackets allowed; None where it is anything else."""
    pairs = text.replace("[", " ").replace("]", " ").split()
    if not pairs or any(len(pair) % 2 for pair in pairs):
        return None
    try:
        return bytes.fromhex("".join(pairs))
    except ValueError:
        return None


TAP = "tap"
"""The process that stands before what no process of the charger printed."""


def encode_record(record: Record, zone: tzinfo | None) -> bytes:
    """The record's line with its end; empty where a log has no line for it."""
    item = record.item
    if item is None:
        return b""
    if isinstance(item, TextMessage):
        line = item.line
        return _line(line.time, zone, line.number, line.process, line.text)
    process = record.printed.process if record.printed else None
    raw = item.frame.raw if isinstance(item, Message) else item.raw
    route = record.printed.route if record.printed else _route(item)
    return _line(record.time, zone, record.line, process, format_frame(route, raw))


def reads_back(record: Record, zone: tzinfo | None) -> bool:
    """Whether the record's line, read again, says the same of it; how exact its time is does not matter."""
    item, by = record.item, record.printed
    if item is None or (by is None and not isinstance(item, TextMessage)):
        return True
    line = parse_line(decode_line(encode_record(record, zone).removesuffix(b"\n")))
    time = None if record.time is None else record.time // 1000 * 1000
    if isinstance(item, TextMessage):
        return line == LogLine(time, item.line.process, item.line.text, item.line.number)
    return (line.time, line.process, line.number) == (time, by and by.process, record.line) and line.frame is not None


def _line(time: int | None, zone: tzinfo | None, number: int | None, process: str | None, text: str) -> bytes:
    by = TAP if process is None and time is not None else process
    line = format_line(time, zone, number, by, text)
    # A log has no line in a line, and none that ends with a carriage return.
    kept = line.rstrip("\r")
    line = kept.replace("\n", "\\n") + "\\r" * (len(line) - len(kept))
    return f"{line}\n".encode("utf-8", "backslashreplace")


def _route(item: Message | Noise) -> Route:
    """The way that the arrow of what was read from a tap tells."""
    if isinstance(item, Noise):
        return guess_route(item.raw)
    return next((route for route in ROUTES if route.direction == item.direction), None) or guess_route(item.frame.raw)
