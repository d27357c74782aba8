"""Text that flows into lines of a width, for panels as narrow as the screen leaves them.

In: safe text, whole or in parts that are better not broken. Out: lines of `Content`.
"""

from collections.abc import Iterable

from rich.cells import cell_len
from textual.content import Content

Part = str | tuple[str, str] | Content
"""Text, styled or not."""

GAP = "  "


def flow(parts: Iterable[Part], width: int, indent: str = "  ") -> list[Content]:
    """The parts with a gap between them, as many on a line as fit; one that is empty is left out."""
    lines: list[list[Part]] = []
    left = 0
    for part in parts:
        size = Content.assemble(part).cell_length
        if not size:
            continue
        if lines and len(GAP) + size <= left:
            lines[-1] += [GAP, part]
            left -= len(GAP) + size
        else:
            lines.append([indent, part])
            left = width - len(indent) - size
    return [Content.assemble(*line) for line in lines]


def hang(mark: str, text: str, style: str, width: int, indent: str = "") -> list[Content]:
    """A mark and the text beside it, which goes on under itself."""
    room = max(8, width - len(indent) - cell_len(mark))
    heads = [indent + mark, *[" " * (len(indent) + cell_len(mark))] * len(text)]
    wrapped = Content(text).wrap(room)
    return [Content.assemble((head + line.plain.rstrip(), style)) for head, line in zip(heads, wrapped, strict=False)]
