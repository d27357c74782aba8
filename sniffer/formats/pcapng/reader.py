"""The reader of pcapng: bytes of a capture in, packets out as they are complete.

It does no I/O, and needs no more memory than one block. It accepts what Wireshark's own tools read: both byte orders,
any resolution of time, several sections, simple and obsolete packets, lengths of blocks without their padding. It skips
unknown blocks and options, and counts packets in blocks longer than `LONGEST_BLOCK`, which it passes over. A violation
of the format raises `CaptureError` with its offset, after all packets before it. An incomplete block waits for more.
"""

import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import overload

from sniffer.base.errors import SourceError
from sniffer.base.times import SECOND
from sniffer.formats.pcapng import blocks
from sniffer.formats.pcapng.blocks import (
    BYTE_ORDER_MAGIC,
    ENHANCED_PACKET,
    EPB_DROPCOUNT,
    EPB_FLAGS,
    IF_DESCRIPTION,
    IF_NAME,
    IF_SPEED,
    IF_TSOFFSET,
    IF_TSRESOL,
    INTERFACE_DESCRIPTION,
    INTERFACE_STATISTICS,
    ISB_IFDROP,
    ISB_OSDROP,
    LONGEST_BLOCK,
    OBSOLETE_PACKET,
    OPT_COMMENT,
    SECTION_HEADER,
    SIMPLE_PACKET,
)
from sniffer.formats.pcapng.long_block import LongBlock, may_be_passed
from sniffer.formats.pcapng.packet import TOO_LATE, Interface, Packet
from sniffer.formats.pcapng.plain_run import PlainRun, PlainRunParser

SHORTEST_BLOCK = 12
_NO_COMMENTS: tuple[str, ...] = ()
_DROPS_UNKNOWN = 0xFFFF
"""The number of dropped packets in an obsolete packet block that does not know it."""

_FLAGS_ONLY = 12
"""The size of the options of a packet that has flags only, as `CaptureWriter` writes them."""

_SMALLEST = {
    SECTION_HEADER: 28,
    INTERFACE_DESCRIPTION: 20,
    OBSOLETE_PACKET: 32,
    SIMPLE_PACKET: 16,
    INTERFACE_STATISTICS: 24,
    ENHANCED_PACKET: 32,
}
"""The smallest size in bytes of each type of block."""


class CaptureError(SourceError):
    """The file violates the rules of its format."""


