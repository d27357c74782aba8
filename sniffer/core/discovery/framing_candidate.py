"""A framing that explains bytes, with the evidence for it, and the order of several of them.

In: candidates as they were found. Out: the best ones, each of different frames.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sniffer.core.discovery.checks.check_search import FARTHEST_START, CheckFit, is_of_catalogue
from sniffer.core.discovery.heads.boundary_search import SAME
from sniffer.core.discovery.lengths.length_readings import counts_usual_part, find_whole
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.discovery.lengths.shape_search import FrameShape
from sniffer.core.wire.checks import SUMS, XORS
from sniffer.core.wire.coding.delimiter import Delimiter

CANDIDATES_KEPT = 3

NEARLY = 0.85
"""The share of the bytes in the frames of the best candidate that another one must have to be judged by its form."""

MOST_OF_TWO = 1.05
"""The share of all bytes that two different kinds of frames may have together."""

SAME_COVER = 0.95
"""The share of the bytes in the frames of the best candidate from which on another one has as many."""

SAME_FRAMES = 0.6
"""The share of the frames that must end where others do to be the same frames, read in another way."""

MOST_CHANCE = 1e-6
"""The highest chance of an accident that a candidate may have which has a check."""

DOUBT = 0.1
"""The chance of an error for reasons that are not counted.

