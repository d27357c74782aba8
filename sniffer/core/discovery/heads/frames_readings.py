"""List the ways to read the frames of a length: which bytes between them are a head, and which a tail.

In: bytes, and a length. Out: readings, the likelier first. Nothing is known yet of a check.
"""

from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from sniffer.core.discovery.heads.boundary_search import LEAST_LINKED, SAME
from sniffer.core.discovery.heads.head_search import LONGEST_HEAD, FramesReading
from sniffer.core.discovery.lengths.length_search import LengthFit

LONGEST_TAIL = 6


def list_frames_readings(data: bytes, fit: LengthFit) -> Iterator[FramesReading]:
    """Yield the ways to read the frames: bytes that are the same before each begin are of the head, or of a tail."""
    fit = _widen(data, fit)
    before = _find_common_before(data, fit)
    heads = tuple(sorted(_extend_head(data, fit, start) for start in fit.starts))
    tail = FramesReading(heads, before, fit, [(begin, end - len(before)) for begin, end in fit.frames])
    size = len(before)
    if not size:
        yield tail
        return
    shifted = replace(fit, at=fit.at + size if fit.size else 0)
    if fit.starts == {0} and fit.at == 1:
        # The zero is the high byte of the length, directly after the head.
        shifted = replace(fit, at=size, size=2, order="big")
    spans = [(begin - size, end - size) for begin, end in fit.frames if begin >= size]
    head = FramesReading(tuple(before + head for head in heads), b"", shifted, spans)
    # What never changes before the next head may also be a part of the check, as the high byte of a sum.
    plain = FramesReading(heads, b"", fit, fit.frames)
    yield from (head, tail, plain) if _is_before_first(data, fit, before) else (tail, head, plain)


def _widen(data: bytes, fit: LengthFit) -> LengthFit:
    """Return the length with two bytes if the byte beside its one is always zero: that is its high byte then.

    Where both are, it is the one after, unless the one before follows the head directly.
    """
    high = fit.at + (fit.order == "little")
    if not fit.size or (fit.size > 1 and not _is_zero(data, fit, high)):
        return fit
    fit = narrow = replace(fit, at=fit.at + (fit.size > 1 and fit.order == "big"), size=1, order="big")
    is_zero_after = _is_zero(data, fit, fit.at + 1)
    is_after_head = min(len(_extend_head(data, narrow, start)) for start in fit.starts) == fit.at - 1
    if fit.at > 1 and _is_zero(data, fit, fit.at - 1) and (is_after_head or not is_zero_after):
        return replace(fit, at=fit.at - 1, size=2, order="big")
    return replace(fit, size=2, order="little") if is_zero_after else fit


def _is_zero(data: bytes, fit: LengthFit, at: int) -> bool:
    """Return True if nearly all frames have a zero at this offset."""
    zeros = sum(begin + at < end and data[begin + at] == 0 for begin, end in fit.frames)
    return zeros >= SAME * len(fit.frames)


def _extend_head(data: bytes, fit: LengthFit, start: int) -> bytes:
    """Return the bytes that all frames with this first byte begin with. A head ends before a zero."""
    begins = [begin for begin, _ in fit.frames if data[begin] == start]
    head = bytes([start])
    farthest = min(fit.at or fit.adds, LONGEST_HEAD)
    while begins and len(head) < farthest:
        byte, count = Counter(data[begin + len(head)] for begin in begins).most_common(1)[0]
        if count < SAME * len(begins) or byte == 0:
            break
        head += bytes([byte])
    return head


def _find_common_before(data: bytes, fit: LengthFit) -> bytes:
    """Return the bytes that stand before the begin of each frame that follows another one, or of each if few do."""
    ends = {end for _, end in fit.frames}
    begins = [begin for begin, _ in fit.frames if begin in ends]
    if len(begins) < LEAST_LINKED * len(fit.frames):
        begins = [begin for begin, _ in fit.frames if begin >= LONGEST_TAIL]
    found = b""
    while begins and len(found) < LONGEST_TAIL:
        at = len(found) + 1
        byte, count = Counter(data[begin - at] for begin in begins).most_common(1)[0]
        if count < SAME * len(begins):
            break
        found = bytes([byte]) + found
    return found


def _is_before_first(data: bytes, fit: LengthFit, before: bytes) -> bool:
    """Return True if these bytes stand also before frames that do not follow another one: then they are of the head."""
    ends = {end for _, end in fit.frames}
    alone = [begin for begin, _ in fit.frames if begin not in ends]
    return sum(data[:begin].endswith(before) for begin in alone) * 2 >= len(alone)
