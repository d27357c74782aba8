"""Find what explains the same frames equally well, so that nothing is called certain which the bytes do not decide.

In: a candidate, and its frames. Out: the other readings: another check or another begin of its cover, a length of one
byte in place of two, and bytes that are the head of one frame or the tail of the one before.
"""

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from sniffer.core.discovery.checks.check_search import has_usual_constants
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.heads.boundary_search import SAME
from sniffer.core.discovery.heads.head_readings import has_constants
from sniffer.core.discovery.heads.head_search import list_heads
from sniffer.core.discovery.lengths.length_readings import (
    explains_each_size,
    is_likely,
    list_constant_lengths,
    list_narrow_lengths,
    list_other_bits,
    list_other_lengths,
)
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.discovery.lengths.shape_search import FrameShape
from sniffer.core.wire.checks import XORS, ByteOrder, Check

LEAST_PREAMBLE = 3
"""Equal bytes before a frame that are taken for a preamble."""

MORE_ZEROS = 2
"""Zeros beside the low byte of a length that make its high byte one of several zeros."""

LEAST_PARTS = 3
"""Different values that a part of frames with a check of its own must have."""

MOST_EQUAL = 8
"""Equal checks that are listed."""


def list_readings(candidate: FramingCandidate, frames: Sequence[bytes]) -> list[FramingCandidate]:
    """Return the candidate with each check and each length that explains its frames, the likeliest one first."""
    checked = order_checks(candidate, frames)
    if plain := next(filter(None, (_drop_preamble(one, frames) for one in checked)), None):
        size = candidate.length.adds - plain.length.adds
        return [*list_readings(plain, _cut_preamble(frames, size)), checked[0]]
    lengths = [one for likelier in _list_tails(checked[0]) for one in list_lengths(likelier, frames)]
    return [*lengths[:1], *(_with_length_of(other, lengths[0]) for other in checked[1:]), *lengths[1:]]


def order_checks(candidate: FramingCandidate, frames: Sequence[bytes]) -> list[FramingCandidate]:
    """Return the candidate with each check that its frames have, the likeliest one first."""
    return sorted((candidate, *list_equal_checks(candidate)), key=_rank_check(candidate, frames))


def _list_tails(candidate: FramingCandidate) -> list[FramingCandidate]:
    """Return the candidate with each likely tail: what never changes may be payload if the length counts it so."""
    length = candidate.length
    after = length.adds - length.at - length.size
    if candidate.check is None and length.size and 0 < after < len(candidate.tail):
        return [replace(candidate, tail=candidate.tail[-after:]), candidate]
    return [candidate]


def _drop_preamble(candidate: FramingCandidate, frames: Sequence[bytes]) -> FramingCandidate | None:
    """Return a candidate without the equal bytes before each frame, by which a receiver wakes up.

    Returns None if there are few of them, if the check covers them, or if nothing would be left of a head.
    """
    if not frames or candidate.check is None or not frames[0][0]:
        return None
    runs = sorted(len(frame) - len(frame.lstrip(frame[:1])) for frame in frames)
    size = runs[round((1 - SAME) * len(runs))]
    check, length = candidate.check.check, candidate.length
    if not LEAST_PREAMBLE <= size <= check.start or (length.size and length.at <= size):
        return None
    heads = list_heads(_cut_preamble(frames, size))
    if not heads:
        return None
    length = replace(length, at=length.at - size if length.size else 0, adds=length.adds - size)
    fit = replace(candidate.check, check=check.move(check.start - size), others=())
    return replace(candidate, heads=heads, length=length, check=fit)


def _cut_preamble(frames: Sequence[bytes], size: int) -> list[bytes]:
    """Return the frames with as many equal bytes before them, without these."""
    return [frame[size:] for frame in frames if frame.startswith(frame[:1] * size)]


def _with_length_of(candidate: FramingCandidate, other: FramingCandidate) -> FramingCandidate:
    return replace(candidate, length=other.length, heads=other.heads, shapes=other.shapes)


