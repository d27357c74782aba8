"""Plot the history of the figures: `python -m tests.benchmarks.plot [FILE] > history.svg`.

Each figure has a panel with a line through its values, a run after the other, and a dashed line at its limit.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from tests.benchmarks.history import DEFAULT, Run, read

WIDTH, HEIGHT = 420, 90
"""The size of a panel, in pixels."""

COLUMNS = 3
LEFT, TOP, RIGHT, BOTTOM = 10, 34, 70, 12
"""The edges of a panel around its plot."""


def plot(runs: Sequence[Run]) -> str:
    """Return the SVG of a history."""
    series: dict[str, list[tuple[int, Run]]] = {}
    for number, run in enumerate(runs):
        for figure in run["figures"]:
            series.setdefault(figure["what"], []).append((number, figure))
    rows = -(-len(series) // COLUMNS)
    size = f'width="{COLUMNS * WIDTH}" height="{max(1, rows) * HEIGHT}"'
    panels = [
        f'<g transform="translate({at % COLUMNS * WIDTH},{at // COLUMNS * HEIGHT})">{"".join(_panel(what, points))}</g>'
        for at, (what, points) in enumerate(series.items())
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="10">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *panels, "</svg>"])


def _panel(what: str, points: Sequence[tuple[int, Run]]) -> Iterator[str]:
    """Yield the elements of the panel of one figure; `points` are its values with the numbers of their runs."""
    newest = points[-1][1]
    limit = newest["limit"]
    values = [figure["value"] for _, figure in points]
    low, high = min(0.0, *values, *([limit] if limit is not None else [])), max(*values, limit or 0.0, 1e-9)
    first, last = points[0][0], points[-1][0]

    def place(number: int, value: float) -> tuple[float, float]:
        across = (number - first) / (last - first) if last > first else 1.0
        up = (value - low) / (high - low)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    color = "#067" if newest["holds"] else "#b00"
    yield f'<text x="{LEFT}" y="20">{escape(what)}</text>'
    if limit is not None:
        y = place(first, limit)[1]
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#999" stroke-dasharray="4 3"/>'
    corners = " ".join("{:.1f},{:.1f}".format(*place(number, figure["value"])) for number, figure in points)
    yield f'<polyline points="{corners}" fill="none" stroke="{color}"/>'
    x, y = place(*((last, newest["value"])))
    yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{color}"/>'
    yield f'<text x="{x + 5:.1f}" y="{y + 3:.1f}" fill="{color}">{newest["value"]:.4g} {escape(newest["unit"])}</text>'


def main() -> None:
    """Print the SVG of a history."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.plot", description=__doc__)
    parser.add_argument("history", metavar="FILE", nargs="?", type=Path, default=DEFAULT)
    path: Path = parser.parse_args().history
    if not path.is_file():
        sys.exit(f"{path}: no such history: measure with `python -m tests.benchmarks --json` first")
    print(plot(read(path)))


if __name__ == "__main__":
    main()
