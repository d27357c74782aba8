"""Find the heads of frames whose length and check are known.

In: bytes, and one reading of their frames. Out: the heads that begin frames with a right check, and these frames. A
byte that is damaged now and then, or that stands by chance where a frame ends, is no head.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from sniffer.core.discovery.checks.check_search import has_high_byte
from sniffer.core.discovery.heads.boundary_search import SAME, find_common
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.wire.checks import Check

LEAST_MORE, LEAST_MORE_BITS = 4, 32
"""Different frames that a further head must have, and bits of their checks that must agree."""

LONGEST_HEAD = 4

MOST_BRANCHES = 2
"""Heads that may differ only in their last byte, one for each direction."""

LEAST_FILLING, LEAST_DIFFERENT, LEAST_ALIKE = 3, 2, 0.2
"""Frames of a rare head that must fill the space between others exactly, how many of them must differ, and their share
of the other frames if none do.
"""

CONFIRMING = b"\x06\x15"
"""The control characters that confirm a frame or refuse it: ACK and NAK."""

LEAST_WITH_HEAD = 0.97
"""The share of the frames that must have one of the heads."""

LEAST_OF_HEAD = 0.03
"""The share of the frames that a head must begin."""

LEAST_WORD = 2
"""The size of a head that stands after a byte which differs from frame to frame, and is no part of it."""

Extent = tuple[int, int]
"""The positions where a frame begins and ends."""


class FramesReading(Struct, frozen=True):
    """One way to read the frames of a length: the heads, and the frames as offsets of their begin and end."""

    heads: tuple[bytes, ...]
    tail: bytes
    length: LengthFit
    spans: Sequence[Extent]


def find_heads(data: bytes, reading: FramesReading, check: Check) -> tuple[tuple[bytes, ...], list[Extent]]:
    """Return the heads of all frames with this length and check, and where these frames are without their tail.

    A further head is one only if it adds frames to those of the others.
    """
    heads = reading.heads
    right = _find_frames(data, reading, check, heads)
    known = {head[0] for head in heads}
    least = max(LEAST_MORE, LEAST_MORE_BITS // (8 * check.size) + 1)
    times = max(least, len(reading.spans) // 20)
    for first in range(256):
        more = [] if first in known else _cut(data, _find_frames(data, reading, check, [bytes([first])]))
        # The check of nothing but zeros is zero, wherever they stand.
        more = [frame for frame in more if any(frame[check.start :])]
        if len({*more}) < least or len(more) < times:
            continue
        longer = tuple(sorted((*heads, _find_common_beginning(more, len(reading.heads[0])))))
        found = _find_frames(data, reading, check, longer)
        is_more = len(found) >= len(right) + times
        if is_more and len({*_cut(data, found)}) >= len({*_cut(data, right)}) + least:
            heads, right = longer, found
    start = check.start if check.start <= min(reading.length.at, LONGEST_HEAD) else 0
    if rare := _find_rare_head(data, reading, check, heads, right):
        heads = tuple(sorted((*heads, rare)))
        right = _find_frames(data, reading, check, heads)
        times = min(times, sum(data.startswith(rare, begin) for begin, _ in right))
    exact = tuple(sorted(list_exact_heads(heads, _cut(data, right), start, times)))
    return (exact, _find_frames(data, reading, check, exact)) if exact not in ((), heads) else (heads, right)


def _find_rare_head(
    data: bytes, reading: FramesReading, check: Check, heads: Sequence[bytes], spans: Sequence[Extent]
) -> bytes:
    """Return the head of the frames that fill the space between others exactly; empty if few do.

    A board that is polled sends some frames seldom, and others always alike. Both their length and their check say that
    they are frames. A control character that confirms a frame may stand on either side.
    """
    tail = len(reading.tail)
    filling: defaultdict[int, list[bytes]] = defaultdict(list)
    for (_, end), (begin, _) in pairwise(spans):
        between = data[end + tail : begin].strip(CONFIRMING)
        if between and not between.startswith(tuple(heads)):
            first = _find_frames(between, reading, check, [between[:1]])
            if first and first[0][0] == 0 and sum(stop - at + tail for at, stop in first) == len(between):
                filling[between[0]].append(between[: first[0][1]])
    best = max(filling.values(), key=len, default=[])
    # What begins frames may be the high byte of the sum before, which is rarely another one.
    longer = [data[begin : end + 1] for begin, end in spans]
    least = LEAST_FILLING if len({*best}) >= LEAST_DIFFERENT else max(LEAST_FILLING, LEAST_ALIKE * len(spans))
    if len(best) < least or has_high_byte(check, longer):
        return b""
    return _find_common_beginning(best, len(reading.heads[0]))


def lengthen_heads(
    data: bytes, heads: tuple[bytes, ...], spans: list[Extent], length: LengthFit, check: Check
) -> tuple[tuple[bytes, ...], list[Extent]]:
    """Return a single head with the bytes that all of its frames go on with, and where these frames are.

    It ends before a zero, unless it begins with one, before the length, and where the check begins to cover the frame.
    """
    if len(heads) > 1 or 0 < check.start <= min(length.at, LONGEST_HEAD):
        return heads, spans
    longest = min(length.at or check.start or LONGEST_HEAD, LONGEST_HEAD)
    common = find_common(data, [begin for begin, _ in spans], longest)
    zeros = len(common) - len(common.lstrip(b"\0"))
    whole = common[:zeros] + common[zeros:].split(b"\0")[0]
    if len(whole) <= len(heads[0]):
        return heads, spans
    return (whole,), [(begin, end) for begin, end in spans if data.startswith(whole, begin)]


def drop_rare_heads(data: bytes, reading: FramesReading, least: int) -> FramesReading:
    """Return the reading without the heads that begin fewer frames, and without these frames."""
    spans = {
        head: [(begin, end) for begin, end in reading.spans if data.startswith(head, begin)] for head in reading.heads
    }
    heads = tuple(head for head in reading.heads if len(spans[head]) >= least)
    if heads == reading.heads:
        return reading
    return FramesReading(heads, reading.tail, reading.length, sorted(span for head in heads for span in spans[head]))


def list_exact_heads(heads: Sequence[bytes], frames: Sequence[bytes], start: int, least: int) -> Iterable[bytes]:
    """Yield the heads without those of fewer frames. One before which the check begins is complete where it begins.

    Its last byte may have one value for each direction.
    """
    for head in heads:
        own = [frame for frame in frames if frame.startswith(head)]
        if len(heads) > 1 and len(own) < least:
            continue
        longer = Counter(frame[:start] for frame in own)
        branches = [branch for branch, count in longer.most_common(MOST_BRANCHES) if count >= least]
        is_split = len(head) < start and sum(longer[branch] for branch in branches) >= SAME * len(own)
        yield from branches if is_split and branches else [head]


def _cut(data: bytes, spans: Iterable[Extent]) -> list[bytes]:
    return [data[begin:end] for begin, end in spans]


def _find_frames(data: bytes, reading: FramesReading, check: Check, heads: Iterable[bytes]) -> list[Extent]:
    """Return where the frames are, without their tail, with this length, check and tail and one of the heads."""
    found: list[Extent] = []
    at, length, tail = 0, reading.length, reading.tail
    pattern = re.compile(b"|".join(map(re.escape, heads)))
    while place := pattern.search(data, at):
        at = place.start()
        stop = at + length.count(data, at) + length.adds - len(tail)
        is_long = at + length.at + length.size + check.size <= stop <= len(data)
        if is_long and check.is_right(raw := data[at:stop], len(raw)) and data.startswith(tail, stop):
            found.append((at, stop))
            at = stop + len(tail)
        else:
            at += 1
    return found


def _find_common_beginning(frames: Sequence[bytes], longest: int) -> bytes:
    """Return the bytes, `longest` at most, that nearly all frames begin with. The check may not cover the head."""
    found = frames[0][:1]
    while len(found) < longest:
        byte, count = Counter(frame[len(found)] for frame in frames).most_common(1)[0]
        if count < SAME * len(frames):
            break
        found += bytes([byte])
    return found


def differ_in_first(heads: Sequence[bytes], start: int) -> bool:
    """Return True if heads differ in their first byte only, and no check, whose cover begins at `start`, covers them.

    Such a byte is rather noise, or the last one of the frame before.
    """
    rests = {head[1 : min(start, *map(len, heads))] for head in heads}
    return len(heads) > 1 == len(rests) and all(LEAST_WORD <= len(rest) < start and all(rest) for rest in rests)


def list_heads(frames: Sequence[bytes], share: float = LEAST_WITH_HEAD) -> tuple[bytes, ...]:
    """Return the heads of these frames, one or two; none if they begin with more different bytes.

    At least this share of the frames must have one of them.
    """
    firsts = Counter(frame[0] for frame in frames)
    most = firsts.most_common(MOST_BRANCHES)
    known = [byte for byte, count in most if count >= max(2, LEAST_OF_HEAD * len(frames))]
    if most[0][1] >= share * len(frames):
        known = known[:1]
    if sum(firsts[byte] for byte in known) < share * len(frames):
        return ()
    shortest = min(map(len, frames))
    found = []
    for byte in sorted(known):
        own = [frame for frame in frames if frame[0] == byte]
        joined, size = b"".join(frame[:shortest] for frame in own), min(shortest, LONGEST_HEAD)
        common = find_common(joined, range(0, len(joined), shortest), size, share)
        found.append(common[:1] + common[1:].split(b"\0")[0])
    return tuple(found)
