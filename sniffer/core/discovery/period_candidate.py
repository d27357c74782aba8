"""Propose the framing of frames of one size that repeat after that size.

In: bytes. Out: a candidate, with a check if one is found; None if nothing repeats. Without a check, all that speaks for
it are the bytes that all frames have in common, so it is never certain.
"""

from collections.abc import Callable, Iterator, Sequence
from math import log2

from msgspec.structs import replace

from sniffer.core.discovery.chains.chain_candidate import build_candidate, count_frames, propose_chain
from sniffer.core.discovery.chains.chain_search import FrameChain
from sniffer.core.discovery.chains.period_parts import find_parts
from sniffer.core.discovery.checks.check_index import kind_of
from sniffer.core.discovery.checks.check_search import CheckFit, count_proving, find_check, is_of_catalogue, is_right
from sniffer.core.discovery.delimiters.delimiter_search import is_text
from sniffer.core.discovery.framing_candidate import DOUBT, FramingCandidate
from sniffer.core.discovery.heads.head_readings import list_heads_by_convention
from sniffer.core.discovery.heads.head_search import LONGEST_HEAD, Extent, FramesReading, list_heads
from sniffer.core.discovery.lengths.cycle_division import (
    find_flag,
    find_frames_of_words,
    list_cycle_words,
    list_frequent_words,
)
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.discovery.lengths.period_search import (
    PeriodFit,
    divide_period,
    find_common_places,
    find_period,
)
from sniffer.core.discovery.lengths.shape_search import find_shapes
from sniffer.core.discovery.reading_candidate import LEAST_SHARE, judge_reading
from sniffer.core.wire.coding.delimiter import Delimiter

LONGEST_TAIL = 4

MOST_SLACK = 6
"""Bytes before the first one that all frames have in common at which frames are tried to begin."""

PIECES, SMALLEST_PIECE = (2, 3, 4), 4
"""Pieces of equal size of which a frame may consist, and the smallest of them."""

LEAST_WITH_HEAD = 0.8
"""The share of the pieces between flags that must begin with one head, as some are noise."""

LEAST_DIFFERENT = 6
"""Different frames that there must be if their check is not known."""

LEAST_COMMON, LEAST_VOTES = 2, 2
"""Bytes that such frames must have in common, and places that must speak for their begin if these are so few."""


def propose_period(data: bytes, is_cancelled: Callable[[], bool] = lambda: False) -> FramingCandidate | None:
    """Return the candidate of frames of one size that repeat after it; None if there are none."""
    fit = find_period(data)
    if fit is None or len(fit.begins) * fit.size < LEAST_SHARE * len(data):
        return None
    others: list[tuple[list[Extent], bytes, int, CheckFit]] = []
    for by in range(min(fit.slack, MOST_SLACK) + 1):
        for tail in _list_tails(fit) if not by else [b""]:
            if is_cancelled():
                return None
            spans = [(at - by, at - by + fit.size - len(tail)) for at in fit.begins if at >= by]
            found = find_check([data[begin:end] for begin, end in spans])
            if found and is_of_catalogue(found.check):
                return _propose_pieces(data, fit, are_alike=True) or _build_checked(data, fit, spans, tail, by, found)
            if found and found.check.parameters is None:
                others.append((spans, tail, by, found))
    parts = find_parts(data, fit.begins, fit.size)
    best = propose_chain(data, parts, is_proved=True) if parts else None
    if best is None and others:
        best = _build_checked(data, fit, *others[0])
    best = best or _propose_pieces(data, fit)
    frames = [] if best else find_frames_of_words(data, list_cycle_words(fit))
    if frames and not _have_head_after_flag(data, frames):
        return _propose_cycle(data, frames)
    return best or _build_unchecked(data, divide_period(data, fit))


def propose_sizes(data: bytes) -> FramingCandidate | None:
    """Return the candidate of frames of a few sizes that begin with a frequent word; None if no word is shown to.

    Where all sizes are multiples of one, that may be the size of all frames, of which some begin with another byte. A
    byte at both ends of frames shows no head.
    """
    frames = find_frames_of_words(data, list_frequent_words(data))
    sizes = {end - begin for begin, end in frames}
    is_one_size = not any(size % min(sizes) for size in sizes)
    return None if is_one_size or find_flag(data, frames) else _propose_cycle(data, frames)


def _build_checked(
    data: bytes, fit: PeriodFit, spans: list[Extent], tail: bytes, by: int, found: CheckFit
) -> FramingCandidate | None:
    """Return the candidate of frames with a check that begin `by` bytes before the first one they have in common.

    Returns None if nothing describes these.
    """
    if by:
        return _build_headless(data, spans, found)
    return judge_reading(data, FramesReading((_find_head(fit),), tail, _build_length(fit), spans))


def _propose_pieces(data: bytes, fit: PeriodFit, *, are_alike: bool = False) -> FramingCandidate | None:
    """Return the candidate of the pieces of equal size of which frames seem to consist; None if these have no check.

    A board that sends two frames in turn repeats after both. If they must be `are_alike`, all pieces have a byte in
    common at one place: a request that never changes has a right check by accident too often.
    """
    for count in PIECES:
        size = fit.size // count
        if fit.size % count or size < SMALLEST_PIECE:
            continue
        spans = [(at + by, at + by + size) for at in fit.begins for by in range(0, fit.size, size)]
        pieces = [data[begin:end] for begin, end in spans]
        if are_alike and not any(find_common_places(pieces)):
            continue
        found = find_check(pieces)
        if found and found.check.parameters is None and _is_of_each(data, fit, size, found):
            return _build_headless(data, spans, found)
    return None


