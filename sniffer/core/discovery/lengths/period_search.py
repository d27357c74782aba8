"""Find frames of one size by the distance after which the bytes repeat, and where such frames begin.

In: bytes. Out: `PeriodFit`; None if the bytes do not repeat so. Frames of one size have the same bytes at some places
of each. A frame that is read from any other byte on has them too. What shows where frames begin is where they do not
follow one another: the frame before ends there, and the next one begins, with bytes of neither between them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from msgspec import Struct
from msgspec.structs import replace

SIZES = range(4, 513)
"""The sizes that frames can have."""

BYTES_COMPARED = 1 << 14

LEAST_REPEATED = 0.08
"""The share of the bytes that must repeat after the size of a frame. Zeros are not counted."""

LEAST_OF_BEST = 0.85
"""The share of the repetitions of the best size that a smaller one must have to be taken."""

SIZES_TRIED = 2

FRAMES_COMPARED = 8
"""Frames in a row from which the bytes that repeat are taken first."""

SAME = 0.9
"""The share of the frames that have the same byte at a place."""

ALIKE = 0.8
"""The share of these places at which a frame must have the bytes of the others."""

LEAST_PLACES = 2
"""Places with a byte other than zero that all frames must have in common."""

LEAST_FRAMES = 8

WORD = 2
"""Bytes that all frames begin with of which others seem to consist."""


class PeriodFit(Struct, frozen=True):
    """Frames of one size: where each begins, and `common`, the byte that nearly all have at a place; None: none.

    `votes` is how many places without a frame speak for this begin, `against` how many do for the second best.
    `slack` is how many bytes before their begin, which differ from frame to frame, could be of the same frame.
    """

    size: int
    begins: tuple[int, ...]
    common: tuple[int | None, ...]
    votes: int
    against: int
    slack: int


Common = Sequence[int | None]


def find_period(data: bytes) -> PeriodFit | None:
    """Return the frames of the size after which the bytes repeat; None if they do not."""
    found = (_fit(data, size) for size in _list_sizes(data[:BYTES_COMPARED]))
    return next(filter(None, found), None)


def divide_period(data: bytes, fit: PeriodFit) -> PeriodFit:
    """Return the frames of which these consist, if all of them begin with the same word; these frames if they do not.

    Two frames that are sent in turn repeat after both together. The second byte of a request and its answer may differ.
    """
    word = fit.common[:WORD]
    for count in range(fit.size // SIZES.start, 1, -1):
        size = fit.size // count
        words = [fit.common[at : at + WORD] for at in range(0, fit.size, size)]
        is_same = all(one == word for one in words) or (count == WORD and {one[0] for one in words} == {word[0]})
        if fit.size % count == 0 and is_same and all(all(one) for one in words):
            begins = tuple(at + by for at in fit.begins for by in range(0, fit.size, size))
            common = find_common_places([data[at : at + size] for at in begins])
            return replace(fit, size=size, begins=begins, common=tuple(common))
    return fit


def _list_sizes(data: bytes) -> list[int]:
    """Return the distances after which most bytes repeat, the smallest first of those that are nearly as good."""
    sizes = [size for size in SIZES if size * LEAST_FRAMES <= len(data)]
    shares = {size: sum(_compare(data, size)) / (len(data) - size) for size in sizes}
    most = max(shares.values(), default=0.0)
    return [size for size in sizes if shares[size] >= max(LEAST_REPEATED, LEAST_OF_BEST * most)][:SIZES_TRIED]


def _compare(data: bytes, size: int) -> bytes:
    """Return one for each byte that is the same after this distance, and not zero, and zero for each other one."""
    one, other = data[:-size].translate(_ZERO_AS_ONE), data[size:].translate(_ZERO_AS_TWO)
    different = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    return different.to_bytes(len(one), "big").translate(_IS_ZERO)


_ZERO_AS_ONE, _ZERO_AS_TWO = (bytes([byte, *range(1, 256)]) for byte in (1, 2))
_IS_ZERO = bytes([1, *bytes(255)])


def _fit(data: bytes, size: int) -> PeriodFit | None:
    """Return the frames of a size; None if too few follow each other."""
    start = _find_start(data, size)
    blocks = [data[at : at + size] for at in range(start, start + FRAMES_COMPARED * size, size)]
    common = find_common_places(blocks)
    begins: list[int] = []
    for _ in range(2):
        if sum(byte is not None and byte > 0 for byte in common) < LEAST_PLACES:
            return None
        begins = _scan(data, common)
        if len(begins) < LEAST_FRAMES:
            return None
        common = find_common_places([data[at : at + size] for at in begins])
    votes = Counter(_vote(data, [at for at in begins if _has_all(data, at, common)], common))
    (place, most), (_, against) = [*votes.most_common(2), (0, 0), (0, 0)][:2]
    slack = next((by for by in range(size) if common[place - 1 - by] is not None), 0)
    turned = [*common[place:], *common[:place]]
    return PeriodFit(size, tuple(_scan(data, turned)), tuple(turned), most, against, slack)


def _find_start(data: bytes, size: int) -> int:
    """Return the place from which on most bytes of some frames in a row repeat."""
    equal = [0, *accumulate(_compare(data, size))]
    window = min((FRAMES_COMPARED - 1) * size, len(equal) - 1)
    return max(range(len(equal) - window), key=lambda at: equal[at + window] - equal[at])


def find_common_places(frames: Sequence[bytes]) -> list[int | None]:
    """Return the byte that nearly all frames of one size have at each place; None where they differ."""
    least = int(SAME * len(frames))
    columns = (Counter(column).most_common(1)[0] for column in zip(*frames, strict=True))
    return [byte if count >= least else None for byte, count in columns]


def _is_alike(data: bytes, at: int, common: Common) -> bool:
    """Return True if a frame at this place has most bytes that all have in common. Zeros do not count."""
    known = [(place, byte) for place, byte in enumerate(common) if byte]
    if at + len(common) > len(data):
        return False
    return sum(data[at + place] == byte for place, byte in known) >= ALIKE * len(known)


def _scan(data: bytes, common: Common) -> list[int]:
    """Return where frames begin that have these bytes in common."""
    size, at, found = len(common), 0, []
    while at + size <= len(data):
        if _is_alike(data, at, common):
            found.append(at)
            at += size
        else:
            at += 1
    return found


def _vote(data: bytes, begins: Sequence[int], common: Common) -> Iterator[int]:
    """Yield, for each place where frames do not follow each other, the places of a frame at which one may begin there.

    A frame begins with a byte that all have in common. Also the first byte speaks for a begin, and the last one for an
    end. The frames at `begins` are not damaged.
    """
    size = len(common)
    nearest = [
        next(((at + by) % size for by in range(size) if common[(at + by) % size] is not None), 0) for at in range(size)
    ]
    if begins:
        yield nearest[-begins[0] % size]
        yield nearest[(len(data) - begins[-1]) % size]
    for before, after in pairwise(begins):
        gap = after - before - size
        if gap:
            found = [by for by in range(1, size) if gap > size and _ends_at(data, before + size, after, common, by)]
            yield from {nearest[by] for by in found or [0][: gap < size]}


def _ends_at(data: bytes, end: int, begin: int, common: Common, by: int) -> bool:
    """Return True if `by` bytes of a frame stand after an end, and the others of the next frame before a begin."""
    return _has_all(data, end, common[:by]) and _has_all(data, begin - len(common) + by, common[by:])


def _has_all(data: bytes, at: int, common: Common) -> bool:
    """Return True if the bytes from this place on are those in common."""
    return all(byte is None or data[at + place] == byte for place, byte in enumerate(common))
