"""Frame the packets of captures that were cut anywhere: each stream of packets by itself, in one order.

In: packets of several streams (a direction of an interface, or a tap), with their times and line errors. Out: pieces,
each a frame or a piece of noise, in the order of their first bytes. The pieces of a stream, joined, are exactly its
bytes.

Theory of operation. Each stream has a framer, so that two directions do not cut each other's frames. A piece that is
complete waits in the slot of the packet in which it begins, until no earlier byte waits in a framer. Memory is bounded:
beyond `MOST_SLOTS` packets or `MOST_BYTES` bytes, pieces are returned although an earlier byte still waits.

Bytes that are no frame are noise up to the next pause of their stream, as on a live line, where silence ends what is
not complete. A frame is complete whatever pause it has. In a stream of this program, noise keeps the cuts of its
packets instead: where no frame is found, the pieces are those that were recorded.
"""

from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.framer import BITS_PER_BYTE, Framer
from sniffer.core.wire.items import LineErrorMark, Piece
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import ROUTES_IN_BYTES

MOST_SLOTS = 4096
MOST_BYTES = 1 << 22
"""The most packets, and the most bytes in them, that wait for an earlier one."""

PAUSE = 50 * MILLISECOND
"""The silence in nanoseconds that ends noise."""

SLOWEST_BYTE = BITS_PER_BYTE * SECOND // 9600
"""The longest time of a byte of a packet in nanoseconds, as the rate is not known."""

Other = TypeVar("Other")
"""An item that a capture holds between its packets, such as a gap."""


class FramedPiece(NamedTuple):
    """A frame or a piece of noise. `time` is that of the packet in which it begins, in nanoseconds, or None. In a
    stream of this program it is later by the time that the bytes before it took.

    The offsets of `marks` count from its first byte. Only streams of this program have the others: the `tap`, the notes
    on its packets, and whether the piece `is_new`: not exactly one packet.
    """

    raw: bytes
    time: int | None
    marks: tuple[LineErrorMark, ...] = ()
    tap: int = 0
    note: str = ""
    is_new: bool = False


class OwnPacket(NamedTuple):
    """The statements of a packet that this program wrote, beside its bytes.

    `byte_time` is how long a byte takes on the line, in nanoseconds; 0 if that is not known.
    """

    tap: int
    byte_time: int = 0
    note: str = ""


class _Packet(NamedTuple):
    """A packet of which bytes wait in a framer. `begin` and `end` count the bytes of the stream up to there."""

    number: int
    time: int | None
    begin: int
    end: int
    ends_noise: bool
    own: OwnPacket | None


