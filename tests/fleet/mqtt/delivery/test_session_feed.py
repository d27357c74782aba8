"""Sessions as messages: one after the other, with marks, and each way in which a session can end early."""

from sniffer.base.errors import SourceError
from sniffer.fleet.mqtt.delivery import session_feed
from sniffer.fleet.mqtt.delivery.cursor import Cursor
from sniffer.fleet.mqtt.delivery.outbox import OpenSession
from sniffer.fleet.mqtt.delivery.session_feed import SessionFeed
from sniffer.fleet.mqtt.delivery.waiting_messages import WaitingMessages
from sniffer.fleet.mqtt.messages.session_key import name_session
from tests.fleet.mqtt.helpers import CAPTURE, DEFINITION, GivenItems, read_all, read_records

CURSOR = Cursor("x", "b1", "/a", 1)
NAME = name_session(read_records()[0])


class FakeOutbox:
    """An outbox with these sessions."""

    def __init__(self, *sessions):
        self.sessions = [*sessions]

    def next(self):
        return self.sessions.pop(0) if self.sessions else None

    @property
    def has_ended(self):
        return not self.sessions

    def save_new_cursors(self):
        """There are none."""


class Delivered:
    """A feed, and everything that it gives, as if the broker confirmed it at once."""

    def __init__(self, *sessions, has_frames=False):
        self.waiting, self.reports = WaitingMessages(), list[str]()
        self.messages, self.cursors = [], []
        self.feed = SessionFeed(
            FakeOutbox(*sessions), self.waiting, "b1", DEFINITION, self.reports.append, has_frames=has_frames
        )

    def take(self):
        while self.waiting.unsent:
            self.messages.append(self.waiting.peek())
            self.waiting.skip()
        self.cursors += self.waiting.take_cursors()

    def run(self):
        while self.feed.read():
            self.take()
        self.take()
        return self


def test_sessions_are_read_one_after_the_other_to_their_ends():
    first, second = GivenItems(read_all_items()), GivenItems(read_all_items())
    other = Cursor("x", "b1", "/b", 2, NAME, 50)
    done = Delivered(OpenSession(CURSOR, first), OpenSession(other, second)).run()
    assert done.feed.has_ended
    assert first.is_closed
    assert second.is_closed
    last = len(read_records())
    ends = [one for one in done.cursors if one.is_complete]
    assert [(one.capture, one.session, one.confirmed) for one in ends] == [("/a", NAME, last), ("/b", NAME, last)]
    confirmed = [one.confirmed for one in done.cursors if one.capture == "/a"]
    assert confirmed == sorted(confirmed)
    assert len(confirmed) > 5
    numbers = [int(dict(one.properties)["number"]) for one in done.messages]
    # The second one goes on after its record 50.
    whole = numbers[: len(numbers) - sum(number > 50 for number in numbers) // 2]
    assert numbers == [*whole, *(number for number in whole if number > 50)]
    assert done.feed.records == last + last - 50
    assert done.reports == []


def test_frames_of_a_quiet_session_wait_a_while_for_others(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    quiet = Quiet(read_all_items()[:3])
    done = Delivered(OpenSession(CURSOR, quiet), has_frames=True)
    done.feed.read()
    assert not done.feed.read()
    done.take()
    assert [one.topic for one in done.messages if one.topic == "frames"] == []
    assert done.cursors[-1].confirmed == 0
    now[0] += session_feed.FRAMES_WAIT
    done.feed.read()
    done.take()
    assert [one.topic for one in done.messages if one.topic == "frames"] == ["frames"]
    assert done.cursors[-1].confirmed == 3


def test_a_session_that_cannot_be_read_on_is_reported_and_complete():
    broken = GivenItems(read_all_items()[:20], ends=SourceError("/a: damaged"))
    done = Delivered(OpenSession(CURSOR, broken)).run()
    assert done.reports == ["/a: damaged: what follows there is not published"]
    assert (done.cursors[-1].confirmed, done.cursors[-1].is_complete) == (20, True)
    assert done.cursors[-1].lost == "/a: damaged"
    assert broken.is_closed


def test_another_session_in_the_file_of_a_cursor_is_not_taken_for_it():
    reader = GivenItems(read_all_items())
    done = Delivered(OpenSession(Cursor("x", "b1", "/a", 1, "another", 5), reader)).run()
    assert done.messages == []
    assert reader.is_closed
    assert done.feed.has_ended
    (cursor,) = done.cursors
    assert (cursor.session, cursor.confirmed, cursor.is_complete) == ("another", 5, True)
    assert "/a: it holds another session now" in done.reports[0]


def test_a_file_that_was_written_anew_is_sent_from_its_beginning():
    cursor = Cursor("x", "b1", "/a", 1, "another", 5, is_complete=True, is_saved=True)
    done = Delivered(OpenSession(cursor, GivenItems(read_all_items()))).run()
    fresh = Delivered(OpenSession(CURSOR, GivenItems(read_all_items()))).run()
    assert done.messages == fresh.messages
    assert done.reports == []
    last = done.cursors[-1]
    assert (last.session, last.confirmed, last.is_complete) == (NAME, len(read_records()), True)


class Quiet(GivenItems):
    """A session that goes on, and has nothing new."""

    def read(self):
        return super().read() or ()


def read_all_items():
    return read_all(CAPTURE)
