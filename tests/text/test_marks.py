"""The marks: every event has one, and the table of the help explains each."""

from sniffer.core.charger.events import Event
from sniffer.text.marks import EVENT_MARKS, EVENTFUL, ILLEGAL_MOVE, LOG, MARKS, NOISE, PLAIN, UNKNOWN


def test_every_event_has_a_mark_that_the_help_explains() -> None:
    assert set(EVENT_MARKS) == set(Event.__args__)
    assert set(MARKS) == {*EVENT_MARKS.values(), NOISE, LOG, EVENTFUL, UNKNOWN, ILLEGAL_MOVE}


def test_a_record_without_peculiarity_has_no_mark() -> None:
    assert PLAIN.isspace()


def test_the_mark_of_a_record_is_never_that_of_an_event() -> None:
    assert {NOISE, LOG, EVENTFUL, UNKNOWN, PLAIN, ILLEGAL_MOVE}.isdisjoint(EVENT_MARKS.values())


def test_a_mark_is_one_character() -> None:
    assert {len(mark) for mark in MARKS} == {1}