class _PacketStream:
    """One stream: its framer, the packets of its waiting bytes, and the line errors in them.

    The ends of packets and the offsets of marks count all bytes of the stream.
    """

    __slots__ = ("ends_at", "fed", "framer", "marks", "packets", "returned")

    def __init__(self, routes: Iterable[Route]) -> None:
        self.framer = Framer(routes)
        self.packets: deque[_Packet] = deque()
        self.marks: deque[LineErrorMark] = deque()
        self.fed = 0
        self.returned = 0
        self.ends_at: int | None = None
        """The latest time at which the last byte can have arrived; None if it is not known."""

    def add(
        self, number: int, time: int | None, data: bytes, marks: Sequence[LineErrorMark], own: OwnPacket | None
    ) -> None:
        """Add a packet, whose bytes the framer is fed next."""
        ends_noise = own is not None or self.has_paused(time)
        self.marks.extend(LineErrorMark(self.fed + mark.at, mark.error) for mark in marks)
        begin = self.fed
        self.fed += len(data)
        self.packets.append(_Packet(number, time, begin, self.fed, ends_noise, own))
        self.set_end(time, len(data))

    def set_end(self, time: int | None, size: int) -> None:
        """Note when the last packet began, and its size in bytes."""
        self.ends_at = None if time is None else time + size * SLOWEST_BYTE

    def has_paused(self, time: int | None) -> bool:
        """Return True if the stream was silent before this time for so long that noise ended."""
        return time is not None and self.ends_at is not None and time - self.ends_at >= PAUSE

    def take(self, raw: bytes) -> tuple[int, FramedPiece]:
        """Remove the next bytes. Return the number of the packet in which they begin, and their piece."""
        packet = self.packets[0]
        start = self.returned
        time = self._find_time(packet)
        self.returned = end = start + len(raw)
        notes = []
        while self.packets and self.packets[0].begin < end:
            own = self.packets[0].own
            if own and own.note and self.packets[0].begin >= start:
                notes.append(own.note)
            if self.packets[0].end > end:
                break
            self.packets.popleft()
        marks = []
        while self.marks and self.marks[0].at < end:
            mark = self.marks.popleft()
            marks.append(LineErrorMark(mark.at - start, mark.error))
        if packet.own is None:
            return packet.number, FramedPiece(raw, time, tuple(marks))
        is_new = (start, end) != (packet.begin, packet.end)
        return packet.number, FramedPiece(raw, time, tuple(marks), packet.own.tap, "; ".join(notes), is_new)

    def _find_time(self, packet: _Packet) -> int | None:
        """Return when the next byte, which is one of the first packet, can have arrived at the earliest: by the bytes
        before it, but not after the next packet. None if it is not known.
        """
        if packet.time is None or packet.own is None:
            return packet.time
        time = packet.time + (self.returned - packet.begin) * packet.own.byte_time
        after = self.packets[1].time if len(self.packets) > 1 else None
        return time if after is None else max(packet.time, min(time, after))

    def find_pauses(self, size: int) -> list[int]:
        """Return the offsets in the next `size` bytes, without 0, at which noise before a packet ends."""
        offsets = []
        for before, packet in pairwise(self.packets):
            if before.end - self.returned >= size:
                break
            if packet.ends_noise:
                offsets.append(before.end - self.returned)
        return offsets


