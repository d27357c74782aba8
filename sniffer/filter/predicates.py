"""Predicates on records, joined by `and`, `or` and `not`; a `Filter` is the whole of them with its text.

A predicate answers at two levels: for one record with True or False, and for a whole kind of records with True, False,
or None if the answer depends on the record. If the answer for a kind is not None, it holds for every record of that
kind. So a scan of many records decodes only those whose kind leaves the question open.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind

Matches = Callable[[Record, int | None], bool]
"""Takes a record and the time of the previous record in nanoseconds, or None if there is no such time."""

MatchesKind = Callable[[RecordKind], bool | None]


class RecordPredicate(Struct, frozen=True):
    """One compiled predicate, for a record and for a kind of records."""

    matches: Matches
    matches_kind: MatchesKind


def negate(predicate: RecordPredicate) -> RecordPredicate:
    """Return a predicate that is true where the other one is false."""
    matches, matches_kind = predicate.matches, predicate.matches_kind

    def negated_kind(kind: RecordKind) -> bool | None:
        answer = matches_kind(kind)
        return None if answer is None else not answer

    return RecordPredicate(lambda record, before: not matches(record, before), negated_kind)


def all_of(predicates: Sequence[RecordPredicate]) -> RecordPredicate:
    """Return a predicate that is true where all of the others are true."""
    return _combine(predicates, decisive=False)


def any_of(predicates: Sequence[RecordPredicate]) -> RecordPredicate:
    """Return a predicate that is true where at least one of the others is true."""
    return _combine(predicates, decisive=True)


def _combine(predicates: Sequence[RecordPredicate], *, decisive: bool) -> RecordPredicate:
    """Return a predicate that is `decisive` as soon as one of the others is, and the opposite if none is."""
    of_records = [predicate.matches for predicate in predicates]
    of_kinds = [predicate.matches_kind for predicate in predicates]

    def matches(record: Record, before: int | None) -> bool:
        for matches_one in of_records:
            if matches_one(record, before) is decisive:
                return decisive
        return not decisive

    def matches_kind(kind: RecordKind) -> bool | None:
        combined: bool | None = not decisive
        for matches_one in of_kinds:
            answer = matches_one(kind)
            if answer is decisive:
                return decisive
            if answer is None:
                combined = None
        return combined

    return RecordPredicate(matches, matches_kind)


class Filter(Struct, frozen=True):
    """One filter. It is valid for records of the definition that its vocabulary was made from."""

    text: str
    predicate: RecordPredicate

    def matches(self, record: Record, before: int | None) -> bool:
        """Return True if the record matches the filter.

        `before` is the time in nanoseconds of the last earlier record that has a time, whether that record matches or
        not; None if there is no such record.
        """
        return self.predicate.matches(record, before)

    def matches_kind(self, kind: RecordKind) -> bool | None:
        """Return True if all records of this kind match, False if none does, None if each has to be looked at."""
        return self.predicate.matches_kind(kind)
