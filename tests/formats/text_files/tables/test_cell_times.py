"""The times in the cells of a table."""

import pytest

from sniffer.formats.text_files.tables.cell_times import TimeColumn, exponent_of


@pytest.mark.parametrize(
    ("cell", "exponent", "shown"),
    [
        ("1.5", 0, "1.500000000"),
        ("1,5", 0, "1.500000000"),
        ("1500", -3, "1.500000000"),
        ("2.5ms", 0, "0.002500000"),
        ("12 us", -3, "0.000012000"),
        ("10:00:01.5", 0, "10:00:01.5"),
        ("", 0, ""),
    ],
)
def test_a_number_is_in_seconds_and_a_clock_as_it_is(cell: str, exponent: int, shown: str) -> None:
    assert TimeColumn(0, exponent=exponent).format([cell]) == shown


def test_times_before_a_trigger_count_from_the_first_one() -> None:
    column = TimeColumn(0).starting_at(["", "-1.5s", "-20ms"])
    assert [column.format([cell]) for cell in ("-1.5s", "-20ms")] == ["0.000000000", "1.480000000"]
    assert TimeColumn(0).starting_at(["1.5"]) == TimeColumn(0)


def test_a_day_may_stand_in_a_column_of_its_own() -> None:
    assert TimeColumn(1, date=0).format(["2026-01-15", "08:59:48.001"]) == "2026-01-15 08:59:48.001"


def test_the_name_of_a_column_says_its_unit() -> None:
    assert [exponent_of(name) for name in ("Time [ns]", "Time(ms)", "Time [s]", "Time")] == [-9, -3, 0, 0]
