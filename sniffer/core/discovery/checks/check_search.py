"""Find the check of frames whose beginnings and ends are known.

In: frames. Out: the check that most of them have: a sum, an exclusive or, a CRC of the catalogue, or a CRC whose
parameters follow from the frames. A check is accepted only if many frames have it, and only if an accident is out of
the question.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import reduce
from operator import xor

from msgspec import Struct

from sniffer.core.discovery.checks.constant_sum import find_constant_sum
from sniffer.core.discovery.checks.crc_algebra import find_constants, find_polynomial
from sniffer.core.discovery.checks.usual_checks import list_orders
from sniffer.core.discovery.heads.boundary_search import SAME
from sniffer.core.wire.checks import (
    FLETCHER_SIZE,
    FLETCHERS,
    SUMS,
    XORS,
    Check,
    CrcParameters,
    DigitCase,
    build_fletcher,
    build_sum,
    build_text_check,
    list_crcs,
)

FARTHEST_START = 8
"""The largest offset of the first byte that a check covers."""

TEXT_STARTS = (1, 0, 2)
"""The places where the cover of a check of text begins: after a first sign, at it, or after two."""

FIRST_TRIED, LEAST_FIRST = 8, 2
"""Frames on which each check is tried first, and how many of them must have it."""

LEAST_SHARE = 0.6
"""The share of the frames that must have a check."""

LEAST_BITS = 32
"""Bits of the checks of all frames together that must agree, far more than the number of checks that are tried."""

SUM_SIZES = (1, 2, 4)
CRC_SIZES = (1, 2, 3, 4)
SOLVED_SIZES = (1, 2, 4)
"""Sizes of CRCs without a name whose parameters are looked for."""

LEAST_VALUES, MOST_OF_ONE_VALUE = 4, 0.7
"""Different values that a check must have, and the largest share of the different frames that one of them may have.

