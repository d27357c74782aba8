"""Ranges of measured values: exact when they are merged, and only of series that are there."""

from hypothesis import given
from hypothesis import strategies as st

from sniffer.history.timeline.measured_ranges import (
    SeriesRanges,
    ValueRange,
    find_connectors,
    fold_connectors,
    merge_ranges,
    select_series,
)


def ranges_of(*values: tuple[int | None, str, float]) -> SeriesRanges:
    ranges = SeriesRanges()
    for number, (connector, name, value) in enumerate(values):
        ranges.add((connector, name), value, number)
    return ranges


def shown(measured: ValueRange) -> tuple[float, ...]:
    return measured.first, measured.last, measured.low, measured.high, measured.mean, measured.count


@given(st.lists(st.floats(-1000, 1000), min_size=2), st.data())
def test_merged_ranges_are_the_range_of_all_values(values: list[float], data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(values) - 1))
    whole = [ranges_of(*((1, "energy", value) for value in values))]
    parts = [SeriesRanges(), SeriesRanges()]
    for number, value in enumerate(values):
        parts[number >= cut].add((1, "energy"), value, number)
    (one,), (other,) = (merge_ranges(each).values() for each in (whole, parts[::-1]))
    assert shown(one)[:4] == shown(other)[:4] == (values[0], values[-1], min(values), max(values))
    assert abs(one.mean - other.mean) < 1e-6
    assert one.count == other.count == len(values)


def test_what_was_merged_does_not_change_with_the_whole() -> None:
    part = ranges_of((1, "energy", 5))
    merge_ranges([part, part]).add((1, "energy"), 9, 7)
    assert shown(part[1, "energy"]) == (5, 5, 5, 5, 5, 1)


def test_one_connector_needs_no_name() -> None:
    ranges = ranges_of((None, "l1_voltage", 230), (1, "l1_voltage", 231), (1, "energy", 5), (0, "board_temperature", 9))
    found = select_series(ranges)
    assert [*found] == [(None, "l1_voltage"), (None, "energy"), (0, "board_temperature")]
    assert shown(found[None, "l1_voltage"]) == (230, 231, 230, 231, 230.5, 2)
    assert find_connectors(ranges) == {1}


def test_several_connectors_stay_apart() -> None:
    ranges = ranges_of((2, "energy", 7), (1, "energy", 5), (None, "l1_voltage", 230))
    assert [*select_series(ranges)] == [(None, "l1_voltage"), (1, "energy"), (2, "energy")]
    assert fold_connectors(ranges, {1, 2}).keys() == ranges.keys()


def test_a_phase_that_was_always_0_is_left_out() -> None:
    ranges = ranges_of(
        (1, "l1_voltage", 230), (1, "l1_current", 0), (1, "l2_voltage", 0), (1, "l2_current", 0), (0, "temperature", 0)
    )
    assert [name for _, name in select_series(ranges)] == ["l1_voltage", "l1_current"]
    names = [name for _, name in select_series(ranges, {(1, "l2_voltage")})]
    assert names == ["l1_voltage", "l2_voltage", "l1_current", "l2_current"]
