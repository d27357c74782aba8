"""Find frames by their checks alone: pieces with a right check that follow one another, whatever their sizes say.

In: bytes. Out: chains of frames, the best first. What is proved is counted in bits: each right check proves some, each
choice of an end or of a new begin costs some. A chain is returned only if much more is proved than was chosen.

Two ways lead to chains. A CRC of two bytes or more is right by accident so rarely that any place can be tried as a
begin. A weaker check is tried only where one of a few bytes stands, which begins each frame then.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from math import log2

from msgspec import Struct
from msgspec.structs import replace

from sniffer.core.discovery.checks.check_index import CheckIndex, CheckIndexer, CheckKind
from sniffer.core.discovery.checks.usual_checks import USUAL_CRCS, list_orders
from sniffer.core.discovery.delimiters.delimiter_search import is_text
from sniffer.core.discovery.heads.boundary_search import Cover
from sniffer.core.wire.checks import SUMS, XORS, list_crcs

LONGEST_FRAME = 320
"""The size in bytes of the longest frame that is looked for without a length."""

LEAST_FRAME = 4
"""The size in bytes of the shortest cover and check of two bytes or more."""

NEAREST, NEAREST_HEADS = 4, 16
"""Begins that are tried for each end of a cover, anywhere and where a head stands. Only where bytes repeat are there
more with the right check.
"""

LEAST_COVERS = 6
"""Pieces with a right check from which on it is looked for a chain in them."""

BYTES_SEARCHED = 1 << 14
"""The bytes in which chains are looked for."""

BYTES_TRIED, BYTES_OF_USUAL, PLACES_TRIED = 1024, 4096, 100
"""Bytes on which each CRC is tried first, and the usual ones, and places of a head on which each weaker check is."""

MOST_GAP = 6
"""Bytes between a check and the begin of the next cover: the tail of a frame and a head that is not covered."""

LEAST_BITS = 40.0
"""Bits that a chain must prove beyond what was chosen for it, the choice of its check and of its head included."""

FIRST_BITS = 16.0
"""The same for the bytes on which a check is tried first."""

LEAST_OF_OTHER = 0.3
"""How often another gap than the most frequent one must be between two frames, as a share of it."""

BREAK_COST, HEAD_COST = 12.0, 5.0
"""Bits that a new begin costs after bytes that are in no frame: at any place, and at one with a head."""

REPEATED_GAIN = 0.1
"""Bits that a frame proves which is there more than once."""

STARTS_TRIED, PAIRED = 10, 8
CHAINS_KEPT = 4

FULL = 0.9
"""The share of the bytes in frames from which on a chain is the answer, so that no other CRC is tried."""


class FrameChain(Struct, frozen=True):
    """Frames with one kind of check. Each of `covers` is where the cover of a check begins, and where the check ends.

    `gap` bytes stand between one cover and the next of frames that follow one another. `bits` is what they prove.
    """

    kind: CheckKind
    gap: int
    covers: tuple[tuple[int, int], ...]
    bits: float

    @property
    def size(self) -> int:
        """The number of bytes that are in frames."""
        return sum(end - begin + self.gap for begin, end in self.covers)


class Bits(Struct, frozen=True):
    """The evidence of each frame of a chain, and the cost of a new begin of a frame that follows none.

    The begin of a frame that is there more than once may cost less.
    """

    gain: float
    cost: float
    repeated_cost: float


Cancelled = Callable[[], bool]


def find_chains(data: bytes, is_cancelled: Cancelled = lambda: False) -> list[FrameChain]:
    """Return the chains of these bytes that cannot be accidents, the one that proves most first."""
    data = data[:BYTES_SEARCHED]
    sums = [*_list_sums()]
    if is_text(data):
        # Lines of text repeat, and a CRC of text is sent as digits, which chains do not look for.
        return [*_find_headed_chains(data, [kind for kind in sums if kind.size == 1], range(1), is_cancelled)]
    found = [*_find_crc_chains(data, is_cancelled)]
    for kinds, gaps in ((sums, MOST_GAP), ([*_list_crcs(8)], MOST_GAP // 2)):
        if not any(chain.size >= FULL * len(data) for chain in found):
            found += _find_headed_chains(data, kinds, range(gaps + 1), is_cancelled)
    return sorted(found, key=lambda chain: -chain.bits)[:CHAINS_KEPT]


def _find_crc_chains(data: bytes, is_cancelled: Cancelled) -> Iterator[FrameChain]:
    """Yield the chains with a CRC of at least two bytes. The first that explains nearly all bytes is the last one."""
    kinds = [*_list_crcs(16), *_list_crcs(24), *_list_crcs(32)]
    first, second, whole = CheckIndexer(data[:BYTES_TRIED]), CheckIndexer(data[:BYTES_OF_USUAL]), CheckIndexer(data)
    for kind in kinds:
        if is_cancelled():
            return
        size, indexer = (BYTES_OF_USUAL, second) if kind.name in USUAL_CRCS else (BYTES_TRIED, first)
        tried = min(size, len(data))
        least = LEAST_BITS if tried == len(data) else FIRST_BITS
        chain = _chain_anywhere(data[:size], kind, indexer.build(kind), len(kinds), least)
        if chain and tried < len(data):
            chain = _chain_anywhere(data, kind, whole.build(kind), len(kinds), LEAST_BITS)
        if chain:
            yield chain
            if chain.size >= FULL * len(data):
                return


def _chain_anywhere(
    data: bytes, kind: CheckKind, index: CheckIndex, tried: int, least_bits: float
) -> FrameChain | None:
    """Return the best chain of a strong check that may begin anywhere; None if it proves less than `least_bits`."""
    known: defaultdict[int, list[int]] = defaultdict(list)
    covers: list[Cover] = []
    for place, (first, last) in enumerate(zip(index.begins, index.ends, strict=False)):
        # Where bytes repeat, so do the numbers: the nearest places are enough.
        for begin in reversed(known[last][-NEAREST:] if last in known else ()):
            end = place + kind.size
            # The check of nothing but zeros may be zero: that is no frame.
            if LEAST_FRAME <= end - begin <= LONGEST_FRAME and data.count(0, begin, end) < end - begin:
                covers.append((begin, end))
        known[first].append(place)
    best = join_linked(data, kind, covers, MOST_GAP, Bits(kind.bits - log2(LONGEST_FRAME), BREAK_COST, BREAK_COST))
    bits = max(best.bits, _count_bits(data, best)) - log2(tried * MOST_GAP) if best else 0.0
    return replace(best, bits=bits) if best and bits >= least_bits else None


def _count_bits(data: bytes, chain: FrameChain) -> float:
    """Return the evidence of the different frames of a chain if each of their few sizes is chosen once.

    A frame chooses one of these sizes then, not any size.
    """
    distinct = len({data[begin:end] for begin, end in chain.covers})
    sizes = len({end - begin for begin, end in chain.covers})
    gaps = Counter(begin - end for (_, end), (begin, _) in pairwise(chain.covers)).most_common(2)
    breaks = len(chain.covers) - sum(count for gap, count in gaps if gap <= MOST_GAP)
    return distinct * (chain.kind.bits - log2(sizes)) - sizes * log2(LONGEST_FRAME) - breaks * BREAK_COST


def _find_headed_chains(
    data: bytes, kinds: Sequence[CheckKind], gaps: Sequence[int], is_cancelled: Cancelled
) -> Iterator[FrameChain]:
    """Yield the chains of frames that begin with certain bytes, with a check of one byte or a sum."""
    heads = _list_heads(data)
    indexer, tried = CheckIndexer(data), len(heads) * len(kinds) * len(gaps)
    for kind in kinds:
        if is_cancelled():
            return
        index = indexer.build(kind)
        for places in heads:
            for gap in gaps:
                chain = _chain_heads(data, kind, index, places[:PLACES_TRIED], gap)
                if chain and chain.bits > 0 and len(places) > PLACES_TRIED:
                    chain = _chain_heads(data, kind, index, places, gap)
                if chain and chain.bits - log2(tried) >= LEAST_BITS:
                    yield replace(chain, bits=chain.bits - log2(tried))


def _list_heads(data: bytes) -> list[list[int]]:
    """Return the places of each head that is tried: of one byte, of either of two, or of two in a row."""
    singles, digrams = Counter(data), Counter(pairwise(data))
    del singles[0]
    frequent = [byte for byte, _ in singles.most_common(STARTS_TRIED)]
    heads: list[tuple[int, ...]] = [(byte,) for byte in frequent]
    heads += combinations(frequent[:PAIRED], 2)
    places = [[at for at, byte in enumerate(data) if byte in head] for head in heads]
    starts = [pair for pair, _ in digrams.most_common(2 * STARTS_TRIED) if pair[0] and pair[0] != pair[1]]
    for pair in starts[:STARTS_TRIED]:
        places.append([found.start() for found in re.finditer(re.escape(bytes(pair)), data)])
    return places


def _chain_heads(data: bytes, kind: CheckKind, index: CheckIndex, places: Sequence[int], gap: int) -> FrameChain | None:
    """Return the best chain of frames from one place of a head to the next, or to the end of the bytes.

    The head begins with the byte before the cover; if nothing is left out between two covers, with the first one of it.
    Returns None if there are few frames.
    """
    before = 1 if gap else 0
    tail = gap - before
    stops = [*places, len(data)] if places and places[-1] + LONGEST_FRAME > len(data) else places
    known: defaultdict[int, list[int]] = defaultdict(list)
    covers: list[Cover] = []
    for stop in stops:
        at = stop - tail - kind.size
        for begin in reversed(known[index.ends[at]][-NEAREST_HEADS:] if 0 <= at < len(index.ends) else ()):
            if at + kind.size - begin > LONGEST_FRAME:
                break
            if at > begin:
                covers.append((begin, at + kind.size))
        if stop + before < len(index.begins):
            known[index.begins[stop + before]].append(stop + before)
    if len(covers) < LEAST_COVERS:
        return None
    choices = max(2.0, len(places) * LONGEST_FRAME / (places[-1] - places[0] + LONGEST_FRAME))
    chain = join_covers(data, kind, gap, covers, Bits(kind.bits - log2(choices), HEAD_COST, HEAD_COST))
    # The bytes of boards repeat, so that checks may be right by accident more often than those of random bytes.
    ends = {end for _, end in chain.covers} | {begin - gap for begin, _ in chain.covers}
    others = {data[begin:end] for begin, end in covers if end not in ends or begin - gap not in ends}
    pairs = len(places) * choices
    bits = min(kind.bits, -log2((len(others) + 1) / pairs))
    if bits == kind.bits:
        return chain
    return join_covers(data, kind, gap, covers, Bits(bits - log2(choices), HEAD_COST, HEAD_COST))


def join_linked(data: bytes, kind: CheckKind, covers: Sequence[Cover], most_gap: int, bits: Bits) -> FrameChain | None:
    """Return the chain of the covers that prove most, with one of the usual gaps between them; None if none follow."""
    begins = {begin for begin, _ in covers}
    links = Counter(gap for _, end in covers for gap in range(most_gap + 1) if end + gap in begins)
    gaps = [gap for gap, _ in links.most_common(2)]
    chains = [join_covers(data, kind, gap, covers, bits) for gap in gaps]
    if len(gaps) > 1 and links[gaps[1]] >= LEAST_OF_OTHER * links[gaps[0]]:
        chains.append(join_covers(data, kind, min(gaps), covers, bits, max(gaps)))
    return max(chains, key=lambda chain: chain.bits, default=None)


def join_covers(
    data: bytes, kind: CheckKind, gap: int, covers: Iterable[Cover], bits: Bits, other_gap: int | None = None
) -> FrameChain:
    """Return the chain of those covers that prove most together. Frames that repeat prove once.

    Some frames may follow others with another gap, as those of one direction have bytes before them.
    """
    ordered = sorted(covers, key=lambda cover: (cover[1], cover[0]))
    seen: set[bytes] = set()
    best_at: dict[int, int] = {}
    scores: list[float] = []
    before: list[int] = []
    ends: list[int] = []
    tops: list[int] = []
    for number, (begin, end) in enumerate(ordered):
        raw = data[begin:end]
        own, new = (REPEATED_GAIN, bits.repeated_cost) if raw in seen else (bits.gain, bits.cost)
        seen.add(raw)
        linked = best_at.get(begin - gap, -1)
        if linked < 0 and other_gap is not None:
            linked = best_at.get(begin - other_gap, -1)
        last = bisect_right(ends, begin - gap) - 1
        other = tops[last] if last >= 0 else -1
        score, previous = own - new, -1
        if other >= 0 and scores[other] > 0:
            score, previous = score + scores[other], other
        if linked >= 0 and scores[linked] + own > score:
            score, previous = scores[linked] + own, linked
        scores.append(score)
        before.append(previous)
        if end not in best_at or score > scores[best_at[end]]:
            best_at[end] = number
        ends.append(end)
        tops.append(number if not tops or score > scores[tops[-1]] else tops[-1])
    at = tops[-1]
    proved, chosen = scores[at], []
    while at >= 0:
        chosen.append(ordered[at])
        at = before[at]
    return FrameChain(kind, gap, tuple(reversed(chosen)), proved)


def _list_sums() -> Iterator[CheckKind]:
    for name in SUMS:
        for size in (1,) if name in XORS else (1, 2, 4) if name == "sum" else (1, 2):
            for order in list_orders(size):
                yield CheckKind(name, size, order)


def _list_crcs(width: int) -> Iterator[CheckKind]:
    """Yield the kinds of all CRCs of a width, the most usual one first."""
    named = sorted(list_crcs().items(), key=lambda item: (item[0] not in USUAL_CRCS, item[1].polynomial))
    for name, crc in named:
        if crc.width == width:
            for order in sorted(list_orders(width // 8), reverse=crc.is_reflected):
                yield CheckKind(name, width // 8, order, crc)
