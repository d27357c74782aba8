"""The writer of captures: records in, whole packets as bytes out, so that each can be on the disk at once. No I/O.

There is one packet for each frame and each piece of noise, with the time of its first byte (`docs/captures.md`). A
packet without data holds anything else: a gap, its end, a bit rate that was found, a line of a text log, or a note on a
record that was written before. What the session concluded is not written, because a reader concludes it again.

The rest of a log line around the bytes, its number, time zone and process, is a comment of the packet. So Wireshark
shows it, and the log can be restored. An interface is described just before its first packet.
"""

import json
import struct
from collections.abc import Iterator, Sequence
from datetime import tzinfo

from sniffer._version import __version__
from sniffer.core.charger.events import Event, Overdue
from sniffer.core.charger.health.link_health import LinkHealthChanged
from sniffer.core.charger.tap_events import (
    LatenessKnown,
    LineErrorReported,
    RateFound,
    SourceBack,
    SourceLost,
    SourceShared,
)
from sniffer.core.protocol.definition_origin import DefinitionOrigin
from sniffer.core.protocol.log_lines import TextMessage, format_frame
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record, mended_of
from sniffer.core.wire.frame import Reason
from sniffer.core.wire.items import LineErrorMark, Tap
from sniffer.core.wire.link_parts import Direction
from sniffer.core.wire.links import LINKS
from sniffer.formats.charger_log_writer import format_line
from sniffer.formats.jsonl.mended_keys import build_mended_object
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
from sniffer.formats.pcapng.definition_comments import format_origins
from sniffer.formats.pcapng.rtac_serial import RtacEvent

GENERATOR = "evse-sniff"
TAP = f"{GENERATOR} tap: each packet is a frame, or a piece of noise"
UNTIMED = f"{GENERATOR} without times: each packet is a frame, or a piece of noise"
LOG = f"{GENERATOR} text log: each packet is what a line printed"
"""The descriptions of interfaces, by which the reader knows them. Wireshark's tools keep them in a copy."""

LOG_LINE, LOG_CONTINUATION, GAP, NOTE, LATE_NOTE = "log: ", "log+ ", "gap: ", "note: ", "note #"
RESTORED, RATE, NO_RATE, LINE_ERRORS = "back: ", "rate: ", "undetermined", "line errors: "
LOG_PART = "log part: "
"""The prefix of a line without a time stamp, which belongs to the line before it. The comment repeats their time."""

LATENESS, OVERDUE, SHARED = "times may be late by nanoseconds: ", "overdue: ", "shared with: "
HEALTH, MENDED = "link health: ", "mended: "
PREFIXES = (
    LOG_LINE,
    LOG_PART,
    LOG_CONTINUATION,
    GAP,
    NOTE,
    LATE_NOTE,
    RESTORED,
    RATE,
    LATENESS,
    OVERDUE,
    HEALTH,
    SHARED,
    LINE_ERRORS,
    MENDED,
)
"""The prefixes of comments that are not plain notes; a plain note that begins with one gets `NOTE` before it."""

OUTBOUND_DIRECTIONS: tuple[Direction, ...] = ("com>pwr", "com>ocpp")
INBOUND_DIRECTIONS: tuple[Direction, ...] = ("pwr>com", "ocpp>com")
"""The directions from the point of view of the communication processor."""

TAP_NUMBER, TAP_LATE = "tap ", f": {LATENESS}"
"""The parts of an interface's comment if the session has several taps."""

