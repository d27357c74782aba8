"""Bytes of a capture in, packets out, as they come: no I/O, and no more memory than one block needs.

It takes what Wireshark's own tools write: both byte orders, any resolution of time, several sections, simple and
obsolete packets; blocks and options that it does not know are skipped. What breaks the format's rules raises
`CaptureError` with its place; everything before it was given out. A block that is not complete waits.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sniffer.base.errors import SourceError
from sniffer.base.times import EARLIEST, LATEST
from sniffer.formats.pcapng import blocks
from sniffer.formats.pcapng.blocks import (
    BYTE_ORDER_MAGIC,
    ENHANCED_PACKET,
    EPB_FLAGS,
    IF_DESCRIPTION,
    IF_NAME,
    IF_SPEED,
    IF_TSOFFSET,
    IF_TSRESOL,
    INTERFACE_DESCRIPTION,
    OBSOLETE_PACKET,
    OPT_COMMENT,
    SECTION_HEADER,
    SIMPLE_PACKET,
)

LONGEST_BLOCK = 1 << 24
"""A longer block is damage: memory stays bounded."""

SHORTEST_BLOCK = 12
NANOSECONDS = 1_000_000_000
_TOO_LATE = LATEST >> 32
_NO_COMMENTS: tuple[str, ...] = ()
_FLAGS_ONLY = 12
"""How long the options are that hold nothing but flags, as we write them."""

_SMALLEST = {SECTION_HEADER: 28, INTERFACE_DESCRIPTION: 20, OBSOLETE_PACKET: 32, SIMPLE_PACKET: 16, ENHANCED_PACKET: 32}
"""How many bytes a block of each kind has at least."""


class CaptureError(SourceError):
    """The file breaks the rules of its format."""


@dataclass(frozen=True, slots=True)
class Interface:
    """What a packet came through. `ticks` of its clock make a second; `offset` is in seconds. `speed` is in bits a
    second; 0 where it is not told. `longest` is how much of a packet was kept at most, 0 for all of it. `comment` is
    the last one that stands there.
    """

    link_type: int
    name: str = ""
    description: str = ""
    speed: int = 0
    ticks: int = 1_000_000
    offset: int = 0
    longest: int = 0
    comment: str = ""


class Packet(NamedTuple):
    """One packet. `time` is in nanoseconds, None where it has none; `lost` bytes of it were not kept."""

    interface: Interface
    time: int | None
    data: bytes
    flags: int = 0
    comments: tuple[str, ...] = ()
    lost: int = 0


class CaptureReader:
    """Reads one capture. `place` is how many bytes of it were understood, `waiting` how many more have come.

    `interfaces` are those of the section that is being read.
    """

    def __init__(self) -> None:
        self.consumed = 0
        self._data = b""
        self.interfaces: list[Interface] = []
        self._set_order("<")

    @property
    def waiting(self) -> int:
        return len(self._data)

    def feed(self, data: bytes) -> Iterator[Packet]:
        """Take the next bytes; give the packets that they complete. Raises `CaptureError` after the last good one."""
        self._data = data = self._data + data if self._data else data
        at, size = 0, len(data)
        while at + SHORTEST_BLOCK <= size:
            kind, total = self._head.unpack_from(data, at)
            if kind == SECTION_HEADER:
                total = self._begin_section(data, at)
            if total % 4 or not _SMALLEST.get(kind, SHORTEST_BLOCK) <= total <= LONGEST_BLOCK:
                raise self._broken(at, f"a block cannot have {total} bytes")
            end = at + total
            if end > size:
                break
            if self._length.unpack_from(data, end - 4)[0] != total:
                raise self._broken(at, "a block's two lengths differ")
            try:
                if kind == ENHANCED_PACKET:
                    yield self._enhanced(data, at, end)
                elif kind == INTERFACE_DESCRIPTION:
                    self.interfaces.append(self._interface(data, at, end))
                elif kind == SIMPLE_PACKET:
                    yield self._simple(data, at, end)
                elif kind == OBSOLETE_PACKET:
                    yield self._obsolete(data, at, end)
            except (IndexError, ValueError) as error:
                raise self._broken(at, str(error)) from error
            at = end
        self.consumed += at
        self._data = data[at:]

    def _set_order(self, order: str) -> None:
        self._order = order
        self._head = struct.Struct(f"{order}II")
        self._length = struct.Struct(f"{order}I")
        self._packet = struct.Struct(f"{order}IIIII")
        self._flags = struct.Struct(f"{order}HHIHH")

    def _begin_section(self, data: bytes, at: int) -> int:
        """A section with an order and interfaces of its own; return its header's length."""
        (magic,) = struct.unpack_from("<I", data, at + 8)
        orders = {BYTE_ORDER_MAGIC: "<", struct.unpack(">I", struct.pack("<I", BYTE_ORDER_MAGIC))[0]: ">"}
        if magic not in orders:
            raise self._broken(at, "a section does not say in which order its bytes are")
        self._set_order(orders[magic])
        self.interfaces = []
        return int(self._length.unpack_from(data, at + 4)[0])

    def _interface(self, data: bytes, at: int, end: int) -> Interface:
        link_type, _, longest = struct.unpack_from(f"{self._order}HHI", data, at + 8)
        told = dict(blocks.options_of(data, at + 16, end - 4, self._order))
        resolution = told.get(IF_TSRESOL, b"")[:1] or b"\x06"
        power = resolution[0] & 0x7F
        return Interface(
            link_type,
            _text(told.get(IF_NAME, b"")),
            _text(told.get(IF_DESCRIPTION, b"")),
            _number(told.get(IF_SPEED, b""), self._order),
            (2 if resolution[0] & 0x80 else 10) ** power,
            _number(told.get(IF_TSOFFSET, b""), self._order, signed=True),
            longest,
            _text(told.get(OPT_COMMENT, b"")),
        )

    def _enhanced(self, data: bytes, at: int, end: int) -> Packet:
        number, high, low, kept, size = self._packet.unpack_from(data, at + 8)
        start = at + 28
        stop = start + kept
        told = stop + -kept % 4
        if told > end - 4:
            raise ValueError("a packet is longer than its block")
        interface = self.interfaces[number]
        time: int | None = high << 32 | low
        if interface.ticks != NANOSECONDS or interface.offset or high >= _TOO_LATE:
            time = _moment(interface, high, low)
        flags, comments = 0, _NO_COMMENTS
        if end - 4 - told == _FLAGS_ONLY:
            code, length, flags, _, _ = self._flags.unpack_from(data, told)
        if end - 4 != told and (not flags or code != EPB_FLAGS or length != 4):
            flags, comments = self._told(data, told, end - 4)
        return Packet(interface, time, data[start:stop], flags, comments, size - kept)

    def _told(self, data: bytes, start: int, stop: int) -> tuple[int, tuple[str, ...]]:
        """Flags and comments."""
        flags, comments = 0, []
        for code, value in blocks.options_of(data, start, stop, self._order):
            if code == EPB_FLAGS:
                flags = _number(value, self._order)
            elif code == OPT_COMMENT:
                comments.append(value.decode("utf-8", "backslashreplace"))
        return flags, tuple(comments)

    def _simple(self, data: bytes, at: int, end: int) -> Packet:
        interface = self.interfaces[0]
        (size,) = self._length.unpack_from(data, at + 8)
        kept = min(size, end - at - 16, interface.longest or size)
        return Packet(interface, None, data[at + 12 : at + 12 + kept], lost=size - kept)

    def _obsolete(self, data: bytes, at: int, end: int) -> Packet:
        number, _, high, low, kept, size = struct.unpack_from(f"{self._order}HHIIII", data, at + 8)
        start = at + 28
        if start + kept > end - 4:
            raise ValueError("a packet is longer than its block")
        interface = self.interfaces[number]
        time = _moment(interface, high, low)
        flags, comments = self._told(data, start + kept + -kept % 4, end - 4)
        return Packet(interface, time, data[start : start + kept], flags, comments, size - kept)

    def _broken(self, at: int, why: str) -> CaptureError:
        reason = "a packet names an interface that was not described" if why == "list index out of range" else why
        return CaptureError(f"damaged at byte {self.consumed + at}: {reason}")


def _moment(interface: Interface, high: int, low: int) -> int | None:
    """A stamp on the clock of its interface, in nanoseconds; None where no clock is ever at that time."""
    time = (high << 32 | low) * NANOSECONDS // interface.ticks + interface.offset * NANOSECONDS
    return time if EARLIEST <= time < LATEST else None


def _number(value: bytes, order: str, *, signed: bool = False) -> int:
    return int.from_bytes(value, "little" if order == "<" else "big", signed=signed)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace")
