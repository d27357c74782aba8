"""Records in, the bytes of a capture out: no I/O, and each packet whole, so that it can be on the disk at once.

One packet for each frame and each piece of noise (contract.md, Captures); its time is that of its first byte. What is
no byte of the line has a packet without data: a gap, its end, a rate that was found, a line of a text log, a note that
came after its packet was written. What the session concluded is not written: whoever reads it concludes the same again.

What stands around the bytes in a text log, its line's number, zone and process, is a comment of the packet, so stock
Wireshark shows it, and the log can be had back. An interface is described when its first packet comes.
"""

import struct
from collections.abc import Iterator, Sequence
from datetime import tzinfo

from sniffer._version import __version__
from sniffer.core.charger.events import LatenessKnown, RateFound, SourceBack, SourceLost
from sniffer.core.pipeline import Record
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import LineErrorMark, Reason, Tap
from sniffer.core.wire.links import Direction
from sniffer.formats.charger_log import format_frame, format_line
from sniffer.formats.pcapng import rtac_serial
from sniffer.formats.pcapng.blocks import (
    BYTE_ORDER_MAGIC,
    CRC_ERROR,
    ENHANCED_PACKET,
    EPB_FLAGS,
    IF_DESCRIPTION,
    IF_NAME,
    IF_SPEED,
    IF_TSRESOL,
    INBOUND,
    INTERFACE_DESCRIPTION,
    LONGEST_CHARACTER,
    LONGEST_OPTION,
    OPT_COMMENT,
    OUTBOUND,
    RTAC_SERIAL,
    SECTION_HEADER,
    SHB_USERAPPL,
    UNKNOWN_DIRECTION,
    Option,
    pack_block,
    text_option,
)
from sniffer.formats.pcapng.rtac_serial import RtacEvent

GENERATOR = "evse-sniff"
TAP = f"{GENERATOR} tap: each packet is a frame, or a piece of noise"
UNTIMED = f"{GENERATOR} without times: each packet is a frame, or a piece of noise"
LOG = f"{GENERATOR} text log: each packet is what a line printed"
"""What the description of an interface says; it survives what Wireshark's tools do to a capture."""

LOG_LINE, LOG_CONTINUATION, GAP, NOTE, LATE_NOTE = "log: ", "log+ ", "gap: ", "note: ", "note #"
RESTORED, RATE, NO_RATE, LINE_ERRORS = "back: ", "rate: ", "undetermined", "line errors: "
LATENESS = "times may be late by nanoseconds: "
PREFIXES = (LOG_LINE, LOG_CONTINUATION, GAP, NOTE, LATE_NOTE, RESTORED, RATE, LATENESS, LINE_ERRORS)
"""How comments begin that are no plain notes; a plain note that begins like one has `NOTE` before it."""

OUTBOUND_DIRECTIONS: tuple[Direction, ...] = ("com>pwr", "com>ocpp")
INBOUND_DIRECTIONS: tuple[Direction, ...] = ("pwr>com", "ocpp>com")
"""Directions as the communication processor sees them."""

TAP_NUMBER, TAP_LATE = "tap ", f": {LATENESS}"
"""What the comment of an interface says where a session has several taps."""

LOG_INTERFACE = "log"
"""The name of the interface of log lines that print no bytes; the others have the names of their links."""

_RESOLUTION = b"\x09"
_FLAGS: dict[Direction | None, int] = {
    None: UNKNOWN_DIRECTION,
    **dict.fromkeys(OUTBOUND_DIRECTIONS, OUTBOUND),
    **dict.fromkeys(INBOUND_DIRECTIONS, INBOUND),
}
_MOST = (1 << 64) - 1
_BEFORE_DATA = struct.Struct("<IIIIIII")
_FLAGS_AND_END = struct.Struct("<HHIHHI")


