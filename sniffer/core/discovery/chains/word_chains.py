"""Find long frames of one size that begin with a word, between frames of another kind.

In: bytes. Out: chains. Where two protocols share a bus, frames do not follow one another, and their bytes hardly repeat
after one distance. What shows their size is that one check is right at that distance after nearly all places of a word.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import log2

from sniffer.core.discovery.chains.chain_search import BREAK_COST, LEAST_BITS, FrameChain
from sniffer.core.discovery.checks.check_index import CheckIndex, CheckIndexer, CheckKind
from sniffer.core.discovery.checks.usual_checks import ORDERS
from sniffer.core.wire.checks import SUMS, XORS

KINDS = (
    *(CheckKind(name, 1, "big") for name in SUMS),
    *(CheckKind(name, 2, order) for name in SUMS if name not in XORS for order in ORDERS),
)

WORD = 3
"""The size of a word, none of whose bytes is zero or the one before."""

WORDS_TRIED, LEAST_PLACES, LEAST_DISTANCE = 8, 8, 64
"""The most frequent words that are tried, how often each must stand, and the least distance of two of its places."""

SIZES = range(LEAST_DISTANCE, 1100)
"""The sizes of covers with their check that are looked for."""

PLACES_TRIED = 8
"""Places of a word on which each check is tried first."""

LEAST_SHARE = 0.6
"""The share of the places of a word after which the check must be right."""


def find_word_chains(data: bytes, is_cancelled: Callable[[], bool] = lambda: False) -> Iterator[FrameChain]:
    """Yield the chains of frames of one size after a word that cannot be accidents.

    Of those with the same covers, only the one with the fewest bytes before these: others end the frame before.
    """
    words = _list_words(data)
    indexer = CheckIndexer(data)
    found: dict[object, FrameChain] = {}
    for kind in KINDS if words else ():
        if is_cancelled():
            return
        index = indexer.build(kind)
        for places in words:
            for start in range(WORD + 1):
                if chain := _find_chain(data, kind, index, [at + start for at in places], start):
                    key = kind, chain.covers[0][1] - chain.covers[0][0], chain.covers[-1]
                    found[key] = min(found.get(key, chain), chain, key=lambda one: one.gap)
    yield from found.values()


def _list_words(data: bytes) -> list[list[int]]:
    """Return the places of each word that is tried."""
    words = zip(data, data[1:], data[2:], strict=False)
    places: dict[tuple[int, ...], list[int]] = {}
    for at, word in enumerate(words):
        if all(word) and all(one != other for one, other in pairwise(word)):
            places.setdefault(word, []).append(at)
    counts = sorted(places.values(), key=len, reverse=True)
    apart = (
        own
        for own in counts
        if len(own) >= LEAST_PLACES and all(other - one >= LEAST_DISTANCE for one, other in pairwise(own))
    )
    return [own for own, _ in zip(apart, range(WORDS_TRIED), strict=False)]


def _find_chain(
    data: bytes, kind: CheckKind, index: CheckIndex, begins: Sequence[int], start: int
) -> FrameChain | None:
    """Return the chain of frames of one size whose covers begin at these places; None if too little speaks for it."""
    step = max(1, len(begins) // PLACES_TRIED)
    tried = begins[::step][:PLACES_TRIED]
    sizes = Counter(size for begin in tried for size in _list_sizes(kind, index, begin))
    (size, count), *_ = [*sizes.most_common(1), (0, 0)]
    if count < LEAST_SHARE * len(tried):
        return None
    right = [(at, at + size) for at in begins if at + size <= len(data) and _is_right(kind, index, at, size)]
    distinct = {data[begin:end] for begin, end in right}
    bits = kind.bits * len(distinct) - log2(len(KINDS) * WORDS_TRIED * WORD * len(SIZES)) - BREAK_COST
    is_proved = bits >= LEAST_BITS and len(right) >= LEAST_SHARE * len(begins)
    return FrameChain(kind, start, tuple(right), bits) if is_proved else None


def _list_sizes(kind: CheckKind, index: CheckIndex, begin: int) -> Iterator[int]:
    """Yield the sizes of covers that begin at a place and have a right check at their end."""
    wanted, first = index.begins[begin], begin + SIZES.start - kind.size
    ends = index.ends[first : begin + SIZES.stop - kind.size]
    yield from (SIZES.start + by for by, found in enumerate(ends) if found == wanted)


def _is_right(kind: CheckKind, index: CheckIndex, begin: int, size: int) -> bool:
    return index.begins[begin] == index.ends[begin + size - kind.size]
