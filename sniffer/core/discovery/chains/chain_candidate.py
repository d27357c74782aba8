"""Propose the framing of frames that were found by their checks: their heads, and what says how long they are.

In: bytes, and a chain of frames. Out: a candidate; None if the bytes of the frames do not explain their sizes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import log2

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_division import divide_covers
from sniffer.core.discovery.chains.chain_search import BYTES_SEARCHED, FULL, FrameChain, find_chains
from sniffer.core.discovery.chains.length_chains import find_bit_chains, find_length_chains
from sniffer.core.discovery.chains.part_search import SMALLEST_HEADER, join_parts
from sniffer.core.discovery.chains.sized_chains import find_sized_chains
from sniffer.core.discovery.chains.word_chains import find_word_chains
from sniffer.core.discovery.checks.check_index import CheckKind, kind_of
from sniffer.core.discovery.checks.check_search import CheckFit, count_proving, find_check, has_high_byte
from sniffer.core.discovery.delimiters.delimiter_search import is_text
from sniffer.core.discovery.equal_readings import list_lengths, order_checks
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.heads.boundary_search import find_boundary, find_common, find_first
from sniffer.core.discovery.heads.head_readings import list_heads_by_convention
from sniffer.core.discovery.heads.head_search import (
    LONGEST_HEAD,
    MOST_BRANCHES,
    Extent,
    differ_in_first,
    list_exact_heads,
    list_heads,
)
from sniffer.core.discovery.lengths.length_readings import is_likely, list_constant_lengths
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.discovery.lengths.shape_search import FrameShape, ShapesFit, find_shapes, find_shapes_by_first
from sniffer.core.discovery.link_proposal import build_link
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer

LEAST_HEADLESS_BITS = 16
"""The bits of a check by which frames without a head can be found."""

MOST_MOVED = 6
"""The number of bytes before their seeming begin in which frames are looked for."""

SMALLEST_CHANCE = 1e-300
"""The smallest chance of an accident that a candidate states: a number with a floating point can be no smaller."""


def propose_chains(data: bytes, is_cancelled: Callable[[], bool] = lambda: False) -> Iterator[FramingCandidate]:
    """Yield the candidates of all chains of these bytes, up to the first that has nearly all of them."""
    chains = find_chains(data, is_cancelled)
    if any(chain.size >= FULL * len(data) for chain in chains) and (found := [*_propose_all(data, chains)]):
        yield from found
        return
    if is_text(data):
        # What counts the bytes of text is text itself.
        yield from _propose_all(data, chains)
        return
    searched = data[:BYTES_SEARCHED]
    weak = (*find_length_chains(searched, is_cancelled), *find_sized_chains(searched, is_cancelled))
    found = [*_propose_all(data, sorted((*chains, *weak), key=lambda one: -one.bits))]
    for find in (find_bit_chains, find_word_chains):
        if not any(one.covered >= FULL * len(data) for one in found):
            found += _propose_all(data, find(searched, is_cancelled))
    yield from found


def _propose_all(data: bytes, chains: Iterable[FrameChain]) -> Iterator[FramingCandidate]:
    """Yield the candidates of chains, up to the first that has nearly all bytes."""
    for chain in chains:
        if candidate := propose_chain(data, chain):
            yield candidate
            if candidate.covered >= FULL * len(data):
                return


def propose_chain(data: bytes, chain: FrameChain, *, is_proved: bool = False) -> FramingCandidate | None:
    """Return the candidate of a chain; None if too little speaks for it.

    The check of one that `is_proved` need not be found again in its frames: these may be few that repeat. Nor is it
    divided, as it has been before.
    """
    chain = join_parts(data, chain if is_proved else divide_covers(data, chain))
    first = find_first(data, chain.kind.build(0), chain.covers, chain.gap)
    boundary = find_boundary(data, [*chain.covers, *first], chain.gap)
    found = [
        one for tail in (boundary.tail, *boundary.others) if (one := _propose(data, chain, tail, is_proved=is_proved))
    ]
    if not found:
        return None
    best, *others = found
    return replace(best, equals=(*best.equals, *(replace(other, equals=()) for other in others)))


def _propose(data: bytes, chain: FrameChain, tail: int, *, is_proved: bool) -> FramingCandidate | None:
    """Return the candidate of a chain whose frames have `tail` bytes after their check.

    Returns None if too little speaks for it.
    """
    front = chain.gap - tail
    spans = [(begin - front, end + tail) for begin, end in chain.covers if begin >= front and end + tail <= len(data)]
    frames = [data[begin:end] for begin, end in spans]
    ending = find_common(data, [end - tail for _, end in spans], tail)
    if len(ending) != tail or not frames:
        return None
    found = find_check([frame[: len(frame) - tail] for frame in frames])
    if found is None and is_proved:
        found = CheckFit(chain.kind.build(front), len(frames), 1)
    if found is None:
        return None
    if tail and has_high_byte(found.check, [frame[: len(frame) - tail + 1] for frame in frames]):
        covers = tuple((begin, end + 1) for begin, end in chain.covers)
        return _propose(data, replace(chain, gap=chain.gap - 1, covers=covers), tail - 1, is_proved=is_proved)
    heads = list_heads(frames)
    if not heads and front:
        return None
    heads = tuple(sorted(list_exact_heads(heads, frames, min(found.check.start, LONGEST_HEAD), len(frames) // 30)))
    if differ_in_first(heads, min(front, found.check.start)):
        return _propose(data, replace(chain, gap=chain.gap - 1), tail, is_proved=is_proved)
    fit = _find_shapes(frames, heads, found.check.size + tail)
    if fit and not heads and chain.kind.bits < LEAST_HEADLESS_BITS and not _is_simple(fit):
        fit = find_shapes_by_first(frames)
    if fit is None:
        return None
    checked = frames if tail == 0 else [frame[:-tail] for frame in frames]
    full = _find_constant(fit, checked, tail, found.check.size)
    chance = max(SMALLEST_CHANCE, 2.0 ** -min(chain.bits, 990.0))
    candidate = count_frames(data, build_candidate(heads, full, found, ending, spans, chance))
    plain = None if full is fit else fit
    return _add_equals(candidate, checked, plain, lambda one: _is_of_part(one, chain.kind, front))


def build_candidate(
    heads: Sequence[bytes],
    fit: ShapesFit,
    found: CheckFit | None,
    ending: bytes,
    spans: Sequence[Extent],
    chance: float,
) -> FramingCandidate:
    """Return the candidate of frames at `spans` with these heads, shapes, check and end, whose frames are not counted.

    `chance` is the chance that they are an accident.
    """
    main = max(fit.shapes, key=lambda shape: shape.size)
    length = LengthFit(
        frozenset(), main.at, main.size, main.order, main.adds, tuple(spans), len(spans), main.unit, main.mask
    )
    shapes = fit.shapes if len(fit.shapes) > 1 else ()
    if main.size:
        heads = tuple(dict.fromkeys(head[: main.at] for head in heads))
    return FramingCandidate(
        tuple(heads), length, found, ending, 0, 0, chance, shapes, fit.command if shapes else None,
        ends=frozenset(end - len(ending) for _, end in spans),
    )  # fmt: skip


def _add_equals(
    candidate: FramingCandidate,
    frames: Sequence[bytes],
    plain: ShapesFit | None,
    is_of_part: Callable[[FramingCandidate], bool],
) -> FramingCandidate:
    """Return the likeliest reading of a candidate, with all others that its frames allow as its `equals`.

    `frames` are without their tail. `plain` are the shapes with the largest size as a constant, if the candidate has a
    length in its place; None if it has not. Checks for which `is_of_part` is True come first.
    """
    likeliest, *checks = sorted(order_checks(candidate, frames), key=lambda one: not is_of_part(one))
    first, *lengths = list_lengths(likeliest, frames)
    best, *shorter = list_heads_by_convention(first, frames)
    if plain:
        longest = max(map(len, frames)) + len(candidate.tail)
        lengths.append(replace(best, shapes=plain.shapes, length=replace(candidate.length, at=0, size=0, adds=longest)))
    equals = [replace(one, length=best.length, heads=best.heads, shapes=best.shapes) for one in checks]
    return replace(best, equals=(*equals, *lengths, *shorter))


def _is_simple(fit: ShapesFit) -> bool:
    """Return True if all that says how long frames are is one length, or that they have one of two sizes."""
    return len(fit.shapes) == 1 or (len(fit.shapes) <= MOST_BRANCHES and not any(shape.size for shape in fit.shapes))


def _is_of_part(candidate: FramingCandidate, kind: CheckKind, front: int) -> bool:
    """Return True if a check is that of the part after a header, which has the same check."""
    check = candidate.check.check if candidate.check else None
    return check is not None and front >= SMALLEST_HEADER and (check.name, check.start) == (kind.name, front)


def _find_constant(fit: ShapesFit, frames: Sequence[bytes], tail: int, check_size: int) -> ShapesFit:
    """Return the shapes with a length in place of the largest size, if a number in these frames counts a part of them.

    A bus that polls one value has one size of answers, beside that of its requests. `frames` are without their tail.
    """
    largest = max(fit.shapes, key=lambda shape: shape.adds)
    if len(fit.shapes) < MOST_BRANCHES or any(
        shape.size or shape.codes or shape.head is not None for shape in fit.shapes
    ):
        return fit
    own = [frame for frame in frames if len(frame) + tail == largest.adds]
    fixed = LengthFit(frozenset(), 0, 0, "big", largest.adds, (), len(own))
    likely = [one for one in list_constant_lengths(fixed, own, 1, check_size) if is_likely(one, largest.adds)]
    if not likely:
        return fit
    length = replace(largest, at=likely[0].at, size=likely[0].size, order=likely[0].order, adds=likely[0].adds)
    return replace(fit, shapes=(*(shape for shape in fit.shapes if shape is not largest), length))


def propose_moved(data: bytes, spans: Sequence[Extent]) -> FramingCandidate | None:
    """Return the candidate of frames that begin and end some bytes before these, where their checks are right.

    Where addresses repeat, they seem to be the head. Returns None if no check is right.
    """
    best: tuple[CheckFit, list[Extent]] | None = None
    for by in range(1, MOST_MOVED + 1):
        moved = [(begin - by, end - by) for begin, end in spans if begin >= by]
        fit = find_check([data[begin:end] for begin, end in moved])
        is_named = fit is not None and fit.check.parameters is None
        # Where the first bytes are missing, and always the same, a CRC has other constants.
        if fit and (best is None or is_named):
            best = fit, moved
        if is_named:
            break
    if best is None:
        return None
    found, frames = best
    check = found.check
    kind = kind_of(check)
    covers = tuple((at + check.start, end) for at, end in frames if check.is_right(data[at:end], end - at))
    proving = count_proving([data[at:end] for at, end in covers], check.size)
    bits = 8.0 * check.number_size * proving - log2(found.tried * MOST_MOVED)
    return propose_chain(data, FrameChain(kind, check.start, covers, bits))


def find_left(data: bytes, candidate: FramingCandidate) -> list[bytes]:
    """Return the pieces of these bytes that are in none of the frames which the definition of a candidate finds."""
    framer = Framer(build_link(candidate).routes_in_bytes)
    return [item.raw for item in (*framer.feed(data), *framer.flush()) if not isinstance(item, Frame)]


def count_frames(data: bytes, candidate: FramingCandidate) -> FramingCandidate:
    """Return the candidate with the number of frames that its definition finds, among the pieces of these bytes."""
    framer = Framer(build_link(candidate).routes_in_bytes)
    items = [*framer.feed(data), *framer.flush()]
    frames = sum(isinstance(item, Frame) for item in items)
    covered = sum(len(item.raw) for item in items if isinstance(item, Frame))
    return replace(candidate, frames=frames, of=len(items), covered=covered)


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
