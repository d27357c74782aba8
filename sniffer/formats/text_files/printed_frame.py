"""The bytes of a frame after an arrow of the charger's log, where another program printed them in a form of its own.

In: the text after the arrow. Out: its bytes. Beside them, the text may hold brackets, a count, and the same bytes as
characters. None if it holds anything else, or if the bytes are too few for a frame.
"""

from sniffer.base.late_pattern import compile_late
from sniffer.core.wire.links import ROUTES_IN_BYTES
from sniffer.formats.text_files.hex_lines.hex_bytes import FEWEST, parse_bytes, shows_characters
from sniffer.formats.text_files.notations.byte_notation import ByteNotation, find_notation, rewrite

_SEPARATED = compile_late(r"[0-9A-Fa-f]{2}(?:(?P<sep>[._|/])[0-9A-Fa-f]{2}(?:(?P=sep)[0-9A-Fa-f]{2})*+)[\s)}\"']*")
_END = compile_late(r"[\s)}\"';,]*+(?:\(?\d{1,4}(?: ?bytes?)?\)?|\|[.\s]*+\|)?[\s)}\"';,]*+", 2)
"""The text that may stand after the bytes of a frame in a log."""

_COUNT = compile_late(r"(?P<count>\d{1,5})(?: ?bytes?)?[\]):,]{0,2}\s+")
"""A count before the bytes of a frame, after a bracket or none."""


def parse_printed_frame(text: str, before: str = "") -> bytes | None:
    """Return the bytes of a frame that are all of a text; None if they are not. `before` are brackets before it."""
    text = text.rstrip()
    text = text if text.endswith("..") else text.removesuffix(".")
    if data := _parse_hex(text):
        return data
    if (found := _COUNT.match(text)) and (data := _parse_hex(text[found.end() :])) and len(data) == int(found["count"]):
        return data
    listed = before.lstrip(" :\t") + text
    notation = find_notation([listed])
    return None if notation is ByteNotation.PAIRS else _parse_hex(rewrite(listed, notation).strip("[](){} "))


def drop_count(data: bytes) -> bytes:
    """Return the bytes of a frame without the first one, if that is their number and the frame begins after it."""
    is_count = f"{data[0]:02x}" == f"{len(data) - 1:02}" and not _begins_frame(data)
    return data[1:] if is_count and _begins_frame(data[1:]) else data


def _begins_frame(data: bytes) -> bool:
    return any(data.startswith(route.head) for route in ROUTES_IN_BYTES)


def _parse_hex(text: str) -> bytes | None:
    """Return the bytes in hexadecimal that are all of a text; None if they are not, or too few."""
    plain = text.replace("[", " ").replace("]", " ")
    if separated := _SEPARATED.fullmatch(plain):
        plain = plain.replace(separated["sep"], " ")
    for form in dict.fromkeys((text, plain)):
        found = parse_bytes(form, 0)
        if found is None or len(found.data) < FEWEST:
            continue
        if _END.fullmatch(form, found.end) or shows_characters(form, found.end, found.data):
            return drop_count(found.data)
    return None
