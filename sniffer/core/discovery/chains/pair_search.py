"""Divide pairs of frames that were taken for one frame: a request and its answer, which always follow each other.

In: a candidate with a check, and its frames. Out: the candidate of the frames in the pairs; None if nothing shows that
they are pairs. What shows it are further checks of the same kind: one at the end of each part.
"""

from collections.abc import Iterator, Sequence
from math import log2

from msgspec import Struct

from sniffer.core.discovery.chains.chain_candidate import LEAST_HEADLESS_BITS, propose_chain
from sniffer.core.discovery.chains.chain_search import FrameChain
from sniffer.core.discovery.checks.check_index import kind_of
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.heads.head_search import LONGEST_HEAD, Extent
from sniffer.core.wire.checks import Check

FRAMES_TRIED = 20
LEAST_PART, LARGEST_PART, LEAST_CONTENT = 3, 128, 2
"""The size of the smaller part in bytes, and the bytes of it that its check must cover."""

LEAST_SHARE = 0.75
"""The share of the frames in which both parts must have a right check."""

LEAST_BITS = 22.0
"""Bits that the different checks of each part must prove, if the check of the pair does not begin after the first."""


class _Division(Struct, frozen=True):
    """The place where pairs are divided: `size` bytes from their begin, or from their end.

    The covers of both parts begin `start` bytes after their first byte.
    """

    size: int
    is_from_end: bool
    start: int

    def find_place(self, begin: int, end: int, tail: int) -> tuple[int, int]:
        """Return where the check of the first part of a pair ends, and where the second part begins."""
        second = end - self.size if self.is_from_end else begin + self.size + tail
        return second - tail, second


def divide_pairs(
    data: bytes, candidate: FramingCandidate, spans: Sequence[Extent]
) -> tuple[bool, FramingCandidate | None]:
    """Return True with the candidate of the frames in the pairs, None if nothing describes these; False if none are.

    Frames with a strong check are found by it alone, also those that are in no pair: their pairs are not described.
    What counts all of its bytes is no pair, though its first part may have a check of its own.
    """
    if candidate.length.size and candidate.length.adds == 0:
        return False, None
    for one, own in _list_by_tail(candidate, spans):
        if one.check and not one.check.check.digits and own and (division := _find_division(data, one, own)):
            return True, _propose_parts(data, one, own, division)
    return False, None


def _list_by_tail(
    candidate: FramingCandidate, spans: Sequence[Extent]
) -> Iterator[tuple[FramingCandidate, Sequence[Extent]]]:
    """Yield the candidate, and one of its equal readings with each other tail, with the frames of each."""
    by_size = {len(one.tail): one for one in reversed((candidate, *candidate.equals)) if not one.delimiter}
    for size, one in sorted(by_size.items(), key=lambda item: item[0] != len(candidate.tail)):
        by = len(candidate.tail) - size
        yield one, [(begin - by, end) for begin, end in spans if begin >= by]


def _propose_parts(
    data: bytes, candidate: FramingCandidate, spans: Sequence[Extent], division: _Division
) -> FramingCandidate | None:
    """Return the candidate of both parts of pairs; None if nothing describes them, or if they have a strong check."""
    if candidate.check is None:
        return None
    check, tail = candidate.check.check, len(candidate.tail)
    kind = kind_of(check)
    if kind.bits >= LEAST_HEADLESS_BITS:
        return None
    places = [(begin, *division.find_place(begin, end, tail), end) for begin, end in spans]
    parts = [part for begin, stop, second, end in places for part in ((begin, stop), (second, end))]
    covers = tuple((begin + division.start, end) for begin, end in parts)
    return propose_chain(data, FrameChain(kind, division.start + tail, covers, -log2(candidate.accident)))


def _find_division(data: bytes, candidate: FramingCandidate, spans: Sequence[Extent]) -> _Division | None:
    """Return the place at which most of these frames can be divided into two with such a check each; None if none."""
    if candidate.check is None:
        return None
    check, tail = candidate.check.check, candidate.tail
    equal = [one.check.check for one in candidate.equals if one.check and one.tail == tail]
    starts = {one.start for one in (check, *candidate.check.others, *equal)}
    tried = [*{data[begin:end]: (begin, end) for begin, end in spans}.values()][:FRAMES_TRIED]
    largest = min(min(end - begin for begin, end in tried) - len(tail) - LEAST_PART, LARGEST_PART)
    divisions = [
        _Division(size, is_from_end, start)
        for start in range(LONGEST_HEAD + 1)
        for size in range(max(LEAST_PART, start + check.size + LEAST_CONTENT), largest + 1)
        for is_from_end in (False, True)
    ]
    # The check of a first part that never changes may be right by accident: one that changes is tried before.
    whole = [one for one in divisions if not one.is_from_end and one.size + len(tail) + one.start in starts]
    for least_bits, tried_divisions in ((LEAST_BITS, divisions), (0.0, whole)):
        for one in tried_divisions:
            if _divides(data, check.move(one.start), tail, tried, one, least_bits):
                return one
    return None


def _divides(
    data: bytes, check: Check, tail: bytes, spans: Sequence[Extent], division: _Division, least_bits: float
) -> bool:
    """Return True if most of these frames have a right check in both parts, each of which proves `least_bits`."""
    right, firsts, seconds = 0, set[bytes](), set[bytes]()
    for number, (begin, end) in enumerate(spans):
        stop, second = division.find_place(begin, end, len(tail))
        parts = data[begin:stop], data[second:end]
        is_long = all(len(part) > check.start + check.size for part in parts)
        if is_long and data.startswith(tail, stop) and all(check.is_right(part, len(part)) for part in parts):
            right += 1
            firsts.add(parts[0][-check.size :])
            seconds.add(parts[1][-check.size :])
        elif number - right >= (1 - LEAST_SHARE) * len(spans):
            return False
    return right >= LEAST_SHARE * len(spans) and 8 * check.size * min(len(firsts), len(seconds)) >= least_bits
