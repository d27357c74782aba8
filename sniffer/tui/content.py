"""Text fitted to a width in terminal cells: cut or padded, flowed into lines, or wrapped beside a mark.

In: text that is safe to show (`sniffer.base.sanitize`), whole or in parts that should not be broken. Out: text of an
exact width, or lines of `Content`. Characters may take two cells or none; the panels are as narrow as the screen leaves
them.
"""

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from textual.content import Content

ContentPart = str | tuple[str, str] | Content
"""Text: plain, with a style, or styled content."""

GAP = "  "
"""The separator of two parts on a line."""

LEAST_WIDTH = 8
"""The least width in cells of wrapped text, however narrow the panel is."""


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` in exactly `width` cells: padded, or cut with an ellipsis. `right` aligns it to the right."""
    size = cell_len(text)
    if size > width:
        return f"{set_cell_size(text, width - 1)}…" if width > 1 else "…"[:width]
    padding = " " * (width - size)
    return padding + text if right else text + padding


def fit_path(path: str, width: int) -> str:
    """Return a path in exactly `width` cells: padded, or cut on the left, so that the file name stays.

    A name without folders is cut on the right.
    """
    plain = path.replace("\\", "/")
    if cell_len(path) <= width or "/" not in plain:
        return fit(path, width)
    kept = path
    while kept and cell_len(kept) >= width:
        kept = kept[1:]
    # A folder whose name is cut in the middle says nothing.
    name = plain.rpartition("/")[2]
    folder_end = kept.replace("\\", "/").find("/")
    if len(kept) > len(name) and folder_end >= 0:
        kept = kept[folder_end:]
    return fit(f"…{kept}", width)


def flow(parts: Iterable[ContentPart], width: int, indent: str = "  ") -> list[Content]:
    """Return lines of parts with gaps between them, as many on a line as fit in `width` cells.

    Empty parts are left out. A part that is wider than a line stands on a line of its own, uncut.
    """
    lines: list[list[ContentPart]] = []
    room = 0
    for part in parts:
        size = Content.assemble(part).cell_length
        if not size:
            continue
        if lines and len(GAP) + size <= room:
            lines[-1] += [GAP, part]
            room -= len(GAP) + size
        else:
            lines.append([indent, part])
            room = width - len(indent) - size
    return [Content.assemble(*line) for line in lines]


def wrap_hanging(mark: str, text: str, style: str, width: int, indent: str = "") -> list[Content]:
    """Return the lines of a text in this style, wrapped to `width` cells beside its mark.

    The mark stands on the first line; the others are indented to stand under the text.
    """
    room = max(LEAST_WIDTH, width - len(indent) - cell_len(mark))
    heads = [indent + mark, *[" " * (len(indent) + cell_len(mark))] * len(text)]
    wrapped = Content(text).wrap(room)
    return [Content.assemble((head + line.plain.rstrip(), style)) for head, line in zip(heads, wrapped, strict=False)]
