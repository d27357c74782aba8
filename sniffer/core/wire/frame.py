"""Frames and noise: what the framer makes of the bytes of a line.

Both are immutable. Times are integer nanoseconds since the Unix epoch, or None if the source has none: integers add up
exactly and hold every resolution that a capture can have.
"""

from dataclasses import dataclass
from enum import StrEnum

from msgspec import Struct

from sniffer.core.wire.links import CRC_SIZE, Direction, Link, Route


class Reason(StrEnum):
    """Why bytes are noise (contract.md, `dump --json`)."""

    CRC = "crc"
    """The shape of a frame, but the CRC is wrong."""
    TRUNCATED = "truncated"
    """A frame that never ended: the next good frame, silence or the end of the source came first."""
    GARBAGE = "garbage"
    """Anything else."""


class Frame(Struct, frozen=True, gc=False):
    """One frame with a valid CRC, kept as it was read. Its parts are views of `raw`; `time` is that of its first byte.

    It is a `msgspec.Struct` because one is made for every frame (docs/decisions/0007-msgspec.md).
    """

    route: Route
    time: int | None
    raw: bytes

    @property
    def link(self) -> Link:
        return self.route.link

    @property
    def direction(self) -> Direction | None:
        return self.route.direction

    @property
    def sequence(self) -> int:
        at = self.route.link.sequence_at
        return self.raw[at] << 8 | self.raw[at + 1]

    @property
    def command(self) -> int:
        link = self.route.link
        return int.from_bytes(self.raw[link.command_at : link.command_at + link.command_size], "big")

    @property
    def payload(self) -> bytes:
        return self.raw[self.route.link.payload_at : -CRC_SIZE]


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes that are in no frame, in one piece, with the reason."""

    reason: Reason
    time: int | None
    raw: bytes
