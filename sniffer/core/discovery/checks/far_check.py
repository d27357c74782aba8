"""Find the check of frames that covers only their last part, as that of a frame within another one.

In: frames whose check is not found from their first bytes on. Out: the check, whose cover begins far after their head;
None if none was found. Only usual checks are tried, at all begins together.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from sniffer.core.discovery.checks.check_index import CheckIndexer, CheckKind
from sniffer.core.discovery.checks.check_search import (
    FARTHEST_START,
    CheckFit,
    is_proved,
    is_right,
    is_varied,
    list_distinct,
)
from sniffer.core.discovery.checks.usual_checks import COMMON_CRCS, list_orders
from sniffer.core.wire.checks import SUMS, XORS, Check, list_crcs

FIRST_TRIED, LEAST_FIRST = 6, 4
"""Frames in which each check is looked for first, and how many of them must have it."""

LARGEST_START = 32


def find_far_check(frames: Sequence[bytes]) -> CheckFit | None:
    """Return the check of these frames that begins far after their first byte; None if none was found."""
    distinct = list_distinct(frames)
    first = sorted(distinct, key=len)[len(distinct) // 3 :][:FIRST_TRIED]
    if len(first) < FIRST_TRIED:
        return None
    indexers = [CheckIndexer(frame) for frame in first]
    tried, found = 0, list[tuple[int, Check]]()
    for kind in _list_kinds():
        counts: Counter[int] = Counter()
        for frame, indexer in zip(first, indexers, strict=True):
            counts.update(_list_starts(frame, indexer, kind))
        tried += LARGEST_START - FARTHEST_START
        for start, count in counts.items():
            check = kind.build(start)
            right = [one for one in distinct if is_right(one, check)] if count >= LEAST_FIRST else []
            if is_varied(right, check) and is_proved(len(right), len(distinct), check.size):
                found.append((len(right), check))
    if not found:
        return None
    most = max(count for count, _ in found)
    best, *others = sorted((one for count, one in found if count == most), key=lambda one: (-one.size, one.start))
    return CheckFit(best, sum(is_right(frame, best) for frame in frames), tried, tuple(others))


def _list_starts(frame: bytes, indexer: CheckIndexer, kind: CheckKind) -> Iterator[int]:
    """Yield where the cover of a check may begin that stands at the end of a frame."""
    if len(frame) < kind.size:
        return
    index, last = indexer.build(kind), len(frame) - kind.size
    places = range(FARTHEST_START + 1, min(LARGEST_START, last))
    yield from (at for at in places if index.begins[at] == index.ends[last])


def _list_kinds() -> Iterator[CheckKind]:
    """Yield the kinds of checks that are tried."""
    for name in COMMON_CRCS:
        crc = list_crcs()[name]
        yield from (CheckKind(name, crc.width // 8, order, crc) for order in list_orders(crc.width // 8))
    for name in SUMS:
        for size in (1,) if name in XORS else (1, 2):
            yield from (CheckKind(name, size, order) for order in list_orders(size))
