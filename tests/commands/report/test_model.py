"""The values of a report: shares, states and words for counts."""

from datetime import UTC

import pytest

from sniffer.base.times import SECOND
from sniffer.commands.report.model import QuietSpan, Stay, format_share, total_of
from tests.commands.report.helpers import episode_of, fault_of, lane_of, plain_report


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (0.00001, "below 0.01 %"),
        (0.0001, "0.01 %"),
        (0.5, "50.00 %"),
        (0.9999, "99.99 %"),
        (0.99999, "above 99.99 %"),
        (1, "100 %"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_all(share: float, text: str) -> None:
    assert format_share(share) == text


def test_a_lane_counts_its_states_by_the_time_spent() -> None:
    lane = lane_of(None, "Available", "Charging", "Available")
    assert lane.states == ["Available", "Charging", "Available"]
    assert [span.state for span in lane.known_spans] == lane.states
    assert lane.stays_by_state() == {"Available": Stay(2, 20), "Charging": Stay(1, 10)}
    assert [*lane_of("B", "A").stays_by_state()] == ["A", "B"]


def test_where_a_fault_was_seen_first() -> None:
    assert episode_of(fault_of(number=9)).raised.number == 9


def test_the_active_faults_are_those_that_are_not_over() -> None:
    active, over = episode_of(fault_of(), is_over=False), episode_of(fault_of())
    assert plain_report(faults=(over, active)).active_faults == (active,)


def test_moments_and_lengths_of_a_session_with_times() -> None:
    report = plain_report(zone=UTC, began=10 * SECOND, ended=25 * SECOND)
    assert report.duration == 15 * SECOND
    assert report.format_moment(10 * SECOND) == "00:00:10.000"
    assert report.format_length(2 * SECOND) == "2.00 s"


def test_moments_and_lengths_of_a_session_without_times() -> None:
    report = plain_report(is_timed=False, began=1, ended=9)
    assert report.duration is None
    assert (report.format_moment(7), report.format_length(2)) == ("#7", "2 records")


def test_the_share_of_noise() -> None:
    report = plain_report()
    assert (report.noise_bytes, report.noise_share) == (0, 0.0)


def test_spans_add_up() -> None:
    assert total_of([QuietSpan(1, 4, 1), QuietSpan(10, 20, 2)]) == 13
