"""Times in filters: an interval as long as its last part, in the time zone of the session or in its own."""

from datetime import UTC, timedelta, timezone

import pytest

from sniffer.base.times import SECOND
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import PWR_TO_COM
from sniffer.filter.time_values import TimeType
from sniffer.filter.tokens import Word
from tests.core.protocol.helpers import frame
from tests.filter.helpers import error_of, numbers, records


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("time == 12", "`12` is not a time such as 00:00:49 or 2023-11-30T00:00:49", "12"),
        ("time == 25:00", "`25:00` is not a time such as 00:00:49 or 2023-11-30T00:00:49", "25:00"),
        ("time == 12:00+01:00", "is not a time", "12:00+01:00"),
        ("time == 2023-11-30T000049", "is not a time", "2023-11-30T000049"),
    ],
)
def test_what_is_no_time_is_refused(text: str, message: str, place: str) -> None:
    error, marked = error_of(text)
    assert message in error
    assert marked == place


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("time == 00:01", range(60, 120)),
        ("time == 00:01:02", [62]),
        ("time == 00:01:02.000", [62]),
        ("time == 00:01:02.5", []),
        ("time > 00:01", range(120, 130)),
        ("time >= 00:01", range(60, 130)),
        ("time < 00:01", range(60)),
        ("time <= 00:01", range(120)),
        ("time == 1970-01-01", range(130)),
        ("time > 1970-01-01", []),
        ("time != 00:01", [*range(60), *range(120, 130)]),
        ("time == 1970-01-01T01:01:02+01:00", [62]),
        ("time == 1970-01-01t00:01:02Z", [62]),
    ],
)
def test_a_time_is_as_long_as_its_last_part(text: str, seconds: list[int]) -> None:
    session = records(*(Chunk(frame(PWR_TO_COM, 0x77).raw, second * SECOND) for second in range(130)))
    assert numbers(text, session) == [second + 1 for second in seconds]


def test_a_time_without_an_offset_is_in_the_zone_of_the_session() -> None:
    zone = timezone(timedelta(hours=2))
    for text, time in (("02:00:05", 5), ("1970-01-01T02:00:05", 5), ("1970-01-01T00:00:05Z", 5), ("02:00:05.25", 5.25)):
        matches = TimeType(lambda: zone).build_predicate("==", Word(text, 0, len(text)))
        assert [moment for moment in (4.75, 5, 5.25, 6) if matches(int(moment * SECOND))] == (
            [time] if "." in text else [5, 5.25]
        )


def test_a_day_ends_at_midnight_of_its_zone() -> None:
    zone = timezone(timedelta(hours=2))
    matches = TimeType(lambda: zone).build_predicate("==", Word("1970-01-02", 0, 10))
    assert [hour for hour in (21, 22, 45, 46) if matches(hour * 3600 * SECOND)] == [22, 45]


@pytest.mark.parametrize(
    ("text", "microseconds"), [("00:00:01.2", 100_000), ("00:00:01.25", 10_000), ("00:00:01.250000", 1)]
)
def test_a_fraction_of_a_second_is_as_long_as_its_last_digit(text: str, microseconds: int) -> None:
    start = int(float(text[6:]) * 1_000_000)
    matches = TimeType(lambda: UTC).build_predicate("==", Word(text, 0, len(text)))
    assert [matches((start + offset) * 1000) for offset in (-1, 0, microseconds - 1, microseconds)] == [
        *(False, True, True, False)
    ]