def _is_of_each(data: bytes, fit: PeriodFit, size: int, found: CheckFit) -> bool:
    """Return True if nearly all pieces at each place of a frame have a check."""
    right = [
        sum(is_right(data[at + by : at + by + size], found.check) for at in fit.begins)
        for by in range(0, fit.size, size)
    ]
    return min(right) >= LEAST_SHARE * len(fit.begins)


def _list_tails(fit: PeriodFit) -> Iterator[bytes]:
    """Yield the possible tails after the check of each frame: none, and the last bytes that all have in common."""
    yield b""
    if tail := _find_tail(fit):
        yield tail


def _find_tail(fit: PeriodFit) -> bytes:
    """Return the last bytes that all frames have in common, without the zeros before them."""
    tail = b""
    for byte in reversed(fit.common[-LONGEST_TAIL:]):
        if byte is None:
            break
        tail = bytes([byte]) + tail
    return tail.lstrip(b"\0")


def _find_head(fit: PeriodFit) -> bytes:
    """Return the first bytes that all frames have in common, up to a zero if zeros are usual in these frames."""
    head = b""
    are_usual = fit.common[LONGEST_HEAD:].count(0) > 0
    for byte in fit.common[:LONGEST_HEAD]:
        if byte is None or (head and not byte and are_usual):
            break
        head += bytes([byte])
    return head


def _build_length(fit: PeriodFit) -> LengthFit:
    spans = tuple((at, at + fit.size) for at in fit.begins)
    return LengthFit(frozenset(_find_head(fit)[:1]), 0, 0, "big", fit.size, spans, len(spans))


def _build_headless(data: bytes, spans: list[Extent], found: CheckFit) -> FramingCandidate | None:
    """Return the candidate of frames whose first bytes differ; None if nothing describes these."""
    check = found.check
    kind = kind_of(check)
    right = tuple((at + check.start, end) for at, end in spans if check.is_right(data[at:end], end - at))
    proving = count_proving([data[at:end] for at, end in right], check.size)
    bits = 8.0 * check.number_size * proving - log2(found.tried * MOST_SLACK)
    return propose_chain(data, FrameChain(kind, check.start, right, bits))


def _propose_cycle(data: bytes, spans: Sequence[Extent]) -> FramingCandidate | None:
    """Return the candidate of frames of several sizes that are sent in turn; None if nothing describes these.

    Their sizes depend on a number or a command of theirs, or are only listed.
    """
    frames = [data[begin:end] for begin, end in spans]
    if flag := find_flag(data, spans):
        return _propose_flags(data, flag)
    heads = list_heads(frames)
    shapes = find_shapes(frames, min(map(len, heads)), 0) if heads and not is_text(data) else None
    if shapes is None:
        return None
    candidate = count_frames(data, build_candidate(heads, shapes, None, b"", spans, DOUBT))
    best, *shorter = list_heads_by_convention(candidate, frames)
    return replace(best, equals=tuple(shorter))


def _have_head_after_flag(data: bytes, spans: Sequence[Extent]) -> bool:
    """Return True if frames that begin and end with one byte go on alike, so that this byte may be of their head."""
    flag = find_flag(data, spans)
    pieces = [piece for piece in data.split(flag) if piece] if flag else []
    return len(pieces) > 0 and len(list_heads(pieces, LEAST_WITH_HEAD)) == 1


def _propose_flags(data: bytes, flag: bytes) -> FramingCandidate:
    """Return the candidate of frames that begin and end with a byte, and are several together in each of a cycle."""
    pieces = [piece for piece in data.split(flag) if piece]
    length = LengthFit(frozenset(piece[0] for piece in pieces), 0, 0, "big", max(map(len, pieces)), (), 0)
    return count_frames(data, FramingCandidate((), length, None, b"", 0, 0, DOUBT, delimiter=Delimiter(flag)))


def _build_unchecked(data: bytes, fit: PeriodFit) -> FramingCandidate | None:
    """Return the candidate of frames without a known check; None if it may be an accident, or all is text."""
    frames = [data[at : at + fit.size] for at in fit.begins]
    common = sum(byte is not None and byte > 0 for byte in fit.common)
    is_weak = common <= LEAST_COMMON and fit.votes < LEAST_VOTES
    if common < LEAST_COMMON or is_weak or len({*frames}) < LEAST_DIFFERENT or is_text(data):
        return None
    tail, count = _find_tail(fit), len(frames)
    ends = frozenset(at + fit.size - len(tail) for at in fit.begins)
    candidate = FramingCandidate(
        (_find_head(fit),), _build_length(fit), None, tail, count, count, DOUBT, ends=ends, covered=count * fit.size
    )
    best, *shorter = list_heads_by_convention(candidate, frames)
    return replace(best, equals=tuple(shorter))
