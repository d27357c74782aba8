"""Why bytes are no frame of a link, for somebody who writes its definition: the first part of a frame that differs.

In: bytes that could be a frame, and the routes of frames. Out: half a sentence for each link.
"""

from collections.abc import Iterable, Iterator

from sniffer.base.phrasing import format_count
from sniffer.core.wire.checks import SUMS, Check, list_names
from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.link_parts import LengthField, Shape


def list_misfits(data: bytes, routes: Iterable[Route]) -> Iterator[str]:
    """Yield a line for each link of a file with whose head these bytes begin: its name, and why they are no frame.

    The links that come with the package are left out: what differs there is damage, and no mistake in a definition.
    """
    ways: dict[tuple[str, bytes], list[Route]] = {}
    for route in routes:
        if not route.link.is_packaged and _has_head(data, route):
            ways.setdefault((route.link.name, route.head), []).append(route)
    for (name, _), found in ways.items():
        yield f"  {name}: {find_misfit(data, found)}"


def _has_head(data: bytes, route: Route) -> bool:
    """Return True if bytes begin with the head of a route, and with the bytes that stand before it if there are any."""
    delimiter = route.link.delimiter
    if delimiter is None:
        return data.startswith(route.head)
    if delimiter.begin or not route.head:
        return bool(delimiter.opening) and data.startswith(delimiter.opening)
    return data.removeprefix(delimiter.opening).startswith(route.head)


def find_misfit(data: bytes, routes: list[Route]) -> str:
    """Return which part of bytes that begin with a head is not as in a frame of these routes of one link.

    They all have that head. A check is looked at last.
    """
    link = routes[0].link
    if link.delimiter:
        if not link.delimiter.has_ends(data):
            return f"it does not end with {link.delimiter.end.hex(' ').upper()}, as a frame does"
        data = link.delimiter.unwrap(data)
        if len(data) < link.overhead or not data.startswith(routes[0].head):
            return f"its content has {format_count(len(data), 'byte')}, and that of a frame {link.overhead} or more"
    way = link.directed_by
    if way:
        if len(data) < way.number.end:
            return _describe_cut(way.number.end, data)
        number = way.number.read(data)
        if all(number not in route.values for route in routes):
            return f"no direction has the number {number:#04x} at {way.number.at}"
    shapes = [shape for shape in link.shapes if _has_command(link, shape, data)]
    if not shapes:
        return "no size is known of its command"
    found = [_judge_shape(link, shape, data) for shape in shapes]
    return next((text for text, is_check in found if is_check), found[0][0])


def _has_command(link: Link, shape: Shape, data: bytes) -> bool:
    """Return True if the command code of these bytes is one of a shape, or if the shape is that of any."""
    command = link.command_of(shape.direction)
    return not shape.codes or command is None or command.read(data) in shape.codes


def _judge_shape(link: Link, shape: Shape, data: bytes) -> tuple[str, bool]:
    """Return which part of bytes is not as in a frame of a shape, and whether that is the check."""
    size, wrong = len(data) if link.delimiter else shape.size, ""
    if shape.length:
        if len(data) < shape.length.end:
            return _describe_cut(shape.length.end, data), False
        size, wrong = _judge_length(link, shape.length, data)
    if wrong:
        return wrong, False
    if size > len(data):
        return _describe_cut(size, data), False
    raw = data[:size]
    if not raw.endswith(link.tail):
        sent = raw[size - len(link.tail) :].hex(" ").upper()
        return f"its {format_count(size, 'byte')} end with {sent}, and not with the tail", False
    if not link.is_checked:
        return "it has no check, and no head follows it", True
    end = size - len(link.tail)
    at = end - link.check.size
    sent, right = raw[at:end].hex(" ").upper(), link.check.build(raw[:at]).hex(" ").upper()
    if sent == right:
        return "head, sizes and check are right, but not its direction", True
    first = "the first " if size < len(data) else ""
    whole = f"of {first}{format_count(size, 'byte')}, the check at {at} is {sent}, and that of its bytes {right}"
    return f"{whole}{find_check_hint(link, raw[:at], raw[at:end])}", True


def find_check_hint(link: Link, covered: bytes, sent: bytes) -> str:
    """Return which bytes, byte order or other check would make a wrong check right, as half a sentence for its end.

    `covered` are the bytes before the check. The text is empty if nothing would, and for a link that comes with the
    package. Damage hardly ever looks so; a check of one byte does in one of some dozens of frames.
    """
    if link.is_packaged:
        return ""
    check, starts = link.check, range(min(len(covered), link.payload_at + 1))
    if found := _find_start(check, starts, covered, sent):
        return f"; it is that of the bytes {found}"
    is_short = check.number_size == 1
    for name in list_names(check.number_size):
        if name == check.name or (is_short and name not in SUMS):
            continue
        # Among all starts, a check of one byte would often be right by accident.
        tried = [check.start] if is_short else starts
        if found := _find_start(check.with_name(name), tried, covered, sent):
            return f'; it is the check "{name}" of the bytes {found}'
    return ""


def _find_start(check: Check, starts: Iterable[int], covered: bytes, sent: bytes) -> str:
    """Return from which byte on a check is the one sent, and whether its bytes are swapped; empty if it is not."""
    for start in starts:
        built = check.move(start).build(covered)
        if built == sent:
            return f"from {start} on"
        if built[::-1] == sent and not check.digits:
            return f"from {start} on in the other byte order"
    return ""


def _judge_length(link: Link, length: LengthField, data: bytes) -> tuple[int, str]:
    """Return the size in bytes that a length field states, and if no frame has this size, why."""
    number = length.read(data)
    stated = f"the number {number:#04x} at {length.at}"
    size = length.find_size(number)
    if not size:
        multiple = f", multiples of {length.multiple_of}" if length.multiple_of > 1 else ""
        return 0, f"{stated} is no length: these are from {length.least} to {length.highest}{multiple}"
    if size < link.overhead:
        return size, f"{stated} makes {format_count(size, 'byte')}, and a frame has {link.overhead} without its payload"
    if size > link.longest:
        return size, f"{stated} makes {format_count(size, 'byte')}, and the longest frame has {link.longest}"
    return size, ""


def _describe_cut(size: int, data: bytes) -> str:
    return f"a frame has at least {format_count(size, 'byte')} here, and there are {len(data)}"