LOG_INTERFACE = "log"
"""The name of the interface of log lines without bytes; the others are named after their links."""

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
    """Writes one capture.

    `name` is that of the source, and `baud` its bit rate, or None if it is unknown. `zone` is the time zone of a text
    log. `origins` are the definitions that the session was decoded with; each file of the capture names them.
    """

    def __init__(
        self,
        name: str,
        baud: int | None = None,
        zone: tzinfo | None = None,
        origins: Sequence[DefinitionOrigin] = (),
    ) -> None:
        self._name = name
        self._origins = origins
        self._baud = baud
        self.zone = zone
        self._interfaces: dict[tuple[str, str], int] = {}
        self._taps: dict[int, Tap] = {}
        self._described = b""
        self._latest = 0

    def encode_tap(self, tap: Tap) -> bytes:
        """Return the description of a tap's interface. If a session has several taps, it comes before all records."""
        self._taps[tap.tap] = tap
        return self._describe(tap.name, TAP, tap)

    def encode_header(self) -> bytes:
        """Return the section header, which a capture begins with."""
        body = struct.pack("<IHHq", BYTE_ORDER_MAGIC, 1, 0, -1)
        options = [*format_origins(self._origins), Option(SHB_USERAPPL, f"{GENERATOR} {__version__}".encode())]
        return pack_block(SECTION_HEADER, body, options)

    def encode_preamble(self) -> bytes:
        """Return the start of a further file of the capture: the header, and all interfaces described so far."""
        return self.encode_header() + self._described

    def encode_record(self, record: Record, note: str = "") -> bytes:
        """Return the packet of a record with the user's note, after the description of its interface if that is new."""
        item, time, reception = record.item, record.time, record.reception
        comments = list(_split_note(note)) if note else []
        if isinstance(item, TextMessage):
            line = item.line
            text = format_line(time, self.zone, line.number, line.process, line.text)
            comments += [*_split_log_line(text, continues=line.continues), *_format_mended(record)]
            return self._encode_packet(LOG_INTERFACE, LOG, time, RtacEvent.STATUS, comments=comments)
        name, before = self._name, b""
        if reception and reception.tap:
            if reception.tap not in self._taps:
                before = self.encode_tap(Tap(reception.tap, f"{TAP_NUMBER}{reception.tap}"))
            name = self._taps[reception.tap].name
        description = UNTIMED if time is None else TAP
        if item is None:
            event, about = _format_tap_event(record)
            return before + self._encode_packet(name, description, time, event, comments=comments + about)
        if reception and reception.marks:
            comments += _format_line_errors(reception.marks)
        if isinstance(item, Message):
            raw = item.frame.raw
            flags = _FLAGS.get(item.direction, UNKNOWN_DIRECTION)
            event = RtacEvent.SENT if flags == OUTBOUND else RtacEvent.RECEIVED
        else:
            raw = item.raw
            flags = CRC_ERROR if item.reason is Reason.CRC else 0
            event = RtacEvent.RECEIVED
        if record.printed:
            process, route = record.printed.process, record.printed.route
            text = format_line(time, self.zone, record.line, process, format_frame(route, raw))
            comments += [*_split_log_line(text, continues=record.printed.continues), *_format_mended(record)]
            return self._encode_packet(route.link.name, LOG, time, event, raw, flags, comments)
        return before + self._encode_packet(name, description, time, event, raw, flags, comments)

    def encode_gap(self, time: int | None, reason: str) -> bytes:
        """Return the packet of a gap that the recorder caused. At least one record must have been encoded before."""
        (name, description), *_ = self._interfaces
        return self._encode_packet(name, description, time, RtacEvent.LOST, comments=[GAP + reason])

    def encode_note(self, number: int, text: str) -> bytes:
        """Return the packet of a note on a record that was written before; an empty note removes the earlier one."""
        comments = list(_split_note(text, f"{LATE_NOTE}{number}: "))
        return self._encode_packet(self._name, TAP, None, RtacEvent.STATUS, comments=comments)

    def _encode_packet(
        self,
        name: str,
        description: str,
        time: int | None,
        event: RtacEvent,
        raw: bytes = b"",
        flags: int = 0,
        comments: list[str] | None = None,
    ) -> bytes:
        """Return one packet, after the description of its interface if that is new."""
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
        data = rtac_serial.pack_header(event, stamp) + raw
        size = len(data)
        body = (number, stamp >> 32, stamp & 0xFFFF_FFFF, size, size)
        if comments:
            options = [Option(EPB_FLAGS, struct.pack("<I", flags))]
            options += (text_option(OPT_COMMENT, comment) for comment in comments)
            return described + pack_block(ENHANCED_PACKET, struct.pack("<IIIII", *body) + data, options)
        total = 32 + size + -size % 4 + 12
        return (
            described
            + _BEFORE_DATA.pack(ENHANCED_PACKET, total, *body)
            + data
            + bytes(-size % 4)
            + _FLAGS_AND_END.pack(EPB_FLAGS, 4, flags, 0, 0, total)
        )

    def _describe(self, name: str, description: str, tap: Tap | None = None) -> bytes:
        """Return the description of a new interface, which gets the next number."""
        self._interfaces[name, description] = len(self._interfaces)
        described = self._encode_interface(name, description, tap)
        self._described += described
        return described

    def _encode_interface(self, name: str, description: str, tap: Tap | None) -> bytes:
        """Return the block that describes an interface. `tap` is None if the session has one tap only."""
        baud = tap.baud if tap else self._baud
        options = [
            text_option(IF_NAME, name),
            Option(IF_DESCRIPTION, description.encode()),
            Option(IF_TSRESOL, _RESOLUTION),
        ]
        if tap:
            late = "" if tap.late is None else f"{TAP_LATE}{tap.late}"
            options.append(text_option(OPT_COMMENT, f"{TAP_NUMBER}{tap.tap}{late}"))
        if baud and description != LOG:
            options.append(Option(IF_SPEED, baud.to_bytes(8, "little")))
        return pack_block(INTERFACE_DESCRIPTION, struct.pack("<HHI", RTAC_SERIAL, 0, 0), options)


