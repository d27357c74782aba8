"""Text cut or padded to a number of cells, whatever the width of its characters.

MERGED:
Text that flows into lines of a width, for panels as narrow as the screen leaves them.

In: safe text, whole or in parts that are better not broken. Out: lines of `Content`.
"""

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from textual.content import Content


def fit(text: str, width: int, *, right: bool = False) -> str:
    """`text` in exactly `width` cells; what does not fit ends in an ellipsis. `right` aligns to the right."""
    size = cell_len(text)
    if size > width:
        return f"{set_cell_size(text, width - 1)}…" if width > 1 else "…"[:width]
    padding = " " * (width - size)
    return padding + text if right else text + padding


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


def wrap_hanging(mark: str, text: str, style: str, width: int, indent: str = "") -> list[Content]:
    """A mark and the text beside it, which goes on under itself."""
    room = max(8, width - len(indent) - cell_len(mark))
    heads = [indent + mark, *[" " * (len(indent) + cell_len(mark))] * len(text)]
    wrapped = Content(text).wrap(room)
    return [Content.assemble((head + line.plain.rstrip(), style)) for head, line in zip(heads, wrapped, strict=False)]
