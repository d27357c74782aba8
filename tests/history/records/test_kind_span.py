"""Answers for records by their kinds: one byte each, in both directions."""

import pytest

from sniffer.core.record_kind import RecordKind
from sniffer.core.wire.frame import Reason
from sniffer.history.records.kind_span import KIND_LIMIT, NO, OPEN, RARE, YES, KindSpan, build_table

NOISE, TEXT, EVENT = RecordKind("noise", reason=Reason.CRC), RecordKind("text"), RecordKind("event")


def test_table_answers_by_number_and_leaves_rare_kinds_open() -> None:
    answers = {NOISE: True, TEXT: False, EVENT: None}
    table = build_table([None, NOISE, TEXT, EVENT], answers.__getitem__)
    assert bytes([RARE, 1, 2, 3]).translate(table) == bytes([OPEN, YES, NO, OPEN])
    assert len(table) == KIND_LIMIT


def test_kind_beyond_the_limit_has_no_answer_of_its_own() -> None:
    assert len(build_table([None, *[NOISE] * 400], lambda _: True)) == KIND_LIMIT


@pytest.mark.parametrize(("step", "numbers"), [(1, [11, 13, 14]), (-1, [14, 13, 11])])
def test_numbers_are_those_of_records_that_may_match(step: int, numbers: list[int]) -> None:
    span = KindSpan(10, bytes([NO, YES, NO, OPEN, YES]))
    assert [*span.numbers(step)] == numbers
    assert (span.last, span.matches, span.is_decided) == (14, 2, False)


def test_span_without_a_match_is_decided_and_has_no_numbers() -> None:
    span = KindSpan(1, bytes([NO] * 3))
    assert span.is_decided
    assert [*span.numbers(1)] == [*span.numbers(-1)] == []


@pytest.mark.parametrize(
    ("step", "parts"),
    [(1, [(10, b"\0\1"), (12, b"\2\1"), (14, b"\0")]), (-1, [(13, b"\1\0"), (11, b"\1\2"), (10, b"\0")])],
)
def test_parts_of_a_span_come_in_the_order_of_the_step(step: int, parts: list[tuple[int, bytes]]) -> None:
    assert [*KindSpan(10, bytes([NO, YES, OPEN, YES, NO])).split(2, step)] == parts
