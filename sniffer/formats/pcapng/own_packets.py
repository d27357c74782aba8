"""The items in packets that this program wrote, beside bytes: taps, notes, line errors, events of taps, lines of a log.

In: an interface, or a packet with its comments. Out: the items that were recorded. The prefixes of the comments are
those of the writer.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import tzinfo

from msgspec.structs import replace

from sniffer.base.late_pattern import compile_late
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import (
    MOST_TAPS,
    BaudChange,
    Idle,
    LateCommand,
    LatencyBound,
    LineError,
    LineErrorMark,
    Note,
    Tap,
    TapRestored,
    TapShared,
)
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, DBUS, OCPP_TO_COM, PWR_TO_COM
from sniffer.core.wire.mended import Mended
from sniffer.formats.charger_log import parse_line, zone_of
from sniffer.formats.jsonl.mended_keys import parse_mended
from sniffer.formats.pcapng import rtac_serial
from sniffer.formats.pcapng.blocks import INBOUND, OUTBOUND
from sniffer.formats.pcapng.packet import Interface, Packet
from sniffer.formats.pcapng.rtac_serial import RtacEvent
from sniffer.formats.pcapng.writer import (
    GENERATOR,
    HEALTH,
    LATE_NOTE,
    LATENESS,
    LINE_ERRORS,
    LOG,
    LOG_CONTINUATION,
    LOG_LINE,
    LOG_PART,
    MENDED,
    NO_RATE,
    NOTE,
    OVERDUE,
    PREFIXES,
    RATE,
    RESTORED,
    SHARED,
    TAP_LATE,
    TAP_NUMBER,
)

_TAP = compile_late(rf"{re.escape(TAP_NUMBER)}(\d{{1,3}})(?:{re.escape(TAP_LATE)}(\d{{1,18}}))?")
_RATE = compile_late(rf"{re.escape(RATE)}(\d{{1,9}}|{NO_RATE}): (.*)", re.DOTALL)
_LATENESS = compile_late(rf"{re.escape(LATENESS)}(\d{{1,18}})")
_OVERDUE = compile_late(re.escape(OVERDUE) + r"(\S+) (0|(?:[0-9A-F]{2}){1,4}) (\d{1,18}) (\d{1,18}) (.*)", re.DOTALL)
_ERRORS = compile_late(r"(framing|parity|break)((?: \d{1,9})+)")
_LATE = compile_late(re.escape(LATE_NOTE) + r"(\d{1,18}): (.*)", re.DOTALL)


def tap_of(interface: Interface) -> Tap | None:
    """Return the tap that an interface describes, or None if the session has one tap only."""
    found = _TAP.fullmatch(interface.comment) if interface.description.startswith(GENERATOR) else None
    if not found or not 0 < int(found[1]) <= MOST_TAPS:
        return None
    return Tap(int(found[1]), interface.name, int(found[2]) if found[2] else None, interface.speed or None)


def is_record(packet: Packet) -> bool:
    """Return True if a packet without bytes, written by this program, is a record and not a late note."""
    return packet.data[rtac_serial.EVENT_OFFSET] != RtacEvent.STATUS or any(
        text.startswith((RESTORED, RATE, LATENESS, OVERDUE, HEALTH, SHARED)) for text in packet.comments
    )


def tap_events_of(
    comments: tuple[str, ...], time: int | None, tap: int
) -> Iterator[TapRestored | BaudChange | LatencyBound | TapShared | Idle]:
    """Yield the events of a tap other than a gap."""
    for text in comments:
        if text.startswith(RESTORED):
            yield TapRestored(time, text.removeprefix(RESTORED), tap)
        elif text.startswith(SHARED):
            yield TapShared(time, text.removeprefix(SHARED), tap)
        elif found := _RATE.fullmatch(text):
            yield BaudChange(time, None if found[1] == NO_RATE else int(found[1]) or None, found[2], tap)
        elif found := _LATENESS.fullmatch(text):
            yield LatencyBound(time, int(found[1]), tap)
    late = tuple(
        LateCommand(found[1], int(found[2], 16), found[5], int(found[3]), int(found[4]))
        for text in comments
        if (found := _OVERDUE.fullmatch(text))
    )
    shows_health = any(text.startswith(HEALTH) for text in comments)
    if time is not None and (late or shows_health):
        yield Idle(time, tap, late, shows_health)


def line_errors_of(comments: tuple[str, ...], size: int) -> tuple[LineErrorMark, ...]:
    """Return the line errors of a packet's bytes, in the order of their positions."""
    text = "".join(text.removeprefix(LINE_ERRORS) for text in comments if text.startswith(LINE_ERRORS))
    marks = (
        LineErrorMark(int(at), LineError(kind)) for kind, offsets in _ERRORS.findall(text) for at in offsets.split()
    )
    return tuple(sorted(mark for mark in marks if mark.at < size))


