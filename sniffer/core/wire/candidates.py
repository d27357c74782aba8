"""The candidates for a frame at a byte: routes and shapes, and the decision on them.

In: bytes and the offset of one that can begin a frame. Out: the shortest valid frame that begins there, or where it may
end, or that none begins there. The result does not depend on how many bytes follow, except that more may be needed.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sniffer.core.wire.crc import MODBUS
from sniffer.core.wire.link import Route
from sniffer.core.wire.link_parts import LengthField, Shape


class Candidate(NamedTuple):
    """A frame that may begin with a head. `longest` is the size in bytes of the longest that is waited for.

    `next_heads` are what has to follow a frame directly if it has no check: a head of any link of the wire, or nothing
    special (the empty head) where its own head and tail are evidence enough.
    `either` is the route of a frame that fits several directions of the link; None if there is no such frame. If only
    commands of one byte fit, `code_at` is the offset of that byte, and -1 otherwise.
    """

    route: Route
    shape: Shape
    longest: int
    next_heads: tuple[bytes, ...] = ()
    either: Route | None = None
    code_at: int = -1


StartByte = tuple[Route | None, int, int, int]
"""What the inner loop of the framer has to know of a byte that can begin a frame.

If there is one candidate, whose head and length field have one byte each and whose check is `crc16`, the high byte
first, it is the route, the offset of the length field, the number of bytes that a frame has more than its length says,
and the offset of the first byte that the check covers. Otherwise the route is None, and `judge` decides.

