"""The delivery of records: who gets them, in which order, and who is detached."""

import pytest

from sniffer.core.record import Record
from sniffer.session.record_delivery import RecordDelivery

RECORDS = [Record(1, None, ()), Record(2, None, ())]


class Consumer:
    """A consumer that notes what it gets in `log`, and raises if it `fails`."""

    def __init__(self, name, log, *, fails=False):
        self.name, self.log, self.fails = name, log, fails

    def receive(self, records):
        self.log.append((self.name, len(records)))
        if self.fails:
            raise RuntimeError(f"{self.name} is broken")

    def detach(self, error):
        self.log.append((self.name, str(error)))


def test_sinks_come_before_observers_and_these_before_the_view():
    log: list[tuple[str, object]] = []
    delivery = RecordDelivery([Consumer("sink", log)], [Consumer("observer", log)], Consumer("view", log))
    delivery.deliver(RECORDS)
    assert log == [("sink", 2), ("observer", 2), ("view", 2)]


def test_no_records_are_not_delivered():
    log: list[tuple[str, object]] = []
    RecordDelivery([Consumer("sink", log)], [], None).deliver([])
    assert log == []


def test_a_sink_that_raises_ends_the_delivery():
    log: list[tuple[str, object]] = []
    delivery = RecordDelivery([Consumer("sink", log, fails=True)], [Consumer("observer", log)], None)
    with pytest.raises(RuntimeError, match="sink is broken"):
        delivery.deliver(RECORDS)
    assert log == [("sink", 2)]


def test_an_observer_that_raises_is_given_its_error_and_gets_no_more():
    log: list[tuple[str, object]] = []
    delivery = RecordDelivery([], [Consumer("first", log, fails=True), Consumer("second", log)], None)
    delivery.deliver(RECORDS)
    delivery.deliver(RECORDS[:1])
    assert log == [("first", 2), ("first", "first is broken"), ("second", 2), ("second", 1)]


def test_a_view_that_raises_is_detached_and_its_error_is_kept():
    log: list[tuple[str, object]] = []
    delivery = RecordDelivery([Consumer("sink", log)], [], Consumer("view", log, fails=True))
    delivery.deliver(RECORDS)
    delivery.deliver(RECORDS)
    assert log == [("sink", 2), ("view", 2), ("sink", 2)]
    assert str(delivery.view_error) == "view is broken"
