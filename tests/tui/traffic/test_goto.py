"""A typed place is the record there or the next one; others are refused with a message."""

from contextlib import suppress
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk
from sniffer.history.records.record_store import RecordStore
from sniffer.tui.traffic.goto import describe_missing_line, find_record
from tests.records import records_of
from tests.tui.helpers import captured, parameter


def session(*times: float | None) -> RecordStore:
    """Return records at these seconds of the first day of 1970."""
    store = RecordStore(packaged_definition())
    chunks = (
        Chunk(parameter(number), None if time is None else int(time * SECOND)) for number, time in enumerate(times)
    )
    store.receive(records_of(*chunks))
    return store


LATE = session(86_000, 86_010.5, 86_399, 86_460)
"""From 23:53:20 until after midnight."""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("#3", 3),
        (" 4 ", 4),
        ("+0", 1),
        ("+10", 2),
        ("+10.5", 2),
        ("+10.6", 3),
        ("+0:10", 2),
        ("+0:00:11", 3),
        ("+9:00:00", 4),
        ("23:53:20", 1),
        ("23:53", 4),
        ("23:54", 3),
        ("23:53:30.5", 2),
        ("00:00:30", 4),
        ("0:01", 4),
        ("23:59:59.5", 4),
    ],
)
def test_place_is_the_record_there_or_the_next(text: str, number: int) -> None:
    assert find_record(text, LATE, UTC) == number


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0", "there are records 1 to 4"),
        ("5", "there are records 1 to 4"),
        ("+", "after [+] seconds are needed"),
        ("+x", "after [+] seconds are needed"),
        ("+1:2:3:4", "after [+] seconds are needed"),
        ("+-5", "after [+] seconds are needed"),
        ("+1e99", "after [+] seconds are needed"),
        ("+nan", "after [+] seconds are needed"),
        ("noon", "neither a record nor a time"),
        ("25:00", "neither a record nor a time"),
        ("²", "neither a record nor a time"),
        ("line 5", "has no line numbers"),
    ],
)
def test_invalid_place_is_rejected_with_a_message(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        find_record(text, LATE, UTC)


NUMBERED = RecordStore(packaged_definition())
NUMBERED.receive(records_of(*captured()))
"""The records 1 to 27, printed after the line numbers 704 to 732; lines are missing."""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13", 13),
        ("717", 13),
        ("line 717", 13),
        ("line717", 13),
        ("line 704", 1),
        ("711", 8),
        ("line 727", 23),
        ("line 732", 27),
    ],
)
def test_line_of_a_log_is_the_record_there_or_the_next(text: str, number: int) -> None:
    assert find_record(text, NUMBERED, UTC) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("711", "the log has no line 711: this is line 712"),
        (" line 711", "the log has no line 711: this is line 712"),
        *((text, "") for text in ("712", "line 717", "13", "#13", "00:00:49", "+1")),
    ],
)
def test_a_line_in_place_of_another_is_named(text: str, expected: str) -> None:
    assert describe_missing_line(text, find_record(text, NUMBERED, UTC), NUMBERED) == expected


def test_line_that_the_log_does_not_have_is_rejected() -> None:
    with pytest.raises(ValueError, match="records 1 to 27, and lines 704 to 732"):
        find_record("703", NUMBERED, UTC)
    with pytest.raises(ValueError, match="records 1 to 27"):
        find_record("#717", NUMBERED, UTC)


def test_lines_without_a_number_stand_after_the_line_before() -> None:
    store = RecordStore(packaged_definition())
    lines = [LogLine(None, "ocpp", "text", number) for number in (None, 10, None, 12, None)]
    store.receive(records_of(*lines))
    assert store.lines == (10, 12)
    assert [find_record(f"line {line}", store, UTC) for line in (10, 11, 12)] == [2, 4, 4]


def test_session_without_times_has_numbers_only() -> None:
    untimed = session(None, None)
    assert find_record("2", untimed, UTC) == 2
    with pytest.raises(ValueError, match="has no times"):
        find_record("00:00:01", untimed, UTC)


def test_records_without_a_time_are_where_they_stand() -> None:
    mixed = session(0, None, 5, None, None, None, None, 9, None)
    assert find_record("+5", mixed, UTC) == 3
    assert find_record("+6", mixed, UTC) == 8


@given(st.text(max_size=12))
def test_any_text_is_a_place_or_raises_value_error(text: str) -> None:
    with suppress(ValueError):
        assert 1 <= find_record(text, LATE, UTC) <= 4
