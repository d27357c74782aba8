"""A framing that was found, in words: its parts, what speaks for it, and what is left open."""

from collections.abc import Iterator, Sequence

from sniffer.base.phrasing import format_count
from sniffer.core.discovery.board_match import BoardMatch
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.lengths.shape_search import FrameShape
from sniffer.core.wire.coding.checked_delimiter import CheckedDelimiter

UNDETERMINED = (
    "Undetermined: no head and length, no delimiter and no check explain these bytes. What helps: more bytes, messages "
    "of different lengths, and the right baud rate."
)
"""The text for a search without a candidate."""


def list_boards_that_fit(boards: Sequence[BoardMatch]) -> Iterator[str]:
    """Yield a line for each known board whose frames are among the bytes: how many, and how to use it."""
    for board in boards:
        frames = format_count(board.frames, "frame")
        yield f"These bytes fit the board {board.name}: {frames}, {board.covered:.0%} of the bytes."
        yield f"To use it: --definition {board.name}"


def list_parts(candidate: FramingCandidate) -> Iterator[str]:
    """Yield the parts of a framing, each in a few words: heads, length, check and tail."""
    heads = ", ".join(head.hex(" ").upper() for head in candidate.heads) or "none"
    yield f"{'heads' if len(candidate.heads) > 1 else 'head'} {heads}"
    yield from _list_sizes(candidate)
    if candidate.check is None:
        yield "check unknown"
    else:
        check = candidate.check.check
        size = _format_number(check.number_size, check.order)
        if check.digits:
            size = f"{2 * check.number_size} {check.digits} case digits"
        mark = f", after {check.mark.hex(' ').upper()}" if check.mark else ""
        constants = ((", begins with", check.initial), (", result combined with", check.final_xor))
        added = "".join(f"{words} 0x{number:0{2 * check.number_size}X}" for words, number in constants if number)
        covered = ", of what the digits stand for" if check.covers_digits else ""
        yield f"check {check.name} ({size}{mark}), from byte {check.start}{_format_after(candidate)}{added}{covered}"
    if candidate.tail:
        yield f"ends with {candidate.tail.hex(' ').upper()}"


def _format_after(candidate: FramingCandidate) -> str:
    """Return that the check stands after the end, and what it covers of that; empty if it stands before it."""
    end = candidate.delimiter
    if not isinstance(end, CheckedDelimiter):
        return ""
    part = f"with {end.covered.hex(' ').upper()} of the end" if end.covered else "without the end"
    return f" and {part if end.uncovered else 'with the end'}, after it"


def _list_sizes(candidate: FramingCandidate) -> Iterator[str]:
    """Yield the texts on the size of the frames."""
    length = candidate.length
    if delimiter := candidate.delimiter:
        escape = "no escapes" if delimiter.escape is None else f"escape {delimiter.escape:02X}"
        if delimiter.is_stuffed:
            escape = "stuffed by COBS"
        begin = f"begins with {delimiter.begin.hex(' ').upper()} and " if delimiter.begin else ""
        yield f"no length: each frame {begin}ends with {delimiter.end.hex(' ').upper()}, {escape}"
    elif candidate.shapes:
        yield from (_format_shape(candidate, shape) for shape in candidate.shapes)
    elif length.size:
        number = _format_number(length.size, length.order, length.mask)
        yield f"length at byte {length.at} ({number}): {_format_unit(length.unit)}{_format_adds(length.adds)}"
    else:
        yield f"no length: each frame has {format_count(length.adds, 'byte')}"


def _format_shape(candidate: FramingCandidate, shape: FrameShape) -> str:
    """Return the size of the frames of one shape, and which frames these are."""
    own = ""
    if shape.head is not None:
        own = f" with head {candidate.heads[shape.head].hex(' ').upper()}"
    elif shape.codes and candidate.command is not None:
        codes = ", ".join(f"{code:02X}" for code in sorted(shape.codes))
        own = f" with {codes} at byte {candidate.command}"
    if not shape.size:
        return f"frames{own} of {format_count(shape.adds, 'byte')}"
    number = _format_number(shape.size, shape.order, shape.mask)
    counted = f"{_format_unit(shape.unit)}{_format_adds(shape.adds)}"
    return f"frames{own} with a length at byte {shape.at} ({number}): {counted}"


def list_evidence(candidate: FramingCandidate) -> Iterator[str]:
    """Yield the evidence for a framing, and the questions that it leaves open."""
    if candidate.heads:
        yield f"{candidate.frames} of {format_count(candidate.of, 'place')} with a head are frames;"
    else:
        yield f"{candidate.frames} of {format_count(candidate.of, 'piece')} are frames;"
    yield f"the chance of an accident is {candidate.accident:.0e} at most."
    if candidate.check is None:
        yield "The check is unknown: no sum, no exclusive or and no CRC fits. If there is one, it ends the payload."
        if not (candidate.length.size or candidate.delimiter):
            yield "Not certain: two frames that always follow each other look like one frame of one size."
    elif candidate.check.check.parameters:
        yield "The check is a CRC without a name in the catalogue; its parameters follow from the frames."
    elif candidate.check.check.initial or candidate.check.check.final_xor:
        yield "The check has a constant of its maker, which follows from the frames."
    if len(candidate.heads) > 1:
        yield 'Two heads, so probably two directions: name them, as in "com>pwr".'
    if candidate.equals:
        yield "Not certain, as these explain the same frames equally:"
        yield from (f"- {', '.join(list_differences(candidate, other))}" for other in candidate.equals)


def list_differences(candidate: FramingCandidate, other: FramingCandidate) -> list[str]:
    """Return the parts of another reading that differ from those of a candidate."""
    parts = {*list_parts(candidate)}
    found = [part for part in list_parts(other) if part not in parts]
    return [*found, "no tail"] if candidate.tail and not other.tail else found


def _format_number(size: int, order: str, mask: int = 0) -> str:
    bits = f", bits {mask:02X}" if mask else ""
    return format_count(size, "byte") + (f", {order}-endian" if size > 1 else "") + bits


def _format_unit(unit: int) -> str:
    """Return which parts a length counts, before what it lacks; empty if it counts single bytes."""
    return f"in words of {format_count(unit, 'byte')}, " if unit > 1 else ""


def _format_adds(adds: int) -> str:
    if not adds:
        return "that of the whole frame"
    return f"the frame has {format_count(abs(adds), 'byte')} {'more' if adds > 0 else 'less'}"
