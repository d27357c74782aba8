"""The latest statuses: each is sent once on a connection, and all of them again on the next one."""

from sniffer.fleet.mqtt.delivery.latest_statuses import LatestStatuses
from sniffer.fleet.mqtt.messages.message import OutboxMessage

OLD, NEW, OTHER = OutboxMessage("status", b"old"), OutboxMessage("status", b"new"), OutboxMessage("config", b"x")


def test_a_status_is_sent_once_on_a_connection():
    statuses = LatestStatuses()
    statuses.set(OLD)
    statuses.set(OTHER)
    assert statuses.list_unsent() == [OLD, OTHER]
    statuses.mark_sent(OLD, 1)
    assert statuses.list_unsent() == [OTHER]
    statuses.begin_again()
    assert statuses.list_unsent() == [OLD, OTHER]


def test_a_status_replaces_the_one_before_it_also_after_that_was_sent():
    statuses = LatestStatuses()
    statuses.set(OLD)
    statuses.set(NEW)
    assert statuses.list_unsent() == [NEW]
    statuses.mark_sent(NEW, 1)
    # It is equal, but it was set again: the bench wants it to be published once more.
    statuses.set(OutboxMessage("status", b"new"))
    assert statuses.list_unsent() == [NEW]


def test_only_statuses_count_as_unconfirmed():
    statuses = LatestStatuses()
    statuses.set(OLD)
    statuses.mark_sent(OLD, 7)
    statuses.confirm(6)
    assert statuses.unconfirmed == 1
    statuses.confirm(7)
    assert statuses.unconfirmed == 0


def test_a_new_connection_waits_for_no_confirmation_of_the_last_one():
    statuses = LatestStatuses()
    statuses.set(OLD)
    statuses.mark_sent(OLD, 7)
    statuses.begin_again()
    assert statuses.unconfirmed == 0
