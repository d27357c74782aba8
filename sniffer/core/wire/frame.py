"""Frames and noise: the results of framing.

Both are immutable. Times are integer nanoseconds since the Unix epoch, or None if the source has none. Integers add up
exactly and keep every resolution that a capture can have.
"""

from enum import StrEnum

from msgspec import Struct

from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.link_parts import Direction


class Reason(StrEnum):
    """The reason why bytes are noise."""

    CRC = "crc"
    """The bytes have the shape of a frame, but the CRC is wrong."""
    TRUNCATED = "truncated"
    """A frame began and did not end before the next valid frame, before silence or before the end of the source."""
    GARBAGE = "garbage"
    """Any other bytes."""


class Frame(Struct, frozen=True, gc=False):
    """A frame with a valid CRC. `raw` holds all its bytes, `time` is when the first of them arrived.

    The parts of the frame are read from `raw` when they are needed. Frames are `msgspec.Struct` objects because one is
    made for every frame on the wire (sniffer/docs/decisions/0007-msgspec.md).
    """

    route: Route
    time: int | None
    raw: bytes

    @property
    def link(self) -> Link:
        """The link that the frame belongs to."""
        return self.route.link

    @property
    def direction(self) -> Direction | None:
        """The direction of the frame; None if its head does not determine it."""
        return self.route.direction

    @property
    def content(self) -> bytes:
        """The bytes in which places are counted: all of them, or those between the delimiters, without escapes.

        Those of the payload are as they are meant, where they are sent with a number added to each.
        """
        coding = self.route.link.coding
        return coding.unwrap(self.raw) if coding else self.raw

    @property
    def sequence(self) -> int:
        """The sequence number; 0 if the link has none."""
        return self.route.link.read_sequence(self.raw)

    @property
    def key_text(self) -> str:
        """The part that an answer repeats, in hexadecimal: the sequence with all its digits, or else the address.

        It is empty if the link has neither.
        """
        link = self.route.link
        if link.sequence:
            return f"{self.sequence:0{2 * link.sequence.size}X}"
        return self.address_text

    @property
    def address_text(self) -> str:
        """The address that an answer repeats, in hexadecimal with all its digits; empty if the link has none."""
        address = self.route.address
        return f"{address.read(self.content):0{2 * address.size}X}" if address else ""

    @property
    def command(self) -> int:
        """The command code; 0 if the link has none."""
        command = self.route.command
        return command.read(self.content) if command else 0

    @property
    def payload(self) -> bytes:
        """The bytes of the payload, without head, sequence, command, length and CRC."""
        link, content = self.route.link, self.content
        return content[link.payload_at : len(content) - link.trailer_size]


class Noise(Struct, frozen=True):
    """Consecutive bytes that belong to no valid frame, with the reason. `time` is when the first of them arrived."""

    reason: Reason
    time: int | None
    raw: bytes
