"""A saved session on its way to the broker: complete, in order, bounded, and stopped when that is asked for."""

import asyncio
import threading

import pytest

from sniffer.base.errors import CutOffError, SourceError
from sniffer.commands.publish import MOST_WAITING, SavedPublishing, SavedSessionFeed, _StoppedError, digest_files
from sniffer.config.publish_settings import PublishSettings
from sniffer.core.wire.items import Note
from sniffer.fleet.mqtt.publish_target import prepare_target
from sniffer.session import Session, SessionNotes
from sniffer.sources.open import open_source, pipeline_for
from tests.fleet.mqtt.helpers import CAPTURE, DEFINITION, read_records
from tests.fleet.mqtt.mosquitto import Mosquitto, Subscriber
from tests.helpers import Script
from tests.paths import CAPTURES
from tests.waiting import wait_until

RECORDS = read_records()


def test_records_and_notes_come_out_in_order():
    feed = SavedSessionFeed(Script(), {2: "note"})
    feed.receive(RECORDS[:3])
    feed.add_late_note(1, "late")
    feed.end()
    assert feed.read() == [RECORDS[0], Note("note", 2), *RECORDS[1:3]]
    assert feed.read() == [Note("late", 1)]
    assert feed.read() is None
    assert feed.zone is None
    assert feed.read() == ()


def test_the_session_waits_for_room_until_it_is_stopped():
    feed = SavedSessionFeed(Script(), {})
    for record in RECORDS[:MOST_WAITING]:
        feed.receive([record])
    blocked = threading.Thread(target=_put, args=(feed,))
    blocked.start()
    blocked.join(0.15)
    assert blocked.is_alive()
    feed.read()
    blocked.join(5)
    assert not blocked.is_alive()
    feed.close()
    with pytest.raises(_StoppedError):
        feed.receive(RECORDS[:1])


def _put(feed):
    feed.receive(RECORDS[-1:])


def test_the_digest_is_that_of_the_content(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"x" * 10)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "c").write_bytes(b"x" * 10)
    names = [str(tmp_path / name) for name in ("a", "b", "folder")]
    assert len({digest_files([name]) for name in names}) == 1
    assert digest_files(names[:2]) != digest_files(names[:1])


def publish(path, to, *, again=False):
    """Publish a file; return the publishing and how the file was cut off."""
    target = prepare_target(PublishSettings(to=to, bench="b1", frames=True))
    source = open_source(str(path))
    publishing = SavedPublishing(target, [str(path)], source, DEFINITION, lambda _: None, again=again)
    pipeline, notes = pipeline_for(source, DEFINITION), SessionNotes(publishing.notes)
    session = Session(source, pipeline, [publishing.feed], idle=None, notes=notes)
    return publishing, asyncio.run(publishing.run(session))


def test_a_file_is_published_once_and_with_again_once_more(tmp_path):
    with Mosquitto(tmp_path) as broker, Subscriber(broker.port) as store:
        first, _ = publish(CAPTURE, broker.address)
        assert first.state.is_done
        wait_until(lambda: len(store.messages) == first.state.messages)
        second, _ = publish(CAPTURE, broker.address)
        assert (second.state.messages, second.confirmed_before) == (0, len(RECORDS))
        third, _ = publish(CAPTURE, broker.address, again=True)
        assert third.state.messages == first.state.messages
        wait_until(lambda: len(store.messages) == 2 * first.state.messages)
    numbers = [one["number"] for message in store.of("frames") for one in message.lines]
    assert numbers == [*range(1, len(RECORDS) + 1)] * 2
    assert len({message.properties["session"] for message in store.messages}) == 1
    assert store.of("status") == []


def test_a_file_of_the_same_name_with_another_content_is_published(tmp_path):
    path = tmp_path / "a.pcapng"
    with Mosquitto(tmp_path / "broker") as broker, Subscriber(broker.port) as store:
        for name, size in (("mains-sag.pcapng", len(RECORDS)), ("undervoltage.log", len(RECORDS) + 27)):
            path.write_bytes((CAPTURES / name).read_bytes())
            done, _ = publish(path, broker.address)
            assert done.state.is_done
            wait_until(lambda expected=size: sum(len(one.lines) for one in store.of("frames")) >= expected)  # type: ignore[misc]
    assert len({message.properties["session"] for message in store.messages}) == 2


def test_a_file_that_is_cut_off_or_damaged_is_published_up_to_there(tmp_path):
    with Mosquitto(tmp_path / "broker") as broker, Subscriber(broker.port) as store:
        _, cut_off = publish(CAPTURES / "cut-off.pcapng", broker.address)
        assert isinstance(cut_off, CutOffError)
        damaged = tmp_path / "damaged.pcapng"
        damaged.write_bytes(CAPTURE.read_bytes() + bytes(16))
        with pytest.raises(SourceError, match="damaged"):
            publish(damaged, broker.address)
        wait_until(lambda: sum(len(one.lines) for one in store.of("frames")) >= 89 + len(RECORDS))
