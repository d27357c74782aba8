"""The packets of a capture as the items that any source gives.

In: packets. Out: items in their order; a note comes before the item that it belongs to. Each packet that this program
wrote holds one frame or one piece of noise, and is framed on its own. The packets of another program's capture may be
cut anywhere, so framing continues across them (`sniffer.formats.pcapng.foreign_packets`).
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo

from msgspec.structs import replace

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
    Piece,
    Segments,
    Tap,
    TapGap,
    TapLineError,
    TapRestored,
    TapShared,
)
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, DBUS, OCPP_TO_COM, PWR_TO_COM
from sniffer.core.wire.mended import Mended
from sniffer.core.wire.packet_framer import FramedPiece
from sniffer.formats.charger_log import parse_line, zone_of
from sniffer.formats.jsonl.mended_keys import parse_mended
from sniffer.formats.link_types import LinkTypes
from sniffer.formats.pcapng import rtac_serial
from sniffer.formats.pcapng.blocks import INBOUND, OUTBOUND, RTAC_SERIAL
from sniffer.formats.pcapng.foreign_packets import (
    MOST_INTERFACES,
    CaptureItem,
    ForeignPackets,
    describe_cut,
    describe_drop,
)
from sniffer.formats.pcapng.reader import CaptureError, Interface, Packet
from sniffer.formats.pcapng.rtac_serial import RtacEvent
from sniffer.formats.pcapng.writer import (
    GAP,
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
    TAP,
    TAP_LATE,
    TAP_NUMBER,
    UNTIMED,
)

_TAP = re.compile(rf"{re.escape(TAP_NUMBER)}(\d{{1,3}})(?:{re.escape(TAP_LATE)}(\d{{1,18}}))?")
_RATE = re.compile(rf"{re.escape(RATE)}(\d{{1,9}}|{NO_RATE}): (.*)", re.DOTALL)
_LATENESS = re.compile(rf"{re.escape(LATENESS)}(\d{{1,18}})")
_OVERDUE = re.compile(re.escape(OVERDUE) + r"(\S+) (0|(?:[0-9A-F]{2}){1,4}) (\d{1,18}) (\d{1,18}) (.*)", re.DOTALL)
_ERRORS = re.compile(r"(framing|parity|break)((?: \d{1,9})+)")
_LATE = re.compile(re.escape(LATE_NOTE) + r"(\d{1,18}): (.*)", re.DOTALL)
_EVENT = rtac_serial.EVENT_OFFSET
_DATA = tuple(bytes([event, 0, 0, 0]) for event in (RtacEvent.SENT, RtacEvent.RECEIVED))
"""How the header of a packet continues after the time if the packet holds nothing but bytes."""


@dataclass(frozen=True, slots=True)
class _Origin:
    """What an interface is: whether this program wrote it, and the tap whose packets it has.

    `holds_frames` is True if nearly all of its packets are one frame each, or one piece of noise.
    """

    interface: Interface | None = None
    is_ours: bool = False
    holds_frames: bool = False
    has_times: bool = True
    tap: int = 0


_NO_INTERFACE = _Origin()
"""Before the first packet."""


class PacketItems:
    """The step from the packets of one capture to items. `link_types` are the layouts that the user named.

    `foreign` reads the packets that this program did not write, and counts what it skips.
    """

    def __init__(self, link_types: LinkTypes | None = None) -> None:
        self.foreign = ForeignPackets(link_types or {})
        self._taps: dict[Interface, int] = {}
        self._origins: dict[int, _Origin] = {}
        """What the interfaces are, by their identity."""
        self._origin = _NO_INTERFACE
        self._has_ours = False

    @property
    def has_read(self) -> bool:
        """True if a packet of a serial line was read."""
        return self._has_ours or self.foreign.has_read

    def parse(self, packets: Iterable[Packet]) -> Iterator[CaptureItem]:
        """Yield the items that packets complete. An error of the reader is raised after all items before it."""
        run: list[Piece] = []
        origin = self._origin
        try:
            for packet in packets:
                interface, time, data, _, comments, lost, dropped = packet
                if interface is not origin.interface:
                    before, origin = origin, self._origins.get(id(interface), _NO_INTERFACE)
                    if interface is not origin.interface:
                        yield from self._end_run(run)
                        run = []
                        yield from self._enter(interface)
                        origin = self._origin
                    elif run and (origin.tap != before.tap or origin.is_ours != before.is_ours):
                        yield from self._end_run(run)
                        run = []
                    self._origin = origin
                # Nearly all packets of a live session are plain; handing them on together is faster.
                if (
                    origin.holds_frames
                    and not comments
                    and not lost
                    and not dropped
                    and data[_EVENT : rtac_serial.HEADER_SIZE] in _DATA
                ):
                    run.append((data[rtac_serial.HEADER_SIZE :], time if origin.has_times else None))
                    continue
                if origin.is_ours:
                    yield from self._end_run(run)
                    run = []
                    yield from self._in_order(self._parse_packet(packet))
                    continue
                if frame := self.foreign.find_frame(packet):
                    run.append((frame, time))
                    continue
                for one in self.foreign.read(packet):
                    if isinstance(one, FramedPiece) and not one.marks:
                        run.append((one.raw, one.time))
                        continue
                    yield from self._end_run(run)
                    run = []
                    yield _item_of(one)
        except CaptureError:
            yield from self._end_run(run)
            raise
        yield from self._end_run(run)

    def flush(self) -> Iterator[CaptureItem]:
        """Yield the items of all bytes that wait, as the capture has ended."""
        return map(_item_of, self.foreign.flush())

    def _enter(self, interface: Interface) -> Iterator[CaptureItem]:
        """Go on with the packets of an interface that is new. Yield the tap that it describes, once."""
        if len(self._origins) >= MOST_INTERFACES:
            self._origins.clear()
        is_ours = interface.link_type == RTAC_SERIAL and interface.description.startswith(GENERATOR)
        if is_ours:
            self._has_ours = True
            if interface not in self._taps:
                described = tap_of(interface)
                self._taps[interface] = described.tap if described else 0
                if described:
                    yield described
        holds_frames, has_times = interface.description in (TAP, UNTIMED), interface.description != UNTIMED
        tap = self._taps.get(interface, 0) if is_ours else 0
        self._origin = self._origins[id(interface)] = _Origin(
            interface, is_ours, is_ours and holds_frames, has_times, tap
        )

    def _end_run(self, run: list[Piece]) -> Iterator[CaptureItem]:
        """Yield the pieces that stand together, if there are any."""
        if not run:
            return
        if self._origin.is_ours:
            yield from self._in_order([Segments(run, (), self._origin.tap)])
        else:
            yield Segments(run)

    def _in_order(self, items: Iterable[CaptureItem]) -> Iterator[CaptureItem]:
        """Yield items of this program's packets, behind what waits of other packets before them."""
        for item in items:
            if self.foreign.is_holding:
                yield from map(_item_of, self.foreign.place(item))
            else:
                yield item

    def _parse_packet(self, packet: Packet) -> Iterator[CaptureItem]:
        """Yield the items of a packet that this program wrote: its notes, then its bytes, its log line or its event."""
        interface, data, tap = packet.interface, packet.data, self._origin.tap
        time = None if interface.description.startswith(UNTIMED) else packet.time
        if packet.dropped:
            yield describe_drop(packet, tap)
            if not data:
                return
        if len(data) < rtac_serial.HEADER_SIZE:
            self.foreign.short += 1
            return
        yield from _notes_of(packet.comments)
        event = data[rtac_serial.EVENT_OFFSET]
        if interface.description.startswith(LOG) and event != RtacEvent.LOST:
            yield _log_line_of(packet)
            return
        if event == RtacEvent.LOST:
            reason = next((text.removeprefix(GAP) for text in packet.comments if text.startswith(GAP)), "data lost")
            yield TapGap(time, reason, tap)
        if len(data) > rtac_serial.HEADER_SIZE:
            raw = data[rtac_serial.HEADER_SIZE :]
            yield Segments(((raw, time),), _line_errors_of(packet.comments, len(raw)), tap)
        elif event in rtac_serial.LINE_ERRORS:
            yield TapLineError(time, rtac_serial.LINE_ERRORS[event], tap)
        elif event == RtacEvent.STATUS:
            yield from _tap_events_of(packet.comments, time, tap)
        if packet.lost:
            yield describe_cut(packet, tap)


