"""Which number a record of the session has in the file that it is written to.

A capture counts its own packets, so whoever reads it numbers them from 1. That differs from the session in a file that
was begun later, and behind a gap: the gap is a record of the file, and what it stands for is none.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class _Run:
    """So many records in a row: `first` is the number of the first in the session, `here` that in the file."""

    first: int
    here: int
    count: int


@dataclass(frozen=True, slots=True)
class Numbering:
    """What stands in one file."""

    runs: tuple[_Run, ...] = ()
    count: int = 0

    def with_more(self, first: int, count: int, *, gap: bool) -> "Numbering":
        """With so many more records behind it, and the record of a gap before those."""
        here = self.count + 1 + gap
        total = self.count + gap + count
        last = self.runs[-1] if self.runs else None
        if last and last.first + last.count == first and last.here + last.count == here:
            return Numbering((*self.runs[:-1], replace(last, count=last.count + count)), total)
        return Numbering((*self.runs, _Run(first, here, count)), total)

    def find(self, number: int) -> int | None:
        """The number in the file of a record of the session; None where it does not stand there."""
        for run in reversed(self.runs):
            if run.first <= number < run.first + run.count:
                return run.here + number - run.first
        return None
