"""Find frames whose check stands after the bytes that end their content.

In: bytes. Out: candidates between STX and ETX and the like, between DLE STX and DLE ETX, and in text between two signs,
as telegrams of meters are, each with a check of one or two bytes, or of digits, after the end. The check may cover the
end, its last byte, or none of it. What is after the check is its tail if it ends a line.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from math import log2

from msgspec import Struct
from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_candidate import SMALLEST_CHANCE, count_frames, find_left
from sniffer.core.discovery.checks.check_search import (
    CheckFit,
    find_case,
    find_check,
    find_named_check,
    find_text_check,
)
from sniffer.core.discovery.delimiters.delimiter_search import CONTROLS, DLE, LEAST_FRAMES, LINE_ENDS, is_text
from sniffer.core.discovery.equal_readings import list_lengths, order_checks
from sniffer.core.discovery.framing_candidate import DOUBT, FramingCandidate
from sniffer.core.discovery.heads.boundary_search import SAME
from sniffer.core.discovery.heads.head_search import list_heads
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.discovery.lengths.shape_search import find_shapes
from sniffer.core.wire.coding.checked_delimiter import CheckedDelimiter
from sniffer.core.wire.coding.delimiter import Delimiter

PAIRS = (
    (b"\x02", DLE.end),
    (b"\x01\x02", b"\x03"),
    (b"\x01\x02\x04", b"\x03"),
    (b"\x01\x02", b"\x04"),
    (b"\x01\x02", b"\x17"),
    (b"\x05", b"\x04"),
    (b"\x06", b"\x03"),
)
"""The control characters that begin frames, SOH and STX, ENQ or ACK, and those that end them: DLE ETX, ETX, EOT or ETB.

