"""Some thousand records side by side, a column for each of their parts.

A column that no record of the page needs is not there. What a page cannot say in a number it says by one that no
record has: `UNTIMED` for a missing time, `UNNUMBERED` for a log line that printed no number.
"""

from array import array
from typing import Literal

PAGE = 4096
"""How many records a page holds: enough that a page costs nothing, and few enough to be copied in no time."""

UNTIMED = -(2**63)
UNNUMBERED = -1
NONE_YET = 0
"""Where a record's partner is asked for: records count from 1."""

KINDS: tuple[Literal["answers", "repeats", "relays"], ...] = ("answers", "repeats", "relays")
"""What one record can be to an earlier one, by the number that stands for it, which counts from 1."""


class Page:
    """One page. Its columns have an entry for each record; `ends` says where each one's bytes end in `blob`."""

    __slots__ = ("afters", "answers", "asides", "blob", "ends", "kinds", "lines", "shapes", "targets", "times")

    def __init__(self) -> None:
        self.times = array("q")
        self.ends = array("I")
        self.shapes = bytearray()
        self.blob: bytes | bytearray = bytearray()
        self.lines: array[int] | None = None
        self.asides: array[int] | None = None
        self.kinds: bytearray | None = None
        self.targets: array[int] | None = None
        self.afters: array[int] | None = None
        self.answers: array[int] | None = None

    def bytes_at(self, index: int) -> bytes:
        """The bytes of one record."""
        start = self.ends[index - 1] if index else 0
        return bytes(self.blob[start : self.ends[index] - (self.asides[index] if self.asides else 0)])

    def aside_at(self, index: int) -> bytes:
        """What is told of them beside; empty where nothing is."""
        size = self.asides[index] if self.asides else 0
        return bytes(self.blob[self.ends[index] - size : self.ends[index]])

    def set_aside(self, index: int, size: int) -> None:
        """So many bytes at the end of this record's tell what is beside (`sniffer.history.reception_codec`)."""
        if self.asides is None:
            self.asides = array("I", [0]) * PAGE
        self.asides[index] = size

    def set_line(self, index: int, line: int) -> None:
        """The number that a text log printed on this record."""
        if self.lines is None:
            self.lines = array("q", [UNNUMBERED]) * PAGE
        self.lines[index] = line

    def set_reference(self, index: int, kind: int, target: int, after: int | None) -> None:
        """What this record refers to."""
        if self.kinds is None or self.targets is None or self.afters is None:
            self.kinds = bytearray(PAGE)
            self.targets = array("I", [NONE_YET]) * PAGE
            self.afters = array("q", [UNTIMED]) * PAGE
        self.kinds[index] = kind
        self.targets[index] = target
        self.afters[index] = UNTIMED if after is None else after

    def set_answer(self, index: int, number: int) -> None:
        """Which record answered this one; the first answer stands."""
        if self.answers is None:
            self.answers = array("I", [NONE_YET]) * PAGE
        if self.answers[index] == NONE_YET:
            self.answers[index] = number

    def close(self) -> None:
        """The page is full: give back what was kept to grow."""
        self.blob = bytes(self.blob)
