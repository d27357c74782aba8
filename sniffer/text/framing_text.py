"""A framing that was found, in words: its parts, what speaks for it, and what is left open."""

from collections.abc import Iterator, Sequence

from sniffer.base.phrasing import format_count
from sniffer.core.discovery.board_match import BoardMatch
from sniffer.core.discovery.delimiter_hint import DelimiterHint
from sniffer.core.discovery.framing_candidate import FramingCandidate

UNDETERMINED = (
    "Undetermined: no head and length explain these bytes. What helps: more bytes, messages of different "
    "lengths, and the right baud rate. Frames of several sizes without a length, or with escaped bytes, are not found."
)
"""What is said if there is no candidate."""


def describe_undetermined(delimiter: DelimiterHint | None) -> str:
    """Return what is said if there is no candidate. `delimiter` is the kind that the bytes seem to have."""
    if delimiter is None:
        return UNDETERMINED
    return (
        f"Undetermined, but these bytes have the escapes of {delimiter.name}: frames that end with "
        f"{delimiter.end:02X}. A definition with such a `delimiter` may find them: evse-sniff help definition."
    )


def list_boards_that_fit(boards: Sequence[BoardMatch]) -> Iterator[str]:
    """Yield a line for each known board whose frames are among the bytes: how many, and how to use it."""
    for board in boards:
        frames = format_count(board.frames, "frame")
        yield f"These bytes fit the board {board.name}: {frames}, {board.covered:.0%} of the bytes."
        yield f"To use it: --definition {board.name}"


def list_parts(candidate: FramingCandidate) -> Iterator[str]:
    """Yield the parts of a framing, each in a few words: heads, length, check and tail."""
    length, found = candidate.length, candidate.check
    heads = ", ".join(head.hex(" ").upper() for head in candidate.heads)
    yield f"{'heads' if len(candidate.heads) > 1 else 'head'} {heads}"
    if not length.size:
        yield f"no length: each frame has {format_count(length.adds, 'byte')}"
    else:
        yield f"length at byte {length.at} ({_format_number(length.size, length.order)}): {_format_adds(length.adds)}"
    if found is None:
        yield "check unknown"
    else:
        check = found.check
        yield f"check {check.name} ({_format_number(check.size, check.order)}), from byte {check.start}"
    if candidate.tail:
        yield f"ends with {candidate.tail.hex(' ').upper()}"


def list_evidence(candidate: FramingCandidate) -> Iterator[str]:
    """Yield what speaks for a framing, and what it leaves open."""
    yield f"{candidate.frames} of {format_count(candidate.of, 'place')} with a head are frames;"
    yield f"the chance of an accident is {candidate.chance:.0e} at most."
    if candidate.check is None:
        yield "The check is unknown: no sum, no exclusive or and no CRC fits. If there is one, it ends the payload."
    elif candidate.check.check.parameters:
        yield "The check is a CRC without a name in the catalogue; its parameters follow from the frames."
    if len(candidate.heads) > 1:
        yield 'Two heads, so probably two directions: name them, as in "com>pwr".'


def _format_number(size: int, order: str) -> str:
    return format_count(size, "byte") + (f", {order}-endian" if size > 1 else "")


def _format_adds(adds: int) -> str:
    if not adds:
        return "that of the whole frame"
    return f"the frame has {format_count(abs(adds), 'byte')} {'more' if adds > 0 else 'less'}"