def zone_of_log(packet: Packet) -> tzinfo | None:
    """Return the time zone of the text log that the packet is from, or None if it is not from a log."""
    if not packet.interface.description.startswith(LOG):
        return None
    lines = (text.removeprefix(LOG_LINE) for text in packet.comments if text.startswith(LOG_LINE))
    return next((zone for line in lines if (zone := zone_of(line))), None)


def notes_of(comments: tuple[str, ...]) -> Iterator[Note]:
    """Yield the user's notes: on records that came before, then on the record that comes next."""
    late = [(int(found[1]), found[2]) for text in comments if (found := _LATE.fullmatch(text))]
    for number in dict.fromkeys(number for number, _ in late):
        yield Note("".join(text for at, text in late if at == number), number)
    plain = [text for text in comments if not text.startswith(PREFIXES)]
    long = [text.removeprefix(NOTE) for text in comments if text.startswith(NOTE)]
    if plain or long:
        yield Note("\n".join(plain) + "".join(long))


def log_line_of(packet: Packet) -> LogLine:
    """Return the line of the text log that the packet was made from, as far as its comments still hold it."""
    pieces = [text for text in packet.comments if text.startswith((LOG_LINE, LOG_PART, LOG_CONTINUATION))]
    first = LOG_PART if any(text.startswith(LOG_PART) for text in pieces) else LOG_LINE
    # Each piece has one prefix: the line itself may begin with another one.
    line = "".join(text.removeprefix(first if text.startswith(first) else LOG_CONTINUATION) for text in pieces)
    raw = packet.data[rtac_serial.HEADER_SIZE :]
    parsed = replace(parse_line(line), continues=first == LOG_PART, mended=_mended_of(packet.comments))
    if packet.time is not None and parsed.time == packet.time // 1000 * 1000:
        # The line has microseconds, the packet nanoseconds.
        parsed = replace(parsed, time=packet.time)
    if not raw:
        return parsed if any(text.startswith(first) for text in pieces) else LogLine(packet.time, None, "")
    if parsed.frame == raw:
        return parsed
    return LogLine(packet.time, None, line, None, raw, _route_of(packet))


def _mended_of(comments: Iterable[str]) -> Mended | None:
    """Return how a line was mended; None if no comment says it, or none that can be read."""
    for text in comments:
        if text.startswith(MENDED):
            try:
                return parse_mended(json.loads(text.removeprefix(MENDED)))
            except (ValueError, RecursionError):
                return None
    return None


def _route_of(packet: Packet) -> Route:
    """Return the route of a packet without its comment, by the interface's name and the packet's direction."""
    direction = packet.flags & (INBOUND | OUTBOUND)
    if packet.interface.name == DBUS.name:
        return COM_TO_OCPP if direction == OUTBOUND else OCPP_TO_COM
    return COM_TO_PWR if direction == OUTBOUND else PWR_TO_COM