def _format_tap_event(record: Record) -> tuple[RtacEvent, list[str]]:
    """Return the event and the comments of a record that holds only an event of a tap."""
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
            case SourceShared():
                return RtacEvent.STATUS, [SHARED + event.holder]
            case LineErrorReported():
                return rtac_serial.EVENTS_OF_ERRORS[event.error], []
            case Overdue() | LinkHealthChanged():
                return RtacEvent.STATUS, [*_format_silence(record.events)]
    return RtacEvent.LOST, []


def _format_mended(record: Record) -> Iterator[str]:
    """Yield how the line of a record was mended, as a comment in JSON."""
    if mended := mended_of(record):
        yield MENDED + json.dumps(build_mended_object(mended))


def _format_silence(events: Sequence[Event]) -> Iterator[str]:
    """Yield the findings of a silence as comments: the commands that were overdue, and the verdict on the link."""
    for event in events:
        if isinstance(event, Overdue):
            yield _format_overdue(event)
        elif isinstance(event, LinkHealthChanged):
            yield f"{HEALTH}{event.link.health}"


def _format_overdue(event: Overdue) -> str:
    """Return a command that was overdue as a comment: its route, code, period and lateness, and its name."""
    route = event.route
    is_packaged = LINKS.get(route.link.name) is route.link
    name = (route.direction or route.link.name) if is_packaged else route.name
    text = f"{OVERDUE}{name} {event.route.link.code_text(event.command)} {event.period} {event.late} {event.name}"
    return text[: LONGEST_OPTION // LONGEST_CHARACTER]


def _format_line_errors(marks: Sequence[LineErrorMark]) -> Iterator[str]:
    """Yield the line errors of a packet as comments: each type of error with the positions of its bytes."""
    kinds = dict.fromkeys(mark.error for mark in marks)
    text = "; ".join(f"{kind} {' '.join(str(mark.at) for mark in marks if mark.error is kind)}" for kind in kinds)
    return _split(text, LINE_ERRORS, LINE_ERRORS)


def _split_note(text: str, prefix: str = "") -> Iterator[str]:
    """Yield a note as comments: more than one if it is longer than a comment can be."""
    if not prefix and text.startswith(PREFIXES):
        prefix = NOTE
    return _split(text, prefix, prefix or NOTE)


def _split_log_line(line: str, *, continues: bool) -> Iterator[str]:
    """Yield a line of a log as comments."""
    return _split(line, LOG_PART if continues else LOG_LINE, LOG_CONTINUATION)


def _split(text: str, first: str, others: str) -> Iterator[str]:
    """Yield a text in pieces that a comment can hold: the first with one prefix, the others with another."""
    most = LONGEST_OPTION // LONGEST_CHARACTER - len(first) - len(others)
    yield first + text[:most]
    for start in range(most, len(text), most):
        yield others + text[start : start + most]
