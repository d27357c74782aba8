"""Tests of records, and `and`, `or` and `not` between them.

A test answers twice: of a record with yes or no, and of a shape with yes, no or None, where that depends on the record.
Whenever the answer for a shape is not None, it is the answer for all records of that shape.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sniffer.core.pipeline import Record
from sniffer.core.record_kind import RecordKind

Matches = Callable[[Record, int | None], bool]
"""Whether a record matches. The second value is the time of the record before it; None where that has none."""

Verdict = Callable[[RecordKind], bool | None]


@dataclass(frozen=True, slots=True)
class RecordPredicate:
    """One test, compiled."""

    matches: Matches
    matches_kind: Verdict


def negate(test: RecordPredicate) -> RecordPredicate:
    """True where the test is not."""
    inner, of_shape = test.matches, test.matches_kind

    def matches_kind(shape: RecordKind) -> bool | None:
        found = of_shape(shape)
        return None if found is None else not found

    return RecordPredicate(lambda record, before: not inner(record, before), matches_kind)


def all_of(tests: Sequence[RecordPredicate]) -> RecordPredicate:
    """True where all of the tests are."""
    return _joined(tests, decisive=False)


def any_of(tests: Sequence[RecordPredicate]) -> RecordPredicate:
    """True where at least one of the tests is."""
    return _joined(tests, decisive=True)


def _joined(tests: Sequence[RecordPredicate], *, decisive: bool) -> RecordPredicate:
    """The first test that gives `decisive` decides; where none does, it is the opposite."""
    inner = [test.matches for test in tests]
    of_shape = [test.matches_kind for test in tests]

    def matches(record: Record, before: int | None) -> bool:
        for test in inner:
            if test(record, before) is decisive:
                return decisive
        return not decisive

    def matches_kind(shape: RecordKind) -> bool | None:
        found: bool | None = not decisive
        for test in of_shape:
            answer = test(shape)
            if answer is decisive:
                return decisive
            if answer is None:
                found = None
        return found

    return RecordPredicate(matches, matches_kind)


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. It holds for records of the definition that its vocabulary was made of."""

    text: str
    test: RecordPredicate

    def matches(self, record: Record, before: int | None) -> bool:
        """Whether this record is one of those wanted.

        `before` is the time of the last record before it that has one, whether that matches or not; None: there is
        none.
        """
        return self.test.matches(record, before)

    def matches_kind(self, shape: RecordKind) -> bool | None:
        """Whether all records of this shape are wanted (True), or none is (False); None: each has to be seen."""
        return self.test.matches_kind(shape)
