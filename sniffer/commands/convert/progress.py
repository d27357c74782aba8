"""Progress of a conversion on the terminal, drawn by `rich.progress`.

In: how many bytes of the file were read. Out: a bar on a terminal, which is removed at the end. Nothing is drawn when
the output is not a terminal, when the size is unknown, or when the work takes less than `PATIENCE`. rich is imported
only when the bar is drawn, so that short conversions do not wait for it.
"""

from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE = 1.0
"""Seconds before the bar is shown."""

STEP = 0.1
"""Seconds between two updates of the bar."""


class ConversionProgress:
    """The progress bar of one conversion, a context manager. `size` is the size of the input in bytes, 0 if unknown."""

    def __init__(self, out: TextIO | None, size: int) -> None:
        self._out = out if out and size and out.isatty() else None
        self._size = size
        self._next = monotonic() + PATIENCE
        self._bar: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        return self

    def update(self, bytes_read: int) -> None:
        """Show that `bytes_read` bytes of the input were read.

        The bar appears after `PATIENCE`, and moves at most once in `STEP`.
        """
        if self._out is None or monotonic() < self._next:
            return
        self._next = monotonic() + STEP
        progress, task = self._bar = self._bar or self._start(self._out)
        progress.update(task, completed=min(bytes_read, self._size), refresh=True)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar:
            self._bar[0].stop()

    def _start(self, out: TextIO) -> "tuple[Progress, TaskID]":
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

        # The conversion itself refreshes the bar, so no thread is needed.
        columns = (TaskProgressColumn(), BarColumn(), TimeRemainingColumn())
        progress = Progress(*columns, console=Console(file=out), auto_refresh=False, transient=True)
        progress.start()
        return progress, progress.add_task("", total=self._size)
