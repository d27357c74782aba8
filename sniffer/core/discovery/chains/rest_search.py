"""Add the frames of other kinds that stand between those of a candidate, by the check that all of them have.

In: bytes, and a candidate with a check. Out: the candidate of both kinds; None if there are none. Answers
that are rare, and requests with another head and another size, are in no frame of a candidate of one head or one size.
What stands between its frames is then, from the end of one to the begin of the next, nothing but whole frames.
"""

from collections.abc import Sequence
from math import log2

from msgspec import Struct

from sniffer.core.discovery.chains.chain_candidate import propose_chain
from sniffer.core.discovery.chains.chain_search import FrameChain
from sniffer.core.discovery.checks.check_index import kind_of
from sniffer.core.discovery.checks.check_search import is_right
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.heads.head_search import Extent
from sniffer.core.discovery.link_proposal import build_link
from sniffer.core.wire.checks import Check
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer

LONGEST_PIECE, PIECES_TRIED = 128, 80
"""The size of the longest piece between frames that is looked at, and how many are."""

LEAST_FILLED, LEAST_BITS = 3, 12.0
"""Pieces that must consist of frames, and the bits that the checks of the different ones must prove."""

LEAST_GAIN = 0.5
"""The share of the bytes in these pieces that the new candidate must have more in frames."""


def add_rest(data: bytes, candidate: FramingCandidate) -> FramingCandidate | None:
    """Return the candidate with the frames that stand between its frames; None if there are none."""
    if candidate.check is None or candidate.delimiter or candidate.check.check.digits:
        return None
    frames, pieces = find_extents(data, candidate)
    checks = [one.check.check for one in (candidate, *candidate.equals) if one.check and one.tail == candidate.tail]
    found = [_Filling(check, _fill(data, pieces, check, candidate.tail)) for check in dict.fromkeys(checks)]
    best = max(found, key=lambda one: one.count_bits(data))
    if len(best.filled) < LEAST_FILLED or best.count_bits(data) < LEAST_BITS:
        return None
    start, tail = best.check.start, len(candidate.tail)
    parts = [part for filled in best.filled for part in filled]
    covers = tuple(sorted((begin + start, end - tail) for begin, end in (*frames, *parts)))
    chain = FrameChain(kind_of(best.check), start + tail, covers, -log2(candidate.accident))
    whole = propose_chain(data, chain)
    if whole is None or (len(whole.heads) < len(candidate.heads) and not _is_counted(whole, candidate)):
        return None
    added = sum(end - begin for begin, end in parts)
    return whole if whole.covered >= candidate.covered + LEAST_GAIN * added else None


def _is_counted(whole: FramingCandidate, candidate: FramingCandidate) -> bool:
    """Return True if one length explains all frames, and those of a candidate have a size for each of its heads."""
    return whole.length.size > 0 and not whole.shapes and len(candidate.shapes) > 1


class _Filling(Struct, frozen=True):
    """The pieces between frames that consist of frames with a check, each as the extents of these."""

    check: Check
    filled: Sequence[Sequence[Extent]]

    def count_bits(self, data: bytes) -> float:
        """Return what the checks of the different pieces prove, less what the places of their parts cost."""
        distinct = {data[parts[0][0] : parts[-1][1]]: len(parts) for parts in self.filled}
        bits = kind_of(self.check).bits
        return sum(bits * count - (count - 1) * log2(len(raw)) for raw, count in distinct.items())


def _fill(data: bytes, pieces: Sequence[Extent], check: Check, tail: bytes) -> list[list[Extent]]:
    """Return the pieces that are one frame or several with a right check, each as the extents of these."""
    tried = [(begin, end) for begin, end in pieces if end - begin <= LONGEST_PIECE and any(data[begin:end])]
    found = ((begin, _find_parts(data[begin:end], check, tail)) for begin, end in tried[:PIECES_TRIED])
    return [[(begin + first, begin + last) for first, last in parts] for begin, parts in found if parts]


def _find_parts(piece: bytes, check: Check, tail: bytes) -> list[Extent]:
    """Return the fewest frames with a right check and this tail that a piece consists of; nothing if it does not."""
    least: dict[int, list[Extent]] = {0: []}
    shortest = check.start + check.size + len(tail) + 1
    for end in range(shortest, len(piece) + 1):
        before = [*least] if piece.endswith(tail, 0, end) else []
        for begin in sorted(before, key=lambda place: len(least[place])):
            if end - begin >= shortest and is_right(piece[begin : end - len(tail)], check):
                least[end] = [*least[begin], (begin, end)]
                break
    return least.get(len(piece), [])


def find_extents(data: bytes, candidate: FramingCandidate) -> tuple[list[Extent], list[Extent]]:
    """Return where the frames of a candidate are, and what stands between them."""
    framer = Framer(build_link(candidate).routes_in_bytes)
    frames: list[Extent] = []
    pieces: list[Extent] = []
    at = 0
    for item in (*framer.feed(data), *framer.flush()):
        end = at + len(item.raw)
        if isinstance(item, Frame):
            frames.append((at, end))
        elif pieces and pieces[-1][1] == at:
            pieces[-1] = pieces[-1][0], end
        else:
            pieces.append((at, end))
        at = end
    return frames, pieces