Frames from STX to DLE ETX (3964R of Siemens) have no escapes for the check, which two equal bytes do not change.
"""

ANSWERS = b"\x04\x05\x06\x10\x15"
"""The control characters with which the other side answers a frame, or asks for one: EOT, ENQ, ACK, DLE and NAK."""

SIZES, TEXT_SIZES = (1, 2, 4), (2, 4, 8)
"""The bytes of checks after an end, and of those that are sent as digits."""

LONGEST_CONTENT = 2048

LEAST_DIGITS = 0.75
"""The share of the ends that must have digits after them for the check to be looked for in these."""

LEAST_COVERED, LEAST_OF_TEXT = 0.5, 0.3
"""The share of the bytes that must be in frames. Of a text with a check, much may be requests that have none."""

LEAST_FOLLOWED = 0.6
"""The share of the signs that end and begin frames which must stand at one distance from the other one."""

LONGEST_GAP, SIGNS_TRIED = 10, 3
"""The most bytes between the end of a frame and the begin of the next, and the pairs of signs that are tried."""

STARTS, ANSWERED_STARTS = (0, 1), (0, 1, 2)
"""The offsets at which the cover of a check begins: with the frame, or after its first byte. In frames to DLE ETX, DLE
may stand between as an answer.
"""

LONGEST_TAIL, MOST_SIZES = 4, 2

LEAST_RIGHT = 0.8
"""The share of the frames that must have a right check to leave no doubt: contents without escapes may have the end."""


class _Enclosure(Struct, frozen=True):
    """The bytes that end frames, and the bytes of which one begins each; none if the delimiter has a begin."""

    delimiter: Delimiter
    firsts: bytes


class _EnclosedPiece(Struct, frozen=True):
    """The content of a possible frame without its end, what stands after this, and the offset after both."""

    body: bytes
    after: bytes
    stop: int


class _EndCheck(Struct, frozen=True):
    """A check after the end, the bytes of the end that it covers, and the pieces that have it."""

    found: CheckFit
    covered: bytes
    right: Sequence[_EnclosedPiece]
    of: int


def find_end_checks(data: bytes) -> list[FramingCandidate]:
    """Return the candidates with a check after their end, those with most bytes in frames first."""
    found: list[FramingCandidate] = []
    for kind in _list_enclosures(data):
        if candidate := _propose(data, kind):
            found.append(candidate)
            if kind.delimiter.begin:
                break
    if not found and is_text(data):
        found = [one for kind in _list_signs(data) if (one := _propose(data, kind))]
    found.sort(key=lambda one: (-one.frames, -one.covered))
    # What stands between two frames may begin with ACK: then both are the same frames.
    return [one for at, one in enumerate(found) if not any(other.ends & one.ends for other in found[:at])]


def count_without_answers(data: bytes, candidate: FramingCandidate) -> int:
    """Return the number of bytes that are no answer of one control character to the frames of a candidate."""
    return len(data) - sum(len(piece) for piece in find_left(data, candidate) if {*piece} <= {*ANSWERS})


def _list_enclosures(data: bytes) -> Iterator[_Enclosure]:
    """Yield the control characters of which the bytes have enough to begin and to end frames."""
    if min(data.count(DLE.begin), data.count(DLE.end)) >= LEAST_FRAMES:
        yield _Enclosure(DLE, b"")
    for firsts, end in PAIRS:
        if min(sum(data.count(first) for first in firsts), data.count(end)) >= LEAST_FRAMES:
            yield _Enclosure(Delimiter(end), firsts)


def _list_signs(data: bytes) -> Iterator[_Enclosure]:
    """Yield the pairs of signs that stand at one distance from each other nearly always, the surest ones first.

    The check of a line of text is in digits, unless a control character begins it.
    """
    found: dict[tuple[int, int], float] = {}
    counts = Counter(data)
    signs = [byte for byte, count in counts.items() if count >= LEAST_FRAMES and not chr(byte).isalnum()]
    for end in signs:
        places = [at for at in range(len(data) - LONGEST_GAP - 1) if data[at] == end]
        for gap in range(2, LONGEST_GAP + 1):
            first, count = Counter(data[at + gap] for at in places).most_common(1)[0] if places else (end, 0)
            is_head = first in signs and first != end and bytes([first]) not in LINE_ENDS
            share = count / max(counts[first], counts[end])
            if is_head and share >= LEAST_FOLLOWED:
                found[end, first] = max(share, found.get((end, first), 0))
    surest = sorted(found, key=lambda pair: -found[pair])
    kinds = (_Enclosure(Delimiter(bytes([end])), bytes([first])) for end, first in surest)
    usable = (kind for kind in kinds if kind.firsts[0] < CONTROLS or _list_sizes(data, kind) != SIZES)
    yield from islice(usable, SIGNS_TRIED)


def _propose(data: bytes, kind: _Enclosure) -> FramingCandidate | None:
    """Return the candidate of frames with these bytes around them; None if too little speaks for it."""
    fits = [fit for size in _list_sizes(data, kind) for fit in _list_fits([*_split(data, kind, size)], kind, size)]
    if not fits:
        return None
    fit = max(fits, key=lambda one: (len(one.right), one.found.check.size))
    # After DLE STX, which begins the frame, stands its content.
    heads = list_heads([piece.body for piece in fit.right]) if kind.firsts else ()
    if kind.firsts and not heads:
        return None
    candidate = _build(data, kind, fit, tuple(head.split(kind.delimiter.end[:1])[0] for head in heads))
    least = LEAST_OF_TEXT if is_text(data) else LEAST_COVERED
    return candidate if candidate.covered >= least * len(data) else None


def _list_sizes(data: bytes, kind: _Enclosure) -> Sequence[int]:
    """Return the sizes that a check after these ends may have: those of digits, if digits are there."""
    found = []
    for size in TEXT_SIZES:
        after = [piece.after for piece in _split(data, kind, size)]
        digits = [one for one in after if find_case([one])]
        if len(digits) >= max(LEAST_FRAMES, LEAST_DIGITS * len(after)) and find_case(digits):
            found.append(size)
    return found or SIZES


def _split(data: bytes, kind: _Enclosure, size: int) -> Iterator[_EnclosedPiece]:
    """Yield the possible frames, with so many bytes after each end."""
    end = kind.delimiter.end
    if kind.delimiter.begin:
        start = 0
        while (start := data.find(kind.delimiter.begin, start)) >= 0:
            stop = kind.delimiter.find_end(data, start, len(data))
            if 0 < stop <= len(data) - size:
                yield _EnclosedPiece(kind.delimiter.unwrap(data[start:stop]), data[stop : stop + size], stop + size)
            start = max(start + 1, min(stop, len(data)))
        return
    other = b"[^%s]" % re.escape(end) if len(end) == 1 else b"(?:(?!%s).)" % re.escape(end)
    pattern = b"([%s]%s{0,%d})%s(.{%d})" % (re.escape(kind.firsts), other, LONGEST_CONTENT, re.escape(end), size)
    for found in re.finditer(pattern, data, re.DOTALL):
        yield _EnclosedPiece(found[1], found[2], found.end())


def _list_fits(pieces: Sequence[_EnclosedPiece], kind: _Enclosure, size: int) -> Iterator[_EndCheck]:
    """Yield the checks of so many bytes that these frames have, for each part of the end that they may cover."""
    if len({piece.body for piece in pieces}) < LEAST_FRAMES:
        return
    end = kind.delimiter.end
    starts = STARTS if len(end) == 1 else ANSWERED_STARTS
    is_text_check = size > 1 and find_case([piece.after for piece in pieces])
    for covered in (end[at:] for at in range(len(end) + 1)):
        contents = [piece.body + covered + piece.after for piece in pieces]
        found = find_text_check(contents) if is_text_check else find_named_check(contents, size, starts)
        if found is None or found.check.size != size:
            continue
        check = found.check
        right = [
            piece
            for piece in pieces
            if check.start <= len(piece.body)
            and check.is_right(content := piece.body + covered + piece.after, len(content))
        ]
        yield _EndCheck(found, covered, right, len(pieces))


def _build(data: bytes, kind: _Enclosure, fit: _EndCheck, heads: tuple[bytes, ...]) -> FramingCandidate:
    """Return the candidate of frames with such a check, with the readings that are equal."""
    check, end = fit.found.check, kind.delimiter
    following = _find_following(data, fit.right)
    tail = next((one for one in LINE_ENDS if following.startswith(one)), b"")
    contents = [piece.body + fit.covered + piece.after for piece in fit.right]
    bits = 8 * check.number_size * (len({*contents}) - 1) - log2(fit.found.tried * len(SIZES))
    candidate = FramingCandidate(
        tuple(dict.fromkeys(head[:1] for head in heads)),
        LengthFit(frozenset(), 0, 0, "big", max(map(len, contents)), (), len(contents)),
        fit.found,
        tail,
        len(contents),
        fit.of,
        max(SMALLEST_CHANCE, 2.0 ** -min(bits, 990.0)),
        delimiter=CheckedDelimiter(
            end.end,
            end.escape,
            end.table,
            end.begin,
            bytes_after=check.size + len(tail),
            uncovered=len(end.end) - len(fit.covered),
        ),
        ends=frozenset(piece.stop for piece in fit.right),
    )
    if len(contents) < LEAST_RIGHT * fit.of:
        candidate = replace(candidate, accident=max(candidate.accident, DOUBT))
    counted = count_frames(data, candidate)
    # Answers of one character between frames are pieces as well, and no frames.
    best, *others = order_checks(replace(counted, of=max(fit.of, counted.frames)), contents)
    sized = _list_sized(best, [piece.body + end.end + piece.after for piece in fit.right])
    if sized and sized[0].length.size and not sized[0].shapes:
        # A number that counts each frame of several sizes is no accident.
        best, others = sized[0], [*sized[1:], best, *others]
    elif not is_text(b"".join(piece.body for piece in fit.right)):
        others += [*(replace(best, heads=longer) for longer in _list_longer(heads)), *sized]
    rest = following.removeprefix(tail)
    others += [_lengthen_tail(best, rest)] if best.delimiter and rest and rest[0] not in ANSWERS else []
    return replace(best, equals=(*others,))


def _list_longer(heads: Sequence[bytes]) -> Iterator[tuple[bytes, ...]]:
    """Yield the heads with more bytes than the first one: what stands in all frames may be a part of their head."""
    for size in range(2, max(map(len, heads), default=0) + 1):
        yield tuple(dict.fromkeys(head[:size] for head in heads))


def _find_following(data: bytes, pieces: Sequence[_EnclosedPiece]) -> bytes:
    """Return the bytes that stand after nearly all of these frames, before the begin of the next one."""
    stops = {piece.stop for piece in pieces}
    found = b""
    while len(found) < LONGEST_TAIL:
        at = len(found)
        after = Counter(data[stop + at : stop + at + 1] for stop in stops if stop + at < len(data))
        byte, count = after.most_common(1)[0] if after else (b"", 0)
        is_begin = any(piece.body.startswith(byte) for piece in pieces[:1])
        if not byte or is_begin or count < SAME * after.total():
            break
        found += byte
    return found


def _lengthen_tail(candidate: FramingCandidate, more: bytes) -> FramingCandidate:
    """Return the candidate whose frames have these bytes as well after their check."""
    end = candidate.delimiter
    assert isinstance(end, CheckedDelimiter)
    return replace(
        candidate,
        tail=candidate.tail + more,
        delimiter=replace(end, bytes_after=end.bytes_after + len(more)),
        equals=(),
    )


def _list_sized(candidate: FramingCandidate, frames: Sequence[bytes]) -> list[FramingCandidate]:
    """Return the candidate with a length in place of its delimiter, or with sizes if nearly all frames have one or two.

    `frames` are without their tail. Their check covers the end, maybe with a constant that cancels it.
    """
    if not candidate.heads or candidate.check is None:
        return []
    tail = candidate.tail
    fit = find_shapes([frame + tail for frame in frames], 1, candidate.check.check.size + len(tail))
    if fit is None or len(fit.shapes) > MOST_SIZES or fit.command is not None:
        return []
    main = max(fit.shapes, key=lambda shape: shape.size)
    length = LengthFit(frozenset(), main.at, main.size, main.order, main.adds, (), len(frames), main.unit)
    found = find_check(frames)
    shapes = fit.shapes if len(fit.shapes) > 1 else ()
    sized = replace(candidate, length=length, shapes=shapes, check=found, delimiter=None, equals=())
    return list_lengths(sized, frames) if found else []
