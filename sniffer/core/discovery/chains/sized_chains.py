"""Find frames of a few sizes by a check that is a sum, without a head.

In: bytes. Out: chains. A check of one byte is right by accident at one place of 256. What shows the sizes of frames is
that more different pieces of these sizes have a right check than of others.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from math import log2, sqrt

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_search import LEAST_BITS, Bits, FrameChain, join_linked
from sniffer.core.discovery.checks.check_index import CheckIndex, CheckIndexer, CheckKind
from sniffer.core.discovery.checks.usual_checks import ORDERS
from sniffer.core.discovery.heads.boundary_search import Cover

NAMES = ("sum", "sum negated", "sum inverted")
KINDS = (
    *(CheckKind(name, 2, order) for name in NAMES for order in ORDERS),
    *(CheckKind(name, 1, "big") for name in (*NAMES, "xor", "xor inverted")),
)

SMALLEST, LARGEST = 4, 96
"""The sizes of covers with their check that are looked for."""

BYTES_TRIED = 4096

MOST_SIZES, MOST_GAP = 3, 2
"""Sizes of the frames of a chain, and bytes between a check and the next cover."""

LEAST_EXCESS = 6.0
"""Pieces of a size must have a right check more often than of any size on average, by so many standard deviations."""

LEAST_BETWEEN = 0.2
"""The least number of pieces of a size between those of the other sizes, as a share of these."""

BREAK_COST = 12.0


def find_sized_chains(data: bytes, is_cancelled: Callable[[], bool] = lambda: False) -> Iterator[FrameChain]:
    """Yield the chains of frames with a few sizes that cannot be accidents."""
    indexer = CheckIndexer(data)
    for kind in KINDS:
        if is_cancelled():
            return
        index = indexer.build(kind)
        covers = _list_covers(data[:BYTES_TRIED], kind.size, index)
        if sizes := _find_sizes(data[:BYTES_TRIED], covers):
            covers = _list_covers(data, kind.size, index)
            every = sizes | _find_between(covers, sizes)
            own = [cover for cover in covers if cover[1] - cover[0] in every]
            if chain := _chain(data, kind, own, len(sizes)):
                yield chain


def _list_covers(data: bytes, check_size: int, index: CheckIndex) -> list[Cover]:
    """Return the pieces of these bytes with a right check."""
    known: defaultdict[int, list[int]] = defaultdict(list)
    found: list[Cover] = []
    for at, (first, last) in enumerate(zip(index.begins, index.ends[: len(data) - check_size + 1], strict=False)):
        end = at + check_size
        for begin in reversed(known[last]):
            if end - begin > LARGEST:
                break
            if end - begin >= SMALLEST and data.count(0, begin, end) < end - begin:
                found.append((begin, end))
        known[first].append(at)
    return found


def _find_sizes(data: bytes, covers: list[Cover]) -> set[int]:
    """Return the sizes of which far more different pieces have a right check than of others."""
    distinct: defaultdict[int, set[bytes]] = defaultdict(set)
    for begin, end in covers:
        distinct[end - begin].add(data[begin:end])
    counts = Counter({size: len(pieces) for size, pieces in distinct.items()})
    average = sum(sorted(counts.values())[:-MOST_SIZES]) / (LARGEST - SMALLEST)
    least = average + LEAST_EXCESS * sqrt(average + 1)
    return {size for size, count in counts.most_common(MOST_SIZES) if count >= least}


def _find_between(covers: list[Cover], sizes: set[int]) -> set[int]:
    """Return the size of the pieces that most often fill the space between two others, as equal requests do."""
    own = [cover for cover in covers if cover[1] - cover[0] in sizes]
    begins, ends = {begin for begin, _ in own}, {end for _, end in own}
    others = (cover for cover in covers if cover[1] - cover[0] not in sizes)
    between = Counter(
        end - begin
        for begin, end in others
        if any(begin - gap in ends and end + gap in begins for gap in range(MOST_GAP + 1))
    )
    return {size for size, count in between.most_common(1) if count >= LEAST_BETWEEN * len(own)}


def _chain(data: bytes, kind: CheckKind, covers: list[Cover], sizes: int) -> FrameChain | None:
    """Return the best chain of these covers; None if it may be an accident."""
    best = join_linked(data, kind, covers, MOST_GAP, Bits(kind.bits - log2(sizes + 1), BREAK_COST, BREAK_COST))
    bits = best.bits - log2(len(KINDS) * (MOST_GAP + 1)) - sizes * log2(LARGEST) if best else 0.0
    return replace(best, bits=bits) if best and bits >= LEAST_BITS else None
