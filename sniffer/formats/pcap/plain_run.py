"""Runs of plain packets of a classic pcap: read in one loop, without an object for each.

In: the bytes of a capture, and the shape of its packets. Out: what consecutive packets hold that are nothing but bytes
of the line, as of pcapng (`sniffer.formats.pcapng.plain_run`). A packet that was cut, or an event of the line, is in no
run.
"""

import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from sniffer.base.times import SECOND
from sniffer.formats.pcapng.packet import DIRECTIONS, Interface, PacketShape
from sniffer.formats.pcapng.plain_run import PlainRun, ShapeOf
from sniffer.formats.pcapng.rtac_serial import EVENT_OFFSET

PACKET_HEADER_SIZE = 16
"""Seconds, their fraction, and the sizes of the packet as kept and as a whole."""

LONGEST_PACKET = 1 << 24
"""A longer packet counts as damage, so that memory stays bounded."""

_MOST_FORMS = 4096


class PcapClock(NamedTuple):
    """The form of the numbers of a capture: their byte `order`, as in `struct`, and the nanoseconds of a tick."""

    order: str
    tick: int


class _PcapForm(NamedTuple):
    """The layout of packets of one size. `size` is that with the header.

    `unpack` returns the seconds, their fraction, the event, which is empty without events, and the bytes of the line.
    """

    size: int
    unpack: Callable[[bytes, int], tuple[Any, ...]]


class PcapRunParser:
    """Parses the runs of one capture. `shape_of` returns the shape of its packets; None if it is unknown."""

    def __init__(self, shape_of: ShapeOf) -> None:
        self._shape_of = shape_of
        self._shape: PacketShape | None = None
        self._forms: dict[tuple[int, int], _PcapForm] = {}
        """The forms of the packets so far, by their sizes as kept and as a whole."""

    def parse(self, data: bytes, at: int, clock: PcapClock, interface: Interface) -> PlainRun | None:
        """Return the run that begins with the packet at `at`; None if that packet is in no run."""
        shape = self._shape_of(interface)
        if shape is None:
            return None
        if shape != self._shape:
            self._shape, self._forms = shape, {}
        run = PlainRun([], bytearray(), (interface,), False, at)
        self._extend(run, data, clock, shape)
        return run if run.pieces else None

    def _extend(self, run: PlainRun, data: bytes, clock: PcapClock, shape: PacketShape) -> None:
        """Add the packets from the end of a run on, up to the first that does not belong to it."""
        read_sizes, forms, tick = struct.Struct(f"{clock.order}8x2I").unpack_from, self._forms, clock.tick
        directions: dict[Any, int] = DIRECTIONS if shape.is_rtac else {b"": 0}
        pieces, streams, at, size = run.pieces, run.streams, run.end, len(data)
        while at <= size - PACKET_HEADER_SIZE:
            sizes = read_sizes(data, at)
            form = forms.get(sizes) or self._find_form(sizes, clock, shape)
            if form is None or at + form.size > size:
                break
            seconds, fraction, event, raw = form.unpack(data, at)
            direction = directions.get(event, -1)
            if direction < 0:
                break
            time = seconds * SECOND + fraction * tick
            run.last_time = time or run.last_time
            pieces.append((raw, time))
            streams.append(direction)
            at += form.size
        run.end = at

    def _find_form(self, sizes: tuple[int, int], clock: PcapClock, shape: PacketShape) -> _PcapForm | None:
        """Return the form of packets of these sizes, and keep it; None if they belong to no run."""
        kept, whole = sizes
        if kept != whole or not shape.header_size < kept <= LONGEST_PACKET:
            return None
        event_size = 1 if shape.is_rtac else 0
        event_at = EVENT_OFFSET if shape.is_rtac else 0
        rest = shape.header_size - event_at - event_size
        packet = struct.Struct(f"{clock.order}2I8x{event_at}x{event_size}s{rest}x{kept - shape.header_size}s")
        if len(self._forms) >= _MOST_FORMS:
            self._forms.clear()
        form = self._forms[sizes] = _PcapForm(packet.size, packet.unpack_from)
        return form