def items_of(packets: Iterable[Packet], link_types: LinkTypes | None = None) -> Iterator[CaptureItem]:
    """Yield the items of all packets of a capture, or of a part of one."""
    items = PacketItems(link_types)
    yield from items.parse(packets)
    yield from items.flush()


def _item_of(one: FramedPiece | CaptureItem) -> CaptureItem:
    return Segments(((one.raw, one.time),), one.marks) if isinstance(one, FramedPiece) else one


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


def _tap_events_of(
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


def _line_errors_of(comments: tuple[str, ...], size: int) -> tuple[LineErrorMark, ...]:
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


def _notes_of(comments: tuple[str, ...]) -> Iterator[Note]:
    """Yield the user's notes: on records that came before, then on the record that comes next."""
    late = [(int(found[1]), found[2]) for text in comments if (found := _LATE.fullmatch(text))]
    for number in dict.fromkeys(number for number, _ in late):
        yield Note("".join(text for at, text in late if at == number), number)
    plain = [text for text in comments if not text.startswith(PREFIXES)]
    long = [text.removeprefix(NOTE) for text in comments if text.startswith(NOTE)]
    if plain or long:
        yield Note("\n".join(plain) + "".join(long))


def _log_line_of(packet: Packet) -> LogLine:
    """Return the line of the text log that the packet was made from, as far as its comments still hold it."""
    pieces = [text for text in packet.comments if text.startswith((LOG_LINE, LOG_PART, LOG_CONTINUATION))]
    first = LOG_PART if any(text.startswith(LOG_PART) for text in pieces) else LOG_LINE
    # Each piece has one prefix: the line itself may begin with another one.
    line = "".join(text.removeprefix(first if text.startswith(first) else LOG_CONTINUATION) for text in pieces)
    raw = packet.data[rtac_serial.HEADER_SIZE :]
    parsed = replace(parse_line(line), continues=first == LOG_PART, mended=_mended_of(packet.comments))
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
