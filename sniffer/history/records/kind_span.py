"""Answer a question about records by their kinds, for a page at a time and without a step of Python for each record.

In: the numbers of the kinds of some consecutive records, one byte each, and a table from `build_table`. Out: a
`KindSpan`, with one byte of answer for each record.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import compress
from typing import NamedTuple

from sniffer.core.record_kind import RecordKind

KIND_LIMIT = 256
"""The number of record kinds that one byte can distinguish."""

RARE = 0
"""Stands for every kind whose number does not fit into one byte. The page of such a record has its number."""

NO, YES, OPEN = range(3)
"""The answers: no record of the kind matches, each one does, or each one must be examined."""


class KindSpan(NamedTuple):
    """Consecutive records of one page: `first` is the number of the first one, `answers` has a byte for each."""

    first: int
    answers: bytes

    @property
    def last(self) -> int:
        """The number of the last record."""
        return self.first + len(self.answers) - 1

    @property
    def is_decided(self) -> bool:
        """True if no record has to be examined."""
        return OPEN not in self.answers

    @property
    def matches(self) -> int:
        """The number of records that match in any case."""
        return self.answers.count(YES)

    def split(self, size: int, step: int) -> "Iterator[KindSpan]":
        """Yield spans of `size` records, forward or backward (`step` 1 or -1). The last one may be shorter."""
        for start in range(0, len(self.answers), size):
            begin, end = start, start + size
            if step < 0:
                begin, end = max(0, len(self.answers) - end), len(self.answers) - start
            yield KindSpan(self.first + begin, self.answers[begin:end])

    def numbers(self, step: int) -> Iterator[int]:
        """Return the numbers of the records that match or must be examined, forward or backward (`step` 1 or -1)."""
        if self.answers.count(NO) == len(self.answers):
            return iter(())
        numbers = range(self.first, self.last + 1)
        return compress(numbers[::step], self.answers[::step])


def build_table(kinds: Sequence[RecordKind | None], matches: Callable[[RecordKind], bool | None]) -> bytes:
    """Return the answer for each number of a kind, as a table for `bytes.translate`.

    `kinds` are the known kinds by number; a kind that is None is open, as a rare one is.
    """
    answers = {True: YES, False: NO, None: OPEN}
    known = bytes(OPEN if kind is None else answers[matches(kind)] for kind in kinds[:KIND_LIMIT])
    return known + bytes(KIND_LIMIT - len(known))
