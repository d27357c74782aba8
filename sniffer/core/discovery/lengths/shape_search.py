"""Find the length of frames that are known: a number in each, one size, or sizes of certain commands.

In: frames of one head. Out: their shapes, as few as possible; none if the bytes of the frames do not explain their
sizes. A request and its answer may have one command and two sizes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from sniffer.core.discovery.lengths.length_search import FARTHEST_LENGTH, FORMS, LARGEST_ADDS, SMALLEST_ADDS, UNITS
from sniffer.core.wire.checks import ByteOrder

EXPLAINED = 0.95
"""The share of the frames that shapes must explain."""

LEAST_SIZES = 3
"""Different sizes that a length must explain; two are enough for a length that counts one of the usual parts."""

FARTHEST_COMMAND = 5
"""The largest offset after the head of a command that says how long a frame is."""

LEAST_COUNTED = 0.1
"""The share of the frames that a length must explain: a number that counts frames takes each value now and then."""

MOST_BETWEEN = 3
"""Bytes between a length and what it counts."""

MASKS = (0x3F, 0x1F, 0x0F)
"""The low bits of a byte that may be a length, as in the format byte of ISO 14230."""

FARTHEST_BITS, MOST_AFTER_BITS, LEAST_OF_BITS = 6, 8, 12
"""The largest offset of such a length, the most bytes from it on that it does not count, and the frames it needs."""

MOST_SHAPES, MOST_CODES = 6, 32

LEAST_ALIKE = 2
"""Frames that must have a size which no length explains."""


class FrameShape(Struct, frozen=True):
    """The size of some frames: by the number of `size` bytes at `at`, plus `adds`; if `size` is 0, `adds` bytes.

    The number counts parts of `unit` bytes; with a `mask`, it is what these bits are, from the lowest one on. `codes`
    are the commands of these frames; empty: all of them. `head` is the number of their head; None: of any.
    """

    at: int
    size: int
    order: ByteOrder
    adds: int
    codes: frozenset[int] = frozenset()
    head: int | None = None
    unit: int = 1
    mask: int = 0

    def explains(self, frame: bytes) -> bool:
        """Return True if the frame is as long as this says."""
        if not self.size:
            return len(frame) == self.adds
        end = self.at + self.size
        number = int.from_bytes(frame[self.at : end], self.order)
        if self.mask:
            number &= self.mask
        return end <= len(frame) and number * self.unit + self.adds == len(frame)


class ShapesFit(Struct, frozen=True):
    """The shapes of frames. `command` is the offset of the byte on which they depend; None if they depend on none."""

    shapes: tuple[FrameShape, ...]
    command: int | None = None


def find_shapes(frames: Sequence[bytes], front: int, back: int) -> ShapesFit | None:
    """Return the shapes of these frames, of which some may repeat; None if there are none.

    `front` is the size of their head, `back` that of the check and the tail. A length may stand within the head, as all
    frames of one direction may have one size.
    """
    lengths = _list_lengths(frames, min(front, 1), back)
    plain = _cover(frames, lengths[:1])
    if plain and len(plain) == 1:
        return ShapesFit(plain)
    words = (_cover(frames, _list_lengths(frames, min(front, 1), back, unit)[:1]) for unit in UNITS)
    bits = (_cover(frames, _list_bits(frames, mask)[:1]) for mask in MASKS)
    found = [ShapesFit(shapes) for shapes in (plain, *words, *bits) if shapes]
    shortest = min(map(len, frames))
    for command in range(front, min(front + FARTHEST_COMMAND, shortest - back)):
        for length in (lengths[:1], ()):
            if shapes := _cover_by_command(frames, length, command):
                found.append(ShapesFit(shapes, command))
    return min(found, key=_compute_cost, default=None)


def find_shapes_by_first(frames: Sequence[bytes]) -> ShapesFit | None:
    """Return the sizes of frames of which the first byte says how long they are; None if it does not."""
    shapes = _cover_by_command(frames, (), 0)
    return ShapesFit(shapes, 0) if shapes else None


def _compute_cost(fit: ShapesFit) -> tuple[int, int]:
    """Return the cost of a fit, which rises with each shape and each command of one."""
    return sum(2 + len(shape.codes) + bool(shape.size) + (shape.mask > 0) for shape in fit.shapes), fit.command or 0


def _cover(frames: Sequence[bytes], lengths: Sequence[FrameShape]) -> tuple[FrameShape, ...]:
    """Return a length and sizes that explain nearly all of these frames; nothing if too many are needed."""
    rest = [frame for frame in frames if not any(length.explains(frame) for length in lengths)]
    used = [length for length in lengths if len(rest) < len(frames)]
    allowed = (1 - EXPLAINED) * len(frames)
    if len(rest) <= allowed:
        return tuple(used)
    fixed: list[FrameShape] = []
    left = len(rest)
    for size, count in Counter(map(len, rest)).most_common(MOST_SHAPES - len(used)):
        if left > allowed and count >= LEAST_ALIKE:
            fixed.append(FrameShape(0, 0, "big", size))
            left -= count
    shapes = (*fixed, *used)
    return shapes if left <= allowed and 2 * len(shapes) <= len({*frames}) else ()


def _cover_by_command(frames: Sequence[bytes], lengths: Sequence[FrameShape], command: int) -> tuple[FrameShape, ...]:
    """Return the shapes of the frames of each command at this offset; nothing if a command has none."""
    by_code: defaultdict[int, list[bytes]] = defaultdict(list)
    for frame in frames:
        by_code[frame[command]].append(frame)
    if not 1 < len(by_code) <= MOST_CODES:
        return ()
    codes: defaultdict[tuple[int, int, ByteOrder, int], set[int]] = defaultdict(set)
    for code, own in by_code.items():
        shapes = _cover_code(own, lengths)
        if not shapes:
            return ()
        for shape in shapes:
            codes[shape.at, shape.size, shape.order, shape.adds].add(code)
    if len(codes) > MOST_SHAPES or sum(map(len, codes.values())) > len({*frames}):
        return ()
    every = len(by_code)
    return tuple(
        FrameShape(*key, frozenset(found) if len(found) < every else frozenset())
        for key, found in sorted(codes.items(), key=lambda item: (item[0][1], item[0]))
    )


def _cover_code(frames: Sequence[bytes], lengths: Sequence[FrameShape]) -> tuple[FrameShape, ...]:
    """Return the shapes of the frames of one command: a length, or one or two sizes, or both."""
    explained = [length for length in lengths if any(length.explains(frame) for frame in frames)]
    rest = Counter(len(frame) for frame in frames if not any(length.explains(frame) for length in explained))
    if len(rest) > 2:
        return ()
    return (*(FrameShape(0, 0, "big", size) for size in rest), *explained)


def _list_lengths(frames: Sequence[bytes], front: int, back: int, unit: int = 1) -> list[FrameShape]:
    """Return the lengths that explain several sizes, the one that explains most sizes first.

    They count parts of `unit` bytes.
    """
    sizes: defaultdict[FrameShape, set[int]] = defaultdict(set)
    counts: Counter[FrameShape] = Counter()
    for frame in dict.fromkeys(frames):
        for shape in _list_numbers(frame, front, unit):
            counts[shape] += 1
            sizes[shape].add(len(frame))
    distinct = len({*frames})
    found = [
        shape
        for shape, own in sizes.items()
        if counts[shape] >= LEAST_COUNTED * distinct
        and len(own) >= _find_least_sizes(shape, back, is_of_all=counts[shape] >= EXPLAINED * distinct)
    ]
    return sorted(
        found, key=lambda shape: (-len(sizes[shape]), -counts[shape], not _is_usual(shape, back), -shape.size, shape.at)
    )


def _list_bits(frames: Sequence[bytes], mask: int) -> list[FrameShape]:
    """Return the lengths that are the bits of a mask of one byte, and explain nearly all frames, the first one first.

    They count a usual part, or all but one byte more, and the other bits are no zeros: these mean something else.
    """
    distinct = [*dict.fromkeys(frames)]
    if len(frames) < LEAST_OF_BITS or len({len(frame) for frame in distinct}) < LEAST_SIZES:
        return []
    found = []
    for at in range(min(FARTHEST_BITS + 1, min(map(len, distinct)) - 1)):
        adds, count = Counter(len(frame) - (frame[at] & mask) for frame in distinct).most_common(1)[0]
        others = {frame[at] & ~mask for frame in distinct}
        if count >= EXPLAINED * len(distinct) and at < adds <= at + MOST_AFTER_BITS and others != {0}:
            found.append(FrameShape(at, 1, "big", adds, mask=mask))
    return found


def _list_numbers(frame: bytes, front: int, unit: int) -> Iterator[FrameShape]:
    """Yield the difference of each number of a frame, which counts parts of `unit` bytes, to its size."""
    for at in range(front, min(FARTHEST_LENGTH, len(frame)) + 1):
        for size, order in FORMS:
            if at + size < len(frame):
                adds = len(frame) - unit * int.from_bytes(frame[at : at + size], order)
                if SMALLEST_ADDS <= adds <= LARGEST_ADDS:
                    yield FrameShape(at, size, order, adds, unit=unit)


def _find_least_sizes(shape: FrameShape, back: int, *, is_of_all: bool) -> int:
    """Return the number of sizes that a length must explain: fewer if it counts a usual part, or nearly so in all.

    It counts single bytes then.
    """
    if shape.unit > 1:
        return LEAST_SIZES
    return LEAST_SIZES - _is_usual(shape, back, MOST_BETWEEN if is_of_all else 0)


def _is_usual(shape: FrameShape, back: int, between: int = 0) -> bool:
    """Return True if the number counts the whole frame, or all but its head, or what is after it.

    What is after it may be without the check, or without `between` bytes, such as a command.
    """
    end = shape.at + shape.size
    return shape.adds in (0, shape.at) or any(0 <= shape.adds - first <= between for first in (end, end + back))
