"""Text cut or padded to a number of cells, whatever the width of its characters."""

from rich.cells import cell_len, set_cell_size


def fit(text: str, width: int, *, right: bool = False) -> str:
    """`text` in exactly `width` cells; what does not fit ends in an ellipsis. `right` aligns to the right."""
    size = cell_len(text)
    if size > width:
        return f"{set_cell_size(text, width - 1)}…" if width > 1 else "…"[:width]
    padding = " " * (width - size)
    return padding + text if right else text + padding
