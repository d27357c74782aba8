"""The two links of the charger as data: where each part of a frame stands (protocol.md, Framing; `verified`).

A `Link` answers the three questions that framing asks (where would the frame that begins here end, is it intact,
how is one built) and nothing about what a frame means. Both links share one shape: head, sequence, command and
length in some order, payload, CRC with the high byte first; only the offsets differ.
"""

from dataclasses import dataclass
from typing import Literal

from sniffer.core.wire.crc import crc16

Direction = Literal["com>pwr", "pwr>com", "ocpp>com", "com>ocpp"]

SEQUENCE_SIZE = 2
CRC_SIZE = 2

UNASKED = 0xDDDD
"""The sequence of a message that nobody asked for."""

SPECIAL_SEQUENCES = (UNASKED, 0xFFFF)
"""Sequences that tie no answer to a request."""


@dataclass(frozen=True, slots=True)
class Link:
    """The layout of one link's frames. Offsets are bytes from the first byte of the head.

    `counted` is how many of the bytes that the length counts are not payload. `checked_from` is where the CRC's
    cover begins.
    """

    name: str
    head_size: int
    sequence_at: int
    command_at: int
    command_size: int
    length_at: int
    length_size: int
    counted: int
    payload_at: int
    checked_from: int

    @property
    def overhead(self) -> int:
        """How many bytes of a frame are not payload; the size of the shortest frame."""
        return self.payload_at + CRC_SIZE

    @property
    def longest(self) -> int:
        """The size of the longest frame that the length can claim."""
        return int(256**self.length_size) - 1 - self.counted + self.overhead

    def code_text(self, command: int) -> str:
        """Return a command code in hexadecimal, with all digits of this link's codes and without `0x`."""
        return f"{command:0{2 * self.command_size}X}"

    def frame_end(self, data: bytes, start: int, stop: int) -> int:
        """Where the frame whose head stands at `start` would end, judged by what stands before `stop`.

        0 if its length allows no frame. Where the length does not stand before `stop`, the end of the length: it is
        past `stop`, and so is the frame's.
        """
        at = start + self.length_at
        if at + self.length_size > stop:
            return at + self.length_size
        payload = int.from_bytes(data[at : at + self.length_size], "big") - self.counted
        return start + payload + self.overhead if payload >= 0 else 0

    def build(self, head: bytes, sequence: int, command: int, payload: bytes) -> bytes:
        """A whole frame with its CRC. Raises `OverflowError` where a number or the payload is too large."""
        parts = {
            0: head,
            self.sequence_at: sequence.to_bytes(2, "big"),
            self.command_at: command.to_bytes(self.command_size, "big"),
            self.length_at: (len(payload) + self.counted).to_bytes(self.length_size, "big"),
            self.payload_at: payload,
        }
        body = b"".join(parts[at] for at in sorted(parts))
        return body + crc16(body[self.checked_from :]).to_bytes(CRC_SIZE, "big")


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """One way over one link: the head that its frames begin with, and their direction.

    Routes are constants, told apart by identity. `direction` is None where a head alone does not tell it.
    """

    link: Link
    head: bytes
    direction: Direction | None = None


PWRBOARD = Link(
    name="pwrboard",
    head_size=1,
    sequence_at=1,
    command_at=3,
    command_size=1,
    length_at=4,
    length_size=1,
    counted=0,
    payload_at=5,
    checked_from=0,
)

DBUS = Link(
    name="dbus",
    head_size=3,
    sequence_at=3,
    command_at=7,
    command_size=2,
    length_at=5,
    length_size=2,
    counted=4,
    payload_at=9,
    checked_from=3,
)

LINKS = {link.name: link for link in (PWRBOARD, DBUS)}
"""Both links by name."""

COM_TO_PWR = Route(PWRBOARD, b"\xaa", "com>pwr")
PWR_TO_COM = Route(PWRBOARD, b"\xbb", "pwr>com")
DBUS_EITHER_WAY = Route(DBUS, b"\xff\x6a\xa6")
OCPP_TO_COM = Route(DBUS, b"\xff\x6a\xa6", "ocpp>com")
COM_TO_OCPP = Route(DBUS, b"\xff\x6a\xa6", "com>ocpp")

ROUTES = (COM_TO_PWR, PWR_TO_COM, OCPP_TO_COM, COM_TO_OCPP)
"""Every way that a message can take."""

ROUTES_IN_BYTES = (COM_TO_PWR, PWR_TO_COM, DBUS_EITHER_WAY)
"""What a stream of bytes alone can tell apart."""


def told_apart_by_head(route: Route) -> tuple[Route, ...]:
    """What a frame can be that was named as of this route: its head has the last word where heads differ."""
    return (route, *(other for other in ROUTES if other.link is route.link and other.head != route.head))
