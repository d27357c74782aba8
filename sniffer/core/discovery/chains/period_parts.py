"""Divide frames of one size that repeat into a request, which hardly changes, and its answer.

In: bytes, and where they repeat. Out: the chain of both; None if nothing divides them. A board that is asked for the
same values all the time repeats after the size of a request and its answer together. What shows where each of them
ends is their check, which is of one kind: that of the answer changes with it, and that of the request is right too.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import log2

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_search import FrameChain
from sniffer.core.discovery.checks.check_index import CheckIndex, CheckIndexer, CheckKind
from sniffer.core.discovery.checks.check_search import LEAST_SHARE
from sniffer.core.discovery.checks.usual_checks import COMMON_CRCS, ORDERS
from sniffer.core.discovery.heads.boundary_search import Cover, find_common
from sniffer.core.wire.checks import SUMS, XORS, list_crcs

KINDS = (
    *(CheckKind(name, 1, "big") for name in SUMS),
    *(CheckKind(name, 2, order) for name in SUMS if name not in XORS for order in ORDERS),
)
CRC_NAMES = [name for name in COMMON_CRCS if not name.startswith("CRC-32")]

SIZES = range(8, 161)
"""The sizes of a request and its answer together that are looked at."""

SMALLEST_PART = 4

MOST_GAP = 6
"""Bytes between a check and the next cover: the tail of a frame and a head that is not covered."""

BYTES_TRIED = 4096

PERIODS_TRIED = 4
"""Different periods in all of which a check must be right to be looked at."""

LEAST_CHECKS = 3
"""Different checks that the answers must have."""

LONGEST_HEAD = 2
"""Bytes that both begin with which are counted."""

LEAST_BITS = 24.0
"""Bits that all must prove, less those of the places that were tried."""

Places = tuple[int, int]
"""The begin of the cover of an answer and the end of its check, from the begin of a period."""


def find_parts(data: bytes, begins: Sequence[int], size: int) -> FrameChain | None:
    """Return the chain of the requests and the answers in these periods of one size; None if there is none."""
    data = data[:BYTES_TRIED]
    periods = [at for at in begins if at + 2 * size <= len(data)]
    if size not in SIZES or len({data[at : at + size] for at in periods}) < PERIODS_TRIED:
        return None
    indexer = CheckIndexer(data)
    crcs = ((name, list_crcs()[name]) for name in CRC_NAMES)
    kinds = (*KINDS, *(CheckKind(name, crc.width // 8, order, crc) for name, crc in crcs for order in ORDERS))
    for kind in kinds:
        index = indexer.build(kind)
        found = [
            FrameChain(kind, gap, covers, _count_bits(data, kind, covers, places, gap))
            for places in _find_places(data, periods, size, kind, index)
            for gap, covers in _list_parts(periods, size, kind, index, places)
        ]
        best = max(found, key=lambda chain: chain.bits, default=None)
        bits = best.bits - log2(len(kinds) * size * size * MOST_GAP) if best else 0.0
        if best and bits >= LEAST_BITS:
            return replace(best, bits=bits)
    return None


def _find_places(data: bytes, periods: Sequence[int], size: int, kind: CheckKind, index: CheckIndex) -> list[Places]:
    """Return the places between which a check is right in each of some different periods, the largest parts first."""
    distinct = {data[at : at + size]: at for at in periods}
    tried = [*distinct.values()]
    tried = tried[:: max(1, len(tried) // (PERIODS_TRIED + 2))][: PERIODS_TRIED + 2]
    right: Counter[Places] = Counter()
    for at in tried:
        known: defaultdict[int, list[int]] = defaultdict(list)
        for place in range(2 * size - kind.size + 1):
            end = place + kind.size
            right.update((begin, end) for begin in known[index.ends[at + place]] if SMALLEST_PART <= end - begin < size)
            if place < size:
                known[index.begins[at + place]].append(place)
    found = [places for places, count in right.items() if count >= PERIODS_TRIED]
    return sorted(found, key=lambda places: places[0] - places[1])


def _is_right(index: CheckIndex, kind: CheckKind, begin: int, end: int) -> bool:
    return index.begins[begin] == index.ends[end - kind.size]


def _list_parts(
    periods: Sequence[int], size: int, kind: CheckKind, index: CheckIndex, places: Places
) -> Iterator[tuple[int, tuple[Cover, ...]]]:
    """Yield the covers of the answers, and of the other frames with a right check that fill the rest of each period.

    With them comes the number of bytes that stand between a check and the next cover.
    """
    begin, end = places
    answers = [(at + begin, at + end) for at in periods if _is_right(index, kind, at + begin, at + end)]
    if len(answers) < LEAST_SHARE * len(periods):
        return
    for gap in range(MOST_GAP + 1):
        first, last = end + gap, begin + size - gap
        if last - first < SMALLEST_PART - 1:
            return
        others = [(at + first, at + last) for at in periods if at + last < len(index.begins)]
        right = [other for other in others if _is_right(index, kind, *other)]
        if len(right) >= LEAST_SHARE * len(others) > 0:
            yield gap, tuple(sorted((*answers, *right)))


def _count_bits(data: bytes, kind: CheckKind, covers: Sequence[Cover], places: Places, gap: int) -> float:
    """Return the evidence of the different pieces with a right check, and the bytes with which all of them begin.

    Returns nothing if their checks hardly change.
    """
    checks = {data[end - kind.size : end] for begin, end in covers if end - begin == places[1] - places[0]}
    if len(checks) < LEAST_CHECKS:
        return 0.0
    begins = [begin - gap for begin, _ in covers if begin >= gap]
    common = find_common(data, begins, gap or LONGEST_HEAD)
    if LONGEST_HEAD < gap != len(common):
        # Different bytes that no check covers are rather frames of their own.
        return 0.0
    head = common.rstrip(b"\0")
    return kind.bits * len({data[begin:end] for begin, end in covers}) + 8 * min(len(head), LONGEST_HEAD)
