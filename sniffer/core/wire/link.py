"""The layout of one link's frames as data.

A `Link` knows where the parts of a frame are, where a frame that begins at a given place ends, whether its check is
right, and how a frame is built. It does not know what a frame means.
"""

from collections.abc import Callable, Collection
from functools import partial
from typing import Final

from sniffer.core.wire.coding.added_number import AddedNumber
from sniffer.core.wire.coding.delimiter import Delimiter
from sniffer.core.wire.link_parts import (
    ANY_KEY,
    BY_HEAD,
    Direction,
    FrameDirections,
    FrameEnd,
    FrameNumbers,
    FramePayload,
    FrameSizes,
    LengthField,
    NumberField,
    Place,
    Shape,
)

LEAST_TAIL, LEAST_ENCLOSURE = 2, 4
"""The fewest bytes of the tail, and of head and tail together, that show a frame without a check by themselves."""


class Link:
    """The layout of one link's frames. Offsets are in bytes from the first byte of the head.

    The parts of the groups are attributes of the link itself, as they are read for every frame; the groups say what
    each part is. A link that `is_packaged` comes with this package, which has verified it with real frames. This is not
    compared.
    """

    def __init__(
        self,
        name: str,
        numbers: FrameNumbers,
        sizes: FrameSizes,
        payload: FramePayload,
        end: FrameEnd,
        directions: FrameDirections = BY_HEAD,
        *,
        about: str = "",
        is_packaged: bool = False,
    ) -> None:
        self.name: Final = name
        self.about: Final = about
        self.is_packaged: Final = is_packaged
        self._groups: Final = (numbers, sizes, payload, end, directions)
        self.sequence: Final = numbers.sequence
        self.address: Final = numbers.address
        self.command: Final = numbers.command
        self.commands: Final = numbers.commands
        self.addresses: Final = numbers.addresses
        self.shared_sequences: Final = numbers.shared_sequences
        self.connector: Final = numbers.connector
        self.shapes: Final = sizes.shapes
        self.longest: Final = sizes.longest
        self.longest_live: Final = sizes.longest_live
        self.payload_at: Final = payload.at
        self.added: Final = payload.added
        self.order: Final = payload.order
        self.check: Final = end.check
        self.tail: Final = end.tail
        self.delimiter: Final = end.delimiter
        self.directed_by: Final = directions.directed_by
        self.turn: Final = directions.turn
        self.taps: Final = directions.taps
        self.is_one_way: Final = directions.is_one_way
        self.trailer_size: Final = end.size
        """The number of bytes after the payload: check and tail, and before them an end that the check covers."""
        self._covered: Final = end.covered
        self.overhead: Final = payload.at + end.size
        """The number of bytes of a frame that are not payload. This is the size of the shortest frame."""
        self.plain_sequence_at: Final = _find_plain_sequence(numbers.sequence, end.delimiter)
        """The offset of a sequence of two bytes, the high one first, in frames without escapes; 0 for others."""
        self.shift: Final = AddedNumber(payload.added, payload.at, end.size) if payload.added else None
        self.coding: Final[Delimiter | AddedNumber | None] = self.delimiter or self.shift
        """The function from the bytes of a frame to its content; None where they are the same."""

    def __eq__(self, other: object) -> bool:
        """Return True if the frames of both links are laid out alike and are called the same."""
        return isinstance(other, Link) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self.name)

    def __reduce__(self) -> tuple[Callable[..., "Link"], tuple[object, ...]]:
        """Return how another process makes the same link. Without it, a compiled link cannot be made there."""
        return partial(Link, about=self.about, is_packaged=self.is_packaged), (self.name, *self._groups)

    def _values(self) -> tuple[object, ...]:
        """Return the values that are compared."""
        return self.name, self.about, self._groups

    @property
    def length(self) -> LengthField | None:
        """The length field of the link's first shape; None if its frames have a fixed size."""
        return self.shapes[0].length

    @property
    def is_checked(self) -> bool:
        """True if the frames have a check. Frames without one are weaker evidence."""
        return self.check.size > 0

    def key_of(self, direction: Direction | None) -> NumberField | None:
        """Return where the part is that an answer repeats, in the frames of a direction: the sequence, or else the
        address. None if the frames have neither.
        """
        return self.sequence or self.address_of(direction)

    @property
    def shared_keys(self) -> Collection[bytes]:
        """The keys that many messages share: those of the shared sequences. Without a sequence they all do."""
        place = self.sequence
        if place is None:
            return ANY_KEY
        return frozenset(number.to_bytes(place.size, place.order) for number in self.shared_sequences)

    def command_of(self, direction: Direction | None) -> NumberField | None:
        """Return where the command code is in the frames of a direction; None if the frames have none."""
        return self.commands.get(direction, self.command) if direction else self.command

    def address_of(self, direction: Direction | None) -> NumberField | None:
        """Return where the address is in the frames of a direction; None if the frames have none."""
        return self.addresses.get(direction, self.address) if direction else self.address

    def connector_of(self, direction: Direction | None) -> NumberField | None:
        """Return where the number of the connector is in the frames of a direction; None if they have none."""
        return self.address_of(direction) if self.connector and self.connector == self.address else self.connector

    @property
    def codes(self) -> int:
        """The number of possible command codes."""
        return int(256**self.command.size) if self.command else 1

    def code_bytes(self, command: int) -> bytes:
        """Return a command code as the frames have it. Raises `OverflowError` if it is too large."""
        return command.to_bytes(self.command.size, self.command.order) if self.command else b""

    def read_sequence(self, raw: bytes) -> int:
        """Return the sequence number of a frame; 0 if the link has none."""
        if at := self.plain_sequence_at:
            return raw[at] << 8 | raw[at + 1]
        content = raw if self.delimiter is None else self.delimiter.unwrap(raw)
        return self.sequence.read(content) if self.sequence else 0

    @property
    def code_digits(self) -> int:
        """The number of hexadecimal digits of a command code."""
        return 2 * self.command.size if self.command else 0

    def code_text(self, command: int) -> str:
        """Return a command code in hexadecimal, with all digits of this link's codes and without `0x`."""
        return f"{command:0{self.code_digits}X}"

    def shape_of(self, command: int, direction: Direction | None) -> Shape:
        """Return the first shape of a command in one direction; the link's first if it has none."""
        for shape in self.shapes:
            if (not shape.codes or command in shape.codes) and direction in (shape.direction, None):
                return shape
        return self.shapes[0]

    def find_end(self, shape: Shape, data: bytes, start: int, stop: int) -> int:
        """Return the offset where the frame of a shape that begins at `start` ends, read from the bytes before `stop`.

        Returns 0 if no frame of this shape can begin there. If the bytes before `stop` do not say it, returns an
        offset greater than `stop`: that of the byte from which on they may.
        """
        length = shape.length
        if shape.codes and (command := self.command_of(shape.direction)):
            if start + command.end > stop:
                return start + command.end
            if command.read(data, start) not in shape.codes:
                return 0
        if self.delimiter:
            return self.delimiter.find_end(data, start, stop)
        if length is None:
            return start + shape.size
        if start + length.end > stop:
            return start + length.end
        size = length.find_size(length.read(data, start))
        return start + size if self.overhead <= size <= self.longest else 0

    def frame_end(self, data: bytes, start: int, stop: int) -> int:
        """Return the offset where the longest frame that can begin at `start` ends, as `find_end` returns it."""
        return max(self.find_end(shape, data, start, stop) for shape in self.shapes)

    def is_valid(self, raw: bytes) -> bool:
        """Return True if the check and the tail of a whole frame are right."""
        end = len(raw) - len(self.tail)
        return raw[end:] == self.tail and (not self.check.size or self.check.is_right(raw, end))

    def build(
        self,
        head: bytes,
        sequence: int,
        command: int,
        payload: bytes,
        *,
        direction: str | None = None,
        connector: int | None = None,
    ) -> bytes:
        """Return a whole frame with its check. Bytes of the frame that are no part of it are zero, and so is a
        connector of None.

        Raises `OverflowError` if a number or the payload is too large.
        """
        front = bytearray(self.payload_at)
        front[: len(head)] = head
        length = self.shape_of(command, direction).length
        size = len(payload) + self.overhead
        way = self.directed_by
        for part, number in (
            (way.number if way else None, way.values.get(direction or "", (0,))[0] if way else 0),
            (self.sequence, sequence),
            (self.connector_of(direction) if connector is not None else None, connector or 0),
            (self.command_of(direction), command),
            (length, (size - length.adds) // length.unit if length else 0),
        ):
            # A length may be in the payload, which states it then.
            if part and part.end <= self.payload_at:
                part.write(front, number)
        return self.assemble(bytes(front), payload)

    def assemble(self, front: bytes, payload: bytes) -> bytes:
        """Return a whole frame with its check. `front` is the content before the payload."""
        body = front + (self.shift.add(payload) if self.shift else payload)
        content = body + self.build_trailer(body)
        return self.delimiter.wrap(content) if self.delimiter else content

    def build_trailer(self, body: bytes) -> bytes:
        """Return the bytes that end a content which begins with these: its check and its tail, and the end before it
        that it covers.
        """
        return self._covered + self.check.build(body + self._covered) + self.tail


def _find_plain_sequence(sequence: NumberField | None, delimiter: Delimiter | None) -> int:
    """Return the offset of a sequence of two bytes, the high one first, in frames without a delimiter; 0 for others."""
    is_plain = sequence is not None and (sequence.size, sequence.order) == (2, "big") and delimiter is None
    return sequence.at if sequence and is_plain else 0


class Route:
    """One direction of one link, with the head that its frames begin with.

    Routes are constants and are compared by identity. `direction` is None if the head does not determine it.
    """

    def __init__(self, link: Link, head: bytes, direction: Direction | None = None) -> None:
        self.link: Final = link
        self.head: Final = head
        self.direction: Final = direction
        command = link.command_of(direction)
        self.command: Final = command
        """The place of the command code in its frames; None if the frames have none."""
        self.command_place: Final[Place] = command.place if command else (0, 0)
        """The same as offsets, both 0 if the frames have none."""
        self.address: Final = link.address_of(direction)
        """The place of the address in its frames; None if the frames have none."""
        key = link.key_of(direction)
        self.key_place: Final[Place] = key.place if key else (0, 0)
        """The place of the part that an answer repeats, both 0 if the frames have none."""

    def __repr__(self) -> str:
        return f"<route {self.name}>"

    def __reduce__(self) -> tuple[type["Route"], tuple[object, ...]]:
        """Return how another process makes the same route. Without it, a compiled route cannot be made there."""
        return Route, (self.link, self.head, self.direction)

    @property
    def opening(self) -> bytes:
        """The bytes on the wire by which the beginning of a frame can be seen; empty if there are none."""
        delimiter = self.link.delimiter
        return (delimiter.opening if delimiter else b"") or self.head

    @property
    def is_enclosed(self) -> bool:
        """True if head and tail are as long as a head and a check mostly are: noise hardly ever looks like both."""
        tail = len(self.link.tail)
        return tail >= LEAST_TAIL and len(self.head) + tail >= LEAST_ENCLOSURE

    @property
    def values(self) -> tuple[int, ...]:
        """The numbers of its direction, on a link whose frames state it."""
        way = self.link.directed_by
        return way.values.get(self.direction or "", ()) if way else ()

    @property
    def name(self) -> str:
        """The name by which a capture refers to it: link and direction, or the link where the direction is open."""
        return f"{self.link.name}/{self.direction}" if self.direction else self.link.name
