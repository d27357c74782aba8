"""The key of a message stands at the end of its JSON, whatever the names hold."""

import json

from sniffer.fleet.mqtt.messages.message import SessionKey, encode_object


def test_the_key_is_added_to_the_text_of_an_object():
    key = SessionKey('a "quoted" ü', "s1")
    assert json.loads(key.add_to('{"type": "event"}')) == {"type": "event", "bench": 'a "quoted" ü', "session": "s1"}
    assert key.properties == (("bench", 'a "quoted" ü'), ("session", "s1"))


def test_a_payload_is_one_line_of_ascii():
    assert encode_object({"a": "ü\n"}) == b'{"a": "\\u00fc\\n"}'
