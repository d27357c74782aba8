"""The end of a field whose size is not fixed: by an earlier field, or by bytes that stand behind it."""

from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.parsers.field_parser import UNTIL_KEY
from sniffer.core.protocol.text_conversions import ENCODINGS

SIZED_TYPES = ("ascii", *ENCODINGS, "bytes", "unknown", "decimal")
"""The types of fields whose size another field may hold, or bytes behind them may show."""


def parse_end(table: TomlTable) -> bytes:
    """Return the bytes that end a field and stand behind it; empty if it states none."""
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
