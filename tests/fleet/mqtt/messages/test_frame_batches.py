"""Batches of frames: bounded in number and size, packed where zstd is installed, and named by their records."""

import pytest

from sniffer.fleet.mqtt.messages import frame_batches
from sniffer.fleet.mqtt.messages.frame_batches import MOST_BYTES, MOST_LINES, FrameBatches
from sniffer.fleet.mqtt.messages.message import SessionKey
from tests.fleet.mqtt.mosquitto import Received

KEY = SessionKey("b1", "s1")


@pytest.mark.parametrize("has_zstd", [True, False])
def test_lines_come_out_as_they_went_in(monkeypatch, has_zstd):
    if not has_zstd:
        monkeypatch.setattr(frame_batches, "import_module", _refuse)
    batches = FrameBatches()
    assert batches.first_waiting is None
    for number in (4, 5, 7):
        batches.add(number, f'{{"number": {number}}}')
    assert batches.first_waiting == 4
    message = batches.take(KEY)
    assert batches.first_waiting is None
    assert dict(message.properties) == {"bench": "b1", "session": "s1", "first": "4", "last": "7"}
    assert message.content_type == ("application/jsonl+zstd" if has_zstd else "application/jsonl")
    received = Received("x/frames", message.payload, False, content_type=message.content_type)
    assert received.lines == [{"number": 4}, {"number": 5}, {"number": 7}]


def test_a_batch_is_full_by_number_or_by_size():
    batches = FrameBatches()
    for number in range(MOST_LINES):
        assert not batches.is_full
        batches.add(number, "{}")
    assert batches.is_full
    batches.take(KEY)
    batches.add(1, "x" * MOST_BYTES)
    assert batches.is_full


def _refuse(_name):
    raise ImportError
