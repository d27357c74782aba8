"""Times as people and scripts read them, in the zone that is asked for."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import (
    UNTIMED,
    as_datetime,
    duration_between,
    format_clock,
    format_delta,
    format_duration,
    format_file_stamp,
    format_iso,
    format_seconds,
    nanoseconds_of,
    to_seconds,
)

AT_49 = 1_701_302_449_000_000_000
EAST, WEST = timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))
SECOND = 1_000_000_000
MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
DAY = 24 * HOUR

CALENDAR = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("time", "zone", "text"),
    [
        (0, UTC, "1970-01-01T00:00:00.000000+00:00"),
        (AT_49, UTC, "2023-11-30T00:00:49.000000+00:00"),
        (AT_49, EAST, "2023-11-30T05:30:49.000000+05:30"),
        (AT_49, WEST, "2023-11-29T16:00:49.000000-08:00"),
        (AT_49 + 123_456_999, UTC, "2023-11-30T00:00:49.123456+00:00"),
        (-1, UTC, "1969-12-31T23:59:59.999999+00:00"),
    ],
)
def test_iso_has_microseconds_and_zone(time, zone, text):
    assert format_iso(time, zone) == text


def test_a_time_that_nobody_has_is_none_for_scripts_and_a_dash_for_people():
    assert (format_iso(None, UTC), format_clock(None, UTC), format_delta(None)) == (None, UNTIMED, UNTIMED)


@given(st.integers(-DAY, 100_000 * DAY), st.sampled_from([UTC, EAST, WEST, None]))
def test_a_time_of_day_is_that_of_the_calendar(time, zone):
    assert format_clock(time, zone) == as_datetime(time, zone).strftime("%H:%M:%S.%f")[:-3]


@pytest.mark.parametrize(
    ("time", "zone", "text"),
    [
        (AT_49, UTC, "00:00:49.000"),
        (AT_49, EAST, "05:30:49.000"),
        (AT_49, WEST, "16:00:49.000"),
        (AT_49 + 999_999_999, UTC, "00:00:49.999"),
        (AT_49 + 42_000_000, UTC, "00:00:49.042"),
    ],
)
def test_the_clock_goes_to_the_millisecond(time, zone, text):
    assert format_clock(time, zone) == text


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0.000"),
        (42_000_000, "0.042"),
        (499_999, "0.000"),
        (12_500_000_000, "12.500"),
        (99 * SECOND, "99.000"),
        (187 * SECOND, "187.000"),
        (HOUR, "3600.00"),
        (DAY + SECOND // 10, "86400.1"),
        (115 * DAY, "9936000"),
        (365 * DAY, "31536000"),
    ],
)
def test_a_delta_is_in_seconds_and_as_exact_as_it_is_short(nanoseconds, text):
    assert format_delta(nanoseconds) == text


@given(st.integers(0, 115 * DAY))
def test_a_delta_has_at_most_seven_characters(nanoseconds):
    assert len(format_delta(nanoseconds)) <= 7


@given(CALENDAR)
def test_iso_can_be_read_back(moment):
    time = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
    for zone in (UTC, EAST, WEST):
        assert datetime.fromisoformat(str(format_iso(time, zone))) == as_datetime(time, zone) == moment
        assert datetime.fromisoformat(str(format_iso(time, zone))).utcoffset() == zone.utcoffset(None)


def test_without_a_zone_it_is_the_local_one():
    assert as_datetime(AT_49).utcoffset() is not None
    assert as_datetime(AT_49) == as_datetime(AT_49, UTC)


@pytest.mark.parametrize(
    ("since", "until", "duration"),
    [(3, 10, 7), (3, 3, 0), (3, 2, None), (None, 3, None), (3, None, None), (None, None, None)],
)
def test_a_duration_needs_two_times_in_order(since, until, duration):
    assert duration_between(since, until) == duration


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0.0 ms"),
        (4_200_000, "4.2 ms"),
        (999_900_000, "999.9 ms"),
        (999_960_000, "1.00 s"),
        (99_990_000_000, "99.99 s"),
        (99_999_000_000, "99 s"),
        (100 * SECOND, "1 min 40 s"),
        (187_000_000_000, "3 min 07 s"),
        (100 * HOUR, "4 d 04 h"),
    ],
)
def test_a_duration_has_its_unit(nanoseconds, text):
    assert format_duration(nanoseconds) == text


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (None, "-"),
        (-3 * SECOND, "0 s"),
        (900_000_000, "0 s"),
        (99 * SECOND, "99 s"),
        (100 * SECOND, "1 min 40 s"),
        (99 * MINUTE + 59 * SECOND, "99 min 59 s"),
        (100 * MINUTE, "1 h 40 min"),
        (99 * HOUR + 59 * MINUTE, "99 h 59 min"),
        (5 * DAY + HOUR, "5 d 01 h"),
    ],
)
def test_a_duration_that_grows_is_in_whole_seconds(nanoseconds, text):
    assert format_seconds(nanoseconds) == text


def test_scripts_read_durations_in_seconds():
    assert to_seconds(1_500_000_000) == 1.5
    assert to_seconds(None) is None


@pytest.mark.parametrize(("moment", "is_plausible"), [("1969", True), ("1968", False), ("2260", True), ("2261", False)])
def test_a_time_that_only_damage_explains_is_none(moment: str, is_plausible: bool) -> None:
    assert (nanoseconds_of(datetime.fromisoformat(f"{moment}-12-31T00:00:00+00:00")) is not None) is is_plausible


def test_the_stamps_of_files_sort_by_time() -> None:
    moments = [datetime(2026, 1, 15, 8, 59, 48), datetime(2026, 1, 15, 10), datetime(2026, 11, 2)]
    stamps = [format_file_stamp(moment) for moment in moments]
    assert stamps[0] == "20260115-085948"
    assert stamps == sorted(stamps)
