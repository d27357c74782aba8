"""Hold some thousand records side by side, with a column for each of their parts.

A column that no record of the page needs does not exist. A missing value is stored as a number that no record has:
`UNTIMED` for a missing time, `UNNUMBERED` for a log line without a printed number, `NO_RECORD` for a missing partner.
"""

import pickle
import zlib
from array import array
from typing import Literal

PAGE_SIZE = 1024
"""The number of records in a page: large enough that the page itself costs little, small enough to write and read in
about a millisecond.
"""

COMPRESSION = 1
"""The level of zlib for a page on the disk: the fastest, which makes a page of calm traffic three times smaller."""

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
    """One page. Its columns have an entry for each record; `ends` holds the end of its bytes in `blob`.

    `events` is 1 for each record that has events. `entry_ends` counts the entries of the records up to and including
    each one: one for its item, if that is shown, and one for each of its events. `landmarks` are the bits of the
    landmarks that a record is. `rare_kinds` are the numbers of the kinds that do not fit into one byte.
    """

    __slots__ = (
        "answers",
        "blob",
        "delays",
        "ends",
        "entry_ends",
        "events",
        "extra_sizes",
        "landmarks",
        "lines",
        "rare_kinds",
        "reference_kinds",
        "targets",
        "times",
    )

    def __init__(self) -> None:
        self.times = array("q")
        self.ends = array("I")
        self.entry_ends = array("I")
        self.blob: bytes | bytearray = bytearray()
        self.lines: array[int] | None = None
        self.extra_sizes: array[int] | None = None
        self.reference_kinds: bytearray | None = None
        self.targets: array[int] | None = None
        self.delays: array[int] | None = None
        self.answers: array[int] | None = None
        self.events: bytearray | None = None
        self.landmarks: bytearray | None = None
        self.rare_kinds: array[int] | None = None

    def bytes_at(self, index: int) -> bytes:
        """Return the bytes of one record, without its extra bytes."""
        start = self.ends[index - 1] if index else 0
        return bytes(self.blob[start : self.ends[index] - (self.extra_sizes[index] if self.extra_sizes else 0)])

    def extra_at(self, index: int) -> bytes:
        """Return the extra bytes of one record (`sniffer.history.records.reception_codec`).

        The result is empty if there are none.
        """
        size = self.extra_sizes[index] if self.extra_sizes else 0
        return bytes(self.blob[self.ends[index] - size : self.ends[index]])

    def set_extra_size(self, index: int, size: int) -> None:
        """Store the number of the last bytes of this record that are extra bytes."""
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

    def set_events(self, index: int) -> None:
        """Store that this record has events."""
        if self.events is None:
            self.events = bytearray(PAGE_SIZE)
        self.events[index] = 1

    def set_landmarks(self, index: int, bits: int) -> None:
        """Store of which landmarks this record is one."""
        if self.landmarks is None:
            self.landmarks = bytearray(PAGE_SIZE)
        self.landmarks[index] = bits

    def set_rare_kind(self, index: int, number: int) -> None:
        """Store the number of this record's kind, which does not fit into one byte."""
        if self.rare_kinds is None:
            self.rare_kinds = array("H", [0]) * PAGE_SIZE
        self.rare_kinds[index] = number

    def first_entry(self, index: int) -> int:
        """Return the number of entries before those of this record."""
        return self.entry_ends[index - 1] if index else 0

    def has_events(self, index: int) -> bool:
        """Return True if this record has events."""
        return self.events is not None and bool(self.events[index])

    def close(self) -> None:
        """Release the spare memory of a page that is full."""
        self.blob = bytes(self.blob)

    def pack(self) -> bytes:
        """Return the page as bytes for the temporary file of this process: they are never read from anywhere else."""
        columns = [getattr(self, name) for name in self.__slots__]
        return zlib.compress(pickle.dumps(columns, pickle.HIGHEST_PROTOCOL), COMPRESSION)

    @classmethod
    def unpack(cls, data: bytes) -> "Page":
        """Return the page that was packed into these bytes."""
        page = cls.__new__(cls)
        for name, column in zip(cls.__slots__, pickle.loads(zlib.decompress(data)), strict=True):
            setattr(page, name, column)
        return page
