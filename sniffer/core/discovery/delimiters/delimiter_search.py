"""Find the bytes that may end frames, before anything else is known of these.

In: bytes. Out: delimiters for which the bytes speak: those in wide use, ends of lines, and ends with an escape of their
own.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice, permutations

from sniffer.core.wire.coding.delimiter import Delimiter

LEAST_FRAMES = 8

LEAST_ESCAPES = 4
"""Escapes that must be there. Each is followed by one of two bytes by accident once in 128 times."""

CONTEXT = 4
"""Bytes before and after an escape by which one that is sent again is known."""

LEAST_SHARE = 0.9
"""The share of the escapes that must be followed by a byte that may follow one: some are damaged."""

RARELY, CONTROLS, LEAST_MASK = 0.02, 0x20, 0x10
"""The number of control characters that may stand as they are, as a share of those that are escaped."""

MASKS = (0x20, 0x10, 0x40, 0x80, 0x01, 0xFF)
"""The numbers with which an escaped byte may be combined by exclusive or."""

ENDS_TRIED, SIGNS_TRIED = 8, 4

SLIP = Delimiter(b"\xc0", 0xDB, {0xDC: 0xC0, 0xDD: 0xDB})
HDLC = Delimiter(b"\x7e", 0x7D, {byte: byte ^ 0x20 for byte in range(256)})
KNOWN = (SLIP, HDLC)
DLE = Delimiter(b"\x10\x03", 0x10, {0x10: 0x10}, b"\x10\x02")
"""Frames between DLE STX and DLE ETX, in which DLE is sent twice."""

DLE_ONLY = Delimiter(b"\x10\x03", 0x10, {0x10: 0x10}, b"\x10")
"""Frames between DLE and DLE ETX, as GPS receivers of Garmin and Trimble send them."""

LEAST_ALTERNATING, MOST_FOLLOWERS = 0.8, 4
"""The share of the begins that an end must follow, and the bytes that may follow an escape: those of begin and end, the
escape itself, and that of a short answer. Frames with an escape at both ends have no other one.
"""

COBS = Delimiter(b"\0", is_stuffed=True)
SURE = (DLE, COBS)
"""Delimiters that show by themselves: both ends, or distances that lead from one end to the other."""

STX, ETX = 0x02, Delimiter(b"\x03")
"""The begin of text, and its end."""

LINES = (Delimiter(b"\r\n"), Delimiter(b"\n"), Delimiter(b"\r"))

LINE_ENDS = tuple(kind.end for kind in LINES)

TEXT = frozenset(b"\t\r\n\x01\x02\x03\x04\x05\x06\x15") | frozenset(range(0x20, 0x7F))
"""Printable bytes, and the control characters of links that send text: SOH, STX, ETX, EOT, ENQ, ACK and NAK."""

MOST_TEXT = 0.94


def list_delimiters(data: bytes) -> Iterator[Delimiter]:
    """Yield the delimiters for which the bytes speak, those that are in wide use first."""
    known = [kind for kind in KNOWN if data.count(kind.end) >= LEAST_FRAMES]
    yield from (kind for kind in known if escape_of(kind) in data)
    yield from (Delimiter(kind.end) for kind in known)
    yield from (kind for kind in SURE if min(data.count(kind.opening), data.count(kind.end)) >= LEAST_FRAMES)
    if is_text(data):
        yield from _list_lines(data)
        return
    if data.count(DLE.end + DLE.end[:1]) >= LEAST_FRAMES and data.count(DLE.begin) < data.count(DLE.end) / 2:
        yield DLE_ONLY
    yield from _list_begun(data)
    yield from (kind for kind in _list_escaped(data) if kind not in known)


def list_signs(data: bytes) -> Iterator[Delimiter]:
    """Yield the most frequent signs, as one may end text that has no lines."""
    signs = (byte for byte, count in Counter(data).most_common() if byte > STX and count >= LEAST_FRAMES)
    yield from islice((Delimiter(bytes([byte])) for byte in signs if not chr(byte).isalnum()), SIGNS_TRIED)


def is_text(data: bytes) -> bool:
    """Return True if nearly all bytes are printable."""
    return sum(byte in TEXT for byte in data) >= MOST_TEXT * len(data)


def is_line(kind: Delimiter) -> bool:
    """Return True if a delimiter is the end of a line, maybe with a sign before it."""
    end = kind.end if kind == ETX else kind.end.removesuffix(ETX.end)
    return kind.escape is None and not kind.begin and not kind.is_stuffed and end.endswith(LINE_ENDS)


def escape_of(kind: Delimiter) -> bytes:
    """Return the escape of a delimiter; empty if it has none."""
    return b"" if kind.escape is None else bytes([kind.escape])


def has_escapes(data: bytes, kind: Delimiter) -> bool:
    """Return True if nearly all bytes like the escape are followed by one that stands for a byte that is escaped.

    The end and the escape are, and each control character that hardly ever stands there as it is.
    """
    counts = Counter(data)
    following = Counter(data[at + 1] for at in range(len(data) - 1) if data[at] == kind.escape)
    special = {*kind.end, kind.escape}
    right = both = 0
    for byte, count in following.items():
        if (meant := kind.table.get(byte)) is None:
            continue
        is_control = meant < CONTROLS and meant ^ byte >= LEAST_MASK and counts[meant] <= RARELY * count
        both += count * (meant in special)
        right += count * (meant in special or is_control)
    is_escaped = both >= LEAST_ESCAPES and right >= LEAST_SHARE * following.total()
    return is_escaped and data.count(kind.end) >= LEAST_FRAMES


def _list_lines(data: bytes) -> Iterator[Delimiter]:
    """Yield the ends of lines of which the bytes have most, with what stands before each of them."""
    pairs = data.count(LINES[0].end)
    for kind in LINES:
        count = data.count(kind.end)
        if count < LEAST_FRAMES or (kind is not LINES[0] and count * LEAST_SHARE <= pairs):
            continue
        before = Counter(data[at - 1 : at] for at in range(1, len(data)) if data.startswith(kind.end, at))
        sign, often = before.most_common(1)[0]
        if data.count(kind.end + ETX.end) >= LEAST_SHARE * count:
            yield Delimiter(kind.end + ETX.end)
        if often >= LEAST_SHARE * count and not sign.isalnum() and sign not in b" \r":
            yield Delimiter(sign + kind.end)
        yield kind


def _list_begun(data: bytes) -> Iterator[Delimiter]:
    """Yield the delimiters that begin and end with one escape, which is sent twice in their content, as with DLE.

    Ventilation units of Zehnder have 07 F0 and 07 0F.
    """
    for escape in range(256):
        twice = bytes([escape, escape])
        if escape == DLE.escape or data.count(twice) < LEAST_ESCAPES:
            continue
        own = Counter(found[0][1] for found in re.finditer(re.escape(twice[:1]) + b".", data, re.DOTALL))
        often = own.most_common(MOST_FOLLOWERS)
        others = [byte for byte, count in often if byte != escape and count >= LEAST_FRAMES]
        if own[escape] < LEAST_ESCAPES or sum(count for _, count in often) < LEAST_SHARE * own.total():
            continue
        for begin, end in permutations(others, 2):
            kind = Delimiter(bytes([escape, end]), escape, {escape: escape}, bytes([escape, begin]))
            if _alternates(data, kind):
                yield kind


def _alternates(data: bytes, kind: Delimiter) -> bool:
    """Return True if an end follows nearly every begin, with at least a byte between, before the next begin."""
    begins = [found.start() for found in re.finditer(re.escape(kind.begin), data)]
    ends = [kind.find_end(data, at, len(data)) - len(kind.end) for at in begins]
    right = sum(at + len(kind.begin) < end <= after for at, end, after in zip(begins, ends, begins[1:], strict=False))
    return right >= LEAST_ALTERNATING * len(begins)


def _list_escaped(data: bytes) -> Iterator[Delimiter]:
    """Yield the frequent bytes that may end frames, with an escape that stands before the bytes it is combined with."""
    for end, count in Counter(data).most_common(ENDS_TRIED):
        if count < LEAST_FRAMES:
            return
        for mask in MASKS:
            for escape in _list_escapes(data, end, mask):
                kind = Delimiter(bytes([end]), escape, {byte: byte ^ mask for byte in range(256)})
                if escape != end and has_escapes(data, kind) and _has_other_escapes(data, kind):
                    yield kind


def _list_escapes(data: bytes, end: int, mask: int) -> list[int]:
    """Return the bytes that stand before an escaped end most often."""
    places = Counter(data[at - 1] for at in range(1, len(data)) if data[at] == end ^ mask)
    return [byte for byte, count in places.most_common(2) if count >= LEAST_ESCAPES]


def _has_other_escapes(data: bytes, kind: Delimiter) -> bool:
    """Return True if the escapes stand between different bytes: a request that never changes proves once."""
    places = (at for at in range(CONTEXT, len(data)) if data[at] == kind.escape)
    return len({data[at - CONTEXT : at + CONTEXT] for at in places}) >= LEAST_ESCAPES
