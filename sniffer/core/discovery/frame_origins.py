"""Choose where frames begin that their check does not show, of several bytes from which the same frames are read.

In: bytes, and candidates. Out: the candidates that begin where noise shows it. Frames that follow one another have one
of a few sequences of bytes before each of them, and do not say how many of these are a head. A frame after noise has
its head before it, and no tail of another frame.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_candidate import count_frames
from sniffer.core.discovery.chains.rest_search import find_extents
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.wire.checks import Check, SumConstants

LEAST_KNOWN, MOSTLY = 0.05, 0.8
"""The share of the frames that must have the same bytes before them for these to be known, and that must have such."""

LEAST_VOTES = 2
"""Begins of runs that must agree."""

WITH_CONSTANT = ("sum", "sum negated", "xor")
"""The checks that may have a constant."""


def drop_moved(data: bytes, found: Sequence[FramingCandidate]) -> list[FramingCandidate]:
    """Return the candidates without those that begin before or after the place which noise shows."""
    groups: defaultdict[object, list[FramingCandidate]] = defaultdict(list)
    for one in found:
        length = one.length
        if one.check is None and length.size:
            groups[length.size, length.order, length.unit, length.adds].append(one)
    dropped: list[FramingCandidate] = []
    for group in groups.values():
        places = {one.length.at for one in group}
        if len(places) > 1:
            nearest = min(group, key=lambda one: one.length.at)
            votes = Counter(_list_votes(data, nearest, max(places) - min(places)))
            before, count = votes.most_common(1)[0] if votes else (0, 0)
            at = nearest.length.at + before
            if at in places and count >= LEAST_VOTES:
                dropped += [one for one in group if one.length.at != at]
    return [one for one in found if not any(one is other for other in dropped)]


def choose_tail(data: bytes, candidate: FramingCandidate) -> FramingCandidate:
    """Return the candidate with the tail with which its definition finds most frames: its own, or another possible one.

    After noise a head is whole, and before it a tail is.
    """
    if candidate.check is None or candidate.delimiter:
        return candidate
    by_tail = {one.tail: one for one in reversed(candidate.equals) if not one.delimiter and one.tail != candidate.tail}
    covering = _cover_tail(candidate)
    counted = [count_frames(data, one) for one in (*by_tail.values(), *([covering] if covering else []))]
    best = max(counted, key=lambda one: one.frames, default=None)
    if best is None or best.frames < count_frames(data, candidate).frames + LEAST_VOTES:
        return candidate
    same = [one for one in candidate.equals if one.tail == best.tail and one.heads != best.heads]
    return replace(best, equals=tuple(same))


def _cover_tail(candidate: FramingCandidate) -> FramingCandidate | None:
    """Return the candidate with the first byte of its frames as the tail of each, which the sum of a frame covers.

    It stands after the check then, and seems to be the head of the next frame. Returns None if it cannot be.
    """
    check = candidate.check.check if candidate.check else None
    lost = {head[:1] for head in candidate.heads}
    is_covered = check is not None and check.start == 0 and check.name in WITH_CONSTANT and not check.digits
    if candidate.check is None or check is None or not is_covered or len(lost) != 1 or candidate.tail:
        return None
    tail, length = lost.pop(), candidate.length
    initial = check.initial ^ tail[0] if check.name == "xor" else check.initial + tail[0]
    sum_check = Check(check.name, check.size, 0, check.order, constants=SumConstants(initial, check.final_xor))
    moved = replace(
        candidate,
        heads=tuple(head[1:] for head in candidate.heads),
        length=replace(length, at=length.at - 1) if length.size else length,
        shapes=tuple(replace(shape, at=shape.at - 1) if shape.size else shape for shape in candidate.shapes),
        command=None if candidate.command is None else candidate.command - 1,
        check=replace(candidate.check, check=sum_check, others=()),
        tail=tail,
        equals=(),
    )
    return moved if all(moved.heads) and moved.length.at >= 0 else None


def _list_votes(data: bytes, candidate: FramingCandidate, most: int) -> Iterator[int]:
    """Yield the number of bytes before each frame after noise that are also before others, less than `most`."""
    frames, _ = find_extents(data, candidate)
    ends = {end for _, end in frames}
    linked = Counter(data[begin - most : begin] for begin, _ in frames if begin in ends and begin >= most)
    known = {before: count for before, count in linked.items() if count >= LEAST_KNOWN * linked.total()}
    if sum(known.values()) < MOSTLY * linked.total():
        # Where it differs from frame to frame, nothing is known of it.
        return
    for begin in (begin for begin, _ in frames if begin not in ends):
        own = data[max(0, begin - most) : begin]
        count = max((_count_common_end(own, before) for before in known), default=0)
        if count < most:
            yield count


def _count_common_end(one: bytes, other: bytes) -> int:
    """Return the number of bytes that both end with."""
    size = min(len(one), len(other))
    return next((count for count in range(size) if one[-1 - count] != other[-1 - count]), size)
