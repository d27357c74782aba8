"""The packets of a capture as the items that any source gives.

In: packets. Out: items in their order; a note comes before the item that it belongs to. Each packet that this program
wrote holds one frame or one piece of noise, and is framed on its own. The packets of another program's capture may be
cut anywhere, so framing continues across them (`sniffer.formats.pcapng.foreign_packets`), as it does across those that
were recorded with other links than they are read with (`sniffer.formats.pcapng.recut_packets`).
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct

from sniffer.core.protocol.decoded_frames import DecodedFrames
from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.items import (
    Note,
    Piece,
    Segments,
    TapGap,
    TapLineError,
)
from sniffer.core.wire.links import ROUTES_IN_BYTES
from sniffer.core.wire.packet_framer import FramedPiece
from sniffer.formats.link_types import LinkTypes
from sniffer.formats.pcapng import rtac_serial
from sniffer.formats.pcapng.blocks import RTAC_SERIAL
from sniffer.formats.pcapng.decoded_run import CaptureSection, DecodedRun
from sniffer.formats.pcapng.definition_comments import parse_origins
from sniffer.formats.pcapng.foreign_packets import (
    MOST_INTERFACES,
    CaptureItem,
    ForeignPackets,
    describe_cut,
    describe_drop,
)
from sniffer.formats.pcapng.own_packets import line_errors_of, log_line_of, notes_of, tap_events_of, tap_of
from sniffer.formats.pcapng.packet import PLAIN_EVENTS, Interface, Packet, PacketShape
from sniffer.formats.pcapng.plain_run import PlainRun
from sniffer.formats.pcapng.reader import CaptureError
from sniffer.formats.pcapng.recorded_links import has_links_of
from sniffer.formats.pcapng.recut_packets import RecutPackets
from sniffer.formats.pcapng.rtac_serial import RtacEvent
from sniffer.formats.pcapng.writer import (
    GAP,
    GENERATOR,
    LOG,
    TAP,
    UNTIMED,
)

_EVENT = rtac_serial.EVENT_OFFSET


class _Origin(Struct, frozen=True):
    """The kind of an interface: True if this program wrote it, and the tap whose packets it has.

    `holds_frames` is True if nearly all of its packets are one frame each, or one piece of noise. `is_recut` is True if
    they are framed again. `is_cut_alike` is True if the session has the pieces of this program's packets as they are.
    """

    interface: Interface | None = None
    is_ours: bool = False
    holds_frames: bool = False
    has_times: bool = True
    tap: int = 0
    is_recut: bool = False
    is_cut_alike: bool = False


_NO_INTERFACE = _Origin()
"""Before the first packet."""


class PacketItems:
    """The step from the packets of one capture to items. `link_types` are the layouts that the user named. `definition`
    is that of the frames which packets are searched for whose cuts do not fit it. If it is None, those of other
    programs are searched for the charger's, and those of this program are what they were.

    `foreign` reads the packets that this program did not write, and counts what it skips.
    """

    def __init__(self, link_types: LinkTypes | None = None, definition: Definition | None = None) -> None:
        routes = definition.links.routes_in_bytes if definition else ROUTES_IN_BYTES
        self.foreign = ForeignPackets(link_types or {}, routes)
        self._recut = RecutPackets(self.foreign.framer)
        self._definition = definition
        self._taps: dict[Interface, int] = {}
        self._origins: dict[int, _Origin] = {}
        """The kinds of the interfaces, by their identity."""
        self._origin = _NO_INTERFACE
        self._pieces: list[Piece] = []
        """The pieces that stand together so far, and the tap of each."""
        self._piece_taps = bytearray()
        self._has_ours = False

    @property
    def has_read(self) -> bool:
        """True if a packet of a serial line was read."""
        return self._has_ours or self.foreign.has_read

    def parse(self, packets: Iterable[Packet | PlainRun]) -> Iterator[CaptureItem]:
        """Yield the items that packets complete. An error of the reader is raised after all items before it."""
        try:
            for packet in packets:
                if isinstance(packet, PlainRun):
                    yield from self._add_run(packet)
                else:
                    yield from self._change_interface(packet.interface)
                    if not self._add_frame(packet):
                        yield from self._parse_other(packet)
        except CaptureError:
            yield from self._end_run()
            raise
        yield from self._end_run()

    def _change_interface(self, interface: Interface) -> Iterator[CaptureItem]:
        """Go on with the packets of an interface. Yield the pieces that do not stand together with them."""
        before = self._origin
        if interface is before.interface:
            return
        origin = self._origins.get(id(interface), _NO_INTERFACE)
        if interface is not origin.interface:
            yield from self._end_run()
            yield from self._enter(interface)
            return
        if not (origin.is_cut_alike and before.is_cut_alike) and (origin.tap, origin.is_ours, origin.is_recut) != (
            before.tap,
            before.is_ours,
            before.is_recut,
        ):
            yield from self._end_run()
        self._origin = origin

    def _add_frame(self, packet: Packet) -> bool:
        """Return True if a packet stands with those before it: it is one frame, or noise that this program wrote."""
        _, time, data, _, comments, lost, dropped = packet
        origin = self._origin
        raw: bytes | None
        if origin.holds_frames:
            if comments or lost or dropped or data[_EVENT : rtac_serial.HEADER_SIZE] not in PLAIN_EVENTS:
                return False
            time = time if origin.has_times else None
            raw = data[rtac_serial.HEADER_SIZE :]
            if origin.is_recut and not self._recut.pass_frame(origin.tap, raw, time):
                return False
        elif origin.is_ours:
            return False
        else:
            raw = self.foreign.find_frame(packet)
            if raw is None:
                return False
        self._add_piece(raw, time)
        return True

    def _add_run(self, run: PlainRun) -> Iterator[CaptureItem]:
        """Let the packets of a run stand with those before them, up to the first that has to be parsed by itself.

        Yields the pieces that do not stand together with them.
        """
        origins = {stream: self._origins.get(id(run.interface_of(stream)), _NO_INTERFACE) for stream in {*run.streams}}
        if _NO_INTERFACE in origins.values():
            return
        run.taken = len(run.pieces) if run.is_ours else self.foreign.pass_plain(run)
        if not run.taken:
            return
        before = self._origin
        if not (before.is_cut_alike if run.is_ours else not before.is_ours):
            yield from self._end_run()
        self._origin = origins[run.streams[run.taken - 1]]
        taps = bytes(origins[stream].tap if stream in origins else 0 for stream in range(256))
        self._pieces += run.pieces[: run.taken]
        self._piece_taps += run.streams[: run.taken].translate(taps)

    def _add_piece(self, raw: bytes, time: int | None) -> None:
        self._pieces.append((raw, time))
        self._piece_taps.append(self._origin.tap)

    def _parse_other(self, packet: Packet) -> Iterator[CaptureItem]:
        """Yield the items that a packet completes which is not one frame."""
        origin = self._origin
        if origin.is_ours and not origin.is_recut:
            yield from self._end_run()
            yield from self._in_order(self._parse_packet(packet))
            return
        due = self._recut.read(self._parse_packet(packet), origin.tap) if origin.is_recut else self.foreign.read(packet)
        for one in due:
            if isinstance(one, FramedPiece) and one.tap == origin.tap and not one.marks and not one.note:
                self._recut.count(one)
                self._add_piece(one.raw, one.time)
            else:
                yield from self._end_run()
                yield from self._items_of(one)

    def shape_of(self, interface: Interface) -> PacketShape | None:
        """Return the layout of the packets of an interface; None if that is not known yet, or never the same."""
        origin = self._origins.get(id(interface), _NO_INTERFACE)
        if not origin.is_ours:
            return self.foreign.shape_of(interface)
        if not origin.holds_frames or origin.is_recut:
            return None
        return PacketShape(True, True, rtac_serial.HEADER_SIZE, origin.has_times)

    def place_run(self, run: DecodedRun, section: CaptureSection) -> DecodedFrames | None:
        """Return the frames of packets that were decoded ahead, as `parse` finds them; None if it has to parse them.

        That is so if an interface is not what it was taken for, or if bytes before the run wait for others.
        """
        interfaces = {number: section.interfaces[number] for number in sorted(set(run.interfaces))}
        if self.foreign.is_holding or any(self.shape_of(one) != section.shapes[at] for at, one in interfaces.items()):
            return None
        origins = {number: self._origins.get(id(one), _NO_INTERFACE) for number, one in interfaces.items()}
        last = origins[run.interfaces[-1]]
        if _NO_INTERFACE in origins.values():
            return None
        if not last.is_ours and not self.foreign.pass_run(
            [(section.interfaces[one.interface], one) for one in run.ends]
        ):
            return None
        self._origin = last
        taps = bytes(origins[at].tap if at in origins else 0 for at in range(max(origins) + 1))
        return DecodedFrames(run.messages, run.interfaces.translate(taps.ljust(256, b"\0")), run.size)

    def flush(self) -> Iterator[CaptureItem]:
        """Yield the items of all bytes that wait, as the capture has ended."""
        return chain.from_iterable(map(self._items_of, self.foreign.flush()))

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
        is_recut = is_ours and holds_frames and self._differs(interface)
        if is_recut:
            self._recut.begin(tap, interface.speed)
        self._origin = self._origins[id(interface)] = _Origin(
            interface, is_ours, is_ours and holds_frames, has_times, tap, is_recut, is_ours and not is_recut
        )

    def _differs(self, interface: Interface) -> bool:
        """Return True if an interface of this program was recorded with other links than it is read with."""
        return self._definition is not None and not has_links_of(
            parse_origins(interface.section_comments), self._definition
        )

    def _end_run(self) -> Iterator[CaptureItem]:
        """Yield the pieces that stand together, if there are any."""
        if not self._pieces:
            return
        pieces, taps = self._pieces, bytes(self._piece_taps)
        self._pieces, self._piece_taps = [], bytearray()
        is_of_one = taps.count(taps[0]) == len(taps)
        segments = Segments(pieces, (), taps[0]) if is_of_one else Segments(pieces, (), 0, taps)
        if self._origin.is_cut_alike:
            yield from self._in_order([segments])
        else:
            yield segments

    def _in_order(self, items: Iterable[CaptureItem]) -> Iterator[CaptureItem]:
        """Yield items of this program's packets, after what waits of other packets before them."""
        for item in items:
            for one in self.foreign.place(item) if self.foreign.is_holding else (item,):
                yield from self._items_of(one)

    def _items_of(self, one: FramedPiece | CaptureItem) -> Iterator[CaptureItem]:
        """Yield the items of a piece or of another item: a piece comes after its note."""
        if isinstance(one, FramedPiece):
            self._recut.count(one)
            if one.note:
                yield Note(one.note)
            yield Segments(((one.raw, one.time),), one.marks, one.tap)
        else:
            yield self._recut.translate(one) if isinstance(one, Note) else one

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
