"""The packets of a capture as the items that any source gives.

In: packets. Out: items in their order; a note comes before the item that it belongs to. Each packet that this program
wrote holds one frame or one piece of noise, and is framed on its own. The packets of another program's capture may be
cut anywhere, so framing continues across them (`sniffer.formats.pcapng.foreign_packets`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sniffer.core.protocol.decoded_frames import DecodedFrames
from sniffer.core.wire.items import (
    Piece,
    Segments,
    TapGap,
    TapLineError,
)
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import ROUTES_IN_BYTES
from sniffer.core.wire.packet_framer import FramedPiece
from sniffer.formats.link_types import LinkTypes
from sniffer.formats.pcapng import rtac_serial
from sniffer.formats.pcapng.blocks import RTAC_SERIAL
from sniffer.formats.pcapng.foreign_packets import (
    MOST_INTERFACES,
    CaptureItem,
    ForeignPackets,
    describe_cut,
    describe_drop,
)
from sniffer.formats.pcapng.own_packets import line_errors_of, log_line_of, notes_of, tap_events_of, tap_of
from sniffer.formats.pcapng.packet_batch import PLAIN_EVENTS, DecodedRun, PacketBatch, PacketShape
from sniffer.formats.pcapng.reader import CaptureError, Interface, Packet
from sniffer.formats.pcapng.rtac_serial import RtacEvent
from sniffer.formats.pcapng.writer import (
    GAP,
    GENERATOR,
    LOG,
    TAP,
    UNTIMED,
)

_EVENT = rtac_serial.EVENT_OFFSET


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
    """The step from the packets of one capture to items. `link_types` are the layouts that the user named, `routes`
    those of the frames that other programs' packets are searched for.

    `foreign` reads the packets that this program did not write, and counts what it skips.
    """

    def __init__(self, link_types: LinkTypes | None = None, routes: Iterable[Route] = ROUTES_IN_BYTES) -> None:
        self.foreign = ForeignPackets(link_types or {}, routes)
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
                    and data[_EVENT : rtac_serial.HEADER_SIZE] in PLAIN_EVENTS
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

    def shape_of(self, interface: Interface) -> PacketShape | None:
        """Return how bytes stand in the packets of an interface; None if that is not known yet, or never the same."""
        origin = self._origins.get(id(interface), _NO_INTERFACE)
        if not origin.is_ours:
            return self.foreign.shape_of(interface)
        if not origin.holds_frames:
            return None
        return PacketShape(True, True, rtac_serial.HEADER_SIZE, origin.has_times)

    def place_run(self, run: DecodedRun, batch: PacketBatch) -> DecodedFrames | None:
        """Return the frames of packets that were decoded ahead, as `parse` finds them; None if it has to parse them.

        That is so if an interface is not what it was taken for, or if bytes before the run wait for others.
        """
        interfaces = {number: batch.interfaces[number] for number in sorted(set(run.interfaces))}
        if self.foreign.is_holding or any(self.shape_of(one) != batch.shapes[at] for at, one in interfaces.items()):
            return None
        origins = {number: self._origins.get(id(one), _NO_INTERFACE) for number, one in interfaces.items()}
        last = origins[run.interfaces[-1]]
        if _NO_INTERFACE in origins.values():
            return None
        if not last.is_ours and not self.foreign.pass_run([(batch.interfaces[one.interface], one) for one in run.ends]):
            return None
        self._origin = last
        taps = bytes(origins[at].tap if at in origins else 0 for at in range(max(origins) + 1))
        return DecodedFrames(run.messages, run.interfaces.translate(taps.ljust(256, b"\0")), run.size)

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
        yield from notes_of(packet.comments)
        event = data[rtac_serial.EVENT_OFFSET]
        if interface.description.startswith(LOG) and event != RtacEvent.LOST:
            yield log_line_of(packet)
            return
        if event == RtacEvent.LOST:
            reason = next((text.removeprefix(GAP) for text in packet.comments if text.startswith(GAP)), "data lost")
            yield TapGap(time, reason, tap)
        if len(data) > rtac_serial.HEADER_SIZE:
            raw = data[rtac_serial.HEADER_SIZE :]
            yield Segments(((raw, time),), line_errors_of(packet.comments, len(raw)), tap)
        elif event in rtac_serial.LINE_ERRORS:
            yield TapLineError(time, rtac_serial.LINE_ERRORS[event], tap)
        elif event == RtacEvent.STATUS:
            yield from tap_events_of(packet.comments, time, tap)
        if packet.lost:
            yield describe_cut(packet, tap)


def items_of(packets: Iterable[Packet], link_types: LinkTypes | None = None) -> Iterator[CaptureItem]:
    """Yield the items of all packets of a capture, or of a part of one."""
    items = PacketItems(link_types)
    yield from items.parse(packets)
    yield from items.flush()


def _item_of(one: FramedPiece | CaptureItem) -> CaptureItem:
    return Segments(((one.raw, one.time),), one.marks) if isinstance(one, FramedPiece) else one
