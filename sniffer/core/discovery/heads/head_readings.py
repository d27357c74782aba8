"""Choose which of the bytes that all frames begin with are their head.

In: a candidate with the longest head, and its frames. Out: the candidate with each head that it may have, the
conventional one first. Nothing decides between them: what never changes after the first byte may be an address, a
version or a command as well. By convention a head ends where the check begins to cover the frame, and after a usual
synchronization word. Where payloads have bytes that never change, so may the bytes before them: then a small number
is an address or a command, and no part of a head.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.heads.boundary_search import SAME

LONGEST_SHORTER = 4
"""The longest head that is listed as a shorter one than that of a candidate."""

LONGEST_UNCOVERED = 4
"""The most bytes before the cover of a check that are taken for a head."""

WORDS = tuple(
    map(bytes.fromhex, ("55aa", "aa55", "5aa5", "a55a", "eb90", "90eb", "ff55", "ff03", "aaff", "7ea1", "ef01"))
)
"""Synchronization words in wide use: patterns of alternating bits, and those of some makers (`EB 90`: telecontrol,
`FF 03`: PPP, `EF 01`: fingerprint readers, `7E A1`: batteries).
"""

LONG_WORDS = tuple(map(bytes.fromhex, ("fffffd00", "ff00ffa5", "aaff0300")))
"""Synchronization words that have a zero (Dynamixel 2 of Robotis, pumps of Pentair, radars of Hi-Link)."""

MOST_DIRECTIONS = 2
"""Heads that there may be for one in each direction."""

MODBUS, MODBUS_ADDS = "CRC-16/MODBUS", 5
"""The check of Modbus RTU, and what its answers have beside the bytes that their length counts."""

SMALLEST_SIGN = 0x20
"""The smallest byte that may be of a head after its first byte where others may be numbers: ASCII signs begin here."""

OFFSETS_COMPARED, LEAST_FRAMES = 24, 8
MOSTLY = 0.6
LEAST_CONSTANT = 1 / 8
"""The share of the frames that must have the same byte at an offset, and the share of such offsets after the head from
which on bytes that hardly change are usual.
"""


def list_heads_by_convention(candidate: FramingCandidate, frames: Sequence[bytes]) -> list[FramingCandidate]:
    """Return the candidate with each head that it may have, the conventional one first, then the longest one first."""
    candidate = _complete_word(candidate, frames)
    longest = max((len(head) for head in candidate.heads), default=0)
    found = [candidate, *_list_shorter(candidate, longest)]
    usual = _find_size(candidate, frames, longest)
    return sorted(found, key=lambda one: max(map(len, one.heads), default=0) != usual)


def _complete_word(candidate: FramingCandidate, frames: Sequence[bytes]) -> FramingCandidate:
    """Return the candidate with the synchronization word as its head with which nearly all frames begin, if one is."""
    for word in LONG_WORDS:
        if sum(frame.startswith(word) for frame in frames) >= SAME * len(frames) > 0:
            return replace(candidate, heads=(word,))
    return candidate


def _list_shorter(candidate: FramingCandidate, longest: int) -> Iterator[FramingCandidate]:
    """Yield the candidate with each shorter head.

    It has none if it has several of one byte: they may be a number that takes few values.
    """
    for size in range(min(longest - 1, LONGEST_SHORTER), 0, -1):
        heads = tuple(dict.fromkeys(head[:size] for head in candidate.heads))
        # A head of each direction is part of what says how long its frames are.
        if len(heads) == len(candidate.heads) or not any(shape.head is not None for shape in candidate.shapes):
            yield replace(candidate, heads=heads, equals=())
    by_head = any(shape.head is not None for shape in candidate.shapes)
    is_short = longest == 1 or len(candidate.heads) > MOST_DIRECTIONS
    if len(candidate.heads) > 1 and is_short and not by_head and not candidate.delimiter:
        yield replace(candidate, heads=(), equals=())


def _find_size(candidate: FramingCandidate, frames: Sequence[bytes], longest: int) -> int:
    """Return the size of the conventional head."""
    if candidate.check and candidate.check.check.name == MODBUS and candidate.length.adds == MODBUS_ADDS:
        # After the address stands the function.
        return 1
    if len(candidate.heads) > MOST_DIRECTIONS and not candidate.length.size:
        # Frames of one size that begin with one of several bytes begin with a command.
        return 0
    if candidate.heads and candidate.heads[0] in LONG_WORDS and len(candidate.heads) == 1:
        return longest
    if words := max(map(_count_words, candidate.heads), default=0):
        return words
    start = candidate.check.check.start if candidate.check else 0
    if 0 < start <= min(longest, LONGEST_UNCOVERED):
        return start
    if len({*map(len, candidate.heads)}) > 1:
        # What one head has more may be a part of all of its frames by chance.
        longest = min(map(len, candidate.heads))
    else:
        longest -= _count_common_end(candidate.heads)
    return min(longest, _count_signs(candidate.heads)) if has_constants(candidate, frames) else longest


def _count_words(head: bytes) -> int:
    """Return the number of these bytes that are of synchronization words."""
    size = 0
    while head[size : size + 2] in WORDS:
        size += 2
    return size


def _count_signs(heads: Sequence[bytes]) -> int:
    """Return the number of bytes of the heads before the first small number after the first byte of one.

    Two zeros or more that a head begins with are of it, and its first byte where it is repeated.
    """
    return max(map(_find_number, heads), default=0)


def _find_number(head: bytes) -> int:
    first = len(head) - len(head.lstrip(head[:1])) + (head[:2] == bytes(2))
    return next((at for at in range(first, len(head)) if head[at] < SMALLEST_SIGN), len(head))


def _count_common_end(heads: Sequence[bytes]) -> int:
    """Return the number of small numbers that two heads have in common at their end: they are no part of the heads."""
    size = 0
    while len(heads) > 1 and len({head[-1 - size :] for head in heads}) == 1 and size + 1 < min(map(len, heads)):
        if heads[0][-1 - size] >= SMALLEST_SIGN:
            break
        size += 1
    return size


def has_constants(candidate: FramingCandidate, frames: Sequence[bytes]) -> bool:
    """Return True if bytes that hardly change are usual after the head and the length of these frames.

    Frames with the same byte there are compared: it may be a command.
    """
    length = candidate.length
    first = max((length.at + length.size, *map(len, candidate.heads)))
    back = candidate.check.check.size if candidate.check else 0
    groups: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for frame in frames:
        groups[frame[first : first + 1]].append(frame[first + 1 : len(frame) - back])
        groups[b""].append(frame[first : len(frame) - back])
    constant = compared = 0
    for own in groups.values():
        for at in range(OFFSETS_COMPARED):
            values = Counter(frame[at] for frame in own if at < len(frame))
            if values.total() >= max(LEAST_FRAMES, len(own) / 4):
                compared += 1
                constant += values.most_common(1)[0][1] >= MOSTLY * values.total()
    return constant > 0 and constant >= LEAST_CONSTANT * compared
