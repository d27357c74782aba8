"""The packets of captures that other programs wrote, as the items that any source gives.

In: packets of any link type. Out: pieces and other items in their order. Packets may be cut anywhere, so each
direction of each interface has a framer of its own. Line errors and losses are read from the events of RTAC serial, and
losses also from the counters that a capture has. Packets that cannot be of a serial line are skipped and counted.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sniffer.base.phrasing import format_count
from sniffer.core.pipeline import SourceItem
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.items import LineErrorMark, Note, TapGap, TapLineError
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import ROUTES_IN_BYTES
from sniffer.core.wire.packet_framer import FramedPiece, PacketFramer
from sniffer.formats.link_types import RAW, LinkTypes, describe_refusal, find_layout, format_link_type
from sniffer.formats.pcapng import rtac_serial
from sniffer.formats.pcapng.blocks import INBOUND, LONGEST_BLOCK, OUTBOUND
from sniffer.formats.pcapng.decoded_run import StreamEnd
from sniffer.formats.pcapng.header_search import HeaderSearch
from sniffer.formats.pcapng.packet import Interface, Packet, PacketShape
from sniffer.formats.pcapng.plain_run import PlainRun

MOST_INTERFACES = 256
"""The most interfaces that are kept at the same time: a capture may have any number of sections."""

CaptureItem = SourceItem | Note
"""One item of a capture. A note comes before the record that it belongs to."""

Due = list[FramedPiece | CaptureItem]
"""Items in their order; of the bytes of foreign packets, the pieces."""

_Key = tuple[int, int]


class _Line(NamedTuple):
    """A serial line: an interface, the shape of its packets, and the keys of its streams.

    The key of a stream is at the position of its direction. `may_have_header` is True if nobody said that the packets
    hold nothing but bytes.
    """

    interface: Interface
    shape: PacketShape
    keys: tuple[_Key, ...]
    may_have_header: bool


class ForeignPackets:
    """The packets of one capture. `link_types` are the layouts that the user named, `routes` those of the frames.

    `skipped` counts the packets that were not read, by link types. `short` counts those that have no room for the
    header of their link type. `headers` finds those that seem to have one that nobody named. `framer` has all streams
    of the capture, so that they keep one order.
    """

    def __init__(self, link_types: LinkTypes, routes: Iterable[Route] = ROUTES_IN_BYTES) -> None:
        self.skipped: Counter[int] = Counter()
        self.short = 0
        self._link_types = link_types
        routes = tuple(routes)
        self.framer = PacketFramer[CaptureItem](routes)
        parse_whole = Framer(routes).parse_whole
        self._is_frame: Callable[[bytes], bool] = lambda data: parse_whole(data, None) is not None
        self.headers = HeaderSearch(self._is_frame)
        self._lines: dict[int, _Line] = {}
        self._described = 0

    @property
    def is_holding(self) -> bool:
        """True if something waits for bytes before it."""
        return self.framer.is_holding

    @property
    def has_read(self) -> bool:
        """True if a packet of a serial line was read."""
        return self._described > 0

    def find_frame(self, packet: Packet) -> bytes | None:
        """Return the bytes of a packet that is nothing but one whole frame and has its turn; None if it is to be read.

        This is the short way of most packets.
        """
        line = self._lines.get(id(packet.interface))
        direction = -1 if line is None else line.shape.find_direction(packet)
        if line is None or direction < 0:
            return None
        raw = packet.data[line.shape.header_size :]
        return raw if self.framer.pass_frame(line.keys[direction], raw, packet.time) else None

    def shape_of(self, interface: Interface) -> PacketShape | None:
        """Return the layout of the packets of an interface; None if that is not known yet."""
        line = self._lines.get(id(interface))
        return line.shape if line else None

    def pass_plain(self, run: PlainRun) -> int:
        """Return the number of packets at the begin of a run that are one whole frame each and have their turn.

        The next is to be read.
        """
        lines = {stream: self._lines.get(id(run.interface_of(stream))) for stream in {*run.streams}}
        keys = {stream: line.keys[stream & 3] for stream, line in lines.items() if line}
        return self.framer.pass_pieces(keys, run.streams, run.pieces) if len(keys) == len(lines) else 0

    def pass_run(self, ends: Iterable[tuple[Interface, StreamEnd]]) -> bool:
        """Return True if packets that are one whole frame each have their turn. If not, they are to be read.

        `ends` are the last of them in each stream, with their interfaces, whose shapes are known.
        """
        return self.framer.pass_frames(
            [(self._lines[id(interface)].keys[end.direction], end.time, end.size) for interface, end in ends]
        )

    def read(self, packet: Packet) -> Due:
        """Return the items that a packet completes."""
        line = self._lines.get(id(packet.interface)) or self._add_line(packet)
        if line is None:
            # Statistics are no packet that could be missed.
            if packet.data or not packet.dropped:
                self.skipped[packet.interface.link_type] += 1
            return []
        due: Due = []
        if len(self._lines) > MOST_INTERFACES:
            oldest = self._lines.pop(next(iter(self._lines)))
            due += self.framer.end(oldest.keys)
        return [*due, *self._feed(line, packet)]

    def place(self, item: CaptureItem) -> Due:
        """Return an item that was read elsewhere once it has its turn, with all before it."""
        return self.framer.place(item)

    def flush(self) -> Due:
        """Return all waiting items, as the capture has ended."""
        self._lines.clear()
        return self.framer.flush()

    def _add_line(self, packet: Packet) -> _Line | None:
        """Return the line of a packet whose interface is new; None if it is of no serial line."""
        interface = packet.interface
        layout = find_layout(interface.link_type, packet.data, packet.time, self._link_types, self._is_frame)
        if layout is None:
            return None
        self._described += 1
        keys = tuple((self._described, direction) for direction in range(1 + (INBOUND | OUTBOUND)))
        may_have_header = layout is RAW and interface.link_type not in self._link_types
        line = _Line(interface, PacketShape(False, layout.is_rtac, layout.header_size), keys, may_have_header)
        # An interface is known by its identity, as two may be described equally; the line keeps the object alive. A
        # packet without bytes does not show what is in the others.
        if packet.data:
            self._lines[id(interface)] = line
        return line

    def _feed(self, line: _Line, packet: Packet) -> Due:
        """Return the items that a packet of a line completes."""
        framer, data, time = self.framer, packet.data, packet.time
        due: Due = []
        if packet.comments:
            due += framer.place(Note("\n".join(packet.comments)))
        if packet.dropped:
            due += self._lose(line, describe_drop(packet))
            if not data:
                return due
        if len(data) < line.shape.header_size:
            self.short += 1
            return due
        if line.may_have_header:
            self.headers.add(line.interface.link_type, data)
        raw, direction = data[line.shape.header_size :], packet.flags & (INBOUND | OUTBOUND)
        marks: tuple[LineErrorMark, ...] = ()
        if line.shape.is_rtac:
            event = data[rtac_serial.EVENT_OFFSET]
            direction = OUTBOUND if event in rtac_serial.OF_SENT_BYTES else INBOUND
            if event in rtac_serial.LOSSES:
                due += self._lose(line, TapGap(time, rtac_serial.LOSSES[event]))
            if error := rtac_serial.LINE_ERRORS.get(event):
                marks = (LineErrorMark(0, error),)
                if not raw:
                    due += framer.place(TapLineError(time, error))
        if raw:
            due += framer.feed(line.keys[direction], raw, time, marks)
        if packet.lost:
            due += framer.cut([line.keys[direction]])
            due += framer.place(describe_cut(packet))
        return due

    def _lose(self, line: _Line, gap: TapGap) -> Due:
        """Return the items that the loss of data of a line completes: no frame goes on after it."""
        return [*self.framer.cut(line.keys), *self.framer.place(gap)]


def describe_drop(packet: Packet, tap: int = 0) -> TapGap:
    """Return the loss of the packets that were dropped before this one."""
    return TapGap(packet.time, f"{format_count(packet.dropped, 'packet')} dropped while it was captured", tap)


def describe_cut(packet: Packet, tap: int = 0) -> TapGap:
    """Return the loss of the bytes that were not kept of a packet."""
    reason = f"{format_count(packet.lost, 'byte')} of a packet not kept when it was captured"
    return TapGap(packet.time, reason, tap)


def describe_skipped(foreign: ForeignPackets, too_long: int = 0) -> str:
    """Return which packets were skipped, for people; empty if none was. `too_long` of them were not kept whole."""
    parts = [format_count(count, f"packet of {format_link_type(one)}") for one, count in foreign.skipped.items()]
    if foreign.short:
        parts.append(f"{format_count(foreign.short, 'packet')} too short for a header")
    if too_long:
        parts.append(f"{format_count(too_long, 'packet')} longer than {LONGEST_BLOCK >> 20} MiB")
    return f"skipped: {', '.join(parts)}" if parts else ""


def describe_nothing_read(foreign: ForeignPackets) -> str:
    """Return why nothing of a capture could be read; empty if its packets are of a serial line."""
    return describe_refusal(next(iter(foreign.skipped))) if foreign.skipped else ""
