"""Find the check of frames whose beginnings and ends are known.

In: frames. Out: the check that most of them have: a sum, an exclusive or, a CRC of the catalogue, or a CRC whose
parameters follow from the frames. A check is accepted only if many frames have it, and only if an accident is out of
the question.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sniffer.core.discovery.crc_algebra import find_constants, find_polynomial
from sniffer.core.wire.checks import SUMS, ByteOrder, Check, build_sum, build_text_check, list_crcs

FARTHEST_START = 8
"""The largest offset of the first byte that a check covers."""

FIRST_TRIED = 8
"""Frames on which each check is tried first; at least two of them must have it."""

LEAST_SHARE = 0.6
"""The share of the frames that must have a check."""

LEAST_BITS = 48
"""Bits of the checks of all frames together that must agree, far more than the number of checks that are tried."""

MARKS = (b"*", b"")
"""What may stand between a line of text and the digits of its check: the sign of NMEA 0183, or nothing."""

SUM_SIZES = (1, 2, 4)
CRC_SIZES = (1, 2, 3, 4)
SOLVED_SIZES = (1, 2, 4)
"""Sizes of CRCs without a name whose parameters are looked for."""

LEAST_VALUES = 4
"""Different values that a check must have: bytes that never change prove nothing."""

FRAMES_TRIED = 200


@dataclass(frozen=True, slots=True)
class CheckFit:
    """A check, how many of the frames have it, and how many checks were tried for it.

    The same frames have the `others` as well: nothing decides between them.
    """

    check: Check
    frames: int
    tried: int
    others: tuple[Check, ...] = ()


def find_check(frames: Sequence[bytes]) -> CheckFit | None:
    """Return the check of these whole frames; None if none was found."""
    distinct = [*dict.fromkeys(frames)][:FRAMES_TRIED]
    tried, best, others = 0, None, list[Check]()
    for check in _list_checks(distinct):
        tried += 1
        first = sum(_has(frame, check) for frame in distinct[:FIRST_TRIED])
        if first < min(2, len(distinct)):
            continue
        right = [frame for frame in distinct if _has(frame, check)]
        count, values = len(right), {frame[-check.size :] for frame in right}
        if len(values) < LEAST_VALUES or not is_proved(count, len(distinct), check.size):
            continue
        rank = count, check.size
        if best is None or rank > (best[1], best[0].size):
            best, others = (check, count), []
        elif rank == (best[1], best[0].size):
            others.append(check)
    if best is None:
        return None
    check = best[0]
    return CheckFit(check, sum(_has(frame, check) for frame in frames), tried, tuple(others))


def find_text_check(lines: Sequence[bytes]) -> CheckFit | None:
    """Return the check of these lines that is sent as digits; None if none was found."""
    distinct = [*dict.fromkeys(lines)][:FRAMES_TRIED]
    found: list[tuple[int, Check]] = []
    checks = [*_list_text_checks()]
    for check in checks:
        count = sum(_has(line, check) for line in distinct)
        if is_proved(count, len(distinct), check.number_size):
            found.append((count, check))
    if not found:
        return None
    most = max(count for count, _ in found)
    best, *others = [check for count, check in found if count == most]
    return CheckFit(best, sum(_has(line, best) for line in lines), len(checks), tuple(others))


def _list_text_checks() -> Iterator[Check]:
    """Yield the checks of lines that are tried: of the text behind a first sign, then of all of it."""
    for name in SUMS:
        for size in (1,) if name == "xor" else (1, 2):
            for start in (1, 0, 2):
                plain = Check(name, size, start, "big", build_sum(name, size))
                for mark in MARKS:
                    yield build_text_check(plain, "upper", mark)
                    yield build_text_check(plain, "lower", mark)


def is_proved(count: int, frames: int, size: int) -> bool:
    """Return True if so many of these frames can have a check of this size by accident only in theory."""
    return count >= LEAST_SHARE * frames and (count - 1) * 8 * size >= LEAST_BITS


def _has(frame: bytes, check: Check) -> bool:
    return len(frame) > check.start + check.size and check.is_right(frame, len(frame))


def _list_checks(frames: Sequence[bytes]) -> Iterator[Check]:
    """Yield all checks that are tried, those with the least freedom first."""
    starts = range(FARTHEST_START + 1)
    for name in SUMS:
        for size in SUM_SIZES if name != "xor" else (1,):
            for start in starts:
                for order in _orders(size):
                    yield Check(name, size, start, order, build_sum(name, size))
    for name, crc in list_crcs().items():
        size = crc.width // 8
        if size in CRC_SIZES:
            compute = crc.compute
            for start in starts:
                for order in _orders(size):
                    yield Check(name, size, start, order, compute)
    yield from _list_solved(frames)


def _list_solved(frames: Sequence[bytes]) -> Iterator[Check]:
    """Yield CRCs without a name whose parameters follow from the frames."""
    for size in SOLVED_SIZES:
        for order in _orders(size):
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


def _orders(size: int) -> tuple[ByteOrder, ...]:
    return ("big", "little") if size > 1 else ("big",)
