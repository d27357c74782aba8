"""The layouts of the charger's two links as data (protocol.md, Framing; `verified`).

A `Link` knows where the parts of a frame are, where a frame that begins at a given place ends, and how a frame is
built. It does not know what a frame means. Both links have the same parts: head, sequence, command and length in some
order, then the payload and a CRC with the high byte first. Only the offsets differ.
"""

from dataclasses import dataclass
from typing import Literal

from sniffer.core.wire.crc import crc16

Direction = Literal["com>pwr", "pwr>com", "ocpp>com", "com>ocpp"]

SEQUENCE_SIZE = 2
CRC_SIZE = 2

UNSOLICITED = 0xDDDD
"""The sequence of a message that is sent without a request."""

SPECIAL_SEQUENCES = (UNSOLICITED, 0xEEEE, 0xFFFF, 0x0000)
"""Sequences that many messages share, so that they do not connect an answer with one request (protocol.md, Commands on
`pwrboard`): those of messages that are sent without a request, or polled.
"""


@dataclass(frozen=True, slots=True)
class Link:
    """The layout of one link's frames. Offsets are in bytes from the first byte of the head.

    The length field counts the payload and `counted` more bytes. The CRC covers the bytes from `checked_from` on.
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
        """The number of bytes of a frame that are not payload. This is the size of the shortest frame."""
        return self.payload_at + CRC_SIZE

    @property
    def longest(self) -> int:
        """The size in bytes of the longest frame that the length field allows."""
        return int(256**self.length_size) - 1 - self.counted + self.overhead

    def code_text(self, command: int) -> str:
        """Return a command code in hexadecimal, with all digits of this link's codes and without `0x`."""
        return f"{command:0{2 * self.command_size}X}"

    def frame_end(self, data: bytes, start: int, stop: int) -> int:
        """Return the offset where the frame with its head at `start` ends, read from the bytes before `stop`.

        Returns 0 if the length field allows no frame. If the length field is not complete before `stop`, returns the
        end of the length field: it is greater than `stop`, as is the end of the frame.
        """
        at = start + self.length_at
        if at + self.length_size > stop:
            return at + self.length_size
        payload = int.from_bytes(data[at : at + self.length_size], "big") - self.counted
        return start + payload + self.overhead if payload >= 0 else 0

    def build(self, head: bytes, sequence: int, command: int, payload: bytes) -> bytes:
        """Return a whole frame with its CRC. Raises `OverflowError` if a number or the payload is too large."""
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
    """One direction of one link, with the head that its frames begin with.

    Routes are constants and are compared by identity. `direction` is None if the head does not determine it.
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
"""All routes that a message can take."""

ROUTES_IN_BYTES = (COM_TO_PWR, PWR_TO_COM, DBUS_EITHER_WAY)
"""The routes that a stream of bytes alone can distinguish."""


def find_possible_routes(route: Route) -> tuple[Route, ...]:
    """Return the routes that a frame labelled with this route can have: this one, and those of the link with another
    head.

    The label is that of a log line. If the head contradicts it, the head decides.
    """
    return (route, *(other for other in ROUTES if other.link is route.link and other.head != route.head))
