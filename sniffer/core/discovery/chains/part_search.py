"""Join the parts of frames that have a check each: a header of one size, and what it counts.

In: a chain of such parts. Out: the chain of the frames, whose cover begins after the header. What shows that two parts
are one frame is a number in the first that counts the second, or that the first never changes and its check is zero.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_search import FrameChain
from sniffer.core.discovery.heads.boundary_search import Cover
from sniffer.core.discovery.lengths.length_search import FORMS
from sniffer.core.wire.checks import ByteOrder

LEAST_PAIRS, LEAST_LENGTHS = 12, 3
"""Pairs of parts that there must be, and different sizes that their second parts must have."""

SMALLEST_HEADER, LARGEST_CONSTANT = 4, 8

LEAST_SHARE = 0.8
"""The share of the parts that one which never changes must stand before, and of the headers that must count what
follows: a chain leaves out parts that repeat and such beside noise.
"""


def join_parts(data: bytes, chain: FrameChain) -> FrameChain:
    """Return the chain with its parts joined; the same one if they are whole frames."""
    chain = _join_constant(data, chain)
    if chain.gap:
        return chain
    ends = dict(chain.covers)
    sizes = Counter(end - begin for begin, end in chain.covers)
    for size, _ in sizes.most_common(2):
        headers = [(begin, end) for begin, end in chain.covers if end - begin == size]
        if size >= SMALLEST_HEADER and (parts := _find_counted(data, headers, ends, chain.kind.size)):
            return replace(chain, gap=size, covers=tuple(parts))
    return chain


def _join_constant(data: bytes, chain: FrameChain) -> FrameChain:
    """Return the chain without a part that never changes and has a check of zeros, if it stands before nearly all."""
    (raw, count), *_ = Counter(data[begin:end] for begin, end in chain.covers).most_common(1)
    size = len(raw)
    if size > LARGEST_CONSTANT or any(raw[-chain.kind.size :]) or count < LEAST_PAIRS:
        return chain
    others = [(begin, end) for begin, end in chain.covers if data[begin:end] != raw]
    joined = [(begin, end) for begin, end in others if data.startswith(raw, max(0, begin - chain.gap - size))]
    if len(joined) < LEAST_SHARE * max(len(others), count):
        return chain
    return replace(chain, gap=size + 2 * chain.gap, covers=tuple(joined))


def _find_counted(
    data: bytes, headers: Sequence[Cover], ends: dict[int, int], check_size: int
) -> Sequence[Cover] | None:
    """Return the parts that follow these headers, if a number in each counts them, with or without their check.

    A header may count nothing, and nothing of it follows then. Returns None if there is no such number.
    """
    size = headers[0][1] - headers[0][0]
    for at, number_size, order in _list_places(size - check_size):
        numbers = [int.from_bytes(data[begin + at : begin + at + number_size], order) for begin, _ in headers]
        counting = [(end, number) for (_, end), number in zip(headers, numbers, strict=True) if number]
        for more in (0, check_size):
            parts = [(end, ends[end]) for end, number in counting if ends.get(end, 0) == end + number + more]
            is_often = len(parts) >= max(LEAST_PAIRS, LEAST_SHARE * len(counting))
            if is_often and len({end - begin for begin, end in parts}) >= LEAST_LENGTHS:
                return parts
    return None


def _list_places(size: int) -> Iterator[tuple[int, int, ByteOrder]]:
    """Yield where a number of a header may stand, its size and its byte order."""
    for at in range(1, size):
        yield from ((at, number_size, order) for number_size, order in FORMS if at + number_size <= size)
