"""Propose the framing of an unknown protocol: heads, length and check, with the evidence for them.

In: bytes of a line, as they were received. Out: candidates, the best first; none if nothing explains the bytes. What
the bytes do not decide is left open: a check that is none of those tried is `unknown`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp, log, log2

from sniffer.core.discovery.check_search import CheckFit, find_check
from sniffer.core.discovery.length_search import LengthFit, find_fixed_sizes, find_lengths
from sniffer.core.wire.checks import Check

BYTES_SEARCHED = 1 << 16
"""The bytes at the beginning of a session that are searched."""

SAME = 0.9
"""The share of the frames that have the same byte at a place where it is part of a head or a tail."""

LONGEST_HEAD = 4
LONGEST_TAIL = 6
CANDIDATES_KEPT = 3

LEAST_MORE, LEAST_MORE_BITS = 4, 32
"""Different frames that a further head must have, and bits of their checks that must agree."""

LEAST_COVERED = 0.5
"""The share of all bytes that must be in frames."""

TEXT = frozenset(b"\t\r\n") | frozenset(range(0x20, 0x7F))
MOST_TEXT = 0.95
"""The share of printable bytes from which on all is text, in which lengths are accidents."""

MOST_OF_ONE_SIZE = 0.8
"""The share of the frames that may have the same size if their check is not known: such a length may be an accident."""

ONE_SIZE_BONUS = 1.03
"""How much more one size for all frames counts than a length that hardly ever changes."""

LEAST_SHARE = 0.5
"""The share of the places with a head that a length without a known check must explain."""

MOST_CHANCE, MOST_CHANCE_UNCHECKED = 1e-6, 1e-20
"""The highest chance of an accident that a candidate may have, with a check and without a known one. The latter is
computed for random bytes, and those of boards repeat.
"""

SMALLEST_CHANCE = 1e-300


@dataclass(frozen=True, slots=True)
class FramingCandidate:
    """One framing that explains the bytes.

    `length` begins at an offset from the first byte of the head; `check` is None if it is not known. `frames` of the
    `of` places with a head are frames of this kind. `chance` is the probability that this is an accident.
    """

    heads: tuple[bytes, ...]
    length: LengthFit
    check: CheckFit | None
    tail: bytes
    frames: int
    of: int
    chance: float

    @property
    def is_of_one_size(self) -> bool:
        """True if nearly all frames have the same size, so that their length is not certain."""
        sizes = Counter(end - begin for begin, end in self.length.frames)
        return max(sizes.values(), default=0) >= SAME * len(self.length.frames)


@dataclass(frozen=True, slots=True)
class _FramesReading:
    """One way to read the frames of a length: the heads, and the frames as offsets of their begin and end."""

    heads: tuple[bytes, ...]
    tail: bytes
    length: LengthFit
    spans: Sequence[tuple[int, int]]


def find_framings(data: bytes, is_cancelled: Callable[[], bool] = lambda: False) -> list[FramingCandidate]:
    """Return the framings that explain these bytes, the best first.

    The search takes seconds. It ends early, without a result, once `is_cancelled` returns True.
    """
    data = data[:BYTES_SEARCHED]
    found = [*_judge_all(data, find_lengths(data), is_cancelled)]
    if not any(one.check and not one.is_of_one_size for one in found):
        found += _judge_all(data, find_fixed_sizes(data), is_cancelled)
    if is_cancelled():
        return []
    ranked = sorted(found, key=_rank)
    if ranked and ranked[0].check:
        # What has no check, or only one without a name, is the same frames, read from another place.
        is_named = ranked[0].check.check.parameters is None
        ranked = [one for one in ranked if one.check and (one.check.check.parameters is None or not is_named)]
    by_layout: dict[object, FramingCandidate] = {}
    for candidate in ranked:
        by_layout.setdefault(_layout_of(candidate), candidate)
    return [*by_layout.values()][:CANDIDATES_KEPT]


def _judge_all(data: bytes, fits: Iterable[LengthFit], is_cancelled: Callable[[], bool]) -> Iterator[FramingCandidate]:
    """Yield the candidates that follow from lengths. Without a check, only the likelier reading of each is one."""
    for fit in fits:
        for number, reading in enumerate(_list_readings(data, _widen(data, fit))):
            if is_cancelled():
                return
            candidate = _judge(data, reading)
            if candidate is None:
                continue
            most = MOST_CHANCE if candidate.check else MOST_CHANCE_UNCHECKED
            if candidate.chance <= most and (candidate.check or not number):
                yield candidate


def _layout_of(candidate: FramingCandidate) -> object:
    """Return where length and check are: candidates that differ in their heads only are the same frames."""
    length, check = candidate.length, candidate.check and candidate.check.check
    return length.at, length.size, length.order, length.adds, check and (check.name, check.start), candidate.tail


def _rank(candidate: FramingCandidate) -> tuple[object, ...]:
    check = candidate.check and candidate.check.check
    has_zero = any(0 in head for head in candidate.heads)
    first = (check is None, bool(check and check.parameters), has_zero)
    frames = candidate.frames * (1 if candidate.length.size else ONE_SIZE_BONUS)
    return (*first, -frames, bool(candidate.tail), len(candidate.heads), -len(candidate.heads[0]))


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


def _list_readings(data: bytes, fit: LengthFit) -> Iterator[_FramesReading]:
    """Yield the ways to read the frames: bytes that are the same before each begin are of the head, or of a tail."""
    before = _find_common_before(data, fit)
    heads = tuple(sorted(_extend_head(data, fit, start) for start in fit.starts))
    tail = _FramesReading(heads, before, fit, [(begin, end - len(before)) for begin, end in fit.frames])
    size = len(before)
    if not size:
        yield tail
        return
    shifted = replace(fit, at=fit.at + size if fit.size else 0)
    spans = [(begin - size, end - size) for begin, end in fit.frames if begin >= size]
    head = _FramesReading(tuple(before + head for head in heads), b"", shifted, spans)
    yield from (head, tail) if _is_before_first(data, fit, before) else (tail, head)


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
    """Return the bytes that stand before the begin of each frame that follows another one."""
    ends = {end for _, end in fit.frames}
    begins = [begin for begin, _ in fit.frames if begin in ends]
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


def _judge(data: bytes, reading: _FramesReading) -> FramingCandidate | None:
    """Return the candidate of a reading with its check; None if too little speaks for it."""
    frames = [data[begin:end] for begin, end in reading.spans]
    places = max(len(frames), _count_places(data, reading))
    check = find_check(frames)
    if check is None:
        if len(frames) < LEAST_SHARE * places or not _is_clear(data, reading):
            return None
        chance = _chance_of_length(len(frames), places, reading.length.places / len(data))
        return FramingCandidate(reading.heads, reading.length, None, reading.tail, len(frames), places, chance)
    heads, right = _add_heads(data, reading, check.check)
    if sum(map(len, right)) < LEAST_COVERED * len(data):
        return None
    bits = 8 * check.check.size * (len(right) - 1) - log2(check.tried)
    chance = max(SMALLEST_CHANCE, 2.0 ** -min(bits, 1000))
    of = max(len(right), _count_places(data, replace(reading, heads=heads)))
    return FramingCandidate(heads, reading.length, check, reading.tail, len(right), of, chance)


def _is_clear(data: bytes, reading: _FramesReading) -> bool:
    """Return True if frames without a known check are no accident of text, or of bytes that repeat."""
    if sum(byte in TEXT for byte in data) >= MOST_TEXT * len(data) or any(not any(head) for head in reading.heads):
        return False
    sizes = Counter(end - begin for begin, end in reading.spans)
    covered = sum(size * count for size, count in sizes.items())
    is_varied = max(sizes.values(), default=0) <= MOST_OF_ONE_SIZE * len(reading.spans)
    return is_varied and covered >= LEAST_COVERED * len(data)


def _add_heads(data: bytes, reading: _FramesReading, check: Check) -> tuple[tuple[bytes, ...], list[bytes]]:
    """Return the heads of all frames with this length and check, and the frames.

    A further head is one only if it adds frames to those of the others.
    """
    heads = reading.heads
    right = _find_frames(data, reading, check, heads)
    known = {head[0] for head in heads}
    least = max(LEAST_MORE, len(reading.spans) // 20, LEAST_MORE_BITS // (8 * check.size) + 1)
    for first in range(256):
        more = [] if first in known else _find_frames(data, reading, check, [bytes([first])])
        if len({*more}) < least:
            continue
        longer = tuple(sorted((*heads, _common_beginning(more, len(reading.heads[0])))))
        found = _find_frames(data, reading, check, longer)
        if len({*found}) >= len({*right}) + least:
            heads, right = longer, found
    return heads, right


def _find_frames(data: bytes, reading: _FramesReading, check: Check, heads: Iterable[bytes]) -> list[bytes]:
    """Return the frames with this length, check and tail that begin with one of the heads."""
    found: list[bytes] = []
    at, length, tail = 0, reading.length, reading.tail
    pattern = re.compile(b"|".join(map(re.escape, heads)))
    while place := pattern.search(data, at):
        at = place.start()
        number = int.from_bytes(data[at + length.at : at + length.at + length.size], length.order)
        stop = at + number + length.adds - len(tail)
        is_long = at + length.at + length.size + check.size <= stop <= len(data)
        if is_long and check.is_right(raw := data[at:stop], len(raw)) and data.startswith(tail, stop):
            found.append(raw)
            at = stop + len(tail)
        else:
            at += 1
    return found


def _common_beginning(frames: Sequence[bytes], longest: int) -> bytes:
    """Return the bytes that nearly all frames begin with, at most so many. The check may not cover the head."""
    found = frames[0][:1]
    while len(found) < longest:
        byte, count = Counter(frame[len(found)] for frame in frames).most_common(1)[0]
        if count < SAME * len(frames):
            break
        found += bytes([byte])
    return found


def _count_places(data: bytes, reading: _FramesReading) -> int:
    """Return how many times the heads stand outside of frames that were found, and in their place."""
    count, at, ends = 0, 0, dict(reading.spans)
    while at < len(data):
        if at in ends:
            count, at = count + 1, max(at + 1, ends[at])
        else:
            count += data.startswith(reading.heads, at)
            at += 1
    return count


def _chance_of_length(frames: int, places: int, share: float) -> float:
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
