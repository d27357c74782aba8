"""The end of a field whose size is not fixed: by an earlier field, or by bytes that stand after it."""

from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.parsers.field_parser import UNTIL_KEY
from sniffer.core.protocol.text_conversions import ENCODINGS

SIZED_TYPES = ("ascii", *ENCODINGS, "bytes", "unknown", "decimal")
"""The types of fields whose size another field may hold, or bytes after them may show."""
BETWEEN_KEY = "between"
"""The key of a list for the bytes that stand between two of its items."""


def parse_end(table: TomlTable) -> bytes:
    """Return the bytes that end a field and stand after it; empty if it states none."""
    if UNTIL_KEY not in table:
        return b""
    if "size" in table:
        raise table.wrong("size", "left out with until, which says where the field ends")
    if "type" not in table or table.text("type") not in SIZED_TYPES:
        raise table.wrong(UNTIL_KEY, f"left out unless type is one of {', '.join(SIZED_TYPES)}")
    until = table.bytes(UNTIL_KEY)
    if not until:
        raise table.wrong(UNTIL_KEY, "at least one byte in hexadecimal")
    return until


def parse_between(table: TomlTable) -> bytes:
    """Return the bytes that stand between two items of a list; empty if none do."""
    if BETWEEN_KEY not in table:
        return b""
    if "count" in table:
        raise table.wrong("count", f"left out with {BETWEEN_KEY}, as the items go on to the end")
    between = table.bytes(BETWEEN_KEY)
    if not between:
        raise table.wrong(BETWEEN_KEY, "at least one byte in hexadecimal")
    return between


def end_at_between(field: TomlTable, between: bytes) -> TomlTable:
    """Return the last field of an item as one that ends at these bytes, which stand between two items."""
    if "type" not in field or field.text("type") not in SIZED_TYPES:
        allowed = ", ".join(SIZED_TYPES)
        raise field.wrong("type", f"one of {allowed} in the last field of an item, which ends at {BETWEEN_KEY}")
    for key in ("size", UNTIL_KEY):
        if key in field:
            raise field.wrong(key, f"left out in the last field of an item, which ends at {BETWEEN_KEY} of the list")
    return field.changed(UNTIL_KEY, between.hex(" "))
