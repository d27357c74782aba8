"""Records in the form of the charger's text log (protocol.md, The charger's text log).

In: a record. Out: its line. Reading the lines gives the same records again, as far as a log can hold them. What a log
printed stands there as it stood, by the same process and with the same number; what was read from a tap is printed by
a process `tap`. A tap tells no way of noise, so its arrow follows its head; and none of a `dbus` frame whose command
does not tell it, which is printed as one of the OCPP module's.
"""

from datetime import tzinfo

from sniffer.formats.textlog import decoded, frame_text, likely_route, parse_line, printed
from sniffer.pipeline import Record
from sniffer.protocol.logline import LogLine, TextMessage
from sniffer.protocol.message import Message
from sniffer.wire.frame import Noise
from sniffer.wire.link import ROUTES, Route

TAP = "tap"
"""The process that stands before what no process of the charger printed."""


def encoded(record: Record, zone: tzinfo | None) -> bytes:
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
    return _line(record.time, zone, record.line, process, frame_text(route, raw))


def reads_back(record: Record, zone: tzinfo | None) -> bool:
    """Whether the record's line, read again, says the same of it; how exact its time is does not matter."""
    item, by = record.item, record.printed
    if item is None or (by is None and not isinstance(item, TextMessage)):
        return True
    line = parse_line(decoded(encoded(record, zone).removesuffix(b"\n")))
    time = None if record.time is None else record.time // 1000 * 1000
    if isinstance(item, TextMessage):
        return line == LogLine(time, item.line.process, item.line.text, item.line.number)
    return (line.time, line.process, line.number) == (time, by and by.process, record.line) and line.frame is not None


def _line(time: int | None, zone: tzinfo | None, number: int | None, process: str | None, text: str) -> bytes:
    by = TAP if process is None and time is not None else process
    line = printed(time, zone, number, by, text)
    # A log has no line in a line, and none that ends with a carriage return.
    kept = line.rstrip("\r")
    line = kept.replace("\n", "\\n") + "\\r" * (len(line) - len(kept))
    return f"{line}\n".encode("utf-8", "backslashreplace")


def _route(item: Message | Noise) -> Route:
    """The way that the arrow of what was read from a tap tells."""
    if isinstance(item, Noise):
        return likely_route(item.raw)
    return next((route for route in ROUTES if route.direction == item.direction), None) or likely_route(item.frame.raw)
