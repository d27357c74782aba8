"""A framing that explains bytes, with the evidence for it, and the order of several of them.

In: candidates as they were found. Out: the best ones, each of different frames.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sniffer.core.discovery.check_search import CheckFit
from sniffer.core.discovery.length_search import LengthFit

SAME = 0.9
"""The share of the frames that have the same byte at a place where it is part of a head or a tail."""

CANDIDATES_KEPT = 3

ONE_SIZE_BONUS = 1.03
"""How much more one size for all frames counts than a length that hardly ever changes."""


@dataclass(frozen=True, slots=True)
class FramingCandidate:
    """One framing that explains the bytes.

    `length` begins at an offset from the first byte of the head; `check` is None if it is not known. `frames` of the
    `of` places with a head are frames of this kind. `chance` is the probability that this is an accident.
    """

    heads: tuple[bytes, ...]
    length: LengthFit
    check: CheckFit | None
    tail: bytes
    frames: int
    of: int
    chance: float

    @property
    def is_of_one_size(self) -> bool:
        """True if nearly all frames have the same size, so that their length is not certain."""
        sizes = Counter(end - begin for begin, end in self.length.frames)
        return max(sizes.values(), default=0) >= SAME * len(self.length.frames)


def rank_candidates(found: Iterable[FramingCandidate]) -> list[FramingCandidate]:
    """Return the best candidates, the best first. Of those that describe the same frames only the best is kept."""
    ranked = sorted(found, key=_rank)
    if ranked and ranked[0].check:
        # What has no check, or only one without a name, is the same frames, read from another place.
        is_named = ranked[0].check.check.parameters is None
        ranked = [one for one in ranked if one.check and (one.check.check.parameters is None or not is_named)]
    by_layout: dict[object, FramingCandidate] = {}
    for candidate in ranked:
        if not any(_begins_before(other, candidate) for other in ranked):
            by_layout.setdefault(_layout_of(candidate), candidate)
    return [*by_layout.values()][:CANDIDATES_KEPT]


def _rank(candidate: FramingCandidate) -> tuple[object, ...]:
    check = candidate.check and candidate.check.check
    has_zero = any(0 in head for head in candidate.heads)
    first = (check is None, bool(check and check.parameters), has_zero)
    frames = candidate.frames * (1 if candidate.length.size else ONE_SIZE_BONUS)
    return (*first, -frames, bool(candidate.tail), len(candidate.heads), -len(candidate.heads[0]))


def _layout_of(candidate: FramingCandidate) -> object:
    """Return where length and check are: candidates that differ in their heads only are the same frames."""
    length, check = candidate.length, candidate.check and candidate.check.check
    return length.at, length.size, length.order, length.adds, check and (check.name, check.start), candidate.tail


def _begins_before(one: FramingCandidate, other: FramingCandidate) -> bool:
    """Return True if both are the same frames, and `one` counts more bytes before the length as their head.

    What stands before nearly all frames is part of the head, though frames with a damaged head speak for a shorter one.
    """
    (first, far), (second, near) = _frames_of(one), _frames_of(other)
    return first == second and far > near and one.frames >= SAME * other.frames


def _frames_of(candidate: FramingCandidate) -> tuple[object, int]:
    """Return where the parts of a frame are, seen from its length, or from its end if it has none, and its place."""
    length, found = candidate.length, candidate.check
    origin = length.at if length.size else length.adds
    field = length.size, length.order, candidate.tail
    if found is None:
        return (*field, length.adds), origin
    check = found.check
    return (*field, length.adds - origin, check.name, check.size, check.order, check.start - origin), origin
