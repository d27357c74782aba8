"""Texts within JSON that hold JSON or a line of hex text themselves, in Base64, as message queues pass them on.

In: a value of JSON. Out: the object, or the line of hex text, that it stands for; the value itself if it is anything
else.
"""

import binascii
import json

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.hex_lines.hex_bytes import FEWEST
from sniffer.formats.text_files.hex_lines.hex_line import parse_hex_line

_BASE64 = compile_late(r"(?:[A-Za-z0-9+/]{4}){5,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_OPENS = ("{", "[")
_SHORTEST, _GROUP = 20, 4
_HEX = frozenset("0123456789abcdefABCDEF")
_HEAD_SIZE = 24
"""The characters among which one is looked for that is no hexadecimal digit."""


def may_hold_text(value: object) -> bool:
    """Return True if a value may be Base64 and not hexadecimal digits, by its length and its beginning."""
    if not isinstance(value, str) or len(value) < _SHORTEST or len(value) % _GROUP:
        return False
    return not _HEX.issuperset(value[:_HEAD_SIZE])


def decode_text(value: str) -> str | None:
    """Return the text in ASCII that a value holds in Base64; None if it holds none."""
    if not may_hold_text(value) or not _BASE64.fullmatch(value):
        return None
    try:
        text = binascii.a2b_base64(value).decode("ascii").strip()
    except ValueError:
        return None
    return text if text.replace("\n", " ").replace("\t", " ").isprintable() else None


def open_text(value: object) -> object:
    """Return the object or line of hex text in a value that is Base64; the value itself if it holds neither."""
    text = decode_text(value) if isinstance(value, str) else None
    if text is None:
        return value
    if text.startswith(_OPENS):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return value
    parsed = parse_hex_line(text)
    return text if parsed and len(parsed.data) >= FEWEST else value
