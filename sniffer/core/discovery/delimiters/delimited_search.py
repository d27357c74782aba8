"""Find frames that end where certain bytes stand: SLIP, HDLC and other escapes, and lines of text.

In: bytes. Out: candidates with a delimiter. Heads and check are looked for in the content of the frames, without ends
and escapes. Lines are proposed only with a check or a head, as nothing else distinguishes a frame from other text.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from math import log2

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_candidate import SMALLEST_CHANCE
from sniffer.core.discovery.checks.check_search import CheckFit, find_check, find_text_check
from sniffer.core.discovery.delimiters.delimiter_search import (
    CONTROLS,
    ETX,
    KNOWN,
    LEAST_FRAMES,
    SLIP,
    SURE,
    escape_of,
    has_escapes,
    is_line,
    is_text,
    list_delimiters,
    list_signs,
)
from sniffer.core.discovery.delimiters.unescaped_ends import LONG_END, list_unescaped
from sniffer.core.discovery.equal_readings import list_equal_checks
from sniffer.core.discovery.framing_candidate import DOUBT, FramingCandidate
from sniffer.core.discovery.heads.head_readings import list_heads_by_convention
from sniffer.core.discovery.heads.head_search import list_heads
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.wire.coding.delimiter import Delimiter

LEAST_WITH_HEAD = 0.8
"""The share of the pieces between ends that must have the head, if no check is known: some are noise."""

LEAST_COVERED = 0.6
"""The share of the bytes that must be in frames with a right check, or with the head if there is none."""

LEAST_JOINED = 0.5
"""The share of frames without a known check which the next one must follow directly: what stands between may be one."""

SMALLEST_CONTENT = 3
"""The size of the smallest content that can be a frame: what is smaller are idle ends, and pieces."""

LEAST_OF_SIZE, LEAST_FIXED = 0.9, 4
"""The share of lines that must have one size, and one character at a place, and the places that must have one, for the
lines to be a table rather than text.
"""

HEAD_CHANCE = 1 / 16
"""The chance that a frame without a check begins with the head by accident, in text or in what repeats."""


def find_delimited(data: bytes) -> list[FramingCandidate]:
    """Return the candidates with a delimiter, those with a check first, then those with most bytes in frames."""
    found = [candidate for kind in list_delimiters(data) if (candidate := _propose(data, kind))]
    return sorted(found, key=lambda one: (one.check is None, -one.covered))


def find_signed(data: bytes) -> list[FramingCandidate]:
    """Return the candidates of text without lines that ends with a sign after the digits of a check."""
    found = (_propose(data, kind) for kind in list_signs(data))
    return [one for one in found if one and one.check and one.check.check.digits]


def find_unescaped(data: bytes) -> list[FramingCandidate]:
    """Return the candidate of frames that end with certain bytes, of which nothing else is known."""
    is_between = min(data.count(b"\x02"), data.count(ETX.end)) >= LEAST_FRAMES
    kinds = ([ETX] if is_between else []) if is_text(data) else list_unescaped(data)
    return [candidate for kind in kinds if (candidate := _propose(data, kind))]


def is_sure(data: bytes, kind: Delimiter | None) -> bool:
    """Return True if the bytes show more of a delimiter than that it ends frames: text, or known escapes."""
    if kind is None:
        return False
    if is_line(kind):
        return is_text(data)
    if kind in SURE or kind.begin:
        return True
    return any(kind.end == known.end and has_escapes(data, known) for known in KNOWN)


def has_both_ends(data: bytes, kind: Delimiter) -> bool:
    """Return True if the end of a frame often follows that of another one, as its begin."""
    return data.count(2 * kind.end) * 3 >= data.count(kind.end)


def stands_at_both_ends(data: bytes, kind: Delimiter) -> bool:
    """Return True if the end of SLIP begins and ends the bytes, and often stands twice between.

    That of HDLC is also a head and a tail of other frames.
    """
    return kind.end == SLIP.end and data.startswith(kind.end) and data.endswith(kind.end) and has_both_ends(data, kind)


def _propose(data: bytes, kind: Delimiter) -> FramingCandidate | None:
    """Return the candidate of a delimiter; None if too little speaks for it."""
    pieces = {end: kind.unwrap(raw) for end, raw in _split(data, kind)}
    whole = {end: content for end, content in pieces.items() if len(content) >= SMALLEST_CONTENT}
    if len({*whole.values()}) < LEAST_FRAMES:
        return None
    contents = [*whole.values()]
    found = (find_text_check(contents) if is_text(data) else None) or find_check(contents)
    if found is None:
        return _propose_unchecked(data, kind, whole)
    check = found.check
    right = {
        end: one for end, one in whole.items() if len(one) > check.start + check.size and check.is_right(one, len(one))
    }
    bits = 8 * check.number_size * (len({*right.values()}) - 1) - log2(found.tried)
    chance = max(SMALLEST_CHANCE, 2.0 ** -min(bits, 990.0))
    return _build(data, kind, right, len(whole), list_heads([*right.values()]), found, chance)


def _split(data: bytes, kind: Delimiter) -> Iterator[tuple[int, bytes]]:
    """Yield the pieces between the ends, each with its end, and the offset of that."""
    start, end = 0, kind.end
    if kind.begin:
        while (start := data.find(kind.begin, start)) >= 0:
            stop = kind.find_end(data, start, len(data))
            if 0 < stop <= len(data):
                yield stop - len(end), data[start:stop]
            start = max(start + 1, min(stop, len(data)))
        return
    while (at := data.find(end, start)) >= 0:
        if at > start:
            yield at, data[start : at + len(end)]
        start = at + len(end)


def _propose_unchecked(data: bytes, kind: Delimiter, contents: Mapping[int, bytes]) -> FramingCandidate | None:
    """Return the candidate of frames without a known check.

    Returns None if neither known escapes nor lines of text with a head speak for them.
    """
    if kind.is_stuffed:
        return None
    if kind.begin:
        joined = sum(data.startswith(kind.begin, at + len(kind.end)) for at in contents)
        if joined < LEAST_JOINED * len(contents):
            return None
        chance = max(SMALLEST_CHANCE, HEAD_CHANCE ** min(len({*contents.values()}), 200))
        return _build(data, kind, contents, len(contents), list_heads([*contents.values()]), None, chance)
    heads = list_heads([*contents.values()], LEAST_WITH_HEAD)
    is_escaped = kind in KNOWN and has_escapes(data, kind)
    if is_line(kind):
        is_word = any(chr(head[0]).isalnum() for head in heads)
        heads = heads[:1] if not is_word else heads if _has_columns(contents.values()) else ()
    elif is_text(data) and kind != ETX:
        return None
    is_long = len(kind.end) >= LONG_END and not is_line(kind)
    is_known = any(kind.end == known.end for known in KNOWN)
    if not (heads or is_long) or ((is_known or kind.escape is not None) and not is_escaped):
        return None
    with_head = {end: content for end, content in contents.items() if content.startswith(heads or b"")}
    chance = max(SMALLEST_CHANCE, HEAD_CHANCE ** min(len({*with_head.values()}), 200))
    return _build(data, kind, with_head, len(contents), heads, None, chance if is_escaped else max(chance, DOUBT))


def _has_columns(lines: Collection[bytes]) -> bool:
    """Return True if nearly all lines have one size, and their characters places, as those of a scale or a multimeter.

    Such lines differ at some places, and are the same at others.
    """
    size, count = Counter(map(len, lines)).most_common(1)[0]
    if count < LEAST_OF_SIZE * len(lines):
        return False
    own = {line for line in lines if len(line) == size}
    columns = [Counter(column).most_common(1)[0][1] for column in zip(*own, strict=True)]
    same = sum(often >= LEAST_OF_SIZE * len(own) for often in columns)
    return len(own) >= LEAST_FRAMES and LEAST_FIXED <= same < size


def _count_controls(head: bytes) -> int:
    return next((at for at, byte in enumerate(head) if byte >= CONTROLS), len(head))


def _build(
    data: bytes,
    kind: Delimiter,
    frames: Mapping[int, bytes],
    of: int,
    heads: tuple[bytes, ...],
    check: CheckFit | None,
    chance: float,
) -> FramingCandidate | None:
    """Return the candidate of these contents; None if they are too small a part of all bytes."""
    if kind.begin:
        # What stands after the begin of a delimiter is content.
        heads = ()
    elif is_text(data):
        # Letters and digits are what a line says, so that none of several heads is one; the sign before them begins it,
        # or several that cannot be printed.
        is_word = check is not None and any(chr(head[0]).isalnum() for head in heads)
        heads = () if is_word else tuple(dict.fromkeys(head[: _count_controls(head) or 1] for head in heads))
    covered = sum(map(len, frames.values())) + len(kind.begin + kind.end) * len(frames)
    if covered < LEAST_COVERED * len(data):
        return None
    starts = frozenset(content[0] for content in frames.values())
    length = LengthFit(starts, 0, 0, "big", max(map(len, frames.values())), (), len(frames))
    candidate = FramingCandidate(
        heads, length, check, b"", len(frames), of, chance, delimiter=kind, ends=frozenset(frames), covered=covered
    )
    escaped = [
        other for other in KNOWN if other.end == kind.end and kind.escape is None and escape_of(other) not in data
    ]
    unseen = [replace(candidate, delimiter=other) for other in escaped]
    best, *shorter = list_heads_by_convention(candidate, [*frames.values()])
    return replace(best, equals=(*list_equal_checks(best), *unseen, *shorter))
