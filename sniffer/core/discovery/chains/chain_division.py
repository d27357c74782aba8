"""Divide frames that were found by their checks, and are several frames together.

In: a chain of frames. Out: the chain of the parts of which each frame consists. An exclusive or, and a CRC that begins
with zero, are right also for several frames together. Requests that repeat prove little alone, so that a chain has
each of them as the begin of its answer.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_search import FrameChain
from sniffer.core.discovery.heads.boundary_search import Cover

LEAST_USUAL, LEAST_DIVIDED = 0.15, 0.75
"""The share of the frames that have a size which is usual, and of the others that must be several of usual ones."""

SMALLEST_PART, MOST_CUTS = 4, 4
"""The smallest part that is cut off, and how many sizes are cut off one after the other."""

LEAST_CUT = 0.5
"""The share of the frames that are longer which a part of one size must begin."""

LEAST_FRAMES, LEAST_DIFFERENT = 8, 2
"""Frames of which a part is cut off, and how many of these parts must differ."""


def divide_covers(data: bytes, chain: FrameChain) -> FrameChain:
    """Return a chain whose covers are divided where they are several frames; the same one if they are not."""
    for _ in range(MOST_CUTS):
        if (cut := _cut(data, chain)) is chain:
            break
        chain = cut
    return _divide(data, chain)


def _cut(data: bytes, chain: FrameChain) -> FrameChain:
    """Return a chain in which parts of one size are cut off from the begin of most frames; the same one if none are.

    Several of these parts must differ: one that never changes has a right check by accident too often.
    """
    firsts: defaultdict[int, list[bytes]] = defaultdict(list)
    for begin, end in chain.covers:
        for size in _list_cuts(data, chain, (begin, end)):
            firsts[size].append(data[begin : begin + size])
    size = max(firsts, key=lambda size: (len({*firsts[size]}), len(firsts[size])), default=0)
    longer = [cover for cover in chain.covers if cover[1] - cover[0] > size + chain.gap + SMALLEST_PART]
    is_often = len(firsts[size]) >= max(LEAST_FRAMES, LEAST_CUT * len(longer))
    if not is_often or len({*firsts[size]}) < LEAST_DIFFERENT:
        return chain
    parts = (part for cover in chain.covers for part in _divide_at(data, chain, cover, size))
    return replace(chain, covers=tuple(parts))


def _list_cuts(data: bytes, chain: FrameChain, cover: Cover) -> Iterator[int]:
    """Yield the sizes of the first part of a cover with which both parts have a right check that is not zero."""
    begin, end = cover
    check, gap = chain.kind.build(0), chain.gap
    for stop in range(begin + SMALLEST_PART, end - gap - SMALLEST_PART + 1):
        is_first = check.is_right(data[begin:stop], stop - begin) and any(data[stop - check.size : stop])
        if is_first and check.is_right(data[stop + gap : end], end - stop - gap):
            yield stop - begin


def _divide_at(data: bytes, chain: FrameChain, cover: Cover, size: int) -> Iterator[Cover]:
    """Yield the two parts of a cover of which the first has this size; the cover if there are none."""
    if size in _list_cuts(data, chain, cover):
        yield cover[0], cover[0] + size
        yield cover[0] + size + chain.gap, cover[1]
    else:
        yield cover


def _divide(data: bytes, chain: FrameChain) -> FrameChain:
    """Return a chain whose covers are divided where they are several of the usual sizes with a right check each.

    Some checks are right also for several frames together, as an exclusive or and a CRC that begins with zero are.
    First the smallest size is the usual one, then all that are frequent.
    """
    sizes = Counter(end - begin for begin, end in chain.covers)
    often = [size for size, count in sizes.items() if count >= LEAST_USUAL * sizes.total()]
    for usual in ([min(often)], often) if often else ():
        divided: list[Cover] = []
        longer = several = 0
        for begin, end in chain.covers:
            parts = [] if end - begin in usual else _split(data, chain, begin, end, usual)
            longer += end - begin not in usual
            several += len(parts) > 1
            divided += parts or [(begin, end)]
        if several and several >= LEAST_DIVIDED * longer:
            return replace(chain, covers=tuple(divided))
    return chain


def _split(data: bytes, chain: FrameChain, begin: int, end: int, sizes: Sequence[int]) -> list[Cover]:
    """Return the parts of these sizes, each with a right check, that fill a cover; empty if none do."""
    check = chain.kind.build(0)
    for size in sizes:
        stop = begin + size
        if stop > end or not check.is_right(data[begin:stop], size):
            continue
        if stop == end:
            return [(begin, end)]
        if rest := _split(data, chain, stop + chain.gap, end, sizes):
            return [(begin, stop), *rest]
    return []
