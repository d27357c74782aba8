"""Propose the framing of frames that were found by their checks: their heads, and what says how long they are.

In: bytes, and a chain of frames. Out: a candidate; None if the bytes of the frames do not explain their sizes.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from sniffer.core.discovery.boundary_search import find_boundary, find_common
from sniffer.core.discovery.chain_search import FULL, FrameChain, find_chains
from sniffer.core.discovery.check_search import find_check
from sniffer.core.discovery.equal_readings import list_equal_checks, list_equal_lengths
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.head_search import LONGEST_HEAD, MOST_BRANCHES
from sniffer.core.discovery.length_search import LengthFit
from sniffer.core.discovery.link_proposal import build_link
from sniffer.core.discovery.shape_search import FrameShape, ShapesFit, find_shapes
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer

LEAST_WITH_HEAD = 0.97
"""The share of the frames that must have one of the heads."""

LEAST_HEADLESS_BITS = 16
"""The bits of a check by which frames without a head can be found."""

LEAST_OF_HEAD = 0.1
"""The share of the frames that a head must begin."""

SMALLEST_CHANCE = 1e-300


def propose_chains(data: bytes, is_cancelled: Callable[[], bool] = lambda: False) -> Iterator[FramingCandidate]:
    """Yield the candidates of all chains of these bytes, up to the first that has nearly all of them."""
    for chain in find_chains(data, is_cancelled):
        if candidate := propose_chain(data, chain):
            yield candidate
            if candidate.covered >= FULL * len(data):
                return


def propose_chain(data: bytes, chain: FrameChain) -> FramingCandidate | None:
    """Return the candidate of a chain; None if too little speaks for it."""
    boundary = find_boundary(data, chain.covers, chain.gap)
    found = [one for tail in (boundary.tail, *boundary.others) if (one := _propose(data, chain, tail))]
    if not found:
        return None
    best, *others = found
    return replace(best, equals=(*best.equals, *(replace(other, equals=()) for other in others)))


def _propose(data: bytes, chain: FrameChain, tail: int) -> FramingCandidate | None:
    """Return the candidate of a chain whose frames have so many bytes behind their check.

    Returns None if too little speaks for it.
    """
    front = chain.gap - tail
    spans = [(begin - front, end + tail) for begin, end in chain.covers if begin >= front and end + tail <= len(data)]
    frames = [data[begin:end] for begin, end in spans]
    ending = find_common(data, [end - tail for _, end in spans], tail)
    found = find_check([frame[: len(frame) - tail] for frame in frames]) if len(ending) == tail else None
    if found is None:
        return None
    heads = list_heads(frames)
    if not heads and (front or chain.kind.bits < LEAST_HEADLESS_BITS):
        return None
    fit = _find_shapes(frames, heads, found.check.size + tail)
    if fit is None:
        return None
    main = max(fit.shapes, key=lambda shape: shape.size)
    length = LengthFit(frozenset(), main.at, main.size, main.order, main.adds, tuple(spans), len(spans))
    shapes = fit.shapes if len(fit.shapes) > 1 else ()
    chance = max(SMALLEST_CHANCE, 2.0 ** -min(chain.bits, 990.0))
    candidate = count_frames(
        data,
        FramingCandidate(
            heads, length, found, ending, 0, 0, chance, shapes, fit.command if shapes else None,
            ends=frozenset(end - tail for _, end in spans),
        ),
    )  # fmt: skip
    return replace(candidate, equals=(*list_equal_checks(candidate), *list_equal_lengths(candidate, frames)))


def count_frames(data: bytes, candidate: FramingCandidate) -> FramingCandidate:
    """Return the candidate with the number of frames that its definition finds, among the pieces of these bytes."""
    framer = Framer(build_link(candidate).routes_in_bytes)
    items = [*framer.feed(data), *framer.flush()]
    frames = sum(isinstance(item, Frame) for item in items)
    covered = sum(len(item.raw) for item in items if isinstance(item, Frame))
    return replace(candidate, frames=frames, of=len(items), covered=covered)


def list_heads(frames: Sequence[bytes], share: float = LEAST_WITH_HEAD) -> tuple[bytes, ...]:
    """Return the heads of these frames, one or two; none if they begin with more different bytes.

    At least this share of the frames must have one of them.
    """
    firsts = Counter(frame[0] for frame in frames)
    most = firsts.most_common(MOST_BRANCHES)
    known = [byte for byte, count in most if count >= max(2, LEAST_OF_HEAD * len(frames))]
    if most[0][1] >= share * len(frames):
        known = known[:1]
    if sum(firsts[byte] for byte in known) < share * len(frames):
        return ()
    shortest = min(map(len, frames))
    found = []
    for byte in sorted(known):
        own = [frame for frame in frames if frame[0] == byte]
        joined, size = b"".join(frame[:shortest] for frame in own), min(shortest, LONGEST_HEAD)
        common = find_common(joined, range(0, len(joined), shortest), size, share)
        found.append(common[:1] + common[1:].split(b"\0")[0])
    return tuple(found)


def _find_shapes(frames: Sequence[bytes], heads: Sequence[bytes], back: int) -> ShapesFit | None:
    """Return the shapes of frames with these heads: those of all, or one of each head. None if there are none."""
    front = min((len(head) for head in heads), default=0)
    fit = find_shapes(frames, front, back)
    if len(heads) != MOST_BRANCHES or (fit and len(fit.shapes) == 1):
        return fit
    single: list[FrameShape] = []
    for number, head in enumerate(heads):
        own = find_shapes([frame for frame in frames if frame.startswith(head)], len(head), back)
        if own is None or len(own.shapes) > 1:
            return fit
        single.append(replace(own.shapes[0], head=number))
    return ShapesFit(tuple(single))
