"""Find the other numbers of known frames that say how long they are, equally well.

In: frames, and their length. Out: lengths. A length may stand twice, as that of FT 1.2 (IEC 60870-5-1) does. Frames of
one size may have one that never changes: nothing but its value speaks for it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from sniffer.core.discovery.heads.boundary_search import SAME
from sniffer.core.discovery.lengths.length_search import FARTHEST_LENGTH, FORMS, LARGEST_ADDS, SMALLEST_ADDS, LengthFit
from sniffer.core.discovery.lengths.shape_search import MASKS

SMALLEST_CONSTANT = 4
"""The smallest number that is likely to be the length of frames of one size: smaller ones stand everywhere."""

MOST_LENGTHS = 3

LEAST_OF_SIZE = 0.5
"""The share of the frames of one size that a number must explain to be one of them, if there are several."""

MOST_PIECES, LEAST_PIECES = 4, 0.8
"""Pieces that a frame may seem to have, and the share of the frames that must be pieces of others of one size."""

MOST_WIDE = 2
"""Frames with a high byte of their length that is not zero from which on it is no damage."""

LONGEST_AFTER = 6
"""The most bytes that a usual length does not count after it; of one that counts words, a part of a word more."""


def list_other_lengths(length: LengthFit, frames: Sequence[bytes], first: int) -> list[LengthFit]:
    """Return the other numbers after the offset `first` that explain the sizes of all frames, the first one first."""
    shortest, *sizes = sorted({len(frame): frame for frame in frames}.items())
    if not sizes:
        return []
    found = []
    own = range(length.at, length.at + length.size)
    tail = length.adds - _find_lack(shortest[1], length)
    main = Counter(map(len, frames)).most_common(1)[0][0]
    rare = [frame for frame in frames if len(frame) != main]
    for at in range(first, min(FARTHEST_LENGTH + 1, shortest[0])):
        for size, order in FORMS:
            if at in own or at + size - 1 in own or at + size > shortest[0]:
                continue
            other = replace(length, at=at, size=size, order=order)
            # A number that the check does not cover may be damaged in a frame that is right.
            lack, count = Counter(_find_lack(frame, other) for frame in frames).most_common(1)[0]
            is_of_rare = sum(_find_lack(frame, other) == lack for frame in rare) >= SAME * len(rare)
            if SMALLEST_ADDS <= lack <= LARGEST_ADDS and count >= SAME * len(frames) and is_of_rare:
                found.append(replace(other, adds=lack + tail))
    # A byte of zeros beside a length makes two numbers of it: the shorter one is enough.
    wide = [one for one in found if one.size > 1]
    return [one for one in found if one not in wide or not _has_narrow(one, found)][:MOST_LENGTHS]


def list_other_bits(length: LengthFit, frames: Sequence[bytes]) -> list[LengthFit]:
    """Return the lengths of more or fewer bits of the same byte that explain nearly all frames."""
    others = (replace(length, mask=mask) for mask in MASKS if mask != length.mask)
    lack = Counter(_find_lack(frame, length) for frame in frames).most_common(1)[0][0]
    return [one for one in others if sum(_find_lack(frame, one) == lack for frame in frames) >= SAME * len(frames)]


def explains_each_size(length: LengthFit, frames: Sequence[bytes]) -> bool:
    """Return True if a length explains many of the frames of each size that several have, though these may be few.

    `frames` are without their tail.
    """
    lack = Counter(_find_lack(frame, length) for frame in frames).most_common(1)[0][0]
    right = Counter(len(frame) for frame in frames if _find_lack(frame, length) == lack)
    sizes = Counter(map(len, frames))
    return all(right[size] >= LEAST_OF_SIZE * count for size, count in sizes.items() if count > 1)


def list_constant_lengths(length: LengthFit, frames: Sequence[bytes], first: int, check_size: int) -> list[LengthFit]:
    """Return the numbers that may be the length of frames that all have one size, the likeliest first.

    `frames` are without their tail, with a check of `check_size` bytes. A number may count the whole frame, or what is
    after it, with or without the check.
    """
    size = length.adds
    found = []
    for at in range(first, min(FARTHEST_LENGTH, size - check_size)):
        for width, order in FORMS:
            numbers = Counter(int.from_bytes(frame[at : at + width], order) for frame in frames)
            number, count = numbers.most_common(1)[0]
            after = size - at - width
            tail = size - len(frames[0])
            usual = (after - check_size - tail, after - tail, after, size)
            if count >= SAME * len(frames) and number > 0 and number in usual:
                found.append(replace(length, at=at, size=width, order=order, adds=size - number))
    # The two bytes of a number have one of zeros, beside which the other one is the number as well.
    return sorted(found, key=lambda one: (not is_likely(one, size), one.order == "little", -one.size))[:MOST_LENGTHS]


def is_likely(length: LengthFit, size: int) -> bool:
    """Return True if the length of frames that all have this size is a number that hardly stands there by accident.

    A zero after a number of one byte is more often a part of the payload than a high byte.
    """
    return size - length.adds >= SMALLEST_CONSTANT and length.order == "big"


def _find_lack(frame: bytes, length: LengthFit) -> int:
    """Return the difference of the number of a length to the size of a frame."""
    return len(frame) - length.count(frame)


def _has_narrow(wide: LengthFit, others: Sequence[LengthFit]) -> bool:
    """Return True if one of the bytes of a number explains the frames alone."""
    return any(one.size == 1 and wide.at <= one.at < wide.at + wide.size for one in others)


def list_narrow_lengths(length: LengthFit, frames: Sequence[bytes], first: int) -> Iterator[LengthFit]:
    """Yield the length of one byte, if the high byte of its two is zero in nearly all frames.

    A few frames that only both bytes explain are enough to need them.
    """
    high, low = (0, 1) if length.order == "big" else (1, 0)
    if length.size != len((high, low)) or length.at < first:
        return
    most = min(MOST_WIDE, (1 - SAME) * len(frames))
    if sum(frame[length.at + high : length.at + high + 1] > b"\0" for frame in frames) <= most:
        yield replace(length, at=length.at + low, size=1, order="big")


def find_whole(length: LengthFit) -> int | None:
    """Return the size of the frames of which these seem to be pieces: those in a row always add up to it.

    Returns None if no size repeats. Commands that are sent in turn look so as well.
    """
    for count in range(2, MOST_PIECES + 1):
        runs = (length.frames[at : at + count] for at in range(len(length.frames) - count + 1))
        sums = Counter(run[-1][1] - run[0][0] for run in runs)
        if length.size and sums and sums.most_common(1)[0][1] >= LEAST_PIECES * sums.total():
            return sums.most_common(1)[0][0]
    return None


def counts_usual_part(length: LengthFit) -> bool:
    """Return True if a length counts the whole frame, or all but its head, or nearly all bytes after itself."""
    most = LONGEST_AFTER + length.unit - 1
    return length.adds in (0, length.at) or 0 <= length.adds - length.at - length.size <= most
