"""Runs of plain packets: read in one loop, without an object for each.

In: the bytes of a section, and the shapes of the packets of its interfaces. Out: what consecutive packets hold that are
nothing but bytes of the line. Nearly all packets of a live session are. A packet with a comment or a loss, of an
interface whose shape is not known, or in a block that is not as usual, is in no run: the reader parses it by itself,
and finds what is wrong with it.
"""

import struct
from collections.abc import Callable, Sequence

from msgspec import Struct

from sniffer.base.times import EARLIEST, LATEST, SECOND
from sniffer.core.wire.items import Piece
from sniffer.formats.pcapng.blocks import ENHANCED_PACKET, EPB_FLAGS, LONGEST_BLOCK
from sniffer.formats.pcapng.packet import DIRECTIONS, PLAIN_EVENTS, Interface, PacketShape
from sniffer.formats.pcapng.rtac_serial import EVENT_OFFSET

MOST_INTERFACES = 64
"""The packets of so many interfaces of a section can stand in runs; those of later ones never do."""

_HEAD_SIZE = 28
_SHORTEST_PACKET = 32
_FLAGS_SIZE = 12
"""The size of the options of a packet that has flags only."""

ShapeOf = Callable[[Interface], PacketShape | None]


class PlainRun(Struct):
    """Consecutive packets, all of this program or all of others.

    `pieces` are the bytes of the line of each, with their times. `streams` holds the stream of each: four times the
    number of its interface among `interfaces`, plus its direction. `end` is the offset behind them, and `last_time` the
    time of the last that has one. Who uses a run sets `taken` to the number of packets that were used.
    """

    pieces: list[Piece]
    streams: bytearray
    interfaces: Sequence[Interface]
    is_ours: bool
    end: int
    last_time: int | None = None
    taken: int = 0

    def interface_of(self, stream: int) -> Interface:
        """Return the interface of a stream."""
        return self.interfaces[stream >> 2]


_Layout = tuple[int, int, int, dict[bytes, int] | None, int, int, bool]
"""How the packets of one interface are read: four times its number; the nanoseconds of a tick, and those to be added;
the directions of events, None if the direction is in the flags; the offsets behind the head at which the event ends and
the bytes of the line begin; and whether the times mean anything.
"""


class PlainRunParser:
    """Parses the runs of one capture. `shape_of` returns the shape of an interface's packets; None if it is unknown."""

    def __init__(self, shape_of: ShapeOf) -> None:
        self._shape_of = shape_of
        self._interfaces: Sequence[Interface] = ()
        self._layouts: dict[bool, dict[int, _Layout]] = {}
        """The layouts of the interfaces of the present section, by their numbers: those of this program, and others."""
        self._packets = {order: struct.Struct(f"{order}7I") for order in "<>"}
        self._ends = {order: (struct.Struct(f"{order}I"), struct.Struct(f"{order}HHIHHI")) for order in "<>"}

    def parse(self, data: bytes, at: int, order: str, interfaces: Sequence[Interface]) -> PlainRun | None:
        """Return the run that begins with the block at `at`; None if that packet is in no run.

        `order` is the byte order of the section, as in `struct`, and `interfaces` are those of the section so far.
        """
        if interfaces is not self._interfaces:
            self._interfaces, self._layouts = interfaces, {True: {}, False: {}}
        if len(data) < at + _HEAD_SIZE:
            return None
        number = self._packets[order].unpack_from(data, at)[2]
        is_ours = self._find_layout(number)
        if is_ours is None:
            return None
        run = PlainRun([], bytearray(), interfaces, is_ours, at)
        self._extend(run, data, order)
        return run if run.pieces else None

    def _find_layout(self, number: int) -> bool | None:
        """Let the layout of the interface of this number be known, and return whether its packets are this program's.

        Returns None if its packets stand in no run.
        """
        for is_ours, layouts in self._layouts.items():
            if number in layouts:
                return is_ours
        interface = self._interfaces[number] if number < min(len(self._interfaces), MOST_INTERFACES) else None
        shape = self._shape_of(interface) if interface else None
        if interface is None or shape is None or SECOND % interface.ticks:
            return None
        directions = DIRECTIONS if shape.is_rtac else None
        if shape.is_ours:
            directions = dict.fromkeys(PLAIN_EVENTS, 0)
        event_end = EVENT_OFFSET + (len(PLAIN_EVENTS[0]) if shape.is_ours else 1)
        tick, offset = SECOND // interface.ticks, interface.offset * SECOND
        layout = 4 * number, tick, offset, directions, event_end, shape.header_size, shape.has_times
        self._layouts[shape.is_ours][number] = layout
        return shape.is_ours

    def _extend(self, run: PlainRun, data: bytes, order: str) -> None:
        """Add the packets from the end of a run on, up to the first that does not belong to it."""
        unpack, (total_only, flags_and_total) = self._packets[order].unpack_from, self._ends[order]
        layouts, pieces, streams, last_time = self._layouts[run.is_ours], run.pieces, run.streams, run.last_time
        at, last = run.end, len(data) - _SHORTEST_PACKET
        while at <= last:
            kind, total, number, high, low, kept, whole = unpack(data, at)
            layout = layouts.get(number)
            if kind != ENHANCED_PACKET or layout is None or kept != whole or not total <= len(data) - at:
                break
            stream, tick, offset, directions, event_end, bytes_at, has_times = layout
            start, end = at + _HEAD_SIZE, at + total
            options, flags = end - 4 - start - (kept + 3 & ~3), 0
            if options == _FLAGS_SIZE:
                code, size, flags, _, _, again = flags_and_total.unpack_from(data, end - 16)
                if code != EPB_FLAGS or size != 4:
                    break
            elif options:
                break
            else:
                (again,) = total_only.unpack_from(data, end - 4)
            event = data[start + EVENT_OFFSET : start + event_end]
            direction = flags & 3 if directions is None else directions.get(event, -1)
            if direction < 0 or again != total or kept <= bytes_at or total > LONGEST_BLOCK:
                break
            time = (high << 32 | low) * tick + offset
            is_right = EARLIEST <= time < LATEST
            if is_right:
                last_time = time or last_time
            pieces.append((data[start + bytes_at : start + kept], time if is_right and has_times else None))
            streams.append(stream | direction)
            at = end
        run.end, run.last_time = at, last_time
