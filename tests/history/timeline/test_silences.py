"""Gaps: what was due decides, and the next record with an item ends them."""

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Overdue
from sniffer.core.charger.health.link_health import Health, LinkHealth, LinkHealthChanged
from sniffer.core.charger.tap_events import SourceLost
from sniffer.core.wire.links import PWR_TO_COM
from sniffer.history.timeline.silences import SHORTEST_LOSS, SilenceTracker
from sniffer.history.timeline.tracks import Grid

GRID = Grid(0, 1)
OVERDUE = Overdue(None, PWR_TO_COM, 1, "status report", 10 * SECOND, 15 * SECOND)


def gaps_of(tracker: SilenceTracker) -> list[tuple[int, int, str]]:
    return [(entry.moment // SECOND, entry.number, entry.value) for entry in tracker.gaps.between(0, 1 << 62)]


def test_a_gap_lasts_until_a_record_with_an_item() -> None:
    tracker = SilenceTracker()
    tracker.add_events((OVERDUE, OVERDUE), 10 * SECOND, 35 * SECOND, 5, GRID)
    assert tracker.is_waiting
    assert gaps_of(tracker) == [(10, 5, "silent")]
    tracker.end(40 * SECOND, 6, GRID)
    assert gaps_of(tracker) == [(10, 5, "silent"), (40, 6, "")]
    assert not tracker.is_waiting
    tracker.end(41 * SECOND, 7, GRID)
    assert len(tracker.gaps) == 2


def test_a_line_on_which_others_spoke_was_not_silent() -> None:
    tracker = SilenceTracker()
    tracker.add_events((OVERDUE,), 21 * SECOND, 35 * SECOND, 5, GRID)
    assert not tracker.is_waiting
    assert gaps_of(tracker) == []
    tracker.add_events((OVERDUE,), 20 * SECOND, 35 * SECOND, 5, GRID)
    assert tracker.is_waiting


def test_a_loss_is_a_gap_if_it_lasts() -> None:
    tracker = SilenceTracker()
    tracker.add_events((SourceLost(None, "unplugged"),), 0, SECOND, 2, GRID)
    tracker.add_events((SourceLost(None, "again"),), 0, 2 * SECOND, 3, GRID)
    assert tracker.is_waiting
    tracker.end(SECOND + SHORTEST_LOSS - 1, 4, GRID)
    assert (gaps_of(tracker), tracker.is_waiting) == ([], False)
    tracker.add_events((SourceLost(None, "unplugged"),), 0, 10 * SECOND, 5, GRID)
    tracker.end(10 * SECOND + SHORTEST_LOSS, 6, GRID)
    assert gaps_of(tracker) == [(10, 6, "silent"), (15, 6, "")]


def test_the_verdict_that_the_link_is_silent_is_a_gap_and_no_other_is() -> None:
    for health in Health:
        tracker = SilenceTracker()
        event = LinkHealthChanged(None, LinkHealth(health, "why"))
        tracker.add_events((event,), 10 * SECOND, 20 * SECOND, 5, GRID)
        assert tracker.is_waiting == (health is Health.SILENT)
    tracker = SilenceTracker()
    silent = LinkHealthChanged(None, LinkHealth(Health.SILENT, "why"))
    tracker.add_events((silent,), 10 * SECOND, 20 * SECOND, 5, GRID)
    tracker.end(40 * SECOND, 6, GRID)
    assert gaps_of(tracker) == [(10, 5, "silent"), (40, 6, "")]
