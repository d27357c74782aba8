"""The publisher and a real broker: each record once without failures, all of them after failures, in order."""

import functools
import time

import pytest

from sniffer.fleet.mqtt.delivery import cursor_saver
from sniffer.fleet.mqtt.delivery.cursor import Cursor
from sniffer.fleet.mqtt.delivery.outbox import OpenSession, SavedOutbox
from sniffer.fleet.mqtt.delivery.publisher import Publisher
from sniffer.fleet.mqtt.messages.message import OutboxMessage
from sniffer.fleet.mqtt.publish_target import PublishTarget
from tests.fleet.mqtt.helpers import CAPTURE, DEFINITION, GivenItems, bench_of, cursors_of, read_all
from tests.fleet.mqtt.mosquitto import Mosquitto, Received, Subscriber, make_passwords
from tests.live.helpers import PATIENCE, free_port
from tests.waiting import wait_until


class Publishing:
    """A publisher of one session."""

    def __init__(self, folder, to, *, items=None, size=16, reader=None, has_frames=False, **options):
        settings = options.pop("settings", {})
        self.cursors, self.reports = cursors_of(folder / "cursors", to), list[str]()
        self.cursor = self.cursors.find("/a") or Cursor(to, "b1", "/a", 1)
        self.reader = reader or GivenItems(read_all(CAPTURE) if items is None else items, size)
        outbox = SavedOutbox(OpenSession(self.cursor, self.reader))
        target = PublishTarget(bench_of(to, **settings), self.cursors, has_frames, home_assistant="")
        self.publisher = Publisher(target, outbox, DEFINITION, self.reports.append, first_retry=0.05, **options)

    def run(self):
        self.publisher.start()
        assert self.publisher.wait(PATIENCE)
        return self

    def __enter__(self):
        self.publisher.start()
        return self

    def __exit__(self, *_):
        self.publisher.stop(0)
        assert self.publisher.wait(PATIENCE)


def numbers_of(messages):
    return [one["number"] for message in messages for one in message.lines]


def test_without_failures_each_record_comes_once_and_a_second_run_sends_nothing(tmp_path):
    with Mosquitto(tmp_path) as broker, Subscriber(broker.port) as store:
        first = Publishing(tmp_path, broker.address, has_frames=True).run()
        wait_until(lambda: len(store.messages) == first.publisher.state.messages)
        second = Publishing(tmp_path, broker.address, has_frames=True).run()
        again = len(store.messages)
    last = first.cursors.find("/a")
    assert last
    assert last.is_complete
    assert numbers_of(store.of("frames")) == [*range(1, last.confirmed + 1)]
    state = first.publisher.state
    assert (state.is_done, state.failure, state.waiting, state.records) == (True, "", 0, last.confirmed)
    assert (second.publisher.state.messages, again) == (0, state.messages)
    assert first.reports == second.reports == []


class Slow(GivenItems):
    """A session that takes a while to be read."""

    def read(self):
        time.sleep(0.01)
        return super().read()


def test_a_broker_that_is_killed_in_between_gets_the_rest_in_order(tmp_path):
    received: list[Received] = []
    with (
        Mosquitto(tmp_path) as broker,
        Publishing(tmp_path, broker.address, has_frames=True, reader=Slow(read_all(CAPTURE), 4)) as running,
    ):
        for place in range(3):
            with Subscriber(broker.port, f"store{place}") as store:
                wait_until(functools.partial(_has_messages, store, running))
                broker.stop(by_force=True)
            received += store.messages
            broker.start()
        with Subscriber(broker.port, "last") as store:
            wait_until(lambda: running.publisher.state.is_done)
            wait_until(lambda: store.messages)
        received += store.messages
    cursor = running.cursors.find("/a")
    assert cursor
    assert cursor.is_complete
    assert running.publisher.state.failure == ""
    assert {line.partition(":")[0] for line in running.reports} <= {"NOT PUBLISHED", "published again"}
    numbers = numbers_of(message for message in received if message.level == "frames")
    assert numbers
    # A broker that is killed loses what it has confirmed and not passed on. Nothing is invented, or out of order.
    assert set(numbers) <= set(range(1, cursor.confirmed + 1))
    first_seen = [*dict.fromkeys(numbers)]
    assert first_seen == sorted(first_seen)


def _has_messages(store, running):
    return store.messages or running.publisher.state.is_done


