"""The parts of a link's layout: where numbers stand in a frame, and what says its length and its direction."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from sniffer.core.wire.checks import ByteOrder

Direction = str
"""The direction of a frame as the link's definition names it: `com>pwr` is from `com` to `pwr`."""

Place = tuple[int, int]
"""The place of a part in a frame: the offsets of its first byte and of the byte after it."""


@dataclass(frozen=True, slots=True)
class NumberField:
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
        """Where it is in a frame."""
        return self.at, self.end

    def read(self, raw: bytes, start: int = 0) -> int:
        """Return the number in the frame that begins at `start`."""
        return int.from_bytes(raw[start + self.at : start + self.at + self.size], self.order)


@dataclass(frozen=True, slots=True)
class LengthField(NumberField):
    """The number that says how long a frame is: it counts parts of `unit` bytes, and the frame has `adds` bytes more.

    Only numbers from `least` up to `most` that are a multiple of `multiple_of` are lengths.
    """

    adds: int = 0
    unit: int = 1
    least: int = 0
    most: int | None = None
    multiple_of: int = 1

    @property
    def highest(self) -> int:
        """The highest number that is a length."""
        return int(256**self.size - 1) if self.most is None else self.most

    def find_size(self, number: int) -> int:
        """Return the size of a frame with this number as its length, in bytes; 0 if the number is no length."""
        if number < self.least or number > self.highest or number % self.multiple_of:
            return 0
        return number * self.unit + self.adds


@dataclass(frozen=True, slots=True)
class Shape:
    """How long the frames of some commands are: by a `length` field, or of a fixed `size`.

    `codes` are the commands; empty: all of them. `direction` None: in both directions.
    """

    length: LengthField | None
    size: int = 0
    codes: frozenset[int] = frozenset()
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class DirectionField:
    """The number that says which way a frame goes, such as an address: the numbers of each direction.

    A number of several directions leaves the direction open.
    """

    number: NumberField
    values: Mapping[Direction, tuple[int, ...]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """How the order of frames says which way a frame goes: an answer follows its request.

    `requests` is the direction of requests, `answers` that of answers. An answer comes `within` this time of its
    request, in nanoseconds; a frame that comes later is a request again.
    """

    requests: Direction
    answers: Direction
    within: int


class _AnyKey(Collection[bytes]):
    """All bytes: the shared keys of a link whose frames have no sequence."""

    def __contains__(self, key: object) -> bool:
        return True

    def __iter__(self) -> Iterator[bytes]:
        return iter(())

    def __len__(self) -> int:
        return 0


ANY_KEY: Collection[bytes] = _AnyKey()
