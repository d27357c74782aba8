"""Find what explains the same frames equally well, so that nothing is called certain which the bytes do not decide.

In: a candidate, and its frames. Out: the other readings: another check or another begin of its cover, a length of one
byte in place of two, and bytes that are the head of one frame or the tail of the one before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sniffer.core.discovery.boundary_search import Boundary, find_boundary
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.head_search import Extent

MOST_EQUAL = 8
"""Equal checks that are listed."""


def settle_reading(data: bytes, candidate: FramingCandidate, spans: Sequence[Extent]) -> FramingCandidate:
    """Return a candidate as the ends of runs of its frames say where these begin, and with what is equal.

    `spans` are its frames, each from its head to its check.
    """
    start = candidate.check.check.start if candidate.check else min(map(len, candidate.heads))
    tail = len(candidate.tail)
    boundary = find_boundary(data, [(begin + start, end) for begin, end in spans], start + tail, tail)
    own = _shift(candidate, tail - boundary.tail, boundary) or candidate
    frames = [data[begin:end] for begin, end in spans]
    equals = [*list_equal_checks(candidate), *list_equal_lengths(candidate, frames)]
    shifted = [_shift(other, tail - boundary.tail, boundary) or other for other in equals]
    shifted += [other for at in boundary.others if (other := _shift(own, len(own.tail) - at, boundary))]
    return replace(own, equals=tuple(shifted))


def list_equal_checks(candidate: FramingCandidate) -> Iterator[FramingCandidate]:
    """Yield the candidate with each other check that the same frames have."""
    if fit := candidate.check:
        # A CRC of the catalogue has parameters that follow from the frames: that is the same one.
        others = [check for check in fit.others if check.parameters is None or fit.check.parameters]
        for check in others[:MOST_EQUAL]:
            yield replace(candidate, check=replace(fit, check=check, others=()))


def list_equal_lengths(candidate: FramingCandidate, frames: Sequence[bytes]) -> Iterator[FramingCandidate]:
    """Yield the candidate with a length of one byte, if the high byte of its two is zero in all frames."""
    length = candidate.length
    high, low = (0, 1) if length.order == "big" else (1, 0)
    first = max((len(head) for head in candidate.heads), default=0)
    if length.size != len((high, low)) or length.at < first:
        return
    if any(frame[length.at + high] for frame in frames if len(frame) > length.at + high):
        return
    shapes = tuple(
        replace(shape, at=length.at + low, size=1, order="big") if shape.size else shape for shape in candidate.shapes
    )
    yield replace(candidate, length=replace(length, at=length.at + low, size=1, order="big"), shapes=shapes)


def _shift(candidate: FramingCandidate, by: int, boundary: Boundary) -> FramingCandidate | None:
    """Return the candidate with a head that has so many bytes of the tail more; fewer if `by` is negative.

    Returns None if nothing would be left of a head, or if the heads differ in these bytes.
    """
    if by == 0:
        return candidate
    length, fit, tail = candidate.length, candidate.check, candidate.tail
    if by > 0:
        heads, tail = tuple(tail[-by:] + head for head in candidate.heads), tail[:-by]
    else:
        # Of the bytes that are before each cover, the head may have only the first ones.
        known = boundary.between[len(tail) :]
        whole = [known if known.startswith(head) else head for head in candidate.heads]
        lost = boundary.between[len(tail) : len(tail) - by]
        if not all(head.startswith(lost) and len(head) > len(lost) for head in whole):
            return None
        heads, tail = tuple(head[len(lost) :] for head in whole), tail + lost
    if fit:
        check = replace(fit.check, start=fit.check.start + by)
        if check.start < 0:
            return None
        fit = replace(fit, check=check)
    if length.size:
        length = replace(length, at=length.at + by)
    return replace(candidate, heads=heads, length=length, check=fit, tail=tail)
