"""Messages on their way: a cursor moves only over what was confirmed without a gap, and order is kept."""

import random

from sniffer.fleet.mqtt.delivery.cursor import Cursor
from sniffer.fleet.mqtt.delivery.waiting_messages import WaitingMessages, move_cursor
from sniffer.fleet.mqtt.messages.message import OutboxMessage

CURSOR = Cursor("x", "b1", "/a", 1)


def message(number):
    return OutboxMessage("event", str(number).encode())


def at(number):
    return move_cursor(CURSOR, "s", number)


def filled(count):
    waiting = WaitingMessages()
    for number in range(1, count + 1):
        waiting.add(message(number))
        waiting.mark(at(number))
    return waiting


def send_all(waiting, first=1):
    found = []
    while waiting.unsent:
        found.append(waiting.peek().payload)
        waiting.sent(first + len(found) - 1)
    return found


def confirmed_of(waiting):
    return [one.confirmed for one in waiting.take_cursors()]


def test_confirmations_in_any_order():
    for seed in range(20):
        waiting = filled(9)
        send_all(waiting)
        order = random.Random(seed).sample(range(1, 10), 9)
        missing, reached = set(range(1, 10)), 0
        for number in order:
            waiting.confirm(number)
            missing.discard(number)
            found = confirmed_of(waiting)
            expected = min(missing, default=10) - 1
            assert found == [*range(reached + 1, expected + 1)]
            reached = expected
        assert waiting.is_empty
        assert waiting.unconfirmed == 0


def test_what_was_not_confirmed_is_sent_again_in_order():
    waiting = filled(5)
    send_all(waiting)
    for number in (1, 4):
        waiting.confirm(number)
    assert confirmed_of(waiting) == [1]
    waiting.begin_again()
    assert (waiting.unsent, waiting.unconfirmed) == (3, 0)
    waiting.confirm(2)
    assert send_all(waiting, first=11) == [b"2", b"3", b"5"]
    for number in (11, 12, 13):
        waiting.confirm(number)
    assert confirmed_of(waiting) == [2, 3, 4, 5]


def test_marks_without_messages_do_not_pile_up_and_hold_at_once():
    waiting = WaitingMessages()
    for number in range(1000):
        waiting.mark(at(number))
    assert confirmed_of(waiting) == [999]
    waiting.mark(at(7))
    waiting.mark(move_cursor(Cursor("x", "b1", "/b", 2), "t", 3))
    assert [(one.capture, one.confirmed) for one in waiting.take_cursors()] == [("/a", 7), ("/b", 3)]


def test_a_message_that_cannot_be_sent_is_left_out():
    waiting = filled(2)
    waiting.skip()
    assert confirmed_of(waiting) == [1]
    assert send_all(waiting) == [b"2"]
