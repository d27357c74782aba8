"""Propose the framing of an unknown protocol: heads, length and check, with the evidence for them.

In: bytes of a line, as they were received. Out: candidates, the best first; none if nothing explains the bytes. What
the bytes do not decide is left open: a check that is none of those tried is `unknown`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import exp, log, log2

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_candidate import propose_chains, propose_moved
from sniffer.core.discovery.chains.pair_search import divide_pairs
from sniffer.core.discovery.checks.check_search import find_check
from sniffer.core.discovery.delimiters.delimited_search import find_delimited, has_both_ends, is_sure
from sniffer.core.discovery.equal_readings import settle_reading
from sniffer.core.discovery.framing_candidate import (
    MOST_CHANCE,
    NEARLY,
    FramingCandidate,
    drop_pieces,
    rank_candidates,
)
from sniffer.core.discovery.heads.boundary_search import LEAST_LINKED, SAME
from sniffer.core.discovery.heads.head_search import (
    LEAST_MORE,
    LEAST_MORE_BITS,
    LONGEST_HEAD,
    FramesReading,
    drop_rare_heads,
    find_heads,
    lengthen_heads,
)
from sniffer.core.discovery.lengths.length_readings import find_whole
from sniffer.core.discovery.lengths.length_search import FIXED_SIZES, LengthFit, find_fixed_sizes, find_lengths
from sniffer.core.wire.checks import Check

BYTES_SEARCHED = 1 << 16
"""The bytes at the beginning of a session that are searched."""

LONGEST_TAIL = 6

MOSTLY = 0.8
"""The share of the bytes in frames of several sizes from which on no other kind of frames is looked for."""

ALL = 0.88
"""The same for frames of one size with a known check, and the share of the places with a head that they must be.

