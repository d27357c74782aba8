"""Frames and noise in full for `explain`: each field with its bytes and its provenance, and why bytes are no frame.

In: a frame with its fields, or noise. Out: lines, which may hold anything that the bytes hold.
"""

from collections.abc import Iterable, Iterator, Sequence

from sniffer.commands.explain.frame_misfit import find_check_hint, list_misfits
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.enumeration import MEANING_UNKNOWN
from sniffer.core.protocol.message import FieldValue, framing_fields
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.links import ROUTES_IN_BYTES


def format_field_table(frame: Frame, fields: Iterable[FieldValue]) -> Iterator[str]:
    """Yield the fields of a frame in the order of its bytes: name, bytes, text, provenance and description."""
    rows = sorted([*framing_fields(frame), *fields], key=lambda field: field.start)
    width = max(16, *(len(row.name) for row in rows))
    for field in rows:
        shown = frame.raw[field.start : field.end].hex(" ").upper()
        about = f"  {field.about}" if field.about else ""
        provenance = field.provenance or MEANING_UNKNOWN
        if len(shown) > 24:
            yield f"  {field.name:<{width}} {shown}"
            yield f"  {'':<{width}} {'':<24} {field.text:<20} {provenance}{about}"
        else:
            yield f"  {field.name:<{width}} {shown:<24} {field.text:<20} {provenance}{about}"


def order_routes(definition: Definition) -> tuple[Route, ...]:
    """Return the routes of frames in hex: those on which frames are looked for, then the packaged ones."""
    framed = definition.links.routes_in_bytes
    return (*framed, *(route for route in ROUTES_IN_BYTES if route not in framed))


def is_without_head(data: bytes, routes: Iterable[Route]) -> bool:
    """Return True if bytes are one frame of a route whose frames have no head."""
    headless = [route for route in routes if not route.head]
    if not headless or not data:
        return False
    from sniffer.core.wire.framer import Framer

    return Framer(headless).parse_whole(data, None) is not None


def parse_frames(data: bytes, routes: Sequence[Route]) -> Iterator[Frame | str]:
    """Yield the frames of these routes in some bytes, and between them lines on the bytes outside of frames."""
    from sniffer.core.wire.framer import Framer

    framer = Framer(routes)
    items = [*framer.feed(data), *framer.flush()]
    if all(isinstance(item, Noise) for item in items):
        if damaged := describe_damaged_line(data, routes):
            yield damaged
            return
        # The end of a frame between delimiters is a piece of noise of its own.
        if len(items) > 1 and (misfits := [*list_misfits(data, routes)]):
            yield f"no frame: {data.hex(' ').upper()}"
            yield from misfits
            return
    for item in items:
        if isinstance(item, Noise):
            yield from describe_noise(item, routes)
        else:
            yield item


def describe_noise(noise: Noise, routes: Iterable[Route] = ROUTES_IN_BYTES) -> Iterator[str]:
    """Yield a line on bytes outside of frames: why they are no frame; for a wrong CRC also the right one.

    Below it stands for each link of a file which part of them differs from a frame.
    """
    shown = noise.raw.hex(" ").upper()
    routes = tuple(routes)
    if noise.reason is Reason.TRUNCATED:
        yield f"a frame that was cut off: {shown}"
        yield from list_misfits(noise.raw, routes)
        return
    if noise.reason is Reason.CRC:
        link = next(route.link for route in routes if noise.raw.startswith((route.head, route.opening)))
        if wrong := _describe_wrong_check(noise.raw, link):
            yield wrong
            return
    yield f"no frame: {shown}"
    yield from list_misfits(noise.raw, routes)


def describe_damaged_line(data: bytes, routes: Iterable[Route]) -> str:
    """Return why bytes with the head and the end of a frame that ends at a delimiter are none; empty if they have not.

    On a live line, they could be parts of several frames.
    """
    for route in routes:
        delimiter = route.link.delimiter
        if delimiter and delimiter.has_ends(data):
            content = delimiter.unwrap(data)
            if content.startswith(route.head) and len(content) >= route.link.overhead:
                return _describe_wrong_check(data, route.link)
    return ""


def _describe_wrong_check(raw: bytes, link: Link) -> str:
    """Return a line on the bytes of a frame whose check is wrong: the check that it has, and the right one.

    It is empty if the check is right, so that something else is wrong.
    """
    content = link.delimiter.unwrap(raw) if link.delimiter else raw
    at = max(0, len(content) - link.check.size - len(link.tail))
    sent, right = content[at : at + link.check.size].hex().upper(), link.check.build(content[:at]).hex().upper()
    if sent == right:
        return ""
    hint = find_check_hint(link, content[:at], content[at : at + link.check.size])
    return f"a frame with a wrong CRC: it holds {sent}, its bytes give {right}{hint}: {raw.hex(' ').upper()}"
