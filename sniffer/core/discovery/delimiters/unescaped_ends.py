"""Find the bytes that may end frames without an escape, where nothing else explains these.

In: bytes. Out: an end of one byte or of several that divides them into pieces of different sizes.
"""

import re
from collections import Counter
from collections.abc import Iterator

from sniffer.core.discovery.delimiters.delimiter_search import ENDS_TRIED, LEAST_FRAMES, LEAST_SHARE
from sniffer.core.wire.coding.delimiter import Delimiter

LONG_END = 3
"""The size of the shortest end of several bytes that is looked for where nothing else ends a frame."""

LEAST_APART = 3
"""Ends without the head of the next frame that there must be, and as many heads without an end before them."""

LONGEST_PIECE = 255

MOST_OF_ONE_SIZE = 0.8
"""The share of the pieces between two ends that may have one size: frames of one size have the same bytes anyway."""

LEAST_DIFFERENT, DIFFERENT_SHARE = 12, 0.15
"""The least number of pieces that must differ: few frames that repeat have any byte at the same places."""

SMALLEST_SIGN = 0x30
"""The smallest byte in an end of several bytes: smaller ones are numbers."""

END_SHARE = 0.04
"""The share of all bytes that such ends must have, or ends of one byte."""

SMALLEST_STATUS, LEAST_STATUS, SMALLEST_PIECE = 0x80, 0.75, 3
"""The smallest byte that is no content of frames of seven bits; the share of such bytes that must begin or end frames,
as others are noise; and how many bytes there must be for each of them.
"""

LEAST_ENDS, MOST_HEADS, FOLLOWED, SMALLEST_END = 30, 2, 0.93, 0xF0
"""How often an end of one byte must be there, how often it must be followed by one of so many bytes, and the smallest
byte that is one: contents without escapes seldom have large ones.
"""

LEAST_RUNS = 3
"""Different sizes that the runs of a byte must have which an idle line sends."""

ALMOST = 0.98
"""The share of the places with an end that must go on with the same byte for that to be a part of the end."""


def list_unescaped(data: bytes) -> Iterator[Delimiter]:
    """Yield an end without an escape that stands after pieces of different sizes."""
    if end := _find_septet_end(data) or _find_idle(data):
        yield Delimiter(end)
        return
    single, several = _find_single_end(data), _find_long_end(data)
    # One byte of an end of several has no more frames than all of it.
    if several and (not single or data.count(several) >= LEAST_SHARE * data.count(single)):
        yield Delimiter(_cut_head(data, _lengthen(data, several)))
    elif single:
        yield Delimiter(single)


def _find_septet_end(data: bytes) -> bytes:
    """Return the byte that ends frames of bytes below 80, as of MIDI, which one other byte begins; empty if none does.

    Hardly any other byte is as large then, and the begin nearly always stands after the end.
    """
    counts = Counter(byte for byte in data if byte >= SMALLEST_STATUS)
    both = counts.most_common(2)
    if len(both) < 2 or sum(count for _, count in both) < LEAST_STATUS * counts.total() or both[1][1] < LEAST_FRAMES:
        return b""
    for (first, _), (end, count) in (both, both[::-1]):
        is_followed = data.count(bytes([end, first])) + 1 >= LEAST_SHARE * count
        if is_followed and sum(counts.values()) * SMALLEST_PIECE <= len(data) and _divides(data, bytes([end])):
            return bytes([end])
    return b""


def _find_idle(data: bytes) -> bytes:
    """Return the byte that an idle line sends between frames, in runs of different sizes; empty if there is none.

    It stands hardly anywhere else. A zero is also what frames are full of.
    """
    for byte, count in Counter(data).most_common(ENDS_TRIED):
        runs = Counter(len(found[0]) for found in re.finditer(re.escape(bytes([byte])) + b"+", data))
        alone, most = runs.pop(1, 0), max(runs.values(), default=0)
        is_idle = byte and len(runs) >= LEAST_RUNS and count >= LEAST_ENDS and alone <= most * len(runs)
        is_idle = is_idle and most <= MOST_OF_ONE_SIZE * runs.total()
        if is_idle and runs.total() >= LEAST_FRAMES and _divides(data, bytes([byte])):
            return bytes([byte])
    return b""


def _find_single_end(data: bytes) -> bytes:
    """Return the byte after which nearly always one of two others stands, as if it ended frames; empty if none."""
    for byte, count in Counter(data).most_common(ENDS_TRIED):
        followers = Counter(data[at + 1] for at in range(len(data) - 1) if data[at] == byte)
        before = Counter(data[at - 1] for at in range(1, len(data)) if data[at] == byte)
        signs = sum(often for _, often in before.most_common(MOST_HEADS))
        heads = sum(often for head, often in followers.most_common(MOST_HEADS) if head not in (0, byte))
        is_often = byte >= SMALLEST_END and count >= max(LEAST_ENDS, END_SHARE * len(data))
        if is_often and signs < FOLLOWED * count <= heads and _divides(data, bytes([byte])):
            return bytes([byte])
    return b""


def _find_long_end(data: bytes) -> bytes:
    """Return the most frequent bytes in a row that divide all others into short pieces; empty if there are none."""
    counts = Counter(data[at : at + LONG_END] for at in range(len(data) - LONG_END + 1))
    for end, count in counts.most_common(LONG_END):
        if (
            min(end) >= SMALLEST_SIGN
            and count >= max(LEAST_FRAMES, END_SHARE * len(data) / LONG_END)
            and _divides(data, end)
        ):
            return end
    return b""


def _lengthen(data: bytes, end: bytes) -> bytes:
    """Return an end with the bytes that stand before nearly all of them, and after, up to the last one of the data."""
    while True:
        count = data.count(end)
        before = Counter(data[at - 1 : at] for at in range(1, len(data)) if data.startswith(end, at))
        after = Counter(data[at : at + 1] for at in range(len(end), len(data)) if data.endswith(end, 0, at))
        first, last = (one.most_common(1)[0] for one in (before, after))
        if first[1] >= ALMOST * count and first[0] != b"\0":
            end = first[0] + end
        elif last[1] >= ALMOST * count and not data.endswith(end):
            end += last[0]
        else:
            return end


def _cut_head(data: bytes, end: bytes) -> bytes:
    """Return the bytes that always stand between two frames without those that are the head of the second.

    Noise stands after the end of a frame without the head of the next one, and before this head without an end.
    """
    votes: Counter[int] = Counter()
    for size in (size for size in range(1, len(end)) if end[size] != end[size - 1]):
        tail, head = end[:size], end[size:]
        after = (data.startswith(end[: size + 1], at.start()) for at in re.finditer(re.escape(tail), data))
        before = (data.endswith(end[size - 1 :], 0, at.end()) for at in re.finditer(re.escape(head), data))
        votes[size] = min([*after].count(False), [*before].count(False))
    size, count = [*votes.most_common(1), (0, 0)][0]
    return end[:size] if count >= LEAST_APART else end


def _divides(data: bytes, end: bytes) -> bool:
    """Return True if pieces of several sizes stand before such an end, none of them long, and not always the same."""
    pieces = [piece for piece in data.split(end) if piece]
    sizes = Counter(map(len, pieces))
    is_short = max(sizes, default=0) <= LONGEST_PIECE
    if len({*pieces}) < max(LEAST_DIFFERENT, DIFFERENT_SHARE * len(pieces)):
        return False
    return is_short and len(sizes) > 2 and max(sizes.values()) <= MOST_OF_ONE_SIZE * len(pieces)
