"""Find the check of frames that is a sum or an exclusive or with a constant of its maker.

In: frames of which no other check is right. Out: the check; None if none was found. The constant follows from the
frames: it is what their check and the sum of their bytes always differ by.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import xor

from msgspec import Struct

from sniffer.core.discovery.delimiters.delimiter_search import is_text
from sniffer.core.wire.checks import ByteOrder, Check, SumConstants

STARTS = range(9)
"""The offsets at which the cover of such a check may begin."""

FORMS: Sequence[tuple[int, ByteOrder]] = ((1, "big"), (2, "big"), (2, "little"))

FIRST_TRIED, LEAST_FIRST = 8, 4
"""Frames on which each relation is tried first, and how many of them must have the same constant."""

LEAST_SHARE = 0.8
"""The share of the frames that must have the same constant."""

LEAST_FRAMES, LEAST_VALUES = 12, 6
"""Different frames that must have the constant, and values that their check must have."""

LEAST_CHANGING = 3
"""Bytes of the cover that must change: a copy of the only byte that does differs from it by a constant as well."""


class _Relation(Struct, frozen=True):
    """A check of this `name`, and what says its constant from the bytes of a cover and the check after them."""

    name: str
    is_final: bool
    solve: Callable[[bytes, int], int]


RELATIONS = (
    _Relation("sum", False, lambda cover, check: check - sum(cover)),
    _Relation("sum negated", False, lambda cover, check: -check - sum(cover)),
    _Relation("xor", False, lambda cover, check: reduce(xor, cover, check)),
    _Relation("sum", True, lambda cover, check: check ^ sum(cover)),
)


def find_constant_sum(frames: Sequence[bytes]) -> Check | None:
    """Return the sum or exclusive or that most of these different frames have with one constant; None if none.

    Frames of text may have lines before the one that the check covers, which never change.
    """
    if is_text(b"".join(frames)):
        return None
    best: tuple[int, Check] | None = None
    for check in _list_checks(frames):
        right = [
            frame for frame in frames if len(frame) > check.start + check.size and check.is_right(frame, len(frame))
        ]
        is_often = len(right) >= max(LEAST_FRAMES, LEAST_SHARE * len(frames))
        if is_often and (best is None or len(right) > best[0]) and _is_varied(right, check):
            best = len(right), check
    return best[1] if best else None


def _list_checks(frames: Sequence[bytes]) -> Iterator[Check]:
    """Yield the checks with the constant that some of the first frames have in common."""
    for size, order in FORMS:
        for start in STARTS:
            first = [frame for frame in frames if len(frame) > start + size][:FIRST_TRIED]
            parts = [(one[start:-size], int.from_bytes(one[-size:], order)) for one in first]
            for relation in RELATIONS if parts else ():
                if size > 1 and relation.name == "xor":
                    continue
                numbers = Counter(relation.solve(*part) % 256**size for part in parts)
                number, count = numbers.most_common(1)[0]
                if count >= LEAST_FIRST:
                    constants = SumConstants(0, number) if relation.is_final else SumConstants(number)
                    yield Check(relation.name, size, start, order, constants=constants)


def _is_varied(frames: Sequence[bytes], check: Check) -> bool:
    """Return True if the check of these frames has many values, as have its first byte and several bytes of the cover.

    The first byte is the high one of a check of two bytes, which one of one byte has not.
    """
    values = {frame[-check.size :] for frame in frames}
    highs = {value[0 if check.order == "big" else -1] for value in values}
    changing: set[int] = set()
    by_size: dict[int, bytes] = {}
    for frame in frames:
        other = by_size.setdefault(len(frame), frame)
        changing.update(at for at in range(check.start, len(frame) - check.size) if frame[at] != other[at])
    return len(values) >= LEAST_VALUES and len(highs) > 1 and len(changing) >= LEAST_CHANGING