def list_lengths(candidate: FramingCandidate, frames: Sequence[bytes]) -> list[FramingCandidate]:
    """Return the candidate with each length that explains its frames, the likeliest one first."""
    length = candidate.length
    first = max((len(head) for head in candidate.heads), default=0)
    if candidate.shapes:
        narrow_shapes = [*list_equal_lengths(candidate, frames)]
        is_narrow = len(narrow_shapes) > 0 and _is_narrow(candidate, _list_own(candidate, frames))
        return [*narrow_shapes, candidate] if is_narrow else [candidate, *narrow_shapes]
    if length.mask:
        return [candidate, *(_with_length(candidate, one) for one in list_other_bits(length, frames))]
    if not length.size:
        size = candidate.check.check.size if candidate.check else 0
        # Frames without a known check that have one size may be several frames.
        constant = list_constant_lengths(length, frames, 1, size) if candidate.check and candidate.heads else []
        likely = [_with_length(candidate, one) for one in constant if is_likely(one, length.adds)]
        small = [_with_length(candidate, one) for one in constant if not is_likely(one, length.adds)]
        return [*likely, candidate, *small]
    # Each direction may have one size, so that its length never changes, and seems to be of its head.
    others = list_other_lengths(length, frames, 1 if len(candidate.heads) > 1 else first)
    before = [one for one in others if one.at < length.at and one.size == length.size]
    before = [one for one in before if explains_each_size(one, frames)]
    ordered = [*before[:1], length, *before[1:], *(one for one in others if one not in before)]
    narrow = [*list_narrow_lengths(length, frames, first)]
    if narrow and _is_narrow(candidate, frames):
        ordered, narrow = narrow, ordered
    return [_with_length(candidate, one) for one in (*ordered, *narrow)]


def _is_narrow(candidate: FramingCandidate, frames: Sequence[bytes]) -> bool:
    """Return True if the high byte of a length, which is zero, is rather no part of it.

    Where payloads have bytes that never change, a zero after a length may be one of them.
    """
    is_other = _has_other_order(candidate) and has_constants(candidate, frames)
    return is_other or _is_among_zeros(candidate, frames)


def _is_among_zeros(candidate: FramingCandidate, frames: Sequence[bytes]) -> bool:
    """Return True if the high byte of a length, which is zero, is rather one of several zeros beside one byte.

    It is not where frames begin with their length, or where the check covers what is directly after the high byte.
    """
    length = candidate.length
    start = candidate.check.check.start if candidate.check else 0
    if length.at == 0 or (length.order == "little" and start == length.at + length.size):
        return False
    low = length.at + (length.size - 1 if length.order == "big" else 0)
    zeros = sum(_has_more_zeros(frame, low, length.order) for frame in frames)
    return zeros >= SAME * len(frames)


def _has_more_zeros(frame: bytes, at: int, order: ByteOrder) -> bool:
    """Return True if more zeros stand before a byte than a high byte there; for one after it, if so on either side."""
    before, after = frame[max(0, at - MORE_ZEROS) : at], frame[at + 1 : at + 1 + MORE_ZEROS]
    return before == bytes(MORE_ZEROS) or (order == "little" and after == bytes(MORE_ZEROS))


def _has_other_order(candidate: FramingCandidate) -> bool:
    """Return True if the number of a check has another byte order than a length: one protocol hardly has both."""
    check = candidate.check.check if candidate.check else None
    return check is not None and check.number_size > 1 and check.order != candidate.length.order


def _with_length(candidate: FramingCandidate, length: LengthFit) -> FramingCandidate:
    """Return the candidate with a length, at which its heads end."""
    heads = tuple(dict.fromkeys(head[: length.at] for head in candidate.heads))
    return replace(candidate, length=length, heads=heads)