class CaptureWriter:
    """Writes one capture. `name` is what the bytes came from; `baud` is None where no line rate is known.

    `zone` is that of the times of a text log.
    """

    def __init__(self, name: str, baud: int | None = None, zone: tzinfo | None = None) -> None:
        self._name = name
        self._baud = baud
        self.zone = zone
        self._interfaces: dict[tuple[str, str], int] = {}
        self._taps: dict[int, Tap] = {}
        self._described = b""
        self._latest = 0

    def encode_tap(self, tap: Tap) -> bytes:
        """The session has this tap among several; the first one is told before any record."""
        self._taps[tap.tap] = tap
        return self._describe(tap.name, TAP, tap)

    def encode_header(self) -> bytes:
        """How a capture begins."""
        body = struct.pack("<IHHq", BYTE_ORDER_MAGIC, 1, 0, -1)
        return pack_block(SECTION_HEADER, body, [Option(SHB_USERAPPL, f"{GENERATOR} {__version__}".encode())])

    def encode_preamble(self) -> bytes:
        """How a capture begins that goes on with the next packet: with all interfaces that were described so far."""
        return self.encode_header() + self._described

    def encode_record(self, record: Record, note: str = "") -> bytes:
        """The packet of a record, with what the user noted at it."""
        item, time, heard = record.item, record.time, record.heard
        comments = list(_notes(note)) if note else []
        if isinstance(item, TextMessage):
            line = item.line
            comments += _log(format_line(time, self.zone, line.number, line.process, line.text))
            return self._packet(LOG_INTERFACE, LOG, time, RtacEvent.STATUS, comments=comments)
        name, before = self._name, b""
        if heard and heard.tap:
            if heard.tap not in self._taps:
                before = self.encode_tap(Tap(heard.tap, f"{TAP_NUMBER}{heard.tap}"))
            name = self._taps[heard.tap].name
        description = UNTIMED if time is None else TAP
        if item is None:
            happened, told = _of_tap(record)
            return before + self._packet(name, description, time, happened, comments=comments + told)
        if heard and heard.marks:
            comments += _line_errors(heard.marks)
        if isinstance(item, Message):
            way, raw = item.direction, item.frame.raw
            flags = _FLAGS[way]
            happened = RtacEvent.SENT if flags == OUTBOUND else RtacEvent.RECEIVED
        else:
            raw = item.raw
            flags = CRC_ERROR if item.reason is Reason.CRC else 0
            happened = RtacEvent.RECEIVED
        if record.printed:
            process, route = record.printed.process, record.printed.route
            comments += _log(format_line(time, self.zone, record.line, process, format_frame(route, raw)))
            return self._packet(route.link.name, LOG, time, happened, raw, flags, comments)
        return before + self._packet(name, description, time, happened, raw, flags, comments)

    def encode_gap(self, time: int | None, reason: str) -> bytes:
        """What is missing here, and why; it is told on the first interface, which any packet has described before."""
        (name, description), *_ = self._interfaces
        return self._packet(name, description, time, RtacEvent.LOST, comments=[GAP + reason])

    def encode_note(self, number: int, text: str) -> bytes:
        """A note at a record that is written already; an empty one takes it away."""
        comments = list(_notes(text, f"{LATE_NOTE}{number}: "))
        return self._packet(self._name, TAP, None, RtacEvent.STATUS, comments=comments)

    def _packet(
        self,
        name: str,
        description: str,
        time: int | None,
        happened: RtacEvent,
        raw: bytes = b"",
        flags: int = 0,
        comments: list[str] | None = None,
    ) -> bytes:
        """One packet, after its interface's description where it is the first one there."""
        number = self._interfaces.get((name, description))
        described = b""
        if number is None:
            described = self._describe(name, description)
            number = self._interfaces[name, description]
        if time is None:
            time = 0 if description == UNTIMED else self._latest
        elif time > self._latest:
            self._latest = min(time, _MOST)
        stamp = min(max(0, time), _MOST)
        data = rtac_serial.pack_header(happened, stamp) + raw
        size = len(data)
        body = (number, stamp >> 32, stamp & 0xFFFF_FFFF, size, size)
        if comments:
            told = [Option(EPB_FLAGS, struct.pack("<I", flags))]
            told += (text_option(OPT_COMMENT, comment) for comment in comments)
            return described + pack_block(ENHANCED_PACKET, struct.pack("<IIIII", *body) + data, told)
        total = 32 + size + -size % 4 + 12
        return (
            described
            + _BEFORE_DATA.pack(ENHANCED_PACKET, total, *body)
            + data
            + bytes(-size % 4)
            + _FLAGS_AND_END.pack(EPB_FLAGS, 4, flags, 0, 0, total)
        )

    def _describe(self, name: str, description: str, tap: Tap | None = None) -> bytes:
        """The description of one more interface."""
        self._interfaces[name, description] = len(self._interfaces)
        described = self._description(name, description, tap)
        self._described += described
        return described

    def _description(self, name: str, description: str, tap: Tap | None) -> bytes:
        baud = tap.baud if tap else self._baud
        told = [
            text_option(IF_NAME, name),
            Option(IF_DESCRIPTION, description.encode()),
            Option(IF_TSRESOL, _RESOLUTION),
        ]
        if tap:
            late = "" if tap.late is None else f"{TAP_LATE}{tap.late}"
            told.append(text_option(OPT_COMMENT, f"{TAP_NUMBER}{tap.tap}{late}"))
        if baud and description != LOG:
            told.append(Option(IF_SPEED, baud.to_bytes(8, "little")))
        return pack_block(INTERFACE_DESCRIPTION, struct.pack("<HHI", RTAC_SERIAL, 0, 0), told)


def _of_tap(record: Record) -> tuple[RtacEvent, list[str]]:
    """What a tap tells of itself."""
    for event in record.events:
        match event:
            case SourceLost():
                return RtacEvent.LOST, [GAP + event.reason]
            case SourceBack():
                return RtacEvent.STATUS, [RESTORED + event.how]
            case RateFound():
                return RtacEvent.STATUS, [f"{RATE}{event.baud or NO_RATE}: {event.evidence}"]
            case LatenessKnown():
                return RtacEvent.STATUS, [f"{LATENESS}{event.late}"]
    return RtacEvent.LOST, []


def _line_errors(marks: Sequence[LineErrorMark]) -> Iterator[str]:
    """Which bytes of a packet the receiver found an error in, by what it was, in the order of their places."""
    kinds = dict.fromkeys(mark.error for mark in marks)
    told = "; ".join(f"{kind} {' '.join(str(mark.at) for mark in marks if mark.error is kind)}" for kind in kinds)
    return _cut(told, LINE_ERRORS, LINE_ERRORS)


def _notes(text: str, prefix: str = "") -> Iterator[str]:
    """A note as comments: more than one where it is longer than a comment can be."""
    if not prefix and text.startswith(PREFIXES):
        prefix = NOTE
    return _cut(text, prefix, prefix or NOTE)


def _log(line: str) -> Iterator[str]:
    """A line of a log as comments."""
    return _cut(line, LOG_LINE, LOG_CONTINUATION)


def _cut(text: str, first: str, others: str) -> Iterator[str]:
    """A text in pieces that a comment can hold, the later ones marked as going on."""
    most = LONGEST_OPTION // LONGEST_CHARACTER - len(first) - len(others)
    yield first + text[:most]
    for start in range(most, len(text), most):
        yield others + text[start : start + most]
