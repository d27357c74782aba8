"""The messages of a session: the events and frames of `dump --json` with a key, and each of them once."""

import json
from datetime import UTC

import pytest

from sniffer.core.wire.items import Note
from sniffer.fleet.mqtt.messages.message import OutboxMessage
from sniffer.fleet.mqtt.messages.session_messages import SessionMessages
from sniffer.formats.jsonl.writer import format_lines
from tests.fleet.mqtt.helpers import CAPTURE, DEFINITION, read_all, read_records
from tests.fleet.mqtt.mosquitto import Received


def messages_of(items, size=50, **options):
    """Return the messages of a session that is read `size` records at a time, as a subscriber receives them."""
    messages = SessionMessages("b1", DEFINITION, **options)
    found: list[OutboxMessage] = []
    for at in range(0, len(items), size):
        found += messages.add(items[at : at + size], None)
    found += messages.end(None)
    return [Received(f"x/{one.topic}", one.payload, False, dict(one.properties), one.content_type) for one in found]


def objects_of(received, level):
    return [one for message in received if message.level == level for one in message.lines]


def without_key(found):
    assert found.pop("bench") == "b1"
    assert found.pop("session").startswith("2026")
    found.pop("index", None)
    return found


def test_events_and_frames_are_the_lines_of_dump():
    records = read_records()
    received = messages_of(records, has_frames=True)
    lines = [json.loads(line) for record in records for line in format_lines(record, DEFINITION, UTC)]
    events = [line for line in lines if line["type"] == "event"]
    assert [without_key(one) for one in objects_of(received, "event")] == events
    assert {one["event"] for one in events} >= {"fault_raised", "fault_cleared", "status"}
    frames = objects_of(received, "frames")
    assert [without_key(one) for one in frames] == [line for line in lines if line["type"] != "event"]


def test_each_message_has_its_key_also_as_properties():
    received = messages_of(read_all(CAPTURE), has_frames=True)
    assert {message.level for message in received} >= {"event", "frames"}
    for message in received:
        first = message.lines[0]
        assert {"bench", "session"} <= first.keys()
        assert message.properties["bench"] == "b1"
        assert message.properties["session"] == first["session"]
        if message.level == "frames":
            assert message.properties["first"] == str(first["number"])
            assert message.properties["last"] == str(message.lines[-1]["number"])
        else:
            assert message.properties["number"] == str(first["number"])
            assert message.properties.get("index") == (str(first["index"]) if message.level == "event" else None)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_messages_do_not_depend_on_how_the_session_is_read(size):
    items = read_all(CAPTURE)
    assert messages_of(items, size) == messages_of(items)


@pytest.mark.parametrize("confirmed", [0, 1, 40, 99])
def test_a_session_goes_on_after_what_was_confirmed(confirmed):
    items = read_all(CAPTURE)
    whole = messages_of(items, has_frames=True)
    rest = messages_of(items, has_frames=True, confirmed=confirmed)
    for level in ("event", "measure", "frames"):
        expected = [one for one in objects_of(whole, level) if one["number"] > confirmed]
        assert objects_of(rest, level) == expected


def test_how_far_all_messages_were_returned():
    items = read_all(CAPTURE)
    messages = SessionMessages("b1", DEFINITION, has_frames=True)
    assert (messages.complete_up_to, messages.session, messages.last_number) == (0, "", 0)
    messages.add(items[:10], None)
    assert messages.is_waiting
    assert (messages.complete_up_to, messages.last_number) == (0, 10)
    messages.flush()
    assert not messages.is_waiting
    assert messages.complete_up_to == 10
    plain = SessionMessages("b1", DEFINITION)
    plain.add(items[:10], None)
    assert plain.complete_up_to == 10
    assert plain.flush() == []


def test_a_note_stands_at_its_record_and_a_late_one_by_itself():
    items = read_all(CAPTURE)[:6]
    items[2:2] = [Note("before")]
    items += [Note("late", 1)]
    frames = objects_of(messages_of(items, has_frames=True), "frames")
    assert [one["number"] for one in frames] == [1, 2, 3, 4, 5, 6, 1]
    assert frames[2]["note"] == "before"
    assert (frames[6]["type"], frames[6]["note"]) == ("note", "late")
    assert objects_of(messages_of([Note("x"), *items]), "frames") == []