def test_a_refused_message_is_tried_again_until_it_is_allowed(tmp_path):
    rules = tmp_path / "acl"
    rules.write_text("user bench1\ntopic write benches/b1/status\nuser store\ntopic read #\n")
    rules.chmod(0o600)
    passwords = make_passwords(tmp_path, bench1="x", store="y")
    lines = f"password_file {passwords}", f"acl_file {rules}"
    settings = {"user": "bench1", "password": "x"}
    with (
        Mosquitto(tmp_path / "broker", *lines, is_open=False) as broker,
        Subscriber(broker.port, "store", "store", "y") as store,
        Publishing(tmp_path, broker.address, settings=settings) as running,
    ):
        wait_until(lambda: "may not publish to benches/b1/measure" in running.publisher.state.failure)
        assert len(running.reports) == 1
        rules.write_text("user bench1\ntopic write benches/b1/#\nuser store\ntopic read #\n")
        broker.reload()
        wait_until(lambda: running.publisher.state.is_done)
        wait_until(lambda: store.of("measure"))
    assert running.reports[-1] == "published again"


def test_a_status_is_retained_and_sent_again_after_each_connection(tmp_path):
    farewell = OutboxMessage("status", b"bye", is_retained=True)
    with Mosquitto(tmp_path) as broker:
        running = Publishing(tmp_path, broker.address, reader=Endless(), farewell=farewell)
        with running, Subscriber(broker.port) as store:
            running.publisher.set_status(OutboxMessage("status", b"1", is_retained=True))
            wait_until(lambda: store.of("status"))
            broker.stop()
            broker.start()
            wait_until(lambda: len(store.of("status")) > 1)
            running.publisher.set_status(OutboxMessage("status", b"2", is_retained=True))
            wait_until(lambda: store.of("status")[-1].payload == b"2")
            running.publisher.stop(0.1)
            wait_until(lambda: store.of("status")[-1].payload == b"bye")
        with Subscriber(broker.port, "late") as late:
            wait_until(lambda: late.messages)
            assert [(one.payload, one.is_retained) for one in late.messages] == [(b"bye", True)]


class Endless(GivenItems):
    """A session that goes on, and has nothing new."""

    def __init__(self):
        super().__init__(())

    def read(self):
        return ()


def test_memory_is_bounded_while_there_is_no_broker(tmp_path):
    reader = GivenItems(read_all(CAPTURE), 1)
    left = len(reader._items)
    with Publishing(tmp_path, f"mqtt://127.0.0.1:{free_port()}/x", reader=reader) as running:
        wait_until(lambda: running.publisher.state.failure)
        assert "nothing listens there" in running.publisher.state.failure
        time.sleep(0.3)
        assert len(running.reports) == 1
        assert len(reader._items) == left


def test_a_message_that_is_too_large_for_the_broker_is_counted_and_reported(tmp_path):
    with Mosquitto(tmp_path, "max_packet_size 1400") as broker:
        running = Publishing(tmp_path, broker.address).run()
    state = running.publisher.state
    assert state.is_done
    assert state.oversized > 0
    assert len(running.reports) == state.oversized
    assert all("as the broker takes at most 376 bytes" in line for line in running.reports)
    assert any(": event of session 2026" in line for line in running.reports)


class Broken(GivenItems):
    """A session whose reading fails in a way that nobody has thought of."""

    def read(self):
        raise RuntimeError("broken")


def test_an_error_that_nobody_has_thought_of_ends_it_with_a_line(tmp_path):
    with Mosquitto(tmp_path) as broker:
        running = Publishing(tmp_path, broker.address, reader=Broken(())).run()
    assert running.reports == [
        "NOT PUBLISHED: RuntimeError: broken (publishing has ended, the recording goes on)",
    ]
    assert not running.publisher.state.is_done


@pytest.mark.parametrize("stop_after", [0.0, 0.2])
def test_it_ends_within_its_time(tmp_path, stop_after):
    with Mosquitto(tmp_path) as broker:
        running = Publishing(tmp_path, broker.address, reader=Endless())
        running.publisher.start()
        wait_until(lambda: running.publisher._thread.is_alive())
        began = time.monotonic()
        running.publisher.stop(stop_after)
        assert running.publisher.wait(PATIENCE)
        assert time.monotonic() - began >= stop_after
        assert not running.publisher.state.is_done


def test_cursors_are_saved_from_time_to_time(tmp_path, monkeypatch):
    monkeypatch.setattr(cursor_saver, "SAVE_INTERVAL", 0.05)
    with (
        Mosquitto(tmp_path) as broker,
        Publishing(tmp_path, broker.address, reader=Slow(read_all(CAPTURE), 2)) as running,
    ):
        wait_until(lambda: (found := running.cursors.find("/a")) and found.confirmed > 0 and not found.is_complete)
