"""Settle where the frames of a candidate begin and end: which bytes between them are a head, a tail or their check.

In: a candidate, and its frames from their head to their check. Out: the candidate as the ends of runs of its frames say
it, with what is equal, and its frames.
"""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from sniffer.core.discovery.checks.check_search import find_check, has_high_byte
from sniffer.core.discovery.equal_readings import list_readings
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.heads.boundary_search import LEAST_LINKED, SAME, Boundary, find_boundary, find_first
from sniffer.core.discovery.heads.head_readings import list_heads_by_convention
from sniffer.core.discovery.heads.head_search import Extent, list_heads

MOST_BEFORE = 2
"""Bytes before frames that are looked at."""


def settle_reading(
    data: bytes, candidate: FramingCandidate, spans: Sequence[Extent]
) -> tuple[FramingCandidate, list[Extent]]:
    """Return a candidate as the ends of runs of its frames say where these begin, with what is equal, and its frames.

    `spans` are its frames, each from its head to its check.
    """
    wide, spans = _widen_head(data, candidate, spans)
    is_wider = wide.length.at > candidate.length.at or wide.length.adds > candidate.length.adds
    candidate = _check_again(wide, [data[begin:end] for begin, end in spans]) if is_wider else wide
    start = candidate.check.check.start if candidate.check else min(map(len, candidate.heads))
    tail = len(candidate.tail)
    units = [(begin + start, end) for begin, end in spans]
    first_unit = find_first(data, candidate.check.check, units, start + tail) if candidate.check else []
    boundary = find_boundary(data, units + first_unit, start + tail, tail)
    by = tail - boundary.tail
    shifted = _shift(candidate, by, boundary)
    if shifted is None and boundary.is_strong:
        shifted = _behead(data, candidate, -by, boundary, spans)
    if shifted:
        spans = [(begin - by, end) for begin, end in spans if begin >= by]
        candidate = _check_again(shifted, [data[begin:end] for begin, end in spans]) if by > 0 else shifted
    candidate, spans = _widen_check(data, candidate, spans)
    frames = [data[begin:end] for begin, end in spans]
    first, *equals = list_readings(candidate, frames)
    if any(head[:1] == first.tail[-1:] for head in first.heads) and not boundary.others:
        # A damaged byte shortens a run of equal ones: where a run is split, it may as well be whole.
        equals += filter(None, [_shift(first, len(first.tail), boundary)])
    if first.tail == candidate.tail:
        sizes = [size for size in (boundary.tail, *boundary.others) if size != len(first.tail)]
        for by in (len(first.tail) - size for size in sizes):
            equals += filter(None, [_shift(first, by, boundary) or _behead(data, first, -by, boundary, spans)])
    best, *shorter = list_heads_by_convention(first, frames)
    equals = [replace(one, heads=best.heads) if one.heads == first.heads else one for one in equals]
    return replace(best, equals=(*equals, *shorter)), [*spans]


def _widen_check(
    data: bytes, candidate: FramingCandidate, spans: Sequence[Extent]
) -> tuple[FramingCandidate, Sequence[Extent]]:
    """Return a candidate with the first byte of its tail in its check if that is the high byte of a sum."""
    if candidate.check is None or not candidate.tail:
        return candidate, spans
    longer = [(begin, end + 1) for begin, end in spans]
    frames = [data[begin:end] for begin, end in longer]
    found = find_check(frames) if has_high_byte(candidate.check.check, frames) else None
    if found is None:
        return candidate, spans
    return replace(candidate, check=found, tail=candidate.tail[1:]), longer


def _widen_head(
    data: bytes, candidate: FramingCandidate, spans: Sequence[Extent]
) -> tuple[FramingCandidate, Sequence[Extent]]:
    """Return a candidate whose frames hardly ever follow each other with the bytes that stand before each of them."""
    ends = {end + len(candidate.tail) for _, end in spans}
    begins = [begin for begin, _ in spans if begin >= MOST_BEFORE]
    if not begins or sum(begin in ends for begin in begins) >= LEAST_LINKED * len(begins):
        return candidate, spans
    before = b""
    while len(before) < MOST_BEFORE:
        byte, count = Counter(data[begin - len(before) - 1] for begin in begins).most_common(1)[0]
        if count < SAME * len(begins):
            break
        before = bytes([byte]) + before
    wide = _shift(replace(candidate, tail=before), len(before), Boundary(before, 0))
    if not before or wide is None:
        return candidate, spans
    longer = replace(wide.length, adds=wide.length.adds + len(before))
    return replace(wide, tail=candidate.tail, length=longer), [
        (at - len(before), end) for at, end in spans if at >= len(before)
    ]


def _check_again(candidate: FramingCandidate, frames: Sequence[bytes]) -> FramingCandidate:
    """Return a candidate that has more bytes in its head than before with the check that is found from there on."""
    if candidate.check is None:
        return candidate
    found = find_check(frames)
    return replace(candidate, check=found) if found and found.frames >= candidate.check.frames else candidate


def _shift(candidate: FramingCandidate, by: int, boundary: Boundary) -> FramingCandidate | None:
    """Return the candidate with `by` bytes of the tail moved to the head; back to the tail if `by` is negative.

    Returns None if nothing would be left of a head, or if the heads differ in these bytes.
    """
    if by == 0:
        return candidate
    tail = candidate.tail
    if by > 0:
        return _move(candidate, by, tuple(tail[-by:] + head for head in candidate.heads), tail[:-by])
    # Of the bytes that are before each cover, the head may have only the first ones.
    known = boundary.between[len(tail) :]
    whole = [known if known.startswith(head) else head for head in candidate.heads]
    lost = boundary.between[len(tail) : len(tail) - by]
    if not all(head.startswith(lost) and len(head) > len(lost) for head in whole):
        return None
    return _move(candidate, by, tuple(head[len(lost) :] for head in whole), tail + lost)


def _behead(
    data: bytes, candidate: FramingCandidate, by: int, boundary: Boundary, spans: Sequence[Extent]
) -> FramingCandidate | None:
    """Return the candidate whose only head is the tail of the frame before, with the heads that stand after it.

    Returns None if its head is another one, or no check is known.
    """
    lost = boundary.between[len(candidate.tail) : len(candidate.tail) + by]
    if by <= 0 or candidate.check is None or any(head != lost for head in candidate.heads):
        return None
    frames = [data[begin + by : end] for begin, end in spans]
    return _move(candidate, -by, list_heads(frames), candidate.tail + lost)


def _move(candidate: FramingCandidate, by: int, heads: tuple[bytes, ...], tail: bytes) -> FramingCandidate | None:
    """Return the candidate with other heads and another tail, whose frames begin `by` bytes before.

    Returns None if its check or its length would begin before the frame.
    """
    length, fit = candidate.length, candidate.check
    if fit:
        moved = [check.move(check.start + by) for check in (fit.check, *fit.others) if check.start + by >= 0]
        if not moved:
            return None
        fit = replace(fit, check=moved[0], others=tuple(moved[1:]))
    if length.size:
        if length.at + by < 0:
            return None
        length = replace(length, at=length.at + by)
    return replace(candidate, heads=heads, length=length, check=fit, tail=tail)
