"""Runs of plain packets: read in one loop, without an object for each.

In: the bytes of a section, and the shapes of the packets of its interfaces. Out: what consecutive packets hold that are
nothing but bytes of the line. Nearly all packets of a live session are. A packet with a comment or a loss, of an
interface whose shape is not known, or in a block that is not as usual, is in no run: the reader parses it by itself,
and finds what is wrong with it.
"""

import struct
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from sniffer.base.times import EARLIEST, LATEST, SECOND
from sniffer.core.wire.items import Piece
from sniffer.formats.pcapng.blocks import ENHANCED_PACKET, EPB_FLAGS, LONGEST_BLOCK
from sniffer.formats.pcapng.packet import DIRECTIONS, PLAIN_EVENTS, Interface, PacketShape
from sniffer.formats.pcapng.rtac_serial import EVENT_OFFSET

MOST_INTERFACES = 64
"""The packets of this many interfaces of a section can stand in runs; those of later ones never do."""

_HEAD_SIZE = 28
_SHORTEST_PACKET = 32
_FLAGS_SIZE = 12
"""The size of the options of a packet that has flags only."""

_MOST_FORMS = 4096

_Head = tuple[int, int, int, int, int]
"""The kind and the size of a block, the number of the interface, and the sizes of the packet as kept and as a whole."""

ShapeOf = Callable[[Interface], PacketShape | None]


class PlainRun(Struct):
    """Consecutive packets, all of this program or all of others.

    `pieces` are the bytes of the line of each, with their times. `streams` holds the stream of each: four times the
    number of its interface among `interfaces`, plus its direction. `end` is the offset after them, and `last_time` the
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


class _Layout(NamedTuple):
    """The layout by which the packets of one interface are read. `stream` is four times its number.

    `tick` are the nanoseconds of a tick, and `offset` those that are added. `directions` are those of events; None if
    the direction is in the flags. The event ends at `event_end`, and the bytes of the line begin at `bytes_at`, both
    counted from the end of the head. `has_times` is True if the times mean anything.
    """

    stream: int
    tick: int
    offset: int
    directions: dict[bytes, int] | None
    event_end: int
    bytes_at: int
    has_times: bool


class _Form(NamedTuple):
    """The layout of packets with one head, except for its time: those of one interface and size.

    `size` is that of the block. `unpack` returns the two halves of the time, the event, the bytes of the line, with
    `has_flags` the head and the value of that option, and the size that ends the block.
    """

    size: int
    unpack: Callable[[bytes, int], tuple[Any, ...]]
    has_flags: bool
    stream: int
    tick: int
    offset: int
    directions: dict[bytes, int] | None
    has_times: bool


class PlainRunParser:
    """Parses the runs of one capture. `shape_of` returns the shape of an interface's packets; None if it is unknown."""

    def __init__(self, shape_of: ShapeOf) -> None:
        self._shape_of = shape_of
        self._interfaces: Sequence[Interface] = ()
        self._layouts: dict[bool, dict[int, _Layout]] = {}
        """The layouts of the interfaces of the present section, by their numbers: those of this program, and others."""
        self._forms: dict[bool, dict[_Head, _Form]] = {True: {}, False: {}}
        """The forms of the packets so far, likewise."""
        self._heads = {order: struct.Struct(f"{order}3I8x2I").unpack_from for order in "<>"}

    def parse(self, data: bytes, at: int, order: str, interfaces: Sequence[Interface]) -> PlainRun | None:
        """Return the run that begins with the block at `at`; None if that packet is in no run.

        `order` is the byte order of the section, as in `struct`, and `interfaces` are those of the section so far.
        """
        if interfaces is not self._interfaces:
            self._interfaces, self._layouts = interfaces, {True: {}, False: {}}
            self._forms = {True: {}, False: {}}
        if len(data) < at + _HEAD_SIZE:
            return None
        number = self._heads[order](data, at)[2]
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
        layout = _Layout(4 * number, tick, offset, directions, event_end, shape.header_size, shape.has_times)
        self._layouts[shape.is_ours][number] = layout
        return shape.is_ours

    def _extend(self, run: PlainRun, data: bytes, order: str) -> None:
        """Add the packets from the end of a run on, up to the first that does not belong to it."""
        read_head, forms = self._heads[order], self._forms[run.is_ours]
        pieces, streams, last_time = run.pieces, run.streams, run.last_time
        at, size, flags_head = run.end, len(data), struct.pack(f"{order}HH", EPB_FLAGS, 4)
        while at <= size - _SHORTEST_PACKET:
            head = read_head(data, at)
            form = forms.get(head) or self._find_form(head, order, is_ours=run.is_ours)
            if form is None or at + form[0] > size:
                break
            total, unpack, has_flags, stream, tick, offset, directions, has_times = form
            flags = 0
            if has_flags:
                high, low, event, raw, option, flags, again = unpack(data, at)
                if option != flags_head:
                    break
            else:
                high, low, event, raw, again = unpack(data, at)
            direction = flags & 3 if directions is None else directions.get(event, -1)
            if direction < 0 or again != total:
                break
            time = (high << 32 | low) * tick + offset
            is_right = EARLIEST <= time < LATEST
            if is_right:
                last_time = time or last_time
            pieces.append((raw, time if is_right and has_times else None))
            streams.append(stream | direction)
            at += total
        run.end, run.last_time = at, last_time

    def _find_form(self, head: _Head, order: str, *, is_ours: bool) -> _Form | None:
        """Return the form of packets with this head, and keep it; None if they do not belong to the run."""
        kind, total, number, kept, whole = head
        layout = self._layouts[is_ours].get(number)
        if kind != ENHANCED_PACKET or layout is None or kept != whole or total > LONGEST_BLOCK:
            return None
        stream, tick, offset, directions, event_end, bytes_at, has_times = layout
        padding = -kept % 4
        options = total - _SHORTEST_PACKET - kept - padding
        if kept <= bytes_at or options not in (0, _FLAGS_SIZE):
            return None
        event = f"{EVENT_OFFSET}x{event_end - EVENT_OFFSET}s{bytes_at - event_end}x" if directions else f"0s{bytes_at}x"
        flags = "4sI4x" if options else ""
        packet = struct.Struct(f"{order}12x2I8x{event}{kept - bytes_at}s{padding}x{flags}I")
        forms = self._forms[is_ours]
        if len(forms) >= _MOST_FORMS:
            forms.clear()
        form = _Form(total, packet.unpack_from, options > 0, stream, tick, offset, directions, has_times)
        forms[head] = form
        return form
