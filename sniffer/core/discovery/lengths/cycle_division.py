"""Divide bytes into frames of a few sizes by the head that recurs in them, as in those of frames that are sent in turn.

In: bytes, and the words of two bytes that may begin frames. Out: the frames of several sizes; none if no head is shown.
What shows a head are the places where noise stands before it: no other bytes of a frame do then, as they do before
bytes in the middle of one.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from sniffer.core.discovery.heads.head_search import Extent
from sniffer.core.discovery.lengths.period_search import SAME, PeriodFit

WORDS_TRIED = 6
"""Frequent words that are tried where no cycle shows any."""

LEAST_SIZE = 4
"""The size of the smallest frame."""

LEAST_USUAL, USUAL_SHARE = 3, 0.02
"""How often a distance from one head to the next must be there to be the size of a frame, and its share of them."""

LEAST_NOISY = 3
"""Heads with noise before them that there must be."""

BYTES_BEFORE, MOST_ALIKE = 6, 0.6
"""Bytes before these that are compared, and the largest share of them that may be alike."""

LEAST_COVERED = 0.8
"""The share of the bytes that frames of a usual size must have."""


def find_frames_of_words(data: bytes, words: Sequence[bytes]) -> list[Extent]:
    """Return the frames that begin with one of these words, or with one of some that begin alike.

    Returns nothing if no word is shown to begin frames, or if those have one size.
    """
    shown = [word for word in words if _begins_frames(data, _find_all(data, [word]))]
    firsts = Counter(word[0] for word in shown)
    found = [
        frames
        for first, _ in firsts.most_common()
        if (frames := _list_frames(data, _find_all(data, [word for word in shown if word[0] == first])))
    ]
    best = max(found, key=len, default=[])
    return best if len({end - begin for begin, end in best}) > 1 else []


def find_flag(data: bytes, frames: Sequence[Extent]) -> bytes:
    """Return the byte with which nearly all frames begin and end, as that of HDLC does; empty if there is none."""
    flags = Counter(data[begin] for begin, end in frames if data[begin] == data[end - 1])
    return next((bytes([byte]) for byte, count in flags.most_common(1) if count >= SAME * len(frames)), b"")


def list_cycle_words(fit: PeriodFit) -> list[bytes]:
    """Return the words of two different bytes that recur within a cycle, and do not begin with a zero.

    Two equal ones may be the end of a frame and the begin of the next.
    """
    pairs = pairwise((*fit.common, fit.common[0]))
    counts = Counter(bytes((one, other)) for one, other in pairs if one and other not in (None, one))
    return [word for word, count in counts.items() if count > 1]


def list_frequent_words(data: bytes) -> list[bytes]:
    """Return the most frequent words of two different bytes that do not begin with a zero."""
    counts = Counter(pair for pair in pairwise(data) if pair[0] and pair[0] != pair[1])
    return [bytes(pair) for pair, _ in counts.most_common(WORDS_TRIED)]


def _find_all(data: bytes, words: Sequence[bytes]) -> list[int]:
    """Return where one of these words stands, in order, without those that overlap the one before."""
    found: list[int] = []
    for place in re.finditer(b"|".join(map(re.escape, words)), data):
        if not found or place.start() >= found[-1] + LEAST_SIZE:
            found.append(place.start())
    return found


def _find_sizes(places: Sequence[int]) -> set[int]:
    """Return the usual distances from one place to the next."""
    counts = Counter(after - before for before, after in pairwise(places))
    return {size for size, count in counts.items() if count >= max(LEAST_USUAL, USUAL_SHARE * len(places))}


def _begins_frames(data: bytes, places: Sequence[int]) -> bool:
    """Return True if what stands before a word where it does not follow a frame is never alike."""
    sizes = _find_sizes(places)
    # Where one place is damaged, the next one follows two frames.
    known = sizes | {one + other for one in sizes for other in sizes}
    noisy = [after for before, after in pairwise(places) if after - before not in known]
    if len(noisy) < LEAST_NOISY:
        return False
    before = (Counter(data[at - by] for at in noisy) for by in range(1, BYTES_BEFORE + 1))
    return all(max(counts.values()) <= MOST_ALIKE * len(noisy) for counts in before)


def _list_frames(data: bytes, places: Sequence[int]) -> list[Extent]:
    """Return the frames that have a usual size; nothing if these are few."""
    sizes = _find_sizes(places)
    frames = [(before, after) for before, after in pairwise(places) if after - before in sizes]
    return frames if sum(end - begin for begin, end in frames) >= LEAST_COVERED * len(data) else []