def _rank_check(candidate: FramingCandidate, frames: Sequence[bytes]) -> Callable[[FramingCandidate], tuple[int, int]]:
    """Return the sort key of checks that are right for the same frames: most begin with the head, or after a part."""
    front = min((len(head) for head in candidate.heads), default=0)
    length = candidate.length
    end = length.at + length.size if length.size else front
    # A length that is protected by its complement has a check of its own: the other one begins after both.
    complements = sum(sum(frame[length.at : end + 1]) & 0xFF == 0 for frame in frames)
    is_protected = length.size == 1 and complements >= SAME * len(frames)
    places = {end + 1: 0} if is_protected else {0: 1, 1: 2, front: 1}
    if after := _find_checked_part(candidate, frames):
        places[after] = 0

    def rank(one: FramingCandidate) -> tuple[int, int]:
        if one.check is None:
            return 0, 0
        check = one.check.check
        # With a first byte FF, the one's complement of all is the two's complement of the others, which is usual.
        is_rare = check.name == "sum inverted" and check.start == 0 and frames[0][:1] == b"\xff"
        is_rare |= check.name == "xor inverted" and not 0 < check.start == after
        # A check of another size is right by a relation between both: it is only listed.
        is_rare |= candidate.check is not None and check.size != candidate.check.check.size
        is_rare |= check.parameters is not None and not has_usual_constants(check.parameters)
        is_rare |= length.at < check.start < length.at + length.size
        inside = 5 if is_rare else 4 if check.start < front else 3
        return inside if is_rare else places.get(check.start, inside), check.start

    return rank


def _find_checked_part(candidate: FramingCandidate, frames: Sequence[bytes]) -> int:
    """Return where a part of the frames ends that has a check of its own; 0 if there is none.

    Such a part changes the check of what is after it as little as nothing does, though its bytes differ. An inverted
    exclusive or of both of two parts is a plain one of them together.
    """
    if candidate.check is None:
        return 0
    check = candidate.check.check
    kinds = XORS if check.name in XORS else (check.name,)
    others = (one for one in candidate.check.others if one == check.move(one.start) or one.name in kinds[1:])
    same = [check.start, *(one.start for one in others if _is_right(one, frames))]
    pairs = [(one, other) for one in same for other in same if one < other]
    return max((end for at, end in pairs if len({frame[at:end] for frame in frames}) >= LEAST_PARTS), default=0)


def _is_right(check: Check, frames: Sequence[bytes]) -> bool:
    """Return True if nearly all of these frames have a check."""
    long = [frame for frame in frames if len(frame) > check.start + check.size]
    return sum(check.is_right(frame, len(frame)) for frame in long) >= SAME * len(frames)


def list_equal_checks(candidate: FramingCandidate) -> Iterator[FramingCandidate]:
    """Yield the candidate with each other check that the same frames have."""
    if fit := candidate.check:
        # A CRC of the catalogue has parameters that follow from the frames: that is the same one.
        others = [check for check in fit.others if check.parameters is None or fit.check.parameters]
        for check in others[:MOST_EQUAL]:
            yield replace(candidate, check=replace(fit, check=check, others=()))


def _list_own(candidate: FramingCandidate, frames: Sequence[bytes]) -> list[bytes]:
    """Return the frames that the length of a candidate with several shapes explains."""
    length = candidate.length
    shape = FrameShape(length.at, length.size, length.order, length.adds - len(candidate.tail), unit=length.unit)
    return [frame for frame in frames if shape.explains(frame)]


def list_equal_lengths(candidate: FramingCandidate, frames: Sequence[bytes]) -> Iterator[FramingCandidate]:
    """Yield the candidate with a length of one byte, if the high byte of its two is zero in all frames."""
    first = max((len(head) for head in candidate.heads), default=0)
    for length in list_narrow_lengths(candidate.length, _list_own(candidate, frames), first):
        shapes = tuple(
            replace(shape, at=length.at, size=1, order="big") if shape.size else shape for shape in candidate.shapes
        )
        yield replace(candidate, length=length, shapes=shapes)
