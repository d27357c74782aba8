"""Find the other numbers of known frames that say how long they are, equally well.

In: frames, and their length. Out: lengths. A length may stand twice, as that of FT 1.2 (IEC 60870-5-1) does. Frames of
one size may have one that never changes: nothing but its value speaks for it.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from sniffer.core.discovery.length_search import FARTHEST_LENGTH, FORMS, LARGEST_ADDS, SMALLEST_ADDS, LengthFit

SMALLEST_CONSTANT = 4
"""The smallest number that is likely to be the length of frames of one size: smaller ones stand everywhere."""

MOST_LENGTHS = 3


def list_other_lengths(length: LengthFit, frames: Sequence[bytes], first: int) -> list[LengthFit]:
    """Return the other numbers behind the offset `first` that explain the sizes of all frames, the first one first."""
    shortest, *sizes = sorted({len(frame): frame for frame in frames}.items())
    if not sizes:
        return []
    found = []
    own = range(length.at, length.at + length.size)
    tail = length.adds - _find_lack(shortest[1], length)
    for at in range(first, min(FARTHEST_LENGTH + 1, shortest[0])):
        for size, order in FORMS:
            if at in own or at + size - 1 in own or at + size > shortest[0]:
                continue
            other = replace(length, at=at, size=size, order=order)
            lack = _find_lack(shortest[1], other)
            if SMALLEST_ADDS <= lack <= LARGEST_ADDS and all(_find_lack(frame, other) == lack for frame in frames):
                found.append(replace(other, adds=lack + tail))
    # A byte of zeros beside a length makes two numbers of it: the shorter one is enough.
    wide = [one for one in found if one.size > 1]
    return [one for one in found if one not in wide or not _has_narrow(one, found)][:MOST_LENGTHS]


def list_constant_lengths(length: LengthFit, frames: Sequence[bytes], first: int, check_size: int) -> list[LengthFit]:
    """Return the numbers that may be the length of frames that all have one size, the likeliest first.

    `frames` are without their tail, with a check of `check_size` bytes. A number may count the whole frame, or what is
    behind it, with or without the check.
    """
    size = length.adds
    found = []
    for at in range(first, min(FARTHEST_LENGTH, size - check_size)):
        for width, order in FORMS:
            numbers = {int.from_bytes(frame[at : at + width], order) for frame in frames}
            number = min(numbers)
            behind = size - at - width
            tail = size - len(frames[0])
            usual = (behind - check_size - tail, behind - tail, behind, size)
            if len(numbers) == 1 and number > 0 and number in usual:
                found.append(replace(length, at=at, size=width, order=order, adds=size - number))
    # The two bytes of a number have one of zeros, beside which the other one is the number as well.
    return sorted(found, key=lambda one: (not is_likely(one, size), one.order == "little", -one.size))[:MOST_LENGTHS]


def is_likely(length: LengthFit, size: int) -> bool:
    """Return True if the length of frames that all have this size is a number that hardly stands there by accident."""
    return size - length.adds >= SMALLEST_CONSTANT


def _find_lack(frame: bytes, length: LengthFit) -> int:
    """Return what the number of a length lacks to the size of a frame."""
    return len(frame) - int.from_bytes(frame[length.at : length.at + length.size], length.order)


def _has_narrow(wide: LengthFit, others: Sequence[LengthFit]) -> bool:
    """Return True if one of the bytes of a number explains the frames alone."""
    return any(one.size == 1 and wide.at <= one.at < wide.at + wide.size for one in others)


def list_narrow_lengths(length: LengthFit, frames: Sequence[bytes], first: int) -> Iterator[LengthFit]:
    """Yield the length of one byte, if the high byte of its two is zero in all frames."""
    high, low = (0, 1) if length.order == "big" else (1, 0)
    if length.size != len((high, low)) or length.at < first:
        return
    if not any(frame[length.at + high] for frame in frames if len(frame) > length.at + high):
        yield replace(length, at=length.at + low, size=1, order="big")
