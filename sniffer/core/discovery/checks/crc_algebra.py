"""Find the parameters of a CRC that has no name, by linear algebra over bits.

In: frames with a check of known size and order at their end. Out: the parameters of a CRC that fits most of them. The
difference of two frames of one length leaves only the polynomial: it divides each such difference, so that it divides
their greatest common divisor. The initial value and the final xor follow from frames of different lengths.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, islice

from sniffer.core.wire.checks import CrcParameters

LEAST_LENGTHS = 2
"""Different lengths of frames from which an initial value can follow."""

PAIRS_COMPARED, PAIRS_TOGETHER = 40, 4
"""Pairs of frames of one length whose differences are divided, and how many of them by one divisor.

Some frames are damaged: the divisor that most groups of pairs have is that of the others.
"""

TRIES = 4
"""The number of searches for constants, each from other frames: one of them may be damaged."""

LENGTHS_COMPARED = 4

LEAST_TERMS = 3
"""Terms of the polynomial of a CRC. One of two, the highest and one, is the exclusive or of words."""

LEAST_SHARE = 0.6
"""The share of the frames that constants must fit."""


def find_polynomial(frames: Sequence[tuple[bytes, int]], width: int, *, is_reflected: bool) -> int | None:
    """Return the polynomial that explains the checks of most frames, without its highest bit; None if there is none.

    Each frame is its bytes before the check, and the check as a number.
    """
    differences = [_difference(one, other, width, is_reflected=is_reflected) for one, other in _list_pairs(frames)]
    found: Counter[int] = Counter()
    for first in range(0, len(differences), PAIRS_TOGETHER):
        divisor = 0
        for difference in differences[first : first + PAIRS_TOGETHER]:
            divisor = _find_common_divisor(divisor, difference)
        divisor = _drop_small_factors(divisor, width)
        is_crc = divisor.bit_count() >= LEAST_TERMS and divisor & 1
        if divisor.bit_length() == width + 1 and is_crc:
            found[divisor & ~(1 << width)] += 1
    return max(found, key=lambda polynomial: found[polynomial], default=None)


def find_constants(
    frames: Sequence[tuple[bytes, int]], width: int, polynomial: int, *, is_reflected: bool
) -> CrcParameters | None:
    """Return the parameters of a CRC with this polynomial that fits most frames; None if there are none.

    The common initial values are tried first: equal bits, or the polynomial. Each is with the final xor that it needs
    for one frame.
    """
    for number in range(min(TRIES, len(frames))):
        first = number * len(frames) // TRIES
        turned = [*frames[first:], *frames[:first]]
        if crc := _find_constants_of(turned, width, polynomial, is_reflected=is_reflected):
            return crc
    return None


def _find_constants_of(
    frames: Sequence[tuple[bytes, int]], width: int, polynomial: int, *, is_reflected: bool
) -> CrcParameters | None:
    """Return the parameters of a CRC that fits the first of these frames and most others; None if there are none."""
    highest = (1 << width) - 1
    body, check = frames[0]
    for initial in (0, highest, polynomial, _solve_initial(frames, width, polynomial, is_reflected=is_reflected)):
        if initial is None:
            continue
        plain = CrcParameters(width, polynomial, initial, is_reflected, 0).compute(body)
        crc = CrcParameters(width, polynomial, initial, is_reflected, plain ^ check)
        compute = crc.compute
        if sum(compute(body) == check for body, check in frames) >= LEAST_SHARE * len(frames):
            return crc
    return None


def _solve_initial(
    frames: Sequence[tuple[bytes, int]], width: int, polynomial: int, *, is_reflected: bool
) -> int | None:
    """Return an initial value that explains how the checks of frames of different lengths differ; None if none does."""
    by_length: dict[int, tuple[bytes, int]] = {}
    for body, check in frames:
        if len(by_length) < LENGTHS_COMPARED:
            by_length.setdefault(len(body), (body, check))
    if len(by_length) < LEAST_LENGTHS:
        return None
    effects = {
        size: [CrcParameters(width, polynomial, 1 << bit, is_reflected, 0).compute(bytes(size)) for bit in range(width)]
        for size in by_length
    }
    zero = CrcParameters(width, polynomial, 0, is_reflected, 0).compute
    (first, (first_body, first_check)), *others = by_length.items()
    rows: list[tuple[int, int]] = []
    for size, (body, check) in others[:width]:
        wanted = check ^ zero(body) ^ first_check ^ zero(first_body)
        columns = [one ^ other for one, other in zip(effects[size], effects[first], strict=True)]
        for place in range(width):
            row = sum((column >> place & 1) << bit for bit, column in enumerate(columns))
            rows.append((row, wanted >> place & 1))
    return _solve(rows)


def _solve(rows: Iterable[tuple[int, int]]) -> int | None:
    """Return a solution of linear equations over bits, each as the bits of its unknowns and its right side.

    Returns None if they contradict each other.
    """
    pivots: dict[int, tuple[int, int]] = {}
    for row, right in rows:
        while row and row.bit_length() in pivots:
            other, value = pivots[row.bit_length()]
            row, right = row ^ other, right ^ value
        if row:
            pivots[row.bit_length()] = row, right
        elif right:
            return None
    found = 0
    for size in sorted(pivots):
        row, right = pivots[size]
        if (row & found).bit_count() % 2 != right:
            found |= 1 << size - 1
    return found


def _list_pairs(frames: Sequence[tuple[bytes, int]]) -> Iterable[tuple[tuple[bytes, int], tuple[bytes, int]]]:
    """Yield pairs of different frames of one length, each frame in one of them if there are enough."""
    by_length: defaultdict[int, dict[bytes, int]] = defaultdict(dict)
    for body, check in frames:
        by_length[len(body)][body] = check
    groups = [[*same.items()] for same in by_length.values()]
    apart = [pair for group in groups for pair in zip(group[::2], group[1::2], strict=False)]
    if len(apart) < 2 * PAIRS_TOGETHER:
        apart = [pair for group in groups for pair in islice(combinations(group, 2), 12)]
    return apart[:PAIRS_COMPARED]


def _difference(one: tuple[bytes, int], other: tuple[bytes, int], width: int, *, is_reflected: bool) -> int:
    """Return the difference of two frames as a polynomial that the CRC's polynomial divides."""
    size = len(one[0])
    body = bytes(a ^ b for a, b in zip(one[0], other[0], strict=True))
    check = one[1] ^ other[1]
    if is_reflected:
        body = bytes(reverse_bits(byte, 8) for byte in body)
        check = reverse_bits(check, width)
    return int.from_bytes(body, "big") << width ^ check if size else 0


def reverse_bits(number: int, width: int) -> int:
    """Return the number of `width` bits with the lowest bit first."""
    return int(f"{number:0{width}b}"[::-1], 2)


def _find_common_divisor(one: int, other: int) -> int:
    """Return the greatest common divisor of two polynomials over bits."""
    while other:
        one, other = other, _remainder(one, other)
    return one


def _remainder(number: int, divisor: int) -> int:
    size = divisor.bit_length()
    while number.bit_length() >= size:
        number ^= divisor << number.bit_length() - size
    return number


def _drop_small_factors(divisor: int, width: int) -> int:
    """Return the divisor without factors x, which equal bytes at the end of all frames bring in."""
    while divisor and not divisor & 1 and divisor.bit_length() > width + 1:
        divisor >>= 1
    return divisor
