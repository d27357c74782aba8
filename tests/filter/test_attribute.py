"""Attributes: presence and comparison, for a record and for its kind, with one value and with several."""

import pytest

from sniffer.base.errors import QueryError
from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind
from sniffer.filter.attribute import Presence, RecordAttribute
from sniffer.filter.tokens import Word
from sniffer.filter.value_types import NumberType

RECORD, KIND = Record(1, None), RecordKind("event")


def attribute(value: object, of_kind: object = Presence.MAYBE, *, is_multiple: bool = False) -> RecordAttribute:
    return RecordAttribute("x", NumberType(), lambda _: of_kind, lambda _record, _before: value, is_multiple)


@pytest.mark.parametrize(("value", "is_present"), [(None, False), (0, True), (5, True)])
def test_a_value_other_than_none_is_present(value: object, is_present: bool) -> None:
    assert attribute(value).build_presence().matches(RECORD, None) is is_present


@pytest.mark.parametrize(
    ("of_kind", "answer"), [(None, False), (0, True), (Presence.ALWAYS, True), (Presence.MAYBE, None)]
)
def test_presence_may_follow_from_the_kind(of_kind: object, answer: bool | None) -> None:
    assert attribute(1, of_kind).build_presence().matches_kind(KIND) is answer


@pytest.mark.parametrize(
    ("of_kind", "answer"), [(None, False), (5, True), (6, False), (Presence.ALWAYS, None), (Presence.MAYBE, None)]
)
def test_a_comparison_may_follow_from_the_kind(of_kind: object, answer: bool | None) -> None:
    assert attribute(1, of_kind).build_comparison("==", Word("5", 0, 1)).matches_kind(KIND) is answer


@pytest.mark.parametrize(("operator", "value", "matches"), [("==", 5, True), ("!=", 5, False), ("!=", 6, True)])
def test_a_missing_value_matches_no_comparison(operator: str, value: int, matches: bool) -> None:
    assert attribute(value).build_comparison(operator, Word("5", 0, 1)).matches(RECORD, None) is matches
    assert attribute(None).build_comparison(operator, Word("5", 0, 1)).matches(RECORD, None) is False


@pytest.mark.parametrize(
    ("operator", "values", "matches"),
    [
        ("==", (4, 5), True),
        ("==", (4,), False),
        ("==", (), False),
        ("!=", (4, 6), True),
        ("!=", (4, 5), False),
        ("!=", (), False),
        ("<", (4, 6), True),
        ("<", (6,), False),
    ],
)
def test_several_values_are_compared_one_by_one(operator: str, values: tuple[int, ...], matches: bool) -> None:
    comparison = attribute(values, is_multiple=True).build_comparison(operator, Word("5", 0, 1))
    assert comparison.matches(RECORD, None) is matches


def test_no_values_are_not_present() -> None:
    assert attribute((), is_multiple=True).build_presence().matches(RECORD, None) is False
    assert attribute((0,), is_multiple=True).build_presence().matches(RECORD, None) is True


def test_an_operator_that_the_type_lacks_is_refused() -> None:
    with pytest.raises(QueryError, match="`~` does not go with `x`, which is a number: == != < <= > >= do"):
        attribute(1).build_comparison("~", Word("5", 0, 1))
