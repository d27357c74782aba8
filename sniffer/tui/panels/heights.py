"""The heights of the two panels that stand above each other: each has what it needs, as far as there is room.

In: the height of both together, and how many lines each has to show. Out: rows of the screen, with the upper border of
each panel.
"""

BORDER = 1
"""The rows of a panel that show no line."""

LEAST_FAULTS, LEAST_LINK = 3, 7
"""The least rows of the faults panel, and those of the link panel: its byte ledger."""

MOST = {"-medium": 18, "-wide": 22}
"""The most rows of both panels together, by the layout class of the width: those of the diagram beside them."""

SHARE = 0.55
"""The most that both may take of the height of the screen, so that the list has room on a low one."""


def compute_height(layout: str, screen: int) -> int:
    """Return the rows of both panels together on a screen of this height."""
    return max(LEAST_FAULTS + LEAST_LINK, min(MOST[layout], int(screen * SHARE)))


def share_rows(total: int, faults: int, link: int) -> tuple[int, int]:
    """Return the rows of the faults panel and of the link panel, which have `faults` and `link` lines.

    What one panel does not need, the other one has. If both need more, the faults panel has what the ledger leaves.
    """
    rows = max(LEAST_FAULTS, min(faults + BORDER, total - LEAST_LINK))
    rows = max(rows, min(total - LEAST_LINK, total - link - BORDER))
    return rows, total - rows
