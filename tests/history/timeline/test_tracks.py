"""A track: exact entries, thinned by buckets, cut at a record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.history.timeline import tracks
from sniffer.history.timeline.tracks import Grid, Track, TrackEntry

GRID = Grid(100, 10)


def track_of(*entries: tuple[int, int, str], grid: Grid = GRID) -> Track:
    track: Track[str] = Track()
    for entry in entries:
        track.add(TrackEntry(*entry), grid)
    return track


STATES = ((100, 1, "Available"), (105, 4, "Preparing"), (105, 6, "Charging"), (130, 9, "Finishing"))


@pytest.mark.parametrize(
    ("moment", "until", "text"),
    [
        (99, None, None),
        (100, None, "Available"),
        (104, None, "Available"),
        (105, None, "Charging"),
        (105, 5, "Preparing"),
        (105, 3, "Available"),
        (900, None, "Finishing"),
        (900, 8, "Charging"),
        (900, 0, None),
    ],
)
def test_state_at_a_moment_as_it_was_known(moment: int, until: int | None, text: str | None) -> None:
    found = track_of(*STATES).at(moment, until)
    assert (found.value if found else None) == text


def test_entries_of_a_span_end_before_its_end() -> None:
    track = track_of(*STATES)
    assert [entry.number for entry in track.between(100, 130)] == [1, 4, 6]
    assert [entry.number for entry in track.between(105, 131, until=6)] == [4, 6]
    assert [*track.between(106, 130)] == []


def test_next_entry_of_a_value_is_found_both_ways() -> None:
    track = track_of((100, 1, "silent"), (105, 3, ""), (110, 4, "silent"), (130, 9, ""))
    assert [track.find("silent", number, 1) for number in (0, 1, 3, 4)] == [1, 4, 4, None]
    assert [track.find("silent", number, -1) for number in (9, 4, 2, 1)] == [4, 1, 1, None]


def test_entry_after_a_moment() -> None:
    track = track_of(*STATES)
    assert [entry and entry.number for entry in (track.after(101), track.after(130), track.after(131))] == [4, 9, None]
    assert track.after(106, until=8) is None


def test_columns_say_what_was_before_and_what_is_in_them() -> None:
    data = track_of(*STATES).slice_columns((100, 105, 110, 140), until=6)
    assert [(before, [*here]) for before, here in data] == [
        (None, ["Available"]),
        ("Available", ["Preparing", "Charging"]),
        ("Charging", []),
    ]


def test_axis_that_begins_anew_gathers_all_in_one_moment() -> None:
    track = track_of(*STATES)
    track.move_all(7)
    assert [entry.moment for entry in track.between(0, 99)] == [7] * 4
    assert track.latest_value == "Finishing"


STEPS = st.lists(st.integers(0, 25), max_size=120)


@given(STEPS, st.integers(1, 40), st.integers(0, 130))
def test_thinning_loses_nothing_from_any_bucket(steps: list[int], limit: int, until: int) -> None:
    moment, entries = 100, []
    for number, step in enumerate(steps, 1):
        moment += step
        entries.append((moment, number, str(number)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tracks, "ENTRY_LIMIT", limit)
        thin = track_of(*entries)
    exact = track_of(*entries)
    buckets = {GRID.bucket(at) for at, _, _ in entries}
    assert len(thin) <= max(limit, 2 * len(buckets))
    for bucket in buckets:
        start = GRID.origin + bucket * GRID.width
        kept, there = (track.between(start, start + GRID.width) for track in (thin, exact))
        assert (kept[0], kept[-1]) == (there[0], there[-1])
        assert bool(thin.between(start, start + GRID.width, until)) == bool(
            exact.between(start, start + GRID.width, until)
        )
        assert thin.at(start - 1) == exact.at(start - 1)
