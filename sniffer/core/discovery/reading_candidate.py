"""Propose the framing that follows from one reading of the frames: their heads, and where each begins and ends.

In: bytes, and a reading. Out: a candidate with its check and the evidence for it; None if too little speaks for it.
"""

from collections import Counter
from collections.abc import Sequence
from math import exp, log, log2

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_candidate import SMALLEST_CHANCE
from sniffer.core.discovery.chains.pair_search import divide_pairs
from sniffer.core.discovery.checks.check_search import count_proving, find_check, has_high_byte
from sniffer.core.discovery.checks.far_check import find_far_check
from sniffer.core.discovery.delimiters.delimiter_search import is_text
from sniffer.core.discovery.framing_candidate import DOUBT, FramingCandidate
from sniffer.core.discovery.heads.boundary_search import find_common
from sniffer.core.discovery.heads.head_search import (
    LEAST_MORE,
    LEAST_MORE_BITS,
    LONGEST_HEAD,
    MOST_BRANCHES,
    Extent,
    FramesReading,
    drop_rare_heads,
    find_heads,
    lengthen_heads,
)
from sniffer.core.discovery.lengths.length_readings import counts_usual_part
from sniffer.core.discovery.lengths.length_search import FIXED_SIZES, LengthFit
from sniffer.core.discovery.settled_reading import settle_reading
from sniffer.core.wire.checks import Check

LEAST_COVERED = 0.5
"""The share of all bytes that must be in frames."""

MOST_OF_ONE_SIZE = 0.8
"""The share of the frames that may have the same size if their check is not known: such a length may be an accident."""

MOST_COVERED = 0.85
"""The share of the bytes that frames must have which are of one size but for some that repeat."""

LEAST_SHARE = 0.75
"""The share of the places with a head that a length must explain to leave no doubt; without a known check, always."""

LEAST_FIXED, LEAST_OF_ONE_SIZE = 2, 6
"""Bytes that such frames must have in common in head and tail, and how many different ones there must be."""

LEAST_REPEATED = 4
"""Sizes of frames that repeat which a length must explain that does not count all of them."""

LEAST_OTHERS, LEAST_SIZES = 0.2, 2
"""The share of the frames that must have another size than most, and the sizes, if few different ones have a check."""


