"""Write values as Lua expressions, in which a text is always data, whatever it holds.

In: None, booleans, integers, texts, bytes, and lists and mappings of these. Out: an expression that Lua 5.2 to 5.4
reads as the same value. Texts are encoded in UTF-8; all bytes but plain ASCII become decimal escapes.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sniffer.base.late_pattern import compile_late

LuaValue = None | bool | int | str | bytes | Sequence["LuaValue"] | Mapping[Any, "LuaValue"]

WIDTH = 110
"""The greatest length in characters of a line that holds more than one entry."""

_NOT_PLAIN = compile_late(rb"[^ !#-\[\]-~]")


def format_literal(value: LuaValue, indent: str = "") -> str:
    """Return the Lua expression of a value. `indent` is put before the lines of a table after the first."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return format_literal(value.encode("utf-8", "backslashreplace"))
    if isinstance(value, bytes):
        return f'"{_NOT_PLAIN.sub(_escape, value).decode("ascii")}"'
    inner = f"{indent}  "
    if isinstance(value, Mapping):
        entries = [
            f"[{format_literal(key)}] = {format_literal(entry, inner)}"
            for key, entry in value.items()
            if entry is not None
        ]
    else:
        entries = [format_literal(entry, inner) for entry in value]
    lines = [""]
    for entry in entries:
        if lines[-1] and ("\n" in entry or len(lines[-1]) + len(entry) > WIDTH):
            lines.append("")
        lines[-1] += f" {entry}," if lines[-1] else f"{entry},"
    if len(lines) == 1 and "\n" not in lines[0]:
        return f"{{ {lines[0]} }}" if entries else "{}"
    return "{\n" + "".join(f"{inner}{line}\n" for line in lines) + f"{indent}}}"


def _escape(found: re.Match[bytes]) -> bytes:
    return b"\\%03d" % found[0][0]
