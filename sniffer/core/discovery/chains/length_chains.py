"""Find frames by a length and a weak check together, wherever they begin.

In: bytes. Out: chains. A check of one byte is right by accident at one place of 256, and a number says only where a
frame would end. Both together show frames without a head, and such whose heads are many: each byte is tried as a
number, and what is counted is how often the check is right where the number says that it stands.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import log2, sqrt
from operator import eq

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_search import LEAST_BITS, Bits, FrameChain, join_linked
from sniffer.core.discovery.checks.check_index import CheckIndex, CheckIndexer, CheckKind
from sniffer.core.discovery.checks.usual_checks import ORDERS
from sniffer.core.discovery.heads.boundary_search import Cover
from sniffer.core.discovery.lengths.shape_search import MASKS

KINDS = (
    *(CheckKind(name, 1, "big") for name in ("sum", "xor", "sum negated", "sum inverted", "xor inverted")),
    *(CheckKind("sum", 2, order) for order in ORDERS),
)

KINDS_OF_BITS, ALL_BITS = KINDS[:2], 0xFF
"""The kinds that are looked for with a length of some bits only, and the mask of a length of all bits."""

SMALLEST = 3
"""The size of the smallest cover with its check that is looked for."""

BYTES_TRIED = 4096

PLACES = range(-1, 7)
"""The bytes before the number at which the cover of a check may begin; -1: after it."""

LACKS = range(-8, 7)
"""The bytes beyond the number that may stand after it; fewer if the number counts what is before it."""

LEAST_EXCESS = 6.0
"""More checks than usual must be right, by so many standard deviations."""

KEPT = 8
"""Lengths of each kind of check of which chains are built: those with most right checks."""

BREAK_COST, REPEATED_COST = 10.0, 1.0
"""Bits that a begin costs that does not follow another frame: more than a check of one byte proves, as such pieces are
everywhere.
"""

MOST_GAP = 6

LengthKey = tuple[int, int]
"""The bytes before its number at which a cover begins, and the bytes after it beyond those that the number says."""


def find_length_chains(data: bytes, is_cancelled: Callable[[], bool] = lambda: False) -> Iterator[FrameChain]:
    """Yield the chains of frames with a length that cannot be accidents, the best one of each kind of check."""
    yield from _find_chains(data, KINDS, ALL_BITS, is_cancelled)


def find_bit_chains(data: bytes, is_cancelled: Callable[[], bool] = lambda: False) -> Iterator[FrameChain]:
    """Yield the chains of frames whose length is the low bits of a byte, the best one of each kind of check."""
    for mask in MASKS:
        yield from _find_chains(data, KINDS_OF_BITS, mask, is_cancelled)


def _find_chains(
    data: bytes, kinds: Sequence[CheckKind], mask: int, is_cancelled: Callable[[], bool]
) -> Iterator[FrameChain]:
    """Yield the chains of frames whose length is these bits of a byte, the best one of each of these kinds."""
    indexer = CheckIndexer(data)
    stops = {lack: _list_stops(data, lack, mask) for lack in LACKS}
    for kind in kinds:
        if is_cancelled():
            return
        index = indexer.build(kind)
        found = [_list_covers(data, kind, index, key, stops) for key in _find_lengths(data, kind, index, stops)]
        chains = [
            join_linked(data, kind, covers, MOST_GAP, Bits(kind.bits, BREAK_COST, REPEATED_COST)) for covers in found
        ]
        best = max(filter(None, chains), key=lambda chain: chain.bits, default=None)
        proved = best.bits - log2(len(KINDS) * len(PLACES) * len(LACKS)) if best else 0.0
        if best and proved >= LEAST_BITS:
            yield replace(best, bits=proved)


def _list_stops(data: bytes, lack: int, mask: int) -> list[int]:
    """Return for each byte where a frame ends of which it is the number; -1: not in these bytes.

    A zero among zeros is no number.
    """
    size = len(data)
    among = re.compile(rb"(?<=\0)\0(?=\0)")
    stops = [at + 1 + (number & mask) + lack for at, number in enumerate(data)]
    for found in among.finditer(data):
        stops[found.start()] = -1
    return [stop if at < stop <= size else -1 for at, stop in enumerate(stops)]


def _find_lengths(data: bytes, kind: CheckKind, index: CheckIndex, stops: dict[int, list[int]]) -> list[LengthKey]:
    """Return the lengths with which far more checks are right than with others, the best first.

    Zeros are not counted: they stand everywhere, and some checks of zeros are zero.
    """
    counts: Counter[LengthKey] = Counter()
    ends = [*index.ends, *[-1] * (kind.size)]
    for lack, own in stops.items():
        tried = zip(own[:BYTES_TRIED], data, strict=False)
        wanted = [ends[stop - kind.size] if number and stop >= kind.size else -1 for stop, number in tried]
        for before in PLACES:
            shifted = index.begins[-before:] if before <= 0 else [-2] * before + [*index.begins[:BYTES_TRIED]]
            counts[before, lack] = sum(map(eq, wanted, shifted))
    ranked = counts.most_common()
    average = sum(count for _, count in ranked[len(ranked) // 2 :]) / (len(ranked) - len(ranked) // 2)
    least = average + LEAST_EXCESS * sqrt(average + 1)
    return [key for key, count in ranked[:KEPT] if count >= least]


def _list_covers(
    data: bytes, kind: CheckKind, index: CheckIndex, key: LengthKey, stops: dict[int, list[int]]
) -> list[Cover]:
    """Return the covers with a right check, where a number says that it stands."""
    before, lack = key
    pairs = ((at, at - before, stop) for at, stop in enumerate(stops[lack]))
    return [
        (begin, stop)
        for at, begin, stop in pairs
        if begin >= 0
        and stop - begin >= SMALLEST
        and stop - kind.size > at
        and index.begins[begin] == index.ends[stop - kind.size]
        and data.count(0, begin, stop) < stop - begin
    ]
