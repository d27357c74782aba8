"""Find where frames begin among the bytes that stand between the end of one check and the cover of the next.

In: bytes, and the covers of frames. Out: how many of the bytes between are the tail of the frame before. Frames that
follow one another do not say it: the same bytes stand between all of them. What says it is where frames follow nothing,
or nothing follows them: at both ends of the bytes, and where there is noise.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from sniffer.core.wire.checks import Check

SAME = 0.9
"""The share of the frames that have the same byte at a place where it is part of a head or a tail."""

LEAST_VOTES = 2
"""Ends of runs that must agree on a boundary."""

MOST_AGAINST = 1 / 3
"""The largest number of them that may speak for another one, as a share of those that speak for it."""

LEAST_LINKED = 0.2
"""The share of the units that must follow another one to show what stands between two of them."""

LONGEST_SHARED = 1
"""The size of the longest tail that is likelier than a head which the frames between others share."""

LONGEST_FIRST = 2
"""The bytes at the begin of a cover by which frames of other kinds are known as well."""

STRONG = 100
"""The weight of an end that has some of the bytes, or is exactly where the capture begins or ends.

Where a frame is damaged, or longer than others, all of the bytes or none stand, whatever the boundary is.
"""

Cover = tuple[int, int]
"""The offset where the cover of a frame begins, and where its check ends."""


class Boundary(Struct, frozen=True):
    """The bytes between two covers that are always the same, and how many of them belong to the frame before.

    `others` are other sizes of the tail, if the bytes do not decide it. `is_strong` is True if the tail is shown by
    some of the bytes, or by where the capture begins or ends, and nothing speaks as much for another one.
    """

    between: bytes
    tail: int
    others: tuple[int, ...] = ()
    is_strong: bool = False


def find_boundary(data: bytes, units: Sequence[Cover], gap: int, usual: int = 0) -> Boundary:
    """Return where frames begin. `gap` bytes stand between units that follow one another.

    `usual` is the size of the tail that is taken if nothing decides.
    """
    ends = {end for _, end in units}
    linked = [begin - gap for begin, _ in units if begin - gap in ends]
    is_apart = len(linked) < LEAST_LINKED * len(units)
    if is_apart:
        # Other frames stand between these: what is before each cover is all that is known.
        linked = [begin - gap for begin, _ in units if begin >= gap]
    between = find_common(data, linked, gap)
    if not between:
        return Boundary(b"", 0)
    votes: Counter[int] = Counter()
    for stop, begin in pairwise([None, *sorted(units), None]):
        end, start = stop and stop[1], begin and begin[0] - gap
        if end is None or start is None or end != start:
            votes.update(_vote(data, between, end, start))
    if is_apart:
        votes.update(_list_partial(data, between, [begin for begin, _ in units]))
    usual = min(usual, len(between))
    (best, most), (_, against) = [*votes.most_common(2), (usual, 0), (usual, 0)][:2]
    tail = usual if most == against else best
    is_clear = most >= LEAST_VOTES * (STRONG if most >= STRONG else 1) and against <= MOST_AGAINST * most
    if is_apart and not (is_clear and most >= STRONG):
        # Bytes before and after are the head of other frames as well, or their tail. A tail is short.
        tail = tail if tail <= LONGEST_SHARED else 0
        return Boundary(between, tail, tuple(sorted({0, *votes} - {tail})))
    if is_clear:
        return Boundary(between, tail, (), most >= STRONG)
    voted = {size for size, count in votes.items() if count > MOST_AGAINST * most} or {0, len(between)}
    others = tuple(sorted({*voted, 0 if tail else len(between)} - {tail}))
    return Boundary(between, tail, others, most >= STRONG and against == 0)


def find_first(data: bytes, check: Check, units: Sequence[Cover], gap: int) -> list[Cover]:
    """Return the cover of the frame that begins with the first byte, if its check is right.

    It is not among the `units`, between which `gap` bytes stand, if they count bytes of the frame before as their head.
    """
    end = min((begin for begin, _ in units), default=0) - gap
    whole = check.move(0)
    fitting = (at for at in range(gap + 1) if at + check.size < end and whole.is_right(data[at:end], end - at))
    return [(at, end) for at in list(fitting)[:1]]


def _list_partial(data: bytes, between: bytes, begins: Sequence[int]) -> Iterator[int]:
    """Yield the size of the tail for each place of the last bytes between, with a cover after, but without the first.

    These are frames of any kind that follow nothing, by the bytes that all covers begin with.
    """
    first = find_common(data, begins, LONGEST_FIRST)
    at = data.find(between[-1:] + first) if first else -1
    while at >= 0:
        count = _count_last(data, between, at + 1 - len(between))
        if 0 < count < len(between):
            yield from [len(between) - count] * STRONG
        at = data.find(between[-1:] + first, at + 1)


def _vote(data: bytes, between: bytes, end: int | None, start: int | None) -> Iterator[int]:
    """Yield the size of the tail for which the bytes speak after a check that ends at `end`, and before a cover.

    `start` is where the first of the bytes before the cover would be. None: there is no frame before, or after.
    """
    size = len(between)
    first = None if end is None else _count_first(data, between, end)
    last = None if start is None else _count_last(data, between, start)
    if first == last == size:
        return
    if first is not None and last is not None and first + last < size:
        # Some of the bytes between are damaged.
        return
    # Where both sides have more bytes than stand between, those of a frame with a damaged head are among them.
    strong = 1 if first is not None and last is not None and first + last > size else STRONG
    if first is not None and end is not None:
        yield from [first] * (strong if 0 < first < size or end + first == len(data) else 1)
    if last is not None and start is not None:
        yield from [size - last] * (strong if 0 < last < size or start + size == last else 1)


def find_common(data: bytes, places: Sequence[int], longest: int, share: float = SAME) -> bytes:
    """Return the bytes, `longest` at most, that nearly all of these places begin with, at least this share of them."""
    found = b""
    while places and len(found) < longest:
        byte, count = Counter(data[place + len(found)] for place in places).most_common(1)[0]
        if count < share * len(places):
            break
        found += bytes([byte])
    return found


def _count_first(data: bytes, between: bytes, at: int) -> int:
    """Return the number of the first bytes between that stand after the end of a check."""
    return next(count for count in range(len(between), -1, -1) if data.startswith(between[:count], at))


def _count_last(data: bytes, between: bytes, at: int) -> int:
    """Return the number of the last bytes between that stand where the first of them would be at `at`."""
    size, end = len(between), max(0, at + len(between))
    return next(count for count in range(size, -1, -1) if data.endswith(between[size - count :], 0, end))
