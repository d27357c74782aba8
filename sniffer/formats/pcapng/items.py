"""What the packets of a capture say, in the terms in which any source hands over what it read.

A packet of ours is one frame or one piece of noise, and is framed by itself again. A capture of a serial line that
somebody else made may be cut anywhere, and is framed across its packets. Notes come before what they are at.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import tzinfo

from sniffer.core.pipeline import Given
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.frame import (
    MOST_TAPS,
    BaudChange,
    Chunk,
    LatencyBound,
    LineError,
    LineErrorMark,
    Piece,
    Segments,
    Tap,
    TapGap,
    TapRestored,
)
from sniffer.core.wire.items import Note
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, DBUS, OCPP_TO_COM, PWR_TO_COM, Route
from sniffer.formats.charger_log import parse_line, zone_of
from sniffer.formats.pcapng import rtac_serial
from sniffer.formats.pcapng.blocks import INBOUND, OUTBOUND, RTAC_SERIAL
from sniffer.formats.pcapng.reader import CaptureError, Interface, Packet
from sniffer.formats.pcapng.rtac_serial import RtacEvent
from sniffer.formats.pcapng.writer import (
    GAP,
    GENERATOR,
    LATE_NOTE,
    LATENESS,
    LINE_ERRORS,
    LOG,
    LOG_CONTINUATION,
    LOG_LINE,
    NO_RATE,
    NOTE,
    PREFIXES,
    RATE,
    RESTORED,
    TAP,
    TAP_LATE,
    TAP_NUMBER,
    UNTIMED,
)

CaptureItem = Given | Note

_TAP = re.compile(rf"{re.escape(TAP_NUMBER)}(\d{{1,3}})(?:{re.escape(TAP_LATE)}(\d{{1,18}}))?")
_RATE = re.compile(rf"{re.escape(RATE)}(\d{{1,9}}|{NO_RATE}): (.*)", re.DOTALL)
_LATENESS = re.compile(rf"{re.escape(LATENESS)}(\d{{1,18}})")
_ERRORS = re.compile(r"(framing|parity|break)((?: \d{1,9})+)")

_LATE = re.compile(re.escape(LATE_NOTE) + r"(\d{1,18}): (.*)", re.DOTALL)
_DATA = tuple(bytes([event, 0, 0, 0]) for event in (RtacEvent.SENT, RtacEvent.RECEIVED))
"""How the head of a packet goes on after its time where there is nothing about it but its bytes."""


def items_of(packets: Iterable[Packet]) -> Iterator[CaptureItem]:
    """What packets say. Raises `CaptureError` where one is not of a serial line, after all before it."""
    run: list[Piece] = []
    known: Interface | None = None
    taps: dict[Interface, int] = {}
    is_ours, tap = False, 0
    try:
        for packet in packets:
            interface, time, data, _, comments, lost = packet
            if interface is not known:
                if run:
                    yield Segments(run, (), tap)
                    run = []
                known, is_ours = interface, interface.link_type == RTAC_SERIAL and interface.description == TAP
                if interface not in taps:
                    if found := tap_of(interface):
                        yield found
                    taps[interface] = found.tap if found else 0
                tap = taps[interface]
            # Nearly all packets of a live session are as plain as this one, and go on together.
            if (
                is_ours
                and not comments
                and not lost
                and data[rtac_serial.EVENT_OFFSET : rtac_serial.HEADER_SIZE] in _DATA
            ):
                run.append((data[rtac_serial.HEADER_SIZE :], time))
                continue
            if run:
                yield Segments(run, (), tap)
                run = []
            yield from _told(packet, tap)
    except CaptureError:
        if run:
            yield Segments(run, (), tap)
        raise
    if run:
        yield Segments(run, (), tap)


def tap_of(interface: Interface) -> Tap | None:
    """Which of several taps an interface of ours stands for."""
    found = _TAP.fullmatch(interface.comment) if interface.description.startswith(GENERATOR) else None
    if not found or not 0 < int(found[1]) <= MOST_TAPS:
        return None
    return Tap(int(found[1]), interface.name, int(found[2]) if found[2] else None, interface.speed or None)


def is_record(packet: Packet) -> bool:
    """Whether a packet of ours without bytes is a record, and no note that came late."""
    return packet.data[rtac_serial.EVENT_OFFSET] != RtacEvent.STATUS or any(
        text.startswith((RESTORED, RATE, LATENESS)) for text in packet.comments
    )


def _told(packet: Packet, tap: int) -> Iterator[CaptureItem]:
    interface, data = packet.interface, packet.data
    if interface.link_type != RTAC_SERIAL:
        raise CaptureError(
            f"link type {interface.link_type} is not a serial line's: this reads captures of link type {RTAC_SERIAL}"
        )
    if len(data) < rtac_serial.HEADER_SIZE:
        raise CaptureError(f"a packet of {len(data)} bytes has no room for the head of its link type")
    yield from _notes(packet.comments)
    happened = data[rtac_serial.EVENT_OFFSET]
    if interface.description.startswith(LOG) and happened != RtacEvent.LOST:
        yield _log_line(packet)
        return
    time = None if interface.description.startswith(UNTIMED) else packet.time
    if happened == RtacEvent.LOST:
        reason = next((text.removeprefix(GAP) for text in packet.comments if text.startswith(GAP)), "data lost")
        yield TapGap(time, reason, tap)
    if len(data) > rtac_serial.HEADER_SIZE:
        raw = data[rtac_serial.HEADER_SIZE :]
        is_ours = interface.description.startswith(GENERATOR)
        yield Segments(((raw, time),), _marks(packet.comments, len(raw)), tap) if is_ours else Chunk(raw, time)
    elif happened == RtacEvent.STATUS:
        yield from _of_tap(packet.comments, time, tap)
    if packet.lost:
        yield TapGap(time, f"{packet.lost} bytes of a packet were not kept when it was captured", tap)


def _of_tap(comments: tuple[str, ...], time: int | None, tap: int) -> Iterator[TapRestored | BaudChange | LatencyBound]:
    """What a tap told of itself, other than a gap."""
    for text in comments:
        if text.startswith(RESTORED):
            yield TapRestored(time, text.removeprefix(RESTORED), tap)
        elif found := _RATE.fullmatch(text):
            yield BaudChange(time, None if found[1] == NO_RATE else int(found[1]) or None, found[2], tap)
        elif found := _LATENESS.fullmatch(text):
            yield LatencyBound(time, int(found[1]), tap)


def _marks(comments: tuple[str, ...], size: int) -> tuple[LineErrorMark, ...]:
    """What the receiver found wrong with the bytes of a packet."""
    text = "".join(text.removeprefix(LINE_ERRORS) for text in comments if text.startswith(LINE_ERRORS))
    marks = (LineErrorMark(int(at), LineError(kind)) for kind, places in _ERRORS.findall(text) for at in places.split())
    return tuple(sorted(mark for mark in marks if mark.at < size))


def zone_of_log(packet: Packet) -> tzinfo | None:
    """The zone in which a text log told the time of this packet; None where it is from no log."""
    if not packet.interface.description.startswith(LOG):
        return None
    lines = (text.removeprefix(LOG_LINE) for text in packet.comments if text.startswith(LOG_LINE))
    return next((zone for line in lines if (zone := zone_of(line))), None)


def _notes(comments: tuple[str, ...]) -> Iterator[Note]:
    """What the user noted: at the record that comes next, and at records that came before."""
    late = [(int(found[1]), found[2]) for text in comments if (found := _LATE.fullmatch(text))]
    for number in dict.fromkeys(number for number, _ in late):
        yield Note("".join(text for at, text in late if at == number), number)
    plain = [text for text in comments if not text.startswith(PREFIXES)]
    long = [text.removeprefix(NOTE) for text in comments if text.startswith(NOTE)]
    if plain or long:
        yield Note("\n".join(plain) + "".join(long))


def _log_line(packet: Packet) -> LogLine:
    """The line of a text log that this packet was made from, as far as its comments still tell."""
    line = "".join(
        text.removeprefix(LOG_LINE).removeprefix(LOG_CONTINUATION)
        for text in packet.comments
        if text.startswith((LOG_LINE, LOG_CONTINUATION))
    )
    raw = packet.data[rtac_serial.HEADER_SIZE :]
    if not raw:
        has_line = any(text.startswith(LOG_LINE) for text in packet.comments)
        return parse_line(line) if has_line else LogLine(packet.time, None, "")
    parsed = parse_line(line)
    if parsed.frame == raw:
        return parsed
    return LogLine(packet.time, None, line, None, raw, _route(packet))


def _route(packet: Packet) -> Route:
    """The way of a packet whose comment is gone: by the interface's name and the packet's direction."""
    way = packet.flags & (INBOUND | OUTBOUND)
    if packet.interface.name == DBUS.name:
        return COM_TO_OCPP if way == OUTBOUND else OCPP_TO_COM
    return COM_TO_PWR if way == OUTBOUND else PWR_TO_COM
