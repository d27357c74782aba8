"""Records written as lines of the charger's text log (protocol.md, The charger's text log).

In: a record. Out: its line. Reading the line gives the same record again, as far as a log can hold it. A record
that came from a log is written with its text, process and line number. Bytes that were read from a tap are written for
a process `tap`. The route of noise from a tap follows from its first bytes, because a tap does not know the direction.
A `dbus` frame without a direction is written as one that the OCPP module sent.
"""

from datetime import tzinfo

from sniffer.base.times import as_datetime
from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.core.protocol.log_lines import TextMessage, format_frame
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import LINKS, PWR_TO_COM, ROUTES
from sniffer.formats.charger_log import decode_line, parse_line

if TYPE_CHECKING:
    from sniffer.core.record import Record

TAP = "tap"
"""The process that is written for bytes that no process of the charger printed."""


def encode_record(record: "Record", zone: tzinfo | None) -> bytes:
    """Return the line of a record with its line end, or no bytes if a log has no line for the record."""
    item = record.item
    if item is None or is_of_other_link(item):
        return b""
    if isinstance(item, TextMessage):
        line = item.line
        time = None if line.continues else line.time
        return _encode_line(time, zone, line.number, line.process, line.text)
    process = record.printed.process if record.printed else TAP
    raw = item.frame.raw if isinstance(item, Message) else item.raw
    route = record.printed.route if record.printed else _route_of(item)
    time = None if continues_record(record) else record.time
    return _encode_line(time, zone, record.line, process, format_frame(route, raw))


def is_of_other_link(item: Message | Noise | TextMessage) -> bool:
    """Return True if this is a frame of a link that a user's definition describes: the charger's log has no such."""
    return isinstance(item, Message) and item.frame.link not in LINKS.values()


def continues_record(record: "Record") -> bool:
    """Return True if a log printed the record on a line without a time stamp, as a part of the record before it."""
    if isinstance(record.item, TextMessage):
        return record.item.line.continues
    return record.printed is not None and record.printed.continues


def reads_back(record: "Record", before: int | None, zone: tzinfo | None) -> bool:
    """Return True if the line of a record gives the same record when it is read; times may lose their nanoseconds.

    `before` is the time of the last earlier record that has one.
    """
    item, printed, continues = record.item, record.printed, continues_record(record)
    if item is None:
        return True
    has_time_stamp = record.time is not None and not continues
    if not has_time_stamp and continues != (before is not None):
        return False
    if printed is None and not isinstance(item, TextMessage):
        return True
    line = parse_line(decode_line(encode_record(record, zone).removesuffix(b"\n")))
    if isinstance(item, TextMessage):
        process, number = item.line.process, item.line.number
        is_same_kind = line.frame is None and line.text == item.line.text
    else:
        process = printed.process if printed else None
        number, is_same_kind = record.line, line.frame is not None
    if continues:
        return is_same_kind and (line.process, number) == (None, None)
    time = None if record.time is None else record.time // 1000 * 1000
    return is_same_kind and (line.time, line.process, line.number) == (time, process, number)


def format_line(time: int | None, zone: tzinfo | None, number: int | None, process: str | None, text: str) -> str:
    """Return the line of a record as a log prints it; only the text if there is no time.

    A record without a process, whose time another program printed, has nothing in the brackets.
    """
    if time is None:
        return text
    moment = as_datetime(time, zone)
    fraction = f".{moment.microsecond:06}" if moment.microsecond else ""
    head = "" if number is None else f"{number} "
    return f"{head}{moment:%Y-%m-%dT%H:%M:%S}{fraction}{moment:%z} [{process or ''}] {text}"


def guess_route(raw: bytes) -> Route:
    """Return the route whose head the bytes begin with, or else that from the power board."""
    return next((route for route in ROUTES if raw.startswith(route.head)), PWR_TO_COM)


def _encode_line(time: int | None, zone: tzinfo | None, number: int | None, process: str | None, text: str) -> bytes:
    line = format_line(time, zone, number, process, text)
    # A line of a log cannot contain a line end.
    line = line.replace("\n", "\\n").replace("\r", "\\r")
    return f"{line}\n".encode("utf-8", "backslashreplace")


def _route_of(item: Message | Noise) -> Route:
    """Return the route that is written for an item from a tap."""
    if isinstance(item, Noise):
        return guess_route(item.raw)
    return next((route for route in ROUTES if route.direction == item.direction), None) or guess_route(item.frame.raw)
