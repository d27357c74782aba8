"""The parts of a link's layout: where numbers stand in a frame, what says its length and its direction, what ends it.

The last classes group them as a link is made of them: numbers, sizes, payload, end and directions.
"""

from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct, field

from sniffer.core.wire.checks import ByteOrder, Check
from sniffer.core.wire.coding.checked_delimiter import CheckedDelimiter
from sniffer.core.wire.coding.delimiter import Delimiter

Direction = str
"""The direction of a frame as the link's definition names it: `com>pwr` is from `com` to `pwr`."""

Place = tuple[int, int]
"""The place of a part in a frame: the offsets of its first byte and of the byte after it."""


class NumberField(Struct, frozen=True):
    """A number in the frames of a link. `at` is its offset from the first byte of the head, `size` is in bytes."""

    at: int
    size: int
    order: ByteOrder = "big"

    @property
    def end(self) -> int:
        """The offset of the byte after it."""
        return self.at + self.size

    @property
    def place(self) -> Place:
        """Its place in a frame."""
        return self.at, self.end

    def read(self, raw: bytes, start: int = 0) -> int:
        """Return the number in the frame that begins at `start`."""
        return int.from_bytes(raw[start + self.at : start + self.at + self.size], self.order)

    def write(self, front: bytearray, number: int) -> None:
        """Put a number in its place in these bytes. Raises `OverflowError` if it is too large."""
        front[self.at : self.end] = number.to_bytes(self.size, self.order)


class LengthField(NumberField, frozen=True):
    """The number that says how long a frame is: it counts parts of `unit` bytes, and the frame has `adds` bytes more.

    Only numbers from `least` up to `most` that are a multiple of `multiple_of` are lengths. With a `mask`, the number
    is what these bits of the bytes are, from the lowest one on; the other bits mean something else.
    """

    adds: int = 0
    unit: int = 1
    least: int = 0
    most: int | None = None
    multiple_of: int = 1
    mask: int = 0

    @property
    def highest(self) -> int:
        """The highest number that is a length."""
        return self.largest if self.most is None else self.most

    @property
    def largest(self) -> int:
        """The largest number that its bits can be."""
        return self.mask >> self.shift if self.mask else int(256**self.size - 1)

    @property
    def shift(self) -> int:
        """The number of the bits below those of its mask."""
        return (self.mask & -self.mask).bit_length() - 1 if self.mask else 0

    def read(self, raw: bytes, start: int = 0) -> int:
        """Return the number in the frame that begins at `start`."""
        number = int.from_bytes(raw[start + self.at : start + self.at + self.size], self.order)
        return (number & self.mask) >> self.shift if self.mask else number

    def write(self, front: bytearray, number: int) -> None:
        """Put a number in its place in these bytes, beside their other bits. Raises `OverflowError` if it is too
        large.
        """
        if self.mask:
            if number > self.largest:
                raise OverflowError(f"{number} is more than {self.largest}")
            number = int.from_bytes(front[self.at : self.end], self.order) & ~self.mask | number << self.shift
        front[self.at : self.end] = number.to_bytes(self.size, self.order)

    def find_size(self, number: int) -> int:
        """Return the size of a frame with this number as its length, in bytes; 0 if the number is no length."""
        if number < self.least or number > self.highest or number % self.multiple_of:
            return 0
        return number * self.unit + self.adds


class Shape(Struct, frozen=True):
    """The size of the frames of some commands: by a `length` field, or a fixed `size`.

    `codes` are the commands; empty: all of them. `direction` None: in both directions.
    """

    length: LengthField | None
    size: int = 0
    codes: frozenset[int] = frozenset()
    direction: Direction | None = None


class DirectionField(Struct, frozen=True):
    """The number that says which way a frame goes, such as an address: the numbers of each direction.

    A number of several directions leaves the direction open.
    """

    number: NumberField
    values: Mapping[Direction, tuple[int, ...]]

    def __hash__(self) -> int:
        return hash(self.number)


class Turn(Struct, frozen=True):
    """The direction of frames by their order: an answer follows its request.

    `requests` is the direction of requests, `answers` that of answers. An answer comes `within` this time of its
    request, in nanoseconds; a frame that comes later is a request again.
    """

    requests: Direction
    answers: Direction
    within: int


class FrameNumbers(Struct, frozen=True):
    """The numbers before the payload of a frame. Each is None if the frames have none.

    An answer repeats the sequence, or else the address. `commands` and `addresses` are the places of the command code
    and of the address in each direction, if they differ. Messages that are sent without a request, or polled, have the
    `shared_sequences`, which do not connect an answer with one request. `connector` is the address, or the number of
    the direction, if it is that of the connector which a frame is of.
    """

    sequence: NumberField | None = None
    address: NumberField | None = None
    command: NumberField | None = None
    commands: Mapping[Direction, NumberField] = field(default_factory=dict)
    addresses: Mapping[Direction, NumberField] = field(default_factory=dict)
    shared_sequences: tuple[int, ...] = ()
    connector: NumberField | None = None


class FrameSizes(Struct, frozen=True):
    """The size of frames in bytes. Most links have one shape.

    `longest` is the size of the longest frame, `longest_live` that of the longest that is waited for on a live line.
    """

    shapes: tuple[Shape, ...]
    longest: int
    longest_live: int


class FramePayload(Struct, frozen=True):
    """The payload: its offset `at` in a frame, and how its bytes are sent.

    A number that is `added` to each byte on the wire is covered by the check as it is sent. `order` is that of the
    bytes of numbers, unless a command or a field states another one.
    """

    at: int
    added: int = 0
    order: ByteOrder = "big"


class FrameEnd(Struct, frozen=True):
    """The end of a frame after the payload: a check, then the bytes of the `tail`.

    With a `delimiter`, frames end where it stands, and have no length. If the check is after the end of the delimiter,
    the end stands between payload and check.
    """

    check: Check
    tail: bytes = b""
    delimiter: Delimiter | None = None

    @property
    def size(self) -> int:
        """The number of bytes after the payload."""
        return len(self.covered) + self.check.size + len(self.tail)

    @property
    def covered(self) -> bytes:
        """The bytes of the end of the delimiter that a check after it covers; empty for other checks."""
        return self.delimiter.covered if isinstance(self.delimiter, CheckedDelimiter) else b""


class FrameDirections(Struct, frozen=True):
    """The source of the direction of a frame where its head leaves that open: a number, the turn, or the tap.

    `taps` are the directions on each tap. `is_one_way` is True if all frames go in one direction.
    """

    directed_by: DirectionField | None = None
    turn: Turn | None = None
    taps: tuple[Direction, ...] = ()
    is_one_way: bool = False


BY_HEAD = FrameDirections()
"""The directions of a link whose heads say them."""


class _AnyKey(Collection[bytes]):
    """All bytes: the shared keys of a link whose frames have no sequence."""

    def __contains__(self, key: object) -> bool:
        return True

    def __iter__(self) -> Iterator[bytes]:
        return iter(())

    def __len__(self) -> int:
        return 0


ANY_KEY: Collection[bytes] = _AnyKey()
