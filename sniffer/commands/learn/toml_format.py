"""How proposals are written: TOML with the evidence as comments, safe whatever the wire put into it."""

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any

import tomlkit
from tomlkit.items import InlineTable, Item

from sniffer.base.sanitize import printable

WIDTH = 116
ASSUMED = "assumed"
"""The only provenance of what is proposed; what is restated has its own."""


def format_hex(number: int, digits: int) -> Item:
    """A code as people read it."""
    return tomlkit.value(f"0x{number:0{digits}X}")


def build_inline_table(content: Mapping[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    table.update(content)
    return table


def format_block(comments: Iterable[str], kind: str = "", content: Mapping[str, Any] | None = None) -> str:
    """Comments, and below them one entry of the list `kind` where there is `content`."""
    document = tomlkit.document()
    for line in comments:
        for piece in _wrap_line(printable(line)):
            document.add(tomlkit.comment(piece))
    if content is not None:
        entry = tomlkit.table()
        entry.update(content)
        entries = tomlkit.aot()
        entries.append(entry)
        document.add(kind, entries)
    return document.as_string()


def _wrap_line(line: str) -> Iterator[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    yield from wrap(line, WIDTH, subsequent_indent=indent) or [""]
