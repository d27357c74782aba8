"""The losses of a session: each with its reason, its length, and what ends it."""

from sniffer.commands.report.losses import LOSSES_KEPT, LossTracker
from sniffer.commands.report.model import Loss
from sniffer.core.charger.events import Event
from sniffer.core.charger.tap_events import SourceBack, SourceLost
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.items import Reception


def record(number: int, *events: Event, tap: int = 0) -> Record:
    return Record(number, None, events, reception=Reception(tap) if tap else None)


def noise(number: int, time: int, tap: int = 0) -> Record:
    return Record(number, Noise(Reason.GARBAGE, time, b"1"), (), reception=Reception(tap) if tap else None)


def losses_of(*records: Record) -> list[Loss]:
    tracker = LossTracker()
    for one in records:
        if one.events or tracker.is_open:
            tracker.add(one)
    return tracker.losses


def test_a_loss_ends_with_the_return_of_the_source() -> None:
    found = losses_of(record(1, SourceLost(5, "unplugged")), record(2, SourceBack(9, "again")), noise(3, 20))
    assert found == [Loss("unplugged", 1, 0, 5, 9, has_ended=True)]


def test_a_loss_of_data_ends_with_the_next_bytes() -> None:
    found = losses_of(record(1, SourceLost(5, "overrun")), noise(2, 7), noise(3, 20))
    assert found == [Loss("overrun", 1, 0, 5, 7, has_ended=True)]


def test_bytes_of_another_tap_end_nothing() -> None:
    found = losses_of(
        record(1, SourceLost(5, "a", 1), tap=1),
        record(2, SourceLost(6, "b", 2), tap=2),
        noise(3, 7, tap=2),
        record(4, SourceBack(9, "again", tap=1), tap=1),
    )
    assert found == [Loss("a", 1, 1, 5, 9, has_ended=True), Loss("b", 2, 2, 6, 7, has_ended=True)]


def test_a_loss_may_last_until_the_end() -> None:
    assert losses_of(noise(1, 1), record(2, SourceLost(5, "unplugged"))) == [Loss("unplugged", 2, 0, 5)]


def test_further_losses_are_counted() -> None:
    tracker = LossTracker()
    for number in range(LOSSES_KEPT + 3):
        tracker.add(record(number, SourceLost(number, "again and again")))
    assert (len(tracker.losses), tracker.left_out) == (LOSSES_KEPT, 3)