No check is known, and many heads begin no frame, or all frames have one size: two that follow each other always look
so. Or many bytes are in no frame.
"""

SEPTETS, LEAST_SEPTETS = 0x80, 8
"""The numbers of seven bits are below this one; and how many different checks must be to doubt that they have eight."""

SMALLEST_FRAME = 3
"""The bytes before the cover of a check, without those of a head, that may be a frame of their own."""

ONE_SIZE_BONUS, SHAPES_MALUS = 1.03, 0.97
"""The weight of one size for all frames against a length that hardly ever changes, and that of several shapes against
one: a few frames more may be accidents.
"""


class FramingCandidate(Struct, frozen=True):
    """One framing that explains the bytes.

    `heads` is empty if the frames have none. `length` begins at an offset from the first byte of the head; `check` is
    None if it is not known. `frames` of the `of` places with a head are frames of this kind. `accident` is the
    probability that this is an accident. `equals` explain the same frames as well: nothing decides between them.

    Frames of several `shapes` have them in place of the length, which is that of one of them then; `command` is the
    offset of the byte on which they depend. Frames with a `delimiter` have neither; offsets count in their content.
    """

    heads: tuple[bytes, ...]
    length: LengthFit
    check: CheckFit | None
    tail: bytes
    frames: int
    of: int
    accident: float
    shapes: tuple[FrameShape, ...] = ()
    command: int | None = None
    delimiter: Delimiter | None = None
    equals: tuple["FramingCandidate", ...] = ()
    ends: frozenset[int] = frozenset()
    """The offsets where the checks of the frames end: candidates that share them are the same frames."""
    covered: int = 0
    """The number of bytes in frames."""

    @property
    def chance(self) -> float:
        """The probability that this is not the framing: that of an accident, or that another equal reading is right."""
        return max(self.accident, 1 - 1 / (1 + len(self.equals)))

    @property
    def is_certain(self) -> bool:
        """True if nothing else explains the frames as well, and an accident is out of the question."""
        return self.chance <= MOST_CHANCE

    @property
    def is_of_one_size(self) -> bool:
        """True if nearly all frames have the same size, so that their length is not certain."""
        sizes = Counter(end - begin for begin, end in self.length.frames)
        return max(sizes.values(), default=0) >= SAME * len(self.length.frames)


def drop_pieces(found: Sequence[FramingCandidate]) -> list[FramingCandidate]:
    """Return the candidates without pieces of frames of one size that others explain, unless their length is usual.

    A board that sends frames of one size whose bytes hardly change has the same distances in each of them, so that a
    number in one piece seems to say how long it is.
    """
    whole = {one.length.adds for one in found if not one.length.size}
    return [one for one in found if one.check or counts_usual_part(one.length) or find_whole(one.length) not in whole]


def rank_candidates(found: Iterable[FramingCandidate], size: int) -> list[FramingCandidate]:
    """Return the best candidates, the best first. Of those that describe the same frames only the best is kept.

    `size` is the number of all bytes. Two kinds of frames cannot have more than all of them.
    """
    every = [*found]
    candidates = [one for one in every if not any(_ends_after(other, one) for other in every)]
    with_check = [candidate for candidate in candidates if candidate.check] or candidates
    scale = _Scale(
        max((candidate.covered for candidate in with_check), default=0),
        max((candidate.covered for candidate in with_check if candidate.heads), default=0),
        max((candidate.frames for candidate in with_check), default=0),
    )
    ranked = sorted(candidates, key=lambda candidate: _rank(candidate, scale))
    if ranked and ranked[0].check:
        # What has no check, or only one without a name, is the same frames, read from another place.
        is_named = is_of_catalogue(ranked[0].check.check)
        ranked = [one for one in ranked if one.check and (is_of_catalogue(one.check.check) or not is_named)]
    by_layout: dict[object, FramingCandidate] = {}
    for candidate in ranked:
        others = by_layout.values()
        is_known = any(_are_same_frames(other, candidate) for other in others)
        is_known |= any(other.check and other.covered + candidate.covered > MOST_OF_TWO * size for other in others)
        if not is_known and not any(_begins_before(other, candidate) for other in ranked):
            by_layout.setdefault(_layout_of(candidate), candidate)
    return [*by_layout.values()][:CANDIDATES_KEPT]


def doubt_rest(candidate: FramingCandidate, size: int) -> FramingCandidate:
    """Return the candidate with a higher chance of an error if many of `size` bytes are in none of its frames.

    These may be frames with another head. The same is true of one of zeros only, which stand everywhere. Where nothing
    else shows a frame, a sum may be right for pieces of frames with many zeros. What stands before the cover of a check
    and is neither head nor length may be another frame.
    """
    has_length = candidate.length.size > 0 and not candidate.shapes
    is_shown = has_length or len(candidate.heads) > 0 or candidate.delimiter is not None
    is_sum = candidate.check is not None and candidate.check.check.name in SUMS
    is_whole = candidate.covered >= NEARLY * size and all(any(head) for head in candidate.heads)
    is_whole &= is_shown or not is_sum
    is_whole &= not _may_follow_another(candidate)
    return candidate if is_whole else replace(candidate, accident=max(candidate.accident, DOUBT))


def may_have_septets(data: bytes, candidate: FramingCandidate) -> bool:
    """Return True if a sum of one byte never has its highest bit: it may be a sum of seven bits, as of Sabertooth."""
    check = candidate.check.check if candidate.check else None
    is_sum = check is not None and check.name in SUMS and check.name not in XORS and check.size == 1
    checks = {data[end - 1] for end in candidate.ends if 0 < end <= len(data)}
    return is_sum and len(checks) >= LEAST_SEPTETS and max(checks) < SEPTETS


def _may_follow_another(candidate: FramingCandidate) -> bool:
    """Return True if bytes enough for a frame stand before the cover of a check that are neither head nor length."""
    start = candidate.check.check.start if candidate.check else 0
    longest = max(map(len, candidate.heads), default=0)
    has_length_before = candidate.length.size > 0 and candidate.length.at < start
    return candidate.delimiter is None and start - longest >= SMALLEST_FRAME and not has_length_before


def _ends_after(one: FramingCandidate, other: FramingCandidate) -> bool:
    """Return True if both are the same frames, and `one` has bytes after the check that `other` leaves between frames.

    What stands after nearly all frames is their tail, though damaged ones speak for frames without it.
    """
    more = len(one.tail) - len(other.tail)
    if one.check is None or other.check is None or more <= 0 or one.heads != other.heads or one.shapes or other.shapes:
        return False
    shorter = replace(one.length, adds=one.length.adds - more)
    is_same = one.check.check == other.check.check and shorter.key == other.length.key
    return is_same and one.frames >= SAME * other.frames


def _are_same_frames(one: FramingCandidate, other: FramingCandidate) -> bool:
    """Return True if most frames of the second end where those of the first do."""
    return bool(other.ends) and len(one.ends & other.ends) >= SAME_FRAMES * len(other.ends)


class _Scale(Struct, frozen=True):
    """The scale for comparing candidates: the most bytes in frames of one, with a head or not, and the most frames."""

    covered: int
    headed: int
    frames: int


def _rank(candidate: FramingCandidate, scale: _Scale) -> tuple[object, ...]:
    """Return the key by which candidates are ordered."""
    check = candidate.check.check if candidate.check else None
    # A zero is everywhere, and so is a head of nothing else.
    zeros = max((2 - any(head) for head in candidate.heads if 0 in head), default=0)
    # Where a byte repeats, a weak check is right at several distances from the frames: a head shows the right one.
    is_shown = candidate.length.size > 0 or candidate.frames >= NEARLY * candidate.of
    is_more = is_shown and scale.headed < NEARLY * candidate.covered
    is_weak = check is not None and check.number_size == 1 and not candidate.heads and not is_more
    is_doubtful = is_weak or (check is None and candidate.accident > MOST_CHANCE)
    is_odd = check is not None and not is_of_catalogue(check)
    first = (check is None, is_doubtful, candidate.covered < NEARLY * scale.covered, is_odd, _is_far(candidate))
    frames = candidate.frames * _weigh_shapes(candidate)
    # Two heads that end where the check begins say more than what both begin with.
    is_complete = check is not None and {*map(len, candidate.heads)} == {check.start}
    parts = bool(candidate.tail), not is_complete, len(candidate.heads), -sum(map(len, candidate.heads[:1]))
    if check is None:
        # A number that counts no usual part is rather an accident. Of nearly as many frames, those explain more that
        # leave fewer bytes out.
        is_usual = not candidate.length.size or counts_usual_part(candidate.length)
        alone = candidate.of - candidate.frames
        return (*first, not is_usual, zeros, frames < SAME * scale.frames, -candidate.covered, -frames, alone, *parts)
    # Of two ends of the same frames, the longer one leaves fewer bytes to the begin of the next frame.
    end = len(candidate.delimiter.end) if candidate.delimiter else 0
    return (*first, zeros, -frames, candidate.covered < SAME_COVER * scale.covered, -end, *parts)


def _weigh_shapes(candidate: FramingCandidate) -> float:
    """Return the weight of the frames of a candidate against those of others."""
    if candidate.shapes:
        return SHAPES_MALUS
    return 1 if candidate.length.size or candidate.delimiter else ONE_SIZE_BONUS


def _layout_of(candidate: FramingCandidate) -> object:
    """Return where length and check are: candidates that differ in their heads only are the same frames."""
    length, check = candidate.length, candidate.check and candidate.check.check
    place = length.at, length.size, length.order, length.unit, length.adds
    return place, check and (check.name, check.start), candidate.tail, candidate.delimiter


def _begins_before(one: FramingCandidate, other: FramingCandidate) -> bool:
    """Return True if both are the same frames, and `one` counts more bytes before the length as their head.

    What stands before nearly all frames is part of the head, though frames with a damaged head speak for a shorter one.
    Zeros before them are rather the end of other frames.
    """
    (first, far), (second, near) = _frames_of(one), _frames_of(other)
    if not all(map(any, one.heads)):
        return False
    return first == second and far > near and one.frames >= SAME * other.frames and _is_far(one) <= _is_far(other)


def _is_far(candidate: FramingCandidate) -> bool:
    """Return True if the check covers only the last part of a frame, as it also does of two frames together."""
    return candidate.check is not None and candidate.check.check.start > FARTHEST_START


def _frames_of(candidate: FramingCandidate) -> tuple[object, int]:
    """Return where the parts of a frame are, seen from its length, or from its end if it has none, and its place."""
    length, found = candidate.length, candidate.check
    origin = length.at if length.size else length.adds
    field = length.size, length.order, length.unit, candidate.tail, candidate.delimiter
    if found is None:
        return (*field, length.adds), origin
    check = found.check
    return (*field, length.adds - origin, check.name, check.size, check.order, check.start - origin), origin