class PacketFramer(Generic[Other]):
    """The framers of all streams of one capture. What stands between the packets of a capture keeps its place.

    `routes` are those of the frames that are looked for.
    """

    def __init__(self, routes: Iterable[Route] = ROUTES_IN_BYTES) -> None:
        self._routes = tuple(routes)
        self._streams: dict[Hashable, _PacketStream] = {}
        self._splitter = Framer(self._routes)
        """Divides noise that ends within what was found."""
        self._number = 0
        self._slots: dict[int, list[FramedPiece | Other]] = {}
        self._held_bytes = 0

    @property
    def is_holding(self) -> bool:
        """True if something waits for its turn."""
        return bool(self._slots)

    def pass_frame(self, key: Hashable, data: bytes, time: int | None) -> bool:
        """Return True if a packet of the stream `key` is one whole frame and has its turn. If not, it is to be fed.

        This is the short way of most packets.
        """
        stream = self._streams.get(key)
        if self._slots or stream is None or stream.packets or not stream.framer.parse_whole(data, None):
            return False
        stream.set_end(time, len(data))
        return True

    def pass_pieces(self, keys: Mapping[int, Hashable], streams: bytearray, pieces: Sequence[Piece]) -> int:
        """Return how many packets, from the first on, are one whole frame each and have their turn.

        `streams` are the numbers of their streams, whose keys are given. The next packet is to be fed.
        """
        found = [(number, self._streams.get(key)) for number, key in keys.items()]
        if self._slots or not all(stream is not None and not stream.packets for _, stream in found):
            return 0
        parse_whole = self._splitter.parse_whole
        count = next((at for at, (data, _) in enumerate(pieces) if not parse_whole(data, None)), len(pieces))
        for number, stream in found:
            last = streams.rfind(number, 0, count)
            if stream is not None and last >= 0:
                data, time = pieces[last]
                stream.set_end(time, len(data))
        return count

    def pass_frames(self, ends: Sequence[tuple[Hashable, int | None, int]]) -> bool:
        """Return True if packets, each known to be one whole frame, have their turn. If not, they are to be fed.

        `ends` has each of their streams once, with the time of its last packet and the number of its bytes.
        """
        streams = [self._streams.get(key) for key, _, _ in ends]
        if self._slots or not all(stream is not None and not stream.packets for stream in streams):
            return False
        for stream, (_, time, size) in zip(streams, ends, strict=True):
            if stream is not None:
                stream.set_end(time, size)
        return True

    def feed(
        self,
        key: Hashable,
        data: bytes,
        time: int | None,
        marks: Sequence[LineErrorMark] = (),
        own: OwnPacket | None = None,
    ) -> list[FramedPiece | Other]:
        """Feed a packet of the stream `key`, and return what has its turn now. `own` is None for a packet of another
        program.
        """
        stream = self._streams.get(key)
        if stream is None:
            stream = self._streams[key] = _PacketStream(self._routes)
        if not data:
            return []
        self._end_noise(time)
        self._number += 1
        self._slots[self._number] = []
        self._held_bytes += len(data)
        stream.add(self._number, time, data, marks, own)
        self._place_pieces(stream, stream.framer.feed(data))
        return self._take_due()

    def place(self, item: Other) -> list[FramedPiece | Other]:
        """Place something that is no bytes after all packets so far, and return what has its turn now."""
        self._number += 1
        self._slots[self._number] = [item]
        return self._take_due()

    def cut(self, keys: Iterable[Hashable]) -> list[FramedPiece | Other]:
        """Complete the waiting bytes of these streams, as nothing that follows belongs to them, and return what has
        its turn now.
        """
        for key in keys:
            if stream := self._streams.get(key):
                self._place_pieces(stream, stream.framer.flush())
        return self._take_due()

    def end(self, keys: Iterable[Hashable]) -> list[FramedPiece | Other]:
        """Complete these streams and forget them. Return what has its turn now."""
        keys = tuple(keys)
        due = self.cut(keys)
        for key in keys:
            self._streams.pop(key, None)
        return due

    def flush(self) -> list[FramedPiece | Other]:
        """Return all that waits, as the capture has ended, and forget the streams."""
        return self.end(self._streams)

    def _end_noise(self, time: int | None) -> None:
        """Complete the bytes of all streams that begin no frame, if the stream was silent after them."""
        for stream in self._streams.values():
            if stream.packets and not stream.framer.is_frame_pending and stream.has_paused(time):
                self._place_pieces(stream, stream.framer.flush())

    def _place_pieces(self, stream: _PacketStream, items: Iterable[Frame | Noise]) -> None:
        """Put pieces into the slots of the packets in which they begin. Noise is divided where it ends."""
        for item in items:
            raw = item.raw
            pauses = stream.find_pauses(len(raw)) if isinstance(item, Noise) else []
            if not pauses:
                self._place_piece(stream, raw)
                continue
            for start, stop in pairwise([0, *pauses, len(raw)]):
                for part in [*self._splitter.feed(raw[start:stop]), *self._splitter.flush()]:
                    self._place_piece(stream, part.raw)

    def _place_piece(self, stream: _PacketStream, raw: bytes) -> None:
        """Place the first waiting piece of a stream, of these bytes, where its first byte arrived."""
        number, piece = stream.take(raw)
        # If too much had to wait, the slot is gone, and the piece comes as soon as possible.
        slot = self._slots.get(number)
        if slot is None:
            slot = self._slots.setdefault(self._number, [])
        slot.append(piece)

    def _take_due(self) -> list[FramedPiece | Other]:
        """Remove and return what begins before the first waiting byte, and what waits for too long."""
        first = self._number + 1
        for stream in self._streams.values():
            if stream.packets and stream.packets[0].number < first:
                first = stream.packets[0].number
        due: list[FramedPiece | Other] = []
        while self._slots:
            number, slot = next(iter(self._slots.items()))
            due += slot
            if number < first or len(self._slots) > MOST_SLOTS or self._held_bytes > MOST_BYTES:
                del self._slots[number]
            self._held_bytes -= sum(len(piece.raw) for piece in slot if isinstance(piece, FramedPiece))
            slot.clear()
            if number in self._slots:
                break
        return due
