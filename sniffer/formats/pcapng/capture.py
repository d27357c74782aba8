"""What the packets of a capture say, in the terms in which any source hands over what it read.

A packet of ours is one frame or one piece of noise, and is framed by itself again. A capture of a serial line that
somebody else made may be cut anywhere, and is framed across its packets. Notes come before what they are at.
"""

import re
from collections.abc import Iterator
from datetime import tzinfo

from sniffer.formats.pcapng import rtac
from sniffer.formats.pcapng.blocks import INBOUND, OUTBOUND, RTAC_SERIAL
from sniffer.formats.pcapng.reader import CaptureError, Packet
from sniffer.formats.pcapng.rtac import Happened
from sniffer.formats.pcapng.writer import GAP, LATE_NOTE, LOG, LOG_GOES_ON, LOG_LINE, NOTE, OURS, PREFIXES, UNTIMED
from sniffer.formats.textlog import parse_line, zone_of
from sniffer.note import Note
from sniffer.protocol.logline import LogLine
from sniffer.wire.frame import Chunk, Gap
from sniffer.wire.link import COM_TO_OCPP, COM_TO_PWR, DBUS, OCPP_TO_COM, PWR_TO_COM, Route

Told = Chunk | LogLine | Gap | Note

_LATE = re.compile(re.escape(LATE_NOTE) + r"(\d{1,18}): (.*)", re.DOTALL)


def told(packet: Packet) -> Iterator[Told]:
    """What a packet says. Raises `CaptureError` where it is not of a serial line."""
    interface, data = packet.interface, packet.data
    if interface.link_type != RTAC_SERIAL:
        raise CaptureError(
            f"link type {interface.link_type} is not a serial line's: this reads captures of link type {RTAC_SERIAL}"
        )
    if len(data) < rtac.SIZE:
        raise CaptureError(f"a packet of {len(data)} bytes has no room for the head of its link type")
    if packet.comments:
        yield from _notes(packet.comments)
    if interface.description.startswith(LOG):
        yield _log_line(packet)
        return
    happened = data[rtac.EVENT_AT]
    time = None if interface.description.startswith(UNTIMED) else packet.time
    if happened == Happened.LOST:
        yield Gap(time, next((text.removeprefix(GAP) for text in packet.comments if text.startswith(GAP)), "data lost"))
    if len(data) > rtac.SIZE:
        yield Chunk(data[rtac.SIZE :], time, ends=interface.description.startswith(OURS))
    if packet.lost:
        yield Gap(time, f"{packet.lost} bytes of a packet were not kept when it was captured")


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
        text.removeprefix(LOG_LINE).removeprefix(LOG_GOES_ON)
        for text in packet.comments
        if text.startswith((LOG_LINE, LOG_GOES_ON))
    )
    raw = packet.data[rtac.SIZE :]
    if not raw:
        return parse_line(line) if line else LogLine(packet.time, None, "")
    parsed = parse_line(f"{line}:{raw.hex(' ')}")
    if parsed.frame == raw:
        return parsed
    return LogLine(packet.time, None, line, None, raw, _route(packet))


def _route(packet: Packet) -> Route:
    """The way of a packet whose comment is gone: by the interface's name and the packet's direction."""
    way = packet.flags & (INBOUND | OUTBOUND)
    if packet.interface.name == DBUS.name:
        return COM_TO_OCPP if way == OUTBOUND else OCPP_TO_COM
    return COM_TO_PWR if way == OUTBOUND else PWR_TO_COM
