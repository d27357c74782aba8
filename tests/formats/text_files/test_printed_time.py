"""Times as terminal programs and loggers print them, and what is not a time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sniffer.base.times import DAY, HOUR, SECOND
from sniffer.formats.text_files.printed_time import TimeFinder, TimeReader, are_steps, find_time, search_time

AT = 1_701_302_449 * SECOND


def read(text: str) -> int | None:
    found = find_time(text)
    return TimeReader().read(found) if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-11-30T00:00:49+0000 x", AT),
        ("2023-11-30T00:00:49Z", AT),
        ("2023-11-30 00:00:49", AT),
        ("2023/11/30 00:00:49.123456", AT + 123_456_000),
        ("2023-11-30T01:00:49.5+01:00", AT + SECOND // 2),
        ("2023-11-30T00:00:49,250", AT + SECOND // 4),
        ("30.11.2023 00:00:49.25", AT + SECOND // 4),
        ("11/30/2023 12:00:49 AM", AT),
        ("11/30/2023 12:00:49 PM", AT + 12 * HOUR),
        ("30/11/2023 00:00:49", AT),
        ("11/11/2023 00:00:49", AT - 19 * DAY),
        ("Nov 30 2023 00:00:49", AT),
        ("Thu Nov 30 00:00:49 2023]", AT),
        ("Thu Nov 30 00:00:49.25 2023", AT + SECOND // 4),
        ("Nov 30, 2023 @ 00:00:49.500", AT + SECOND // 2),
        ("20231130000049,BB", AT),
        ("2023-11-30 00:00.49] BB", AT),
        ("20231130T000049Z BB", AT),
        ("20231130T000049.5 BB", AT + SECOND // 2),
        ("1701302449.250 BB", AT + SECOND // 4),
        ("12.500000s: BB", 12 * SECOND + SECOND // 2),
        ("30/11/2023@00:00:49.25::x", AT + SECOND // 4),
        ("2023-11-30@00:00:49", AT),
        ("002:01:00:49.500 Rx:", 2 * DAY + HOUR + 49 * SECOND + SECOND // 2),
        ("1701302449,BB", AT),
        ("1701302449\tBB", AT),
        ("1701302449250 BB", AT + SECOND // 4),
        ("00:00:49.123", 49 * SECOND + 123_000_000),
        ("30-Nov-2023::00:00:49.250000 x", AT + SECOND // 4),
        ("Thu, 30 Nov 2023 00:00:49 +0000", AT),
        ("30 November 2023 at 00:00:49", AT),
        ("November 30, 2023 at 12:00:49 AM", AT),
        ("Nov. 30, 2023, 12:00:49 AM", AT),
        ("Thu Nov 30 00:00:49 UTC 2023", AT),
        ("Thu Nov 30 00:00:49 CET 2023", AT),
        ("20231130 00:00:49 250]", AT + SECOND // 4),
        ("20231130-00:00:49.250 x", AT + SECOND // 4),
        ("2023/11/30 0:00:49", AT),
        ("2023. 11. 30. 00:00:49", AT),
        ("2023-11-30T01:00:49Z+0100", AT),
        ("2023/11/30/ 00:00:49::250", AT + SECOND // 4),
        ("I20231130 00:00:49.250000  1234 uart.cc:88]", AT + SECOND // 4),
        ("2023年11月30日 00:00:49", AT),
        ("30-11-2023 00:00:49", AT),
        ("11/30/23, 12:00:49 AM", AT),
        ("11/30/23 00:00:49", AT),
        ("23/11/30 00:00:49", 49 * SECOND),
        ("00:00:49.250,500] x", 49 * SECOND + 250_500_000),
        ("P 1:00:49.250A BB", 13 * HOUR + 49 * SECOND + SECOND // 4),
        ("A12:00:49.250B BB", 49 * SECOND + SECOND // 4),
        ("1:02:03:004 BB", HOUR + 123 * SECOND + 4_000_000),
        ("9:00:00 PM", 21 * HOUR),
        ("Nov 30 00:00:49 host", int(datetime(1972, 11, 30, 0, 0, 49, tzinfo=UTC).timestamp()) * SECOND),
        ("11-30 00:00:49.000  1234", int(datetime(1972, 11, 30, 0, 0, 49, tzinfo=UTC).timestamp()) * SECOND),
        ("I1130 00:00:49.000000 1234", int(datetime(1972, 11, 30, 0, 0, 49, tzinfo=UTC).timestamp()) * SECOND),
        ("Feb 29 00:00:00 host", int(datetime(1972, 2, 29, tzinfo=UTC).timestamp()) * SECOND),
        ("03/04/2023 00:00:49", 49 * SECOND),
    ],
)
def test_a_time_is_read(text: str, expected: int) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *["", "BB DD", "00:dd:dd:32", "12:34:56:78:90", "12:34:56:bb", "24:00:01", "12:60:00", "13:00:00 PM"],
        *[
            "2023-02-30 00:00:00",
            "20231350000000,",
            "1701302449",
            "1701302449 0102030405",
            "08:59.48] BB",
            "12.5",
            "99:99:99",
            "0:00:00 AM",
        ],
    ],
)
def test_anything_else_is_no_time(text: str) -> None:
    assert read(text) is None


def test_the_zone_is_the_first_one_and_utc_if_none_is_printed() -> None:
    clock = TimeReader()
    for text in ("2023-11-30T01:00:49+01:00", "00:00:00"):
        found = find_time(text)
        assert found
        clock.read(found)
    assert clock.zone == timezone(timedelta(hours=1))
    clock, found = TimeReader(), find_time("00:00:00")
    assert found
    assert clock.read(found) == 0
    assert clock.zone == UTC


def test_days_without_a_date_go_on_after_midnight() -> None:
    clock = TimeReader()
    found = [find_time(text) for text in ("23:59:59", "00:00:01", "00:00:00", "12:00:00", "23:00:00", "01:00:00")]
    times = [clock.read(one) for one in found if one]
    assert times == [DAY - SECOND, DAY + SECOND, DAY, DAY + 12 * HOUR, DAY + 23 * HOUR, 2 * DAY + HOUR]


def test_a_time_that_only_damage_explains_is_none() -> None:
    assert read("9999-11-30 00:00:49") is None


def test_a_zone_that_does_not_exist_is_not_used() -> None:
    found = find_time("2023-11-30T00:00:49+9900")
    assert found
    assert found.zone is None


def test_a_time_is_searched_after_other_words_up_to_a_place() -> None:
    line = "<34>1 2023-11-30T00:00:49Z host"
    found = search_time(line, len(line))
    assert found
    assert found.time == AT
    assert line[found.end :] == " host"
    assert search_time(line, 5) is None
    assert search_time("1 2 3 4 5 6 7 8 00:00:49", 99) is None


@pytest.mark.parametrize(
    "lines",
    [
        ["12:00:49.123 x", "12:00:49.124 x", "12:00:50.000 x", "12:00:50.001 x", "12:00:50.xyz x", "12:00:50.100 x"],
        ["2023-11-30 00:00:49.5 x", "2023-11-30 00:00:49.6 x", "2023-11-30 00:00:61.7 x", "2023-11-30 00:00:49.8 x"],
        ["00:00:01 x", "00:00:02 x", "00:00:03 x"],
        ["1:02:03:004 x", "1:02:03:005 x", "1:02:04:006 x"],
        ["12:00:49.1Z x", "12:00:49.2Z x", "12:00:49.1 AM x", "12:00:49.2 AM x"],
        ["1701302449.250 x", "1701302450.251 x", "nothing", "1701302451.252 x"],
    ],
)
def test_times_of_lines_that_are_alike_are_found_as_each_alone(lines: list[str]) -> None:
    finder = TimeFinder()
    assert [finder.find(line, 0) for line in lines] == [find_time(line) for line in lines]


@pytest.mark.parametrize(
    ("texts", "has_steps"),
    [
        (["00:00:00.300", "00:00:00.100", "00:00:01.000", "00:00:00.200", "00:00:00.900", "00:00:00.100"], True),
        (["00:00:01", "00:00:02", "00:00:03", "00:00:02", "00:00:04"], False),
        (["23:59:59", "00:00:00", "00:00:01"], False),
        ([], False),
    ],
)
def test_times_since_the_line_before_go_back_often(texts: list[str], *, has_steps: bool) -> None:
    assert are_steps([found for text in texts if (found := find_time(text))]) is has_steps


def test_steps_are_added() -> None:
    clock = TimeReader(has_steps=True)
    times = [clock.read(found) for text in ("00:00:01", "00:00:00.500") if (found := find_time(text))]
    assert times == [SECOND, SECOND + SECOND // 2]
