"""A framer that keeps the line errors of the bytes it holds.

In: the line errors of each read, by their places in its bytes. Out: those of each frame and piece of noise, by their
places in it, when the framer has returned it.
"""

from collections import deque
from collections.abc import Iterator, Sequence

from sniffer.core.wire.framer import Framer
from sniffer.core.wire.items import LineErrorMark


class MarkedFramer:
    """The framer of one tap, and the line errors of the bytes that it holds.

    `marks` are in the order of their bytes. Their offsets count from the byte that the framer had returned last when
    `marks` was empty.
    """

    __slots__ = ("_returned", "framer", "marks")

    def __init__(self, framer: Framer) -> None:
        self.framer = framer
        self.marks: deque[LineErrorMark] = deque()
        self._returned = 0

    def add_marks(self, marks: Sequence[LineErrorMark]) -> None:
        """Add the marks of the bytes that the framer is fed next."""
        if not self.marks:
            self._returned = 0
        before = self._returned + self.framer.waiting
        self.marks.extend(LineErrorMark(before + mark.at, mark.error) for mark in marks)

    def take_marks(self, size: int) -> tuple[LineErrorMark, ...]:
        """Remove and return the marks of the next `size` bytes that the framer returned, counted from the first."""
        start = self._returned
        self._returned = end = start + size
        return tuple(self._pop_marks(start, end)) if self.marks else ()

    def _pop_marks(self, start: int, end: int) -> Iterator[LineErrorMark]:
        """Yield the line errors before position `end` and drop them; their positions count from `start`."""
        while self.marks and self.marks[0].at < end:
            mark = self.marks.popleft()
            yield LineErrorMark(mark.at - start, mark.error)
