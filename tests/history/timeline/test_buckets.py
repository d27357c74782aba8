"""The series: buckets that get wider, and the way from a moment to a record and back."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.history.timeline import buckets
from sniffer.history.timeline.buckets import Bucket, Series


class FilledSeries:
    """A series with one record at each of these moments, each a frame of that many volts."""

    def __init__(self, *moments: int, width: int = 1) -> None:
        self.series = Series(moments[0], width, 1)
        self.last, self.latest = len(moments), moments[-1]
        before = moments[0]
        for number, moment in enumerate(moments, 1):
            if moment >= self.series.closes:
                self.series.open_bucket(moment, number, before)
            self.series.newest.frames += 1
            for name, value in (("l1_voltage", moment), ("l2_voltage", -moment), ("l3_voltage", 230)):
                self.series.newest.ranges.add((None, name), value, number)
            before = moment

    def full_buckets(self, until: int | None = None) -> list[Bucket]:
        return [*self.series.full_buckets(until, self.last)]

    def number_at(self, moment: int) -> int:
        return self.series.number_at(moment, self.latest, self.last)

    def moment_of(self, number: int) -> int:
        return self.series.moment_of(number, self.latest, self.last)


def test_session_that_outgrows_its_buckets_has_wider_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "BUCKET_LIMIT", 4)
    filled = FilledSeries(100, 101, 103, 104, 111)
    assert filled.series.grid == (100, 4)
    assert [(bucket.index, bucket.frames, bucket.first) for bucket in filled.full_buckets()] == [
        (0, 3, 1),
        (1, 1, 4),
        (2, 1, 5),
    ]
    l1, l2, l3 = filled.full_buckets()[0].ranges.values()
    assert (l1.low, l1.high, l1.count, l2.low, l2.high, l3.mean) == (100, 103, 3, -103, -100, 230)


def test_bucket_in_which_a_record_fell_is_known_once_it_is_full() -> None:
    filled = FilledSeries(100, 101, 101, 102)
    assert [[bucket.index for bucket in filled.full_buckets(until)] for until in (0, 1, 2, 3, 4, None)] == [
        [],
        [0],
        [0],
        [0, 1],
        [0, 1, 2],
        [0, 1, 2],
    ]


@pytest.mark.parametrize(
    ("moment", "number"),
    [(0, 1), (100, 1), (104, 1), (106, 2), (110, 2), (129, 2), (131, 3), (140, 3), (150, 4), (999, 4)],
)
def test_record_nearest_to_a_moment(moment: int, number: int) -> None:
    assert FilledSeries(100, 110, 150, 150, width=10).number_at(moment) == number


def test_records_in_one_bucket_are_evenly_apart() -> None:
    filled = FilledSeries(100, 120, 180, 190, width=1000)
    assert [filled.number_at(moment) for moment in (100, 130, 160, 189, 190)] == [1, 2, 3, 3, 4]
    assert [filled.moment_of(number) for number in (0, 1, 2, 3, 4, 5)] == [100, 100, 130, 160, 190, 190]


def test_before_the_first_record_is_where_it_begins() -> None:
    assert FilledSeries(100, 200).moment_of(0) == 100


MOMENTS = st.lists(st.integers(0, 5000), min_size=1, max_size=60).map(sorted)


@given(MOMENTS, st.integers(1, 30), st.sampled_from([2, 8, 64]))
def test_counts_add_up_however_often_pairs_were_merged(moments: list[int], width: int, most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buckets, "BUCKET_LIMIT", most)
        filled = FilledSeries(*moments, width=width)
    known = filled.full_buckets()
    assert len(known) <= most
    assert sum(bucket.frames for bucket in known) == len(moments)
    assert all(one.index < two.index for one, two in pairwise(known))
    grid = filled.series.grid
    for bucket, after in zip(known, [*known[1:], None], strict=True):
        start = grid.origin + bucket.index * grid.width
        here = [moment for moment in moments if start <= moment < start + grid.width]
        l1 = bucket.ranges[None, "l1_voltage"]
        assert (bucket.frames, l1.count) == (len(here), len(here))
        assert (l1.low, l1.high) == (here[0], here[-1])
        assert l1.total == sum(here)
        assert (after.first if after else filled.last + 1) == bucket.first + len(here)


@given(MOMENTS, st.integers(1, 30), st.sampled_from([2, 8, 64]), st.integers(-10, 6000))
def test_way_from_a_record_and_back_stays_in_its_bucket(moments: list[int], width: int, most: int, moment: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buckets, "BUCKET_LIMIT", most)
        filled = FilledSeries(*moments, width=width)
    grid = filled.series.grid
    for number, at in enumerate(moments, 1):
        assert grid.bucket(filled.moment_of(number)) == grid.bucket(at)
        assert grid.bucket(moments[filled.number_at(at) - 1]) == grid.bucket(at)
    # The returned record is as near as any, to a bucket.
    nearest = min(abs(at - moment) for at in moments)
    assert abs(moments[filled.number_at(moment) - 1] - moment) <= nearest + grid.width