Bytes that hardly change prove nothing.
"""

FRAMES_TRIED = 200

LEAST_REPEATED = 8
"""Different frames that must be there more than once for those that are not to be left out."""

LEAST_OF_HEAD = 0.1
"""The share of the frames that must have the same first bytes for these to be a head that is not damaged."""


class CheckFit(Struct, frozen=True):
    """A check, how many of the frames have it, and how many checks were tried for it.

    The same frames have the `others` as well: nothing decides between them.
    """

    check: Check
    frames: int
    tried: int
    others: tuple[Check, ...] = ()


def find_check(frames: Sequence[bytes]) -> CheckFit | None:
    """Return the check of these whole frames; None if none was found."""
    distinct = list_distinct(frames)
    fit, tried = _find_best(frames, distinct, _list_checks(distinct))
    return fit or find_text_check(frames) or _find_constant_sum(frames, distinct, tried)


def find_named_check(frames: Sequence[bytes], size: int, starts: Sequence[int]) -> CheckFit | None:
    """Return the check of these whole frames that has a name, so many bytes, and a cover from one of these offsets on.

    Returns None if none was found. This takes a small part of the time of a search for any check.
    """
    distinct = list_distinct(frames)
    return _find_best(frames, distinct, (one for one in _list_named(starts) if one.size == size))[0]


def _find_best(
    frames: Sequence[bytes], distinct: Sequence[bytes], checks: Iterable[Check]
) -> tuple[CheckFit | None, int]:
    """Return which of these checks most of the frames have, and the number that was tried; None if they have none."""
    tried, found = 0, list[tuple[int, Check]]()
    for check in checks:
        tried += 1
        if not _is_likely(check, distinct[:FIRST_TRIED]):
            continue
        right = [frame for frame in distinct if is_right(frame, check)]
        count = len(right)
        if not is_varied(right, check) or not is_proved(count, len(distinct), check.size) or _is_of_words(check, right):
            continue
        found.append((count, check))
    if not found:
        return None, tried
    most = max(count for count, _ in found)
    # A CRC of the catalogue may have other constants from some bytes on, where these hardly ever change.
    known = [(count, one) for count, one in found if one.parameters is None and count >= SAME * most]
    check = _narrow(max(known or found, key=lambda one: (one[0], one[1].size))[1], [one for _, one in found], distinct)
    equal = [*_list_equal(check, [other for _, other in found if other is not check], distinct)]
    best = next((other for other in equal if _differ_in_zeros(other, check, distinct)), check)
    others = [other for other in (check, *equal) if other is not best]
    return CheckFit(best, sum(is_right(frame, best) for frame in frames), tried, tuple(others)), tried


def _find_constant_sum(frames: Sequence[bytes], distinct: Sequence[bytes], tried: int) -> CheckFit | None:
    """Return the sum or exclusive or with a constant that these frames have; None if they have none."""
    check = find_constant_sum(distinct)
    if check is None or _is_of_words(check, [frame for frame in distinct if is_right(frame, check)]):
        return None
    return CheckFit(check, sum(is_right(frame, check) for frame in frames), tried)


def is_of_catalogue(check: Check) -> bool:
    """Return True if a check has neither parameters nor a constant of its own."""
    return check.parameters is None and not (check.initial or check.final_xor)


def _is_likely(check: Check, frames: Sequence[bytes]) -> bool:
    """Return True if at least two of these frames have a check, or the only one."""
    left = len(frames) - min(LEAST_FIRST, len(frames))
    for frame in frames:
        if not is_right(frame, check):
            left -= 1
            if left < 0:
                return False
    return True


def _differ_in_zeros(one: Check, other: Check, frames: Sequence[bytes]) -> bool:
    """Return True if the first check covers some bytes more, which are zero unless they are damaged."""
    is_same = (one.name, one.size, one.order) == (other.name, other.size, other.order) and one.start < other.start
    return is_same and sum(not any(frame[one.start : other.start]) for frame in frames) >= SAME * len(frames)


def _is_of_words(check: Check, frames: Sequence[bytes]) -> bool:
    """Return True if the exclusive or of words of two bytes never changes: then nor does that of bytes, by no check.

    Nor does that of two frames that are equal, as a board sends them that has nothing new.
    """
    if check.name not in XORS:
        return False
    covers = [frame[check.start :] for frame in frames]
    words = Counter(reduce(xor, cover[::2]) for cover in covers)
    halves = sum(2 * cover[: len(cover) // 2] == cover for cover in covers)
    return max(*words.values(), halves) >= SAME * len(frames)


def list_distinct(frames: Sequence[bytes]) -> list[bytes]:
    """Return the different frames that are tried: where most frames repeat, those that do, as others may be damaged."""
    counts = Counter(frames)
    repeated = [frame for frame, count in counts.items() if count > 1]
    times = sum(counts[frame] for frame in repeated)
    is_enough = len(repeated) >= LEAST_REPEATED and times >= LEAST_SHARE * len(frames)
    return (repeated if is_enough else [*counts])[:FRAMES_TRIED]


def _narrow(check: Check, found: Sequence[Check], frames: Sequence[bytes]) -> Check:
    """Return the smaller sum that these frames have too, if the high bytes of a sum are rather some of more zeros."""
    zeros = sum(frame[-check.size - 1 : -check.size] == b"\0" for frame in frames)
    if check.order == "little" or zeros < SAME * len(frames):
        return check
    smaller = [one for one in found if (one.name, one.start, one.order) == (check.name, check.start, check.order)]
    return next((one for one in sorted(smaller, key=lambda one: -one.size) if one.size < check.size), check)


def _list_equal(check: Check, others: Sequence[Check], frames: Sequence[bytes]) -> Iterator[Check]:
    """Yield the other checks that the same frames have.

    One covers bytes of a head that the other does not: where such a byte is damaged, the other one is right. So only
    the frames with one of the usual heads are compared.
    """
    farthest = max(other.start for other in (check, *others))
    counts = Counter(frame[:farthest] for frame in frames)
    usual = [frame for frame in frames if counts[frame[:farthest]] >= LEAST_OF_HEAD * len(frames)] or frames
    right = sum(is_right(frame, check) for frame in usual)
    yield from (other for other in others if sum(is_right(frame, other) for frame in usual) == right)


def has_high_byte(check: Check, frames: Sequence[bytes]) -> bool:
    """Return True if the last byte of these frames, after a sum of one byte, is the high byte of this sum.

    Where frames have few values, the high byte of their sum never changes, and seems to be a tail.
    """
    if check.size != 1 or check.name not in SUMS or check.name in XORS:
        return False
    wide = Check(check.name, 2, check.start, "little", build_sum(check.name, 2))
    return sum(is_right(frame, wide) for frame in frames) >= SAME * len(frames)


def find_text_check(frames: Sequence[bytes]) -> CheckFit | None:
    """Return the check of these frames that is sent as digits; None if none was found."""
    distinct = list_distinct(frames)
    found: list[tuple[int, Check]] = []
    tried = 0
    starts = tuple(dict.fromkeys((*TEXT_STARTS, _count_signs(distinct))))
    for size in CRC_SIZES:
        endings = [frame[-2 * size :] for frame in distinct]
        digits = find_case(endings)
        if digits is None or len({*endings}) < LEAST_VALUES:
            continue
        for plain in _list_plain_checks(size, starts):
            for mark, covers_digits in _list_marks(distinct, 2 * size):
                check = build_text_check(plain, digits, mark, covers_digits=covers_digits)
                tried += 1
                if not _is_likely(check, distinct[:FIRST_TRIED]):
                    continue
                count = sum(is_right(frame, check) for frame in distinct)
                if is_proved(count, len(distinct), size):
                    found.append((count, check))
    if not found:
        return None
    most = max(count for count, _ in found)
    best, *others = [check for count, check in found if count == most]
    return CheckFit(best, sum(is_right(frame, best) for frame in frames), tried, tuple(others))


def _list_marks(frames: Sequence[bytes], size: int) -> list[tuple[bytes, bool]]:
    """Return the mark before digits of this size, and whether the check is that of the digits before it."""
    before = Counter(frame[-size - 1 : -size] for frame in frames)
    sign, count = before.most_common(1)[0]
    marks = [sign] if sign and not sign.isalnum() and count >= LEAST_SHARE * len(frames) else []
    return [*((mark, False) for mark in (*marks, b"")), (b"", True)]


def find_case(endings: Sequence[bytes]) -> DigitCase | None:
    """Return in which case these digits in hexadecimal are written; None if many of the texts are no such digits."""
    upper, lower = (sum(pattern.fullmatch(one) is not None for one in endings) for pattern in _CASES)
    if max(upper, lower) < LEAST_SHARE * len(endings):
        return None
    return "upper" if upper >= lower else "lower"


_CASES = re.compile(rb"[0-9A-F]+"), re.compile(rb"[0-9a-f]+")


def _count_signs(frames: Sequence[bytes]) -> int:
    """Return the number of signs, neither letters nor digits, with which the first text begins."""
    return next((at for at, byte in enumerate(frames[0][:FARTHEST_START]) if chr(byte).isalnum()), 0) if frames else 0


def _list_plain_checks(size: int, starts: Sequence[int]) -> Iterator[Check]:
    """Yield the checks of a size that are tried for text: of what is after its first signs, and of all of it."""
    for start in starts:
        for name in SUMS:
            if size in ((1,) if name in XORS else SUM_SIZES):
                yield Check(name, size, start, "big", build_sum(name, size))
        for name, crc in list_crcs().items():
            if crc.width == 8 * size:
                for order in list_orders(size):
                    yield Check(name, size, start, order, crc.compute)


def is_varied(frames: Sequence[bytes], check: Check) -> bool:
    """Return True if the check of these different frames has several values, none of them in nearly all."""
    values = Counter(frame[-check.size :] for frame in frames)
    return len(values) >= LEAST_VALUES and max(values.values()) <= MOST_OF_ONE_VALUE * len(frames)


def count_proving(frames: Collection[bytes], check_size: int) -> int:
    """Return how many of these frames prove their check: those that differ, with its most frequent value once."""
    values = Counter(frame[len(frame) - check_size :] for frame in {*frames})
    return values.total() - max(values.values(), default=1) + 1


def is_proved(count: int, frames: int, size: int) -> bool:
    """Return True if it is next to impossible that `count` of these frames have a check of this size by accident."""
    return count >= LEAST_SHARE * frames and (count - 1) * 8 * size >= LEAST_BITS


def is_right(frame: bytes, check: Check) -> bool:
    """Return True if a frame is long enough for a check and has it."""
    return len(frame) > check.start + check.size and check.is_right(frame, len(frame))


def _list_checks(frames: Sequence[bytes]) -> Iterator[Check]:
    """Yield all checks that are tried, those with the least freedom first."""
    yield from _list_named(range(FARTHEST_START + 1))
    yield from _list_solved(frames)


def _list_named(starts: Sequence[int]) -> Iterator[Check]:
    """Yield all checks with a name whose cover begins at one of these offsets."""
    for name in SUMS:
        for size in (1,) if name in XORS else SUM_SIZES:
            for start in starts:
                for order in list_orders(size):
                    yield Check(name, size, start, order, build_sum(name, size))
    for name in FLETCHERS:
        for start in starts:
            for order in list_orders(FLETCHER_SIZE):
                yield Check(name, FLETCHER_SIZE, start, order, build_fletcher(name))
    for name, crc in list_crcs().items():
        size = crc.width // 8
        if size in CRC_SIZES:
            compute = crc.compute
            for start in starts:
                for order in list_orders(size):
                    yield Check(name, size, start, order, compute)


def _list_solved(frames: Sequence[bytes]) -> Iterator[Check]:
    """Yield CRCs without a name whose parameters follow from the frames."""
    for size in SOLVED_SIZES:
        for order in list_orders(size):
            for is_reflected in (False, True):
                split = [(frame[:-size], int.from_bytes(frame[-size:], order)) for frame in frames if len(frame) > size]
                polynomial = find_polynomial(split, 8 * size, is_reflected=is_reflected)
                if polynomial is None:
                    continue
                for start in range(FARTHEST_START + 1):
                    covered = [(body[start:], check) for body, check in split if len(body) > start]
                    crc = find_constants(covered, 8 * size, polynomial, is_reflected=is_reflected)
                    if crc:
                        yield Check(f"CRC-{8 * size}", size, start, order, crc.compute, crc)


def has_usual_constants(crc: CrcParameters) -> bool:
    """Return True if the initial value of a CRC and its final xor are usual: all bits alike, or the polynomial."""
    ones = (1 << crc.width) - 1
    return crc.initial in (0, ones, crc.polynomial) and crc.final_xor in (0, ones)
