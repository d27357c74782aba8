"""A filter over the records of a session."""

from sniffer.triggers.filter_watch import FilterWatch
from tests.triggers.helpers import FAULT, filter_of, status_records


def matched(expression: str, records) -> list[int]:
    watch = FilterWatch(filter_of(expression))
    return [record.number for record in records if watch.matches(record)]


def test_records_that_match_are_named() -> None:
    assert matched("status == Faulted", FAULT) == [2, 4]
    assert matched("event == status and status == Available", FAULT) == [1, 3]
    assert matched("noise", FAULT) == []


def test_the_time_since_the_record_before_counts_whether_that_one_matches_or_not() -> None:
    records = status_records((1, "Available"), (2, "Faulted"), (9, "Faulted"), (10, "Faulted"))
    assert matched("status == Faulted and delta > 5", records) == [3]


def test_the_text_is_that_of_the_user() -> None:
    assert FilterWatch(filter_of("status  ==  Faulted")).text == "status  ==  Faulted"
