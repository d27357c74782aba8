"""A bar on the terminal for work that takes longer than people wait without asking.

In: how much of the file was read. Out: a line on a terminal that is written over and in the end taken away; nothing
where nobody would see it, and nothing for what is done within a second.
"""

from time import monotonic
from types import TracebackType
from typing import Self, TextIO

PATIENCE = 1.0
"""Seconds before the bar shows."""

STEP = 0.1
"""Seconds between two looks of it."""

WIDTH = 40


class ConversionProgress:
    """The bar. `size` is how much there is in all."""

    def __init__(self, out: TextIO | None, size: int) -> None:
        self._out = out if out and size and out.isatty() else None
        self._size = size
        self._next = monotonic() + PATIENCE
        self._shown = ""

    def __enter__(self) -> Self:
        return self

    def at(self, place: int) -> None:
        """So much is done."""
        if self._out is None or monotonic() < self._next:
            return
        self._next = monotonic() + STEP
        share = min(1.0, place / self._size)
        self._show(f"{share:>4.0%} [{'#' * int(WIDTH * share):<{WIDTH}}]")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._shown:
            self._show("")

    def _show(self, text: str) -> None:
        if self._out:
            print(f"\r{text:<{len(self._shown)}}", end="" if text else "\r", file=self._out, flush=True)
            self._shown = text