class CaptureReader:
    """Reads one capture.

    `consumed` is the number of bytes that were parsed. `too_long` counts the packets that are longer than
    `LONGEST_BLOCK`. `interfaces` and `section_comments` are those of the current section.
    """

    def __init__(self) -> None:
        self.consumed = 0
        self.too_long = 0
        self._long_block: LongBlock | None = None
        """The block that is passed over."""
        self._data = b""
        self.interfaces: list[Interface] = []
        self.section_comments: tuple[str, ...] = ()
        self._dropped: list[int] = []
        """The packets of each interface whose loss was reported."""
        self._set_order("<")

    @classmethod
    def of_section(cls, order: str, interfaces: Iterable[Interface]) -> "CaptureReader":
        """Return a reader of blocks in the middle of a section with this byte order and these interfaces."""
        reader = cls()
        reader._set_order(order)
        reader.interfaces = [*interfaces]
        reader._dropped = [0 for _ in reader.interfaces]
        return reader

    @property
    def order(self) -> str:
        """The byte order of the section, as in `struct`."""
        return self._order

    @property
    def waiting(self) -> int:
        """The number of bytes that wait for the rest of their block."""
        return len(self._data)

    @property
    def is_passing(self) -> bool:
        """True in the middle of a block that is passed over."""
        return self._long_block is not None

    def take_waiting(self) -> bytes:
        """Return the bytes that wait for the rest of their block. They have to be fed again."""
        data, self._data = self._data, b""
        return data

    @overload
    def feed(self, data: bytes) -> Iterator[Packet]: ...

    @overload
    def feed(self, data: bytes, runs: PlainRunParser) -> Iterator[Packet | PlainRun]: ...

    def feed(self, data: bytes, runs: PlainRunParser | None = None) -> Iterator[Packet | PlainRun]:
        """Yield the packets that these bytes complete. Raises `CaptureError` after the last good one.

        With `runs`, plain packets are yielded as runs. The packets of a run that were not taken follow one by one.
        """
        self._data = data = self._data + data if self._data else data
        at, size, refused_until = self._pass_over(data, 0) if self._long_block else 0, len(data), 0
        while at + SHORTEST_BLOCK <= size and not self._long_block:
            kind, total = self._head.unpack_from(data, at)
            if kind == ENHANCED_PACKET and runs and at >= refused_until:
                run = runs.parse(data, at, self._order, self.interfaces)
                if run:
                    yield run
                    refused_until = run.end
                    if run.taken == len(run.pieces):
                        at = run.end
                        continue
                    for _ in range(run.taken):
                        at = self.measure_block(data, at)[1]
                    total = self._length.unpack_from(data, at + 4)[0]
            if kind == SECTION_HEADER:
                total = self._begin_section(data, at)
            if not _SMALLEST.get(kind, SHORTEST_BLOCK) <= total <= LONGEST_BLOCK:
                at = self._begin_long_block(kind, total, data, at)
                continue
            # Some programs do not count the padding.
            end = at + total + -total % 4
            if end > size:
                break
            if self._length.unpack_from(data, end - 4)[0] not in (total, end - at):
                raise self._build_error(at, "a block's two lengths differ")
            try:
                if kind == ENHANCED_PACKET:
                    yield self._parse_enhanced(data, at, end)
                else:
                    yield from self._parse_other(kind, data, at, end)
            except (IndexError, ValueError) as error:
                raise self._build_error(at, str(error)) from error
            at = end
        self.consumed += at
        self._data = data[at:]

    def _begin_long_block(self, kind: int, total: int, data: bytes, at: int) -> int:
        """Begin to pass over the block at `at`, which is too long to be kept, and return up to where it is.

        Raises `CaptureError` if no block of this type can be so long, or so short.
        """
        if not may_be_passed(kind, total):
            raise self._build_error(at, f"a block cannot have {total} bytes")
        self._long_block = LongBlock(kind, total, self._length)
        self.too_long += self._long_block.is_packet
        return self._pass_over(data, at)

    def _pass_over(self, data: bytes, at: int) -> int:
        """Return up to where the block that is passed over is in these bytes. Raises `CaptureError` at a wrong end."""
        assert self._long_block
        try:
            at = self._long_block.feed(data, at)
        except ValueError as error:
            raise self._build_error(at, str(error)) from error
        if self._long_block.has_ended:
            self._long_block = None
        return at

    def skip(self, size: int) -> None:
        """Count the bytes of whole blocks that were parsed elsewhere."""
        self.consumed += size

    def measure_block(self, data: bytes, at: int) -> tuple[int, int]:
        """Return the type of the block at `at`, and where it ends."""
        kind, total = self._head.unpack_from(data, at)
        return kind, at + total + -total % 4

    def parse_alone(self, data: bytes, at: int, end: int) -> tuple[int, Packet] | None:
        """Return the packet of an enhanced packet block, with the number of its interface; None if it is damaged."""
        total, size = self._length.unpack_from(data, at + 4)[0], end - at
        if total < _SMALLEST[ENHANCED_PACKET] or self._length.unpack_from(data, end - 4)[0] not in (total, size):
            return None
        try:
            return self._length.unpack_from(data, at + 8)[0], self._parse_enhanced(data, at, end)
        except (IndexError, ValueError):
            return None

    def _set_order(self, order: str) -> None:
        """Prepare to read blocks in this byte order: `<` or `>`, as in `struct`."""
        self._order = order
        self._head = struct.Struct(f"{order}II")
        self._length = struct.Struct(f"{order}I")
        self._packet = struct.Struct(f"{order}IIIII")
        self._flags = struct.Struct(f"{order}HHIHH")

    def _begin_section(self, data: bytes, at: int) -> int:
        """Begin a section, which has its own byte order and interfaces, and return the length of its header."""
        (magic,) = struct.unpack_from("<I", data, at + 8)
        orders = {BYTE_ORDER_MAGIC: "<", struct.unpack(">I", struct.pack("<I", BYTE_ORDER_MAGIC))[0]: ">"}
        if magic not in orders:
            raise self._build_error(at, "a section does not say in which order its bytes are")
        self._set_order(orders[magic])
        self.interfaces, self._dropped = [], []
        return int(self._length.unpack_from(data, at + 4)[0])

    def _parse_other(self, kind: int, data: bytes, at: int, end: int) -> Iterator[Packet]:
        """Take over what the block from `at` to `end` says, and yield its packet if it has one.

        It is any but an enhanced packet block. One of an unknown kind says nothing.
        """
        if kind == INTERFACE_DESCRIPTION:
            self.interfaces.append(self._parse_interface(data, at, end))
            self._dropped.append(0)
        elif kind == SECTION_HEADER:
            self.section_comments = tuple(self._parse_section_comments(data, at, end))
        elif kind == SIMPLE_PACKET:
            yield self._parse_simple(data, at, end)
        elif kind == OBSOLETE_PACKET:
            yield self._parse_obsolete_packet(data, at, end)
        elif kind == INTERFACE_STATISTICS:
            yield from self._parse_statistics(data, at, end)

    def _parse_section_comments(self, data: bytes, at: int, end: int) -> Iterator[str]:
        """Yield the comments of the section header from `at` to `end`, up to one that is longer than its block.

        Such damage hides nothing else: all that follows is in blocks of its own.
        """
        with suppress(ValueError):
            for code, value in blocks.options_of(data, at + 24, end - 4, self._order):
                if code == OPT_COMMENT:
                    yield _parse_text(value)

    def _parse_interface(self, data: bytes, at: int, end: int) -> Interface:
        """Return the interface of the block from `at` to `end`."""
        link_type, _, longest = struct.unpack_from(f"{self._order}HHI", data, at + 8)
        options = dict(blocks.options_of(data, at + 16, end - 4, self._order))
        resolution = options.get(IF_TSRESOL, b"")[:1] or b"\x06"
        power = resolution[0] & 0x7F
        return Interface(
            link_type,
            _parse_text(options.get(IF_NAME, b"")),
            _parse_text(options.get(IF_DESCRIPTION, b"")),
            _parse_number(options.get(IF_SPEED, b""), self._order),
            (2 if resolution[0] & 0x80 else 10) ** power,
            _parse_number(options.get(IF_TSOFFSET, b""), self._order, signed=True),
            longest,
            _parse_text(options.get(OPT_COMMENT, b"")),
            self.section_comments,
        )

    def _parse_enhanced(self, data: bytes, at: int, end: int) -> Packet:
        """Return the packet of the block from `at` to `end`. Raises `ValueError` if it is longer than its block."""
        number, high, low, kept, size = self._packet.unpack_from(data, at + 8)
        start = at + 28
        stop = start + kept
        options = stop + -kept % 4
        if options > end - 4:
            raise ValueError("a packet is longer than its block")
        interface = self.interfaces[number]
        time: int | None = high << 32 | low
        if interface.ticks != SECOND or interface.offset or high >= TOO_LATE:
            time = interface.time_of(high, low)
        flags, comments, dropped = 0, _NO_COMMENTS, 0
        if end - 4 - options == _FLAGS_ONLY:
            code, length, flags, _, _ = self._flags.unpack_from(data, options)
        if end - 4 != options and (not flags or code != EPB_FLAGS or length != 4):
            flags, comments, dropped = self._parse_options(data, options, end - 4)
            self._dropped[number] += dropped
        return Packet(interface, time, data[start:stop], flags, comments, size - kept if size > kept else 0, dropped)

    def _parse_options(self, data: bytes, start: int, stop: int) -> tuple[int, tuple[str, ...], int]:
        """Return the flags and comments of a packet, and the number of packets that were dropped before it."""
        flags, comments, dropped = 0, [], 0
        for code, value in blocks.options_of(data, start, stop, self._order):
            if code == EPB_FLAGS:
                flags = _parse_number(value, self._order)
            elif code == OPT_COMMENT:
                comments.append(value.decode("utf-8", "backslashreplace"))
            elif code == EPB_DROPCOUNT:
                dropped = _parse_number(value, self._order)
        return flags, tuple(comments), dropped

    def _parse_statistics(self, data: bytes, at: int, end: int) -> Iterator[Packet]:
        """Yield the report of dropped packets if the statistics count more of them than were reported before."""
        number, high, low = struct.unpack_from(f"{self._order}III", data, at + 8)
        options = blocks.options_of(data, at + 20, end - 4, self._order)
        total = sum(_parse_number(value, self._order) for code, value in options if code in (ISB_IFDROP, ISB_OSDROP))
        interface, dropped = self.interfaces[number], total - self._dropped[number]
        if dropped > 0:
            self._dropped[number] = total
            yield Packet(interface, interface.time_of(high, low), b"", dropped=dropped)

    def _parse_simple(self, data: bytes, at: int, end: int) -> Packet:
        """Return the packet of a simple packet block, which has no time. `lost` counts bytes that were not captured."""
        interface = self.interfaces[0]
        (size,) = self._length.unpack_from(data, at + 8)
        kept = min(size, end - at - 16, interface.longest or size)
        return Packet(interface, None, data[at + 12 : at + 12 + kept], lost=size - kept)

    def _parse_obsolete_packet(self, data: bytes, at: int, end: int) -> Packet:
        """Parse the obsolete Packet Block in `data[at:end]`. Raises `ValueError` if the packet exceeds it."""
        number, drops, high, low, kept, size = struct.unpack_from(f"{self._order}HHIIII", data, at + 8)
        start = at + 28
        if start + kept > end - 4:
            raise ValueError("a packet is longer than its block")
        interface = self.interfaces[number]
        time = interface.time_of(high, low)
        flags, comments, dropped = self._parse_options(data, start + kept + -kept % 4, end - 4)
        dropped = dropped or (0 if drops == _DROPS_UNKNOWN else drops)
        self._dropped[number] += dropped
        return Packet(interface, time, data[start : start + kept], flags, comments, max(0, size - kept), dropped)

    def _build_error(self, at: int, reason: str) -> CaptureError:
        """Return the error for the position `at` of the held bytes, as a position in the file."""
        if reason == "list index out of range":
            reason = "a packet names an interface that was not described"
        return CaptureError(f"damaged at byte {self.consumed + at}: {reason}")


def _parse_number(value: bytes, order: str, *, signed: bool = False) -> int:
    """Return the number in an option. The format has none of more than eight bytes."""
    return int.from_bytes(value[:8], "little" if order == "<" else "big", signed=signed)


def _parse_text(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace")
