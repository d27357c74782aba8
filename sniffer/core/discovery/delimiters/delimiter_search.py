"""Find the bytes that may end frames, before anything else is known of these.

In: bytes. Out: delimiters for which the bytes speak: those in wide use, ends of lines, ends with an escape of their
own, and ends without an escape.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

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

ALMOST = 0.98
"""The share of the places with an end that must go on with the same byte for that to be a part of the end."""


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
    yield from (kind for kind in _list_escaped(data) if kind not in known)


def list_unescaped(data: bytes) -> Iterator[Delimiter]:
    """Yield an end without an escape that stands after pieces of different sizes."""
    if end := _find_septet_end(data):
        yield Delimiter(end)
        return
    single, several = _find_single_end(data), _find_long_end(data)
    # One byte of an end of several has no more frames than all of it.
    if several and (not single or data.count(several) >= LEAST_SHARE * data.count(single)):
        yield Delimiter(_cut_head(data, _lengthen(data, several)))
    elif single:
        yield Delimiter(single)


def list_signs(data: bytes) -> Iterator[Delimiter]:
    """Yield the most frequent signs, as one may end text that has no lines."""
    signs = (byte for byte, count in Counter(data).most_common() if byte > STX and count >= LEAST_FRAMES)
    yield from islice((Delimiter(bytes([byte])) for byte in signs if not chr(byte).isalnum()), SIGNS_TRIED)


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


def _divides(data: bytes, end: bytes) -> bool:
    """Return True if pieces of several sizes stand before such an end, none of them long, and not always the same."""
    pieces = [piece for piece in data.split(end) if piece]
    sizes = Counter(map(len, pieces))
    is_short = max(sizes, default=0) <= LONGEST_PIECE
    if len({*pieces}) < max(LEAST_DIFFERENT, DIFFERENT_SHARE * len(pieces)):
        return False
    return is_short and len(sizes) > 2 and max(sizes.values()) <= MOST_OF_ONE_SIZE * len(pieces)
