"""The TOML of what `learn` proposes: entries of a definition file, with the evidence for each in comments before it.

In: texts, which may hold bytes from the wire, and the content of an entry. Out: TOML in which no text ends its comment.
"""

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any

import tomlkit
from tomlkit.items import InlineTable

from sniffer.base.sanitize import printable

WIDTH = 116
"""The most characters of a comment, without its `# `."""

ASSUMED = "assumed"
"""The only provenance of a proposal; a restated fact has its own."""


def build_inline_table(content: Mapping[str, Any]) -> InlineTable:
    """Return an inline table with this content."""
    table = tomlkit.inline_table()
    table.update(content)
    return table


def format_block(comments: Iterable[str], kind: str = "", content: Mapping[str, Any] | None = None) -> str:
    """Return comments, followed by one entry of the list `kind` if there is `content`."""
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
    """Yield a line in pieces of at most `WIDTH`, the later ones indented by two more. An empty line is one piece."""
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    yield from wrap(line, WIDTH, subsequent_indent=indent) or [""]