This is a plain tuple because the inner loop unpacks it: Python unpacks named ones five times slower.
"""


class Decision(NamedTuple):
    """The decision on a place. `end` is where the frame ends, if `route` is known.

    If no valid frame begins there, `route` is None. `end` is then the offset up to which bytes are needed to decide,
    or 0 if none can begin there whatever follows. `wrong_end` is where the first one with a wrong check ends; 0 if
    there is none.
    """

    route: Route | None
    end: int
    wrong_end: int = 0


def group_by_first_byte(routes: Iterable[Route], longest_live: Mapping[str, int] | None) -> list[tuple[Candidate, ...]]:
    """Return the candidates for each of the 256 bytes that a frame can begin with, those with longer heads first.

    `longest_live` are the limits of a live line by the name of the link; None: frames are waited for whatever size.
    """
    found: list[list[Candidate]] = [[] for _ in range(256)]
    ordered = sorted(routes, key=lambda one: -len(one.head))
    for route in ordered:
        link = route.link
        heads: tuple[bytes, ...] = ()
        if not link.is_checked and not link.delimiter:
            openings = dict.fromkeys(other.opening for other in ordered if other.opening)
            heads = (b"",) if route.is_enclosed else tuple(openings)
        longest = link.longest if longest_live is None else longest_live.get(link.name, link.longest_live)
        others = [other for other in ordered if other.link is link and other.head == route.head]
        if route.direction is None and len(others) > 1:
            continue
        either = next((other for other in others if other.direction is None and other is not route), None)
        for shape in link.shapes:
            if shape.direction in (route.direction, None):
                place = route.command
                has_code = bool(shape.codes) and place is not None and place.size == 1 and link.delimiter is None
                candidate = Candidate(route, shape, longest, heads, either, place.at if place and has_code else -1)
                for first in _list_first_bytes(route):
                    found[first].append(candidate)
    return [tuple(candidates) for candidates in found]


def build_start_byte(candidates: Sequence[Candidate]) -> StartByte | None:
    """Return what the inner loop needs for a byte with these candidates; None if no frame begins with it."""
    if not candidates:
        return None
    (route, shape, longest), link, length = candidates[0][:3], candidates[0].route.link, candidates[0].shape.length
    is_plain = (
        len(candidates) == len(route.head) == 1
        and length is not None
        and length.size == 1
        and link.check.name == MODBUS
        and link.check.order == "big"
        and not link.tail
        and not shape.codes
        and length.adds >= link.overhead
        and length == LengthField(length.at, 1, length.order, length.adds)
        and link.directed_by is None
        and length.adds + 255 <= min(link.longest, longest)
    )
    if length is None or not is_plain:
        return None, 0, 0, 0
    return route, length.at, length.adds, link.check.start


def _list_first_bytes(route: Route) -> Iterable[int]:
    """Return the bytes that a frame of a route can begin with."""
    delimiter = route.link.delimiter
    if delimiter is None:
        return route.head[:1] or range(256)
    if delimiter.begin:
        return delimiter.begin[:1]
    if not route.head or delimiter.is_stuffed:
        return range(256)
    if not delimiter.opening:
        return route.head[:1]
    escape = () if delimiter.escape is None else (delimiter.escape,)
    return {delimiter.end[0], route.head[0], *escape}


def find_claim(candidate: Candidate, data: bytes, start: int, stop: int) -> int:
    """Return the offset where the frame of a candidate that begins at `start` ends; 0 if none can begin there.

    If the bytes before `stop` do not say it, returns the offset of the byte up to which they are needed.
    """
    route, shape, longest = candidate[:3]
    if route.link.delimiter:
        end = route.link.find_end(shape, data, start, stop)
        return end if start < end <= start + longest else 0
    if not data.startswith(route.head, start, stop):
        head = data[start : min(start + len(route.head), stop)]
        return start + len(route.head) if route.head.startswith(head) else 0
    if way := route.link.directed_by:
        if start + way.number.end > stop:
            return start + way.number.end
        if way.number.read(data, start) not in route.values:
            return 0
    end = route.link.find_end(shape, data, start, stop)
    return end if start < end <= start + longest else 0


def find_noise_claim(candidates: Iterable[Candidate], data: bytes, start: int, stop: int) -> tuple[int, int]:
    """Return where the longest frame that these bytes claim ends, and where the parts end that say so.

    The first is greater than `stop` if more bytes are claimed than there are, and 0 if no frame of any candidate can
    begin there.
    """
    end, header_end = 0, start + 1
    for route, shape, _, next_heads, *_ in candidates:
        if route.opening and not next_heads and data.startswith(route.opening, start):
            if route.link.delimiter:
                header_end = max(header_end, route.link.delimiter.find_run_end(data, start, stop))
            end = max(end, _find_claimed_end(route, shape, data, start, stop))
            way = None if route.link.delimiter else route.link.directed_by
            parts = (route.command if shape.codes else None, shape.length, way.number if way else None)
            header_end = max([header_end, *(start + part.end for part in parts if part)])
    return end, header_end


def _find_claimed_end(route: Route, shape: Shape, data: bytes, start: int, stop: int) -> int:
    """Return where the frame of a route that begins at `start` ends, by its sizes and by the number of its direction.

    Returns 0 if it is none. If the bytes before `stop` do not say it, returns an offset greater than `stop`.
    """
    end = route.link.find_end(shape, data, start, stop)
    way = route.link.directed_by
    if not end or way is None or route.link.delimiter:
        return end
    if start + way.number.end > stop:
        return max(end, start + way.number.end)
    return end if way.number.read(data, start) in route.values else 0


def is_whole(candidate: Candidate, data: bytes) -> bool:
    """Return True if these bytes are one valid frame of a candidate."""
    return find_claim(candidate, data, 0, len(data)) == len(data) and _is_valid(candidate.route, data)


def judge(candidates: Sequence[Candidate], data: bytes, start: int, rejected: bytes, *, ended: bool) -> Decision:
    """Return the decision on the place `start`. `rejected` are bytes whose check is known to be wrong. If `ended` is
    True, no more bytes follow.

    If several candidates are valid, the shortest frame is taken, whatever else may become complete later.
    """
    stop, needed, wrong = len(data), 0, 0
    claims = []
    for index, candidate in enumerate(candidates):
        # Most bytes of a line without heads are no command: this is the short way for them.
        code_at = start + candidate.code_at
        if start <= code_at < stop and data[code_at] not in candidate.shape.codes:
            continue
        if end := find_claim(candidate, data, start, stop):
            claims.append((end, index))
    if len(claims) > 1:
        claims.sort()
    for end, index in claims:
        route, next_heads = candidates[index].route, candidates[index].next_heads
        if end > stop:
            needed = needed or end
        elif (raw := data[start:end]) == rejected or not _is_valid(route, raw):
            wrong = wrong or end
        elif not next_heads or data.startswith(next_heads, end) or (ended and end == stop):
            claiming = [candidates[other] for last, other in claims if last == end]
            if route.link.delimiter and len(claiming) > 1:
                # What their content says of the direction was not looked at yet.
                claiming = [other for other in claiming if _is_valid(other.route, raw)]
            return Decision(_find_route(claiming, route), end)
        elif any(head.startswith(data[end:]) for head in next_heads):
            needed = needed or stop + 1
    return Decision(None, needed, wrong)


def _is_valid(route: Route, raw: bytes) -> bool:
    """Return True if these bytes, which have the size of a frame, are a frame of this route."""
    link, way = route.link, route.link.directed_by
    if link.delimiter is None:
        return link.is_valid(raw)
    content = link.delimiter.unwrap(raw)
    if len(content) < link.overhead or not content.startswith(route.head) or not link.is_valid(content):
        return False
    return way is None or way.number.read(content) in route.values


def _find_route(candidates: Sequence[Candidate], route: Route) -> Route:
    """Return the route of a frame that these candidates claim: `route`, or if several directions do, the open one."""
    if len(candidates) == 1:
        return route
    ways = {candidate.route for candidate in candidates if candidate.route.link is route.link}
    either = next(candidate.either for candidate in candidates if candidate.route is route)
    return either if either and any(other.head == route.head for other in ways - {route}) else route
