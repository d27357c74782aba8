"""Build the link that a proposed framing describes, so that it can be written as a definition, and tried on bytes.

In: a candidate. Out: the link and its routes.
"""

from collections.abc import Iterator
from itertools import repeat

from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.lengths.shape_search import FrameShape
from sniffer.core.wire.checks import no_check
from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.link_part_parser import LONGEST_FRAME, LONGEST_HEAD
from sniffer.core.wire.link_parts import (
    FrameDirections,
    FrameEnd,
    FrameNumbers,
    FramePayload,
    FrameSizes,
    LengthField,
    NumberField,
    Shape,
)
from sniffer.core.wire.link_set import LinkEntry

DIRECTIONS = ("a>b", "b>a")
"""The directions of two heads, until somebody names them."""

NAME = "found"

LONGEST_LIVE = 512

LONGEST_MORE = 2
"""How much longer than the longest frame between delimiters that was found others may be."""


def build_link(candidate: FramingCandidate) -> LinkEntry:
    """Return the link of a candidate. Each of two heads is that of one direction; of more nothing says which it is.

    A head is cut to the size that definitions allow.
    """
    check = candidate.check.check if candidate.check else no_check()
    shapes = tuple(_list_shapes(candidate))
    longest = min(LONGEST_FRAME, max(_find_longest(shape) for shape in shapes))
    end = FrameEnd(check, candidate.tail, candidate.delimiter)
    live = longest if candidate.delimiter else min(LONGEST_LIVE, longest)
    link = Link(
        NAME,
        FrameNumbers(command=None if candidate.command is None else NumberField(candidate.command, 1)),
        FrameSizes(shapes, longest, live),
        FramePayload(_find_payload(candidate, shapes, end.size)),
        end,
        FrameDirections(is_one_way=len(candidate.heads) != len(DIRECTIONS)),
    )
    ways = DIRECTIONS if len(candidate.heads) == len(DIRECTIONS) else repeat(DIRECTIONS[0])
    heads = [head[:LONGEST_HEAD] for head in candidate.heads or _list_firsts(candidate)]
    routes = tuple(Route(link, head, way) for head, way in zip(heads, ways, strict=False))
    return LinkEntry(link, routes, routes)


def _list_firsts(candidate: FramingCandidate) -> list[bytes]:
    """Return the heads of frames of which no head is known: none, or the first bytes that they have, if neither a check
    nor several bytes at their end show them.
    """
    end = candidate.delimiter
    is_shown = candidate.check is not None or (end is not None and len(end.begin + end.end) > 1)
    return [b""] if is_shown else [bytes([first]) for first in sorted(candidate.length.starts)] or [b""]


def _list_shapes(candidate: FramingCandidate) -> Iterator[Shape]:
    """Yield the shapes of the frames of a candidate, with the direction that a head stands for."""
    if candidate.delimiter:
        yield Shape(None, max(LONGEST_LIVE, LONGEST_MORE * candidate.length.adds))
        return
    length = candidate.length
    whole = FrameShape(length.at, length.size, length.order, length.adds, unit=length.unit, mask=length.mask)
    for shape in candidate.shapes or (whole,):
        direction = None if shape.head is None else DIRECTIONS[shape.head]
        if shape.size:
            field = LengthField(shape.at, shape.size, shape.order, shape.adds, shape.unit, mask=shape.mask)
            yield Shape(field, 0, shape.codes, direction)
        else:
            yield Shape(None, shape.adds, shape.codes, direction)


def _find_longest(shape: Shape) -> int:
    return shape.length.find_size(shape.length.highest) if shape.length else shape.size


def _find_payload(candidate: FramingCandidate, shapes: tuple[Shape, ...], back: int) -> int:
    """Return the offset of the payload: after all that stands before it, in the shortest frame too."""
    front = max((len(head) for head in candidate.heads), default=0)
    if candidate.check:
        front = max(front, candidate.check.check.start)
    if candidate.command is not None:
        front = max(front, candidate.command + 1)
    if candidate.delimiter:
        return front
    # A length that only some frames have is part of their payload.
    if len(shapes) == 1 and shapes[0].length:
        return max(front, shapes[0].length.end)
    return min([front, *(shape.size - back for shape in shapes if not shape.length)])
