"""Hold some thousand records side by side, with a column for each of their parts.

A column that no record of the page needs does not exist. A missing value is stored as a number that no record has:
`UNTIMED` for a missing time, `UNNUMBERED` for a log line without a printed number, `NO_RECORD` for a missing partner.
"""

from array import array
from typing import Literal

PAGE_SIZE = 4096
"""The number of records in a page: large enough that the page itself costs little, small enough to copy fast.
"""

UNTIMED = -(2**63)
UNNUMBERED = -1
NO_RECORD = 0
"""Stands for a partner that is missing so far. Records are counted from 1."""

REFERENCE_KINDS: tuple[Literal["answers", "repeats", "relays", "relayed_by"], ...] = (
    "answers", "repeats", "relays", "relayed_by",
)  # fmt: skip
"""The ways in which a record can refer to an earlier one. Each is stored as its position in this table, counted from 1.
"""


class Page:
    """One page. Its columns have an entry for each record; `ends` holds the end of its bytes in `blob`."""

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
        """Return the bytes of one record, without its extra bytes."""
        start = self.ends[index - 1] if index else 0
        return bytes(self.blob[start : self.ends[index] - (self.extra_sizes[index] if self.extra_sizes else 0)])

    def extra_at(self, index: int) -> bytes:
        """Return the extra bytes of one record (`sniffer.history.reception_codec`); the result is empty if there are
        none.
        """
        size = self.extra_sizes[index] if self.extra_sizes else 0
        return bytes(self.blob[self.ends[index] - size : self.ends[index]])

    def set_extra_size(self, index: int, size: int) -> None:
        """Store how many of the last bytes of this record are extra bytes."""
        if self.extra_sizes is None:
            self.extra_sizes = array("I", [0]) * PAGE_SIZE
        self.extra_sizes[index] = size

    def set_line(self, index: int, line: int) -> None:
        """Store the line number that a text log gives this record."""
        if self.lines is None:
            self.lines = array("q", [UNNUMBERED]) * PAGE_SIZE
        self.lines[index] = line

    def set_reference(self, index: int, kind: int, target: int, after: int | None) -> None:
        """Store the record to which this record refers. `after` is the delay in nanoseconds, None if it is unknown."""
        if self.reference_kinds is None or self.targets is None or self.delays is None:
            self.reference_kinds = bytearray(PAGE_SIZE)
            self.targets = array("I", [NO_RECORD]) * PAGE_SIZE
            self.delays = array("q", [UNTIMED]) * PAGE_SIZE
        self.reference_kinds[index] = kind
        self.targets[index] = target
        self.delays[index] = UNTIMED if after is None else after

    def set_answer(self, index: int, number: int) -> None:
        """Store the number of the record that answered this one. The first answer stays."""
        if self.answers is None:
            self.answers = array("I", [NO_RECORD]) * PAGE_SIZE
        if self.answers[index] == NO_RECORD:
            self.answers[index] = number

    def close(self) -> None:
        """Release the spare memory of a page that is full."""
        self.blob = bytes(self.blob)
