"""Find frames that end where certain bytes stand: SLIP, HDLC and other escapes, and lines of text.

In: bytes. Out: candidates with a delimiter. Heads and check are looked for in the content of the frames, without ends
and escapes. Lines are proposed only with a check or a head, as nothing else distinguishes a frame from other text.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import log2

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_candidate import SMALLEST_CHANCE
from sniffer.core.discovery.checks.check_search import CheckFit, find_check, find_text_check
from sniffer.core.discovery.equal_readings import list_equal_checks
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.heads.head_readings import list_heads_by_convention
from sniffer.core.discovery.heads.head_search import list_heads
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.wire.link_parts import Delimiter

LEAST_ESCAPES = 4
"""Escapes that must be there. Each is followed by one of two bytes by accident once in 128 times."""

CONTEXT = 4
"""Bytes before and behind an escape by which one that is sent again is known."""

LEAST_FRAMES = 8

LEAST_SHARE = 0.9
"""The share of the escapes that must be followed by a byte that may follow one: some are damaged."""

LEAST_WITH_HEAD = 0.8
"""The share of the pieces between ends that must have the head, if no check is known: some are noise."""

LEAST_COVERED = 0.6
"""The share of the bytes that must be in frames with a right check, or with the head if there is none."""

LEAST_JOINED = 0.5
"""The share of frames without a known check which the next one must follow directly: what stands between may be one."""

SMALLEST_CONTENT = 3
"""The size of the smallest content that can be a frame: what is smaller are idle ends, and pieces."""

MASKS = (0x20, 0x10, 0x40, 0x80, 0x01, 0xFF)
"""What an escaped byte may be combined with, by exclusive or."""

ENDS_TRIED = 8

HEAD_CHANCE = 1 / 16
"""How probable it is that a frame without a check begins with the head by accident, in text or in what repeats."""

SLIP = Delimiter(b"\xc0", 0xDB, {0xDC: 0xC0, 0xDD: 0xDB})
HDLC = Delimiter(b"\x7e", 0x7D, {byte: byte ^ 0x20 for byte in range(256)})
KNOWN = (SLIP, HDLC)
DLE = Delimiter(b"\x10\x03", 0x10, {0x10: 0x10}, b"\x10\x02")
"""Frames between DLE STX and DLE ETX, in which DLE is sent twice."""

COBS = Delimiter(b"\0", is_stuffed=True)
SURE = (DLE, COBS)
"""Delimiters that show by themselves: both ends, or distances that lead from one end to the other."""

LINES = (Delimiter(b"\r\n"), Delimiter(b"\n"), Delimiter(b"\r"))

TEXT = frozenset(b"\t\r\n") | frozenset(range(0x20, 0x7F))
MOST_TEXT = 0.95


def find_delimited(data: bytes) -> list[FramingCandidate]:
    """Return the candidates with a delimiter, those with a check first, then those with most bytes in frames."""
    found = [candidate for kind in _list_kinds(data) if (candidate := _propose(data, kind))]
    return sorted(found, key=lambda one: (one.check is None, -one.covered))


def is_sure(data: bytes, kind: Delimiter | None) -> bool:
    """Return True if the bytes show more of a delimiter than that it ends frames: text, or known escapes."""
    if kind is None or kind in (*LINES, *SURE):
        return kind is not None
    return any(kind.end == known.end and _has_escapes(data, known) for known in KNOWN)


def has_both_ends(data: bytes, kind: Delimiter) -> bool:
    """Return True if the end of a frame often follows that of another one, as its begin."""
    return data.count(2 * kind.end) * 3 >= data.count(kind.end)


def _list_kinds(data: bytes) -> Iterator[Delimiter]:
    """Yield the delimiters for which the bytes speak, those that are in wide use first."""
    known = [kind for kind in KNOWN if data.count(kind.end) >= LEAST_FRAMES]
    yield from (kind for kind in known if _escape_of(kind) in data)
    yield from (Delimiter(kind.end) for kind in known)
    yield from (kind for kind in SURE if min(data.count(kind.opening), data.count(kind.end)) >= LEAST_FRAMES)
    if _is_text(data):
        yield from _list_lines(data)
        return
    frequent = [byte for byte, count in Counter(data).most_common(ENDS_TRIED) if count >= LEAST_FRAMES]
    for end in frequent:
        for mask in MASKS:
            for escape in _list_escapes(data, end, mask):
                kind = Delimiter(bytes([end]), escape, {byte: byte ^ mask for byte in range(256)})
                if kind not in known and escape != end and _has_escapes(data, kind) and _has_other_escapes(data, kind):
                    yield kind


def _list_lines(data: bytes) -> Iterator[Delimiter]:
    """Yield the ends of lines of which the bytes have most."""
    pairs = data.count(LINES[0].end)
    for kind in LINES:
        count = data.count(kind.end)
        if count >= LEAST_FRAMES and (kind is LINES[0] or count * LEAST_SHARE > pairs):
            yield kind


def _escape_of(kind: Delimiter) -> bytes:
    return b"" if kind.escape is None else bytes([kind.escape])


def _is_text(data: bytes) -> bool:
    return sum(byte in TEXT for byte in data) >= MOST_TEXT * len(data)


def _list_escapes(data: bytes, end: int, mask: int) -> list[int]:
    """Return the bytes that stand before an escaped end most often."""
    places = Counter(data[at - 1] for at in range(1, len(data)) if data[at] == end ^ mask)
    return [byte for byte, count in places.most_common(2) if count >= LEAST_ESCAPES]


def _has_escapes(data: bytes, kind: Delimiter) -> bool:
    """Return True if nearly all bytes like the escape are followed by one that stands for the end or the escape."""
    meant = {*kind.end, kind.escape}
    following = [data[at + 1] for at in range(len(data) - 1) if data[at] == kind.escape]
    right = sum(kind.table.get(byte) in meant for byte in following)
    is_escaped = right >= LEAST_ESCAPES and right >= LEAST_SHARE * len(following)
    return is_escaped and data.count(kind.end) >= LEAST_FRAMES


def _has_other_escapes(data: bytes, kind: Delimiter) -> bool:
    """Return True if the escapes stand between different bytes: a request that never changes proves once."""
    places = (at for at in range(CONTEXT, len(data)) if data[at] == kind.escape)
    return len({data[at - CONTEXT : at + CONTEXT] for at in places}) >= LEAST_ESCAPES


def _propose(data: bytes, kind: Delimiter) -> FramingCandidate | None:
    """Return the candidate of a delimiter; None if too little speaks for it."""
    pieces = {end: kind.unwrap(raw) for end, raw in _split(data, kind)}
    whole = {end: content for end, content in pieces.items() if len(content) >= SMALLEST_CONTENT}
    if len({*whole.values()}) < LEAST_FRAMES:
        return None
    contents = [*whole.values()]
    found = (find_text_check(contents) if kind in LINES else None) or find_check(contents)
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
    is_line = kind in LINES and len(heads) == 1 and not chr(heads[0][0]).isalnum()
    if len(heads) != 1 or not (is_line or (kind in KNOWN and _has_escapes(data, kind))):
        return None
    with_head = {end: content for end, content in contents.items() if content.startswith(heads[0])}
    chance = max(SMALLEST_CHANCE, HEAD_CHANCE ** min(len({*with_head.values()}), 200))
    return _build(data, kind, with_head, len(contents), heads, None, chance)


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
    if kind in LINES:
        # Letters and digits are what a line says; the sign before them begins it.
        heads = tuple(dict.fromkeys(head[:1] for head in heads if not chr(head[0]).isalnum()))
    covered = sum(map(len, frames.values())) + len(kind.begin + kind.end) * len(frames)
    if covered < LEAST_COVERED * len(data):
        return None
    length = LengthFit(frozenset(), 0, 0, "big", max(map(len, frames.values())), (), len(frames))
    candidate = FramingCandidate(
        heads, length, check, b"", len(frames), of, chance, delimiter=kind, ends=frozenset(frames), covered=covered
    )
    escaped = [
        other for other in KNOWN if other.end == kind.end and kind.escape is None and _escape_of(other) not in data
    ]
    unseen = [replace(candidate, delimiter=other) for other in escaped]
    best, *shorter = list_heads_by_convention(candidate, [*frames.values()])
    return replace(best, equals=(*list_equal_checks(best), *unseen, *shorter))
