"""Frames and noise in full for `explain`: each field with its bytes and its provenance, and why bytes are no frame.

In: a frame with its fields, or noise. Out: lines, which may hold anything that the bytes hold.
"""

from collections.abc import Iterable, Iterator

from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.message import FieldValue, framing_fields
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import ROUTES_IN_BYTES

UNKNOWN = "meaning unknown"
"""What is shown in place of a provenance that nothing states."""


def format_field_table(frame: Frame, fields: Iterable[FieldValue]) -> Iterator[str]:
    """Yield the fields of a frame in the order of its bytes: name, bytes, text, provenance and description."""
    rows = sorted([*framing_fields(frame), *fields], key=lambda field: field.start)
    width = max(16, *(len(row.name) for row in rows))
    for field in rows:
        shown = frame.raw[field.start : field.end].hex(" ").upper()
        about = f"  {field.about}" if field.about else ""
        provenance = field.provenance or UNKNOWN
        if len(shown) > 24:
            yield f"  {field.name:<{width}} {shown}"
            yield f"  {'':<{width}} {'':<24} {field.text:<20} {provenance}{about}"
        else:
            yield f"  {field.name:<{width}} {shown:<24} {field.text:<20} {provenance}{about}"


def order_routes(definition: Definition) -> tuple[Route, ...]:
    """Return the routes of frames in hex: those on which frames are looked for, then the packaged ones."""
    framed = definition.links.routes_in_bytes
    return (*framed, *(route for route in ROUTES_IN_BYTES if route not in framed))


def describe_noise(noise: Noise, routes: Iterable[Route] = ROUTES_IN_BYTES) -> Iterator[str]:
    """Yield a line on bytes outside of frames: why they are no frame; for a wrong CRC also the right one."""
    shown = noise.raw.hex(" ").upper()
    if noise.reason is Reason.GARBAGE:
        yield f"no frame: {shown}"
    elif noise.reason is Reason.TRUNCATED:
        yield f"a frame that was cut off: {shown}"
    else:
        link = next(route.link for route in routes if noise.raw.startswith((route.head, route.opening)))
        content = link.delimiter.unwrap(noise.raw) if link.delimiter else noise.raw
        at = max(0, len(content) - link.trailer_size)
        sent, right = content[at:].hex().upper(), link.build_trailer(content[:at]).hex().upper()
        yield f"a frame with a wrong CRC: it holds {sent}, its bytes give {right}: {shown}"
