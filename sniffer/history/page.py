"""Some thousand records side by side, a column for each of their parts.

A column that no record of the page needs is not there. What a page cannot say in a number it says by one that no
record has: `UNTIMED` for a missing time, `UNNUMBERED` for a log line that printed no number.
"""

from array import array
from typing import Literal

PAGE_SIZE = 4096
"""How many records a page holds: enough that a page costs nothing, and few enough to be copied in no time."""

UNTIMED = -(2**63)
UNNUMBERED = -1
NO_RECORD = 0
"""Where a record's partner is asked for: records count from 1."""

REFERENCE_KINDS: tuple[Literal["answers", "repeats", "relays"], ...] = ("answers", "repeats", "relays")
"""What one record can be to an earlier one, by the number that stands for it, which counts from 1."""


class Page:
    """One page. Its columns have an entry for each record; `ends` says where each one's bytes end in `blob`."""

    __slots__ = (
        "answers",
        "blob",
        "delays",
        "ends",
        "extra_sizes",
        "kind_numbers",
        "lines",
        "reference_kinds",
        "targets",
        "times",
    )

    def __init__(self) -> None:
        self.times = array("q")
        self.ends = array("I")
        self.kind_numbers = bytearray()
        self.blob: bytes | bytearray = bytearray()
        self.lines: array[int] | None = None
        self.extra_sizes: array[int] | None = None
        self.reference_kinds: bytearray | None = None
        self.targets: array[int] | None = None
        self.delays: array[int] | None = None
        self.answers: array[int] | None = None

    def bytes_at(self, index: int) -> bytes:
        """The bytes of one record."""
        start = self.ends[index - 1] if index else 0
        return bytes(self.blob[start : self.ends[index] - (self.extra_sizes[index] if self.extra_sizes else 0)])

    def extra_at(self, index: int) -> bytes:
        """What is data of them beside; empty where nothing is."""
        size = self.extra_sizes[index] if self.extra_sizes else 0
        return bytes(self.blob[self.ends[index] - size : self.ends[index]])

    def set_extra_size(self, index: int, size: int) -> None:
        """So many bytes at the end of this record's tell what is beside (`sniffer.history.reception_codec`)."""
        if self.extra_sizes is None:
            self.extra_sizes = array("I", [0]) * PAGE_SIZE
        self.extra_sizes[index] = size

    def set_line(self, index: int, line: int) -> None:
        """The number that a text log printed on this record."""
        if self.lines is None:
            self.lines = array("q", [UNNUMBERED]) * PAGE_SIZE
        self.lines[index] = line

    def set_reference(self, index: int, kind: int, target: int, after: int | None) -> None:
        """What this record refers to."""
        if self.reference_kinds is None or self.targets is None or self.delays is None:
            self.reference_kinds = bytearray(PAGE_SIZE)
            self.targets = array("I", [NO_RECORD]) * PAGE_SIZE
            self.delays = array("q", [UNTIMED]) * PAGE_SIZE
        self.reference_kinds[index] = kind
        self.targets[index] = target
        self.delays[index] = UNTIMED if after is None else after

    def set_answer(self, index: int, number: int) -> None:
        """Which record answered this one; the first answer stands."""
        if self.answers is None:
            self.answers = array("I", [NO_RECORD]) * PAGE_SIZE
        if self.answers[index] == NO_RECORD:
            self.answers[index] = number

    def close(self) -> None:
        """The page is full: give back what was kept to grow."""
        self.blob = bytes(self.blob)