def judge_reading(data: bytes, reading: FramesReading) -> FramingCandidate | None:
    """Return the candidate of a reading with its check; None if too little speaks for it."""
    frames = [data[begin:end] for begin, end in reading.spans]
    found = find_check(frames)
    if found is None and _is_linked(data, reading):
        found = find_far_check(frames)
    if found is None:
        return _judge_unchecked(data, drop_rare_heads(data, reading, max(LEAST_MORE, len(frames) // 10)))
    check = found.check
    heads, spans = lengthen_heads(data, *find_heads(data, reading, check), reading.length, check)
    if len(heads) > 1 and check.start > 0 and _have_high_byte(data, spans, check):
        return None
    right = [data[begin:end] for begin, end in spans]
    covered = sum(map(len, right)) + len(reading.tail) * len(right)
    if covered < LEAST_COVERED * len(data):
        return None
    if reading.length.size and not _is_length_proved(right, check, reading.length):
        return None
    bits = 8 * check.number_size * (count_proving(right, check.size) - 1) - log2(found.tried)
    chance = max(SMALLEST_CHANCE, 2.0 ** -min(bits, 1000))
    of = max(len(right), _count_places(data, FramesReading(heads, reading.tail, reading.length, reading.spans)))
    ends = frozenset(end for _, end in spans)
    candidate = FramingCandidate(
        heads, reading.length, found, reading.tail, len(right), of, chance, ends=ends, covered=covered
    )
    settled, spans = settle_reading(data, candidate, spans)
    is_pair, single = divide_pairs(data, settled, spans)
    if is_pair:
        return single
    is_headless = not settled.length.size and settled.check and settled.check.check.start > LONGEST_HEAD
    return None if is_headless else settled


def _have_high_byte(data: bytes, spans: Sequence[Extent], check: Check) -> bool:
    """Return True if the first bytes of frames are the high bytes of the sums of those before."""
    frames = [data[begin + 1 : end + 1] for begin, end in spans]
    return has_high_byte(check.move(check.start - 1), frames)


def _is_linked(data: bytes, reading: FramesReading) -> bool:
    """Return True if a length explains nearly all bytes."""
    covered = sum(end - begin for begin, end in reading.spans)
    return reading.length.size > 0 and covered >= LEAST_SHARE * len(data)


def _judge_unchecked(data: bytes, reading: FramesReading) -> FramingCandidate | None:
    """Return the candidate of a reading without a known check; None if too little speaks for it."""
    reading = _begin_after(data, reading)
    count = len(reading.spans)
    places = max(count, _count_places(data, reading))
    if not count or count < LEAST_SHARE * places or not _is_clear(data, reading):
        return None
    distinct = len({data[begin:end] for begin, end in reading.spans})
    chance = _chance_of_length(distinct, places * distinct / count, reading.length.places / len(data))
    if not reading.length.size:
        chance = max(chance, DOUBT)
    ends = frozenset(end for _, end in reading.spans)
    covered = sum(end - begin for begin, end in reading.spans) + len(reading.tail) * count
    candidate = FramingCandidate(
        reading.heads, reading.length, None, reading.tail, count, places, chance, ends=ends, covered=covered
    )
    return settle_reading(data, candidate, reading.spans)[0]


def _begin_after(data: bytes, reading: FramesReading) -> FramesReading:
    """Return a reading with the same bytes at the end of several heads as its head, if what is before ends frames.

    Where frames end with certain bytes, and others follow some of them, these seem to be heads of two kinds.
    """
    if len(reading.heads) < MOST_BRANCHES:
        return reading
    size = 0
    while len({head[-1 - size :] for head in reading.heads}) == 1 and size < min(map(len, reading.heads)) - 1:
        size += 1
    by = len(reading.heads[0]) - size
    head, length = reading.heads[0][by:], reading.length
    spans = [(begin + by, end + by) for begin, end in reading.spans if end + by <= len(data)]
    tail = find_common(data, [end - by for _, end in spans], by)
    if size < LEAST_FIXED or not all(head) or len(tail) < by or reading.tail or length.at < by:
        return reading
    frames = tuple((begin + by, end + by) for begin, end in length.frames)
    moved = replace(length, at=length.at - by, starts=frozenset(head[:1]), frames=frames)
    return FramesReading((head,), tail, moved, [(begin, end - by) for begin, end in spans])


def _is_length_proved(frames: Sequence[bytes], check: Check, length: LengthFit) -> bool:
    """Return True if frames of several sizes have a right check, or of one size that is too large to be looked for.

    A byte that is nearly always zero seems to be a length if all frames have the same size. Where many frames have
    another size, and the length counts what is after it, two sizes are enough.
    """
    sizes = Counter(map(len, {*frames}))
    (main, count), *_ = sizes.most_common(1)
    is_often = sum(len(frame) != main for frame in frames) >= LEAST_OTHERS * len(frames)
    is_proved = 8 * check.size * (sizes.total() - count) >= LEAST_MORE_BITS
    least = LEAST_SIZES if counts_usual_part(length) else LEAST_SIZES + 1
    return main not in FIXED_SIZES or is_proved or (is_often and len(sizes) >= least)


def _is_clear(data: bytes, reading: FramesReading) -> bool:
    """Return True if frames without a known check are no accident of text, or of bytes that repeat."""
    if is_text(data) or any(not any(head) for head in reading.heads):
        return False
    covered = sum(end - begin for begin, end in reading.spans)
    # Frames that repeat have the distances of their bytes every time: they prove once.
    sizes = Counter(map(len, {data[begin:end] for begin, end in reading.spans}))
    if covered < LEAST_SHARE * len(data):
        return False
    if not reading.length.size:
        fixed = sum(map(len, reading.heads)) + len(reading.tail)
        return len(reading.heads) == 1 and fixed >= LEAST_FIXED and sizes.total() >= LEAST_OF_ONE_SIZE
    if max(sizes.values(), default=0) <= MOST_OF_ONE_SIZE * sizes.total():
        return True
    # Beside frames of one size that change, others may repeat: a number that counts all of each is no accident then,
    # nor is one that counts a usual part of frames of several sizes.
    every = Counter(end - begin for begin, end in reading.spans)
    is_varied = max(every.values(), default=0) <= MOST_OF_ONE_SIZE * every.total()
    often = sum(count > 1 for count in every.values())
    is_counted = reading.length.adds == 0 or (often >= LEAST_REPEATED and counts_usual_part(reading.length))
    return is_varied and is_counted and covered >= MOST_COVERED * len(data)


def _count_places(data: bytes, reading: FramesReading) -> int:
    """Return the number of heads outside of frames that were found, and in their place."""
    count, at, ends = 0, 0, dict(reading.spans)
    while at < len(data):
        if at in ends:
            count, at = count + 1, max(at + 1, ends[at] + len(reading.tail))
        else:
            count += data.startswith(reading.heads, at)
            at += 1
    return count


def _chance_of_length(frames: int, places: float, share: float) -> float:
    """Return an upper bound of the probability that a head follows `frames` of `places` ends by accident.

    `share` is the probability of one: the bound is that of Chernoff for the tail of a binomial distribution.
    """
    found = frames / places
    if found <= share or not 0 < share < 1:
        return 1.0
    rest = (1 - found) * log((1 - found) / (1 - share)) if found < 1 else 0.0
    exponent = places * (found * log(found / share) + rest) - log(LENGTHS_TRIED)
    return max(SMALLEST_CHANCE, exp(-min(exponent, 690.0)))


LENGTHS_TRIED = 100_000
"""Lengths that are tried for one proposal, as an order of magnitude."""