Frames without a known check must be this share to be certain.
"""

LEAST_COVERED = 0.5
"""The share of all bytes that must be in frames."""

TEXT = frozenset(b"\t\r\n") | frozenset(range(0x20, 0x7F))
MOST_TEXT = 0.95
"""The share of printable bytes from which on all is text, in which lengths are accidents."""

MOST_OF_ONE_SIZE = 0.8
"""The share of the frames that may have the same size if their check is not known: such a length may be an accident."""

LEAST_SHARE = 0.75
"""The share of the places with a head that a length must explain to leave no doubt; without a known check, always."""

MOST_CHANCE_UNCHECKED = 1e-20
"""The highest chance of an accident that a candidate without a known check may have. It is computed for random bytes,
and those of boards repeat.
"""

DOUBT = 0.1
"""The chance of an error if no check is known, and many heads begin no frame, or all frames have one size: two that
follow each other always look so.
"""

LEAST_FIXED, LEAST_OF_ONE_SIZE = 2, 6
"""Bytes that such frames must have in common in head and tail, and how many different ones there must be."""

LEAST_OTHERS, LEAST_SIZES = 0.2, 2
"""The share of the frames that must have another size than most, and the sizes, if few different ones have a check."""

SMALLEST_CHANCE = 1e-300


def find_framings(data: bytes, is_cancelled: Callable[[], bool] = lambda: False) -> list[FramingCandidate]:
    """Return the framings that explain these bytes, the best first.

    The search takes seconds. It ends early, without a result, once `is_cancelled` returns True.
    """
    data = data[:BYTES_SEARCHED]
    delimited = find_delimited(data)
    if any(one.check and one.covered >= LEAST_SHARE * len(data) and is_sure(data, one.delimiter) for one in delimited):
        return rank_candidates(delimited, len(data))
    found = [*_judge_all(data, find_lengths(data), is_cancelled)]
    if not any(one.check and not one.is_of_one_size and one.frames >= LEAST_SHARE * one.of for one in found):
        found = drop_pieces([*found, *_judge_all(data, find_fixed_sizes(data), is_cancelled)])
    # Where a check is known of some frames, frames without one are several of them together.
    known = [one for one in found if one.check] or found
    if not any(_leaves_nothing(one, len(data)) for one in known):
        found += propose_chains(data, is_cancelled)
    if not any(one.check for one in found):
        found += [moved for one in found[:1] if (moved := propose_moved(data, one.length.frames))]
    if is_cancelled():
        return []
    return rank_candidates(_join_delimited(data, found, delimited), len(data))


def _join_delimited(
    data: bytes, found: Sequence[FramingCandidate], delimited: Sequence[FramingCandidate]
) -> list[FramingCandidate]:
    """Return all candidates. Where a length explains what a delimiter does, the delimiter is an equal reading.

    The first byte of frames that follow one another stands also where each of them ends.
    """
    checked = [one for one in delimited if one.check]
    least = NEARLY * max((one.covered for one in checked), default=0)
    if checked and any(one.check and one.length.size and not one.shapes and one.covered >= least for one in found):
        return [replace(one, equals=(*one.equals, replace(checked[0], equals=()))) for one in found]
    if checked and checked[0].delimiter and has_both_ends(data, checked[0].delimiter):
        return checked
    # A delimiter without a check is the weakest sign: that a byte stands often.
    return [*found, *(checked if found else delimited)]


def _leaves_nothing(candidate: FramingCandidate, size: int) -> bool:
    """Return True if no frames are left to be found by their checks.

    Where the length is known, all checks were tried. Two kinds of frames of one size may look like one kind.
    """
    # Pairs of a request and its answer have a CRC with other constants.
    is_named = candidate.check is None or candidate.check.check.parameters is None
    if candidate.is_of_one_size:
        is_proved = candidate.check is not None and candidate.frames >= ALL * candidate.of
        return is_named and is_proved and candidate.covered >= ALL * size
    # Answers with a length may have most bytes, and requests of one size most heads.
    return is_named and candidate.covered >= MOSTLY * size and candidate.frames >= LEAST_SHARE * candidate.of


def _judge_all(data: bytes, fits: Iterable[LengthFit], is_cancelled: Callable[[], bool]) -> Iterator[FramingCandidate]:
    """Yield the candidates that follow from lengths. Without a check, only the likelier reading of each is one."""
    for fit in fits:
        for number, reading in enumerate(_list_readings(data, _widen(data, fit))):
            if is_cancelled():
                return
            candidate = _judge(data, reading)
            if candidate is None:
                continue
            most = MOST_CHANCE if candidate.check else MOST_CHANCE_UNCHECKED if fit.size else DOUBT
            if candidate.accident <= most and (candidate.check or not number):
                yield _doubt(candidate)


def _doubt(candidate: FramingCandidate) -> FramingCandidate:
    """Return the candidate with a higher chance of an error if it may be one for reasons that are not counted.

    These are that no check is known, and many heads begin no frame, or the frames may be pieces of others.
    """
    if candidate.check or (candidate.frames >= ALL * candidate.of and not find_whole(candidate.length)):
        return candidate
    return replace(candidate, accident=max(candidate.accident, DOUBT))


def _widen(data: bytes, fit: LengthFit) -> LengthFit:
    """Return the length with two bytes if the byte beside its one is always zero: that is its high byte then."""
    if fit.size != 1:
        return fit
    before = sum(data[begin + fit.at - 1] == 0 for begin, _ in fit.frames)
    behind = sum(data[begin + fit.at + 1] == 0 for begin, end in fit.frames if begin + fit.at + 1 < end)
    least = SAME * len(fit.frames)
    if fit.at > 1 and before >= least:
        return replace(fit, at=fit.at - 1, size=2, order="big")
    return replace(fit, size=2, order="little") if behind >= least else fit


def _list_readings(data: bytes, fit: LengthFit) -> Iterator[FramesReading]:
    """Yield the ways to read the frames: bytes that are the same before each begin are of the head, or of a tail."""
    before = _find_common_before(data, fit)
    heads = tuple(sorted(_extend_head(data, fit, start) for start in fit.starts))
    tail = FramesReading(heads, before, fit, [(begin, end - len(before)) for begin, end in fit.frames])
    size = len(before)
    if not size:
        yield tail
        return
    shifted = replace(fit, at=fit.at + size if fit.size else 0)
    spans = [(begin - size, end - size) for begin, end in fit.frames if begin >= size]
    head = FramesReading(tuple(before + head for head in heads), b"", shifted, spans)
    # What never changes before the next head may also be a part of the check, as the high byte of a sum.
    plain = FramesReading(heads, b"", fit, fit.frames)
    yield from (head, tail, plain) if _is_before_first(data, fit, before) else (tail, head, plain)


def _extend_head(data: bytes, fit: LengthFit, start: int) -> bytes:
    """Return the bytes that all frames with this first byte begin with. A head ends before a zero."""
    begins = [begin for begin, _ in fit.frames if data[begin] == start]
    head = bytes([start])
    farthest = min(fit.at or fit.adds, LONGEST_HEAD)
    while begins and len(head) < farthest:
        byte, count = Counter(data[begin + len(head)] for begin in begins).most_common(1)[0]
        if count < SAME * len(begins) or byte == 0:
            break
        head += bytes([byte])
    return head


def _find_common_before(data: bytes, fit: LengthFit) -> bytes:
    """Return the bytes that stand before the begin of each frame that follows another one, or of each if few do."""
    ends = {end for _, end in fit.frames}
    begins = [begin for begin, _ in fit.frames if begin in ends]
    if len(begins) < LEAST_LINKED * len(fit.frames):
        begins = [begin for begin, _ in fit.frames if begin >= LONGEST_TAIL]
    found = b""
    while begins and len(found) < LONGEST_TAIL:
        at = len(found) + 1
        byte, count = Counter(data[begin - at] for begin in begins).most_common(1)[0]
        if count < SAME * len(begins):
            break
        found = bytes([byte]) + found
    return found


def _is_before_first(data: bytes, fit: LengthFit, before: bytes) -> bool:
    """Return True if these bytes stand also before frames that do not follow another one: then they are of the head."""
    ends = {end for _, end in fit.frames}
    alone = [begin for begin, _ in fit.frames if begin not in ends]
    return sum(data[:begin].endswith(before) for begin in alone) * 2 >= len(alone)


def _judge(data: bytes, reading: FramesReading) -> FramingCandidate | None:
    """Return the candidate of a reading with its check; None if too little speaks for it."""
    frames = [data[begin:end] for begin, end in reading.spans]
    found = find_check(frames)
    if found is None:
        return _judge_unchecked(data, drop_rare_heads(data, reading, max(LEAST_MORE, len(frames) // 10)))
    check = found.check
    heads, spans = lengthen_heads(data, *find_heads(data, reading, check), reading.length, check)
    right = [data[begin:end] for begin, end in spans]
    covered = sum(map(len, right)) + len(reading.tail) * len(right)
    if covered < LEAST_COVERED * len(data):
        return None
    if reading.length.size and not _is_length_proved(right, check):
        return None
    bits = 8 * check.number_size * (len({*right}) - 1) - log2(found.tried)
    chance = max(SMALLEST_CHANCE, 2.0 ** -min(bits, 1000))
    of = max(len(right), _count_places(data, replace(reading, heads=heads)))
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


def _judge_unchecked(data: bytes, reading: FramesReading) -> FramingCandidate | None:
    """Return the candidate of a reading without a known check; None if too little speaks for it."""
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


def _is_length_proved(frames: Sequence[bytes], check: Check) -> bool:
    """Return True if frames of several sizes have a right check, or of one size that is too large to be looked for.

    A byte that is nearly always zero seems to be a length if all frames have the same size.
    """
    sizes = Counter(map(len, {*frames}))
    (main, count), *_ = sizes.most_common(1)
    is_often = sum(len(frame) != main for frame in frames) >= LEAST_OTHERS * len(frames)
    is_proved = 8 * check.size * (sizes.total() - count) >= LEAST_MORE_BITS
    return main not in FIXED_SIZES or is_proved or (is_often and len(sizes) > LEAST_SIZES)


def _is_clear(data: bytes, reading: FramesReading) -> bool:
    """Return True if frames without a known check are no accident of text, or of bytes that repeat."""
    if sum(byte in TEXT for byte in data) >= MOST_TEXT * len(data) or any(not any(head) for head in reading.heads):
        return False
    covered = sum(end - begin for begin, end in reading.spans)
    # Frames that repeat have the distances of their bytes every time: they prove once.
    sizes = Counter(map(len, {data[begin:end] for begin, end in reading.spans}))
    if covered < LEAST_SHARE * len(data):
        return False
    if not reading.length.size:
        fixed = sum(map(len, reading.heads)) + len(reading.tail)
        return len(reading.heads) == 1 and fixed >= LEAST_FIXED and sizes.total() >= LEAST_OF_ONE_SIZE
    return max(sizes.values(), default=0) <= MOST_OF_ONE_SIZE * sizes.total()


def _count_places(data: bytes, reading: FramesReading) -> int:
    """Return how many times the heads stand outside of frames that were found, and in their place."""
    count, at, ends = 0, 0, dict(reading.spans)
    while at < len(data):
        if at in ends:
            count, at = count + 1, max(at + 1, ends[at])
        else:
            count += data.startswith(reading.heads, at)
            at += 1
    return count


def _chance_of_length(frames: int, places: float, share: float) -> float:
    """Return an upper bound of the probability that so many ends are places with a head by accident.

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
