"""Join the parts of frames that have a check each: a header of one size, and what it counts.

In: a chain of such parts. Out: the chain of the frames, whose cover begins behind the header. What shows that two parts
are one frame is a number in the first that counts the second, which has no bytes besides but its check.
"""

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_search import FrameChain
from sniffer.core.discovery.heads.boundary_search import SAME, Cover
from sniffer.core.discovery.lengths.length_search import FORMS

LEAST_PAIRS, LEAST_LENGTHS = 12, 3
"""Pairs of parts that there must be, and different sizes that their second parts must have."""

SMALLEST_HEADER = 4

LEAST_SHARE = 0.8
"""The share of the parts of the size of a header that the next part must follow directly."""


def join_parts(data: bytes, chain: FrameChain) -> FrameChain:
    """Return the chain with its parts joined; the same one if they are whole frames."""
    if chain.gap:
        return chain
    ends = dict(chain.covers)
    sizes = Counter(end - begin for begin, end in chain.covers)
    for size, count in sizes.most_common(2):
        headers = [(begin, end) for begin, end in chain.covers if end - begin == size]
        pairs = [(header, (header[1], ends[header[1]])) for header in headers if header[1] in ends]
        is_often = len(pairs) >= max(LEAST_PAIRS, LEAST_SHARE * count)
        if size >= SMALLEST_HEADER and is_often and _counts(data, pairs, chain.kind.size):
            return replace(chain, gap=size, covers=tuple(second for _, second in pairs))
    return chain


def _counts(data: bytes, pairs: Sequence[tuple[Cover, Cover]], check_size: int) -> bool:
    """Return True if a number in the first parts counts all of the second ones but their check."""
    if len({end - begin for _, (begin, end) in pairs}) < LEAST_LENGTHS:
        return False
    size = pairs[0][0][1] - pairs[0][0][0]
    for at in range(1, size - check_size):
        for number_size, order in FORMS:
            numbers = (int.from_bytes(data[begin + at : begin + at + number_size], order) for (begin, _), _ in pairs)
            wanted = (end - begin - check_size for _, (begin, end) in pairs)
            if sum(one == other for one, other in zip(numbers, wanted, strict=True)) >= SAME * len(pairs):
                return True
    return False
