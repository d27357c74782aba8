"""The status of a bench: retained, only when it says something new, and never silent about the recording."""

import json
from pathlib import Path

from sniffer.base.times import SECOND
from sniffer.core.charger.events import FaultRaised
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.message import Message
from sniffer.core.wire.items import Chunk
from sniffer.fleet.mqtt.messages.bench_status import REPEATED, BenchStatus, build_absence
from sniffer.recording.recorder import RecordingState
from tests.fleet.mqtt.helpers import CAPTURE, DEFINITION, new_pipeline, read_records
from tests.helpers import Script
from tests.tui.helpers import status_report

AT = 1_700_000_000 * SECOND


class Clock(Script):
    time = AT

    def now(self):
        return self.time


def object_of(message):
    assert message is not None
    return json.loads(message.payload)


def test_it_says_what_is_known_and_that_nothing_is_before_the_first_byte():
    source = Clock()
    status = BenchStatus("b1", source, DEFINITION)
    first = status.update(Snapshot(), None)
    assert first
    assert first.is_retained
    assert first.topic == "status"
    found = json.loads(first.payload)
    assert (found["health"], found["connectors"], found["fault_active"]) == ("nothing heard", [], None)
    assert (found["bench"], found["online"]) == ("b1", True)
    pipeline = new_pipeline()
    pipeline.feed(Chunk(status_report("Charging"), AT))
    found = object_of(status.update(pipeline.snapshot(), None))
    assert [one["status"] for one in found["connectors"]] == ["Charging"]


def test_it_is_not_repeated_until_it_is_old_or_something_changes():
    source = Clock()
    status = BenchStatus("b1", source, DEFINITION)
    pipeline = new_pipeline()
    pipeline.feed(Chunk(status_report("Charging"), AT))
    recording = RecordingState(Path("a"))
    assert status.update(pipeline.snapshot(), recording)
    source.time += SECOND
    pipeline.feed(Chunk(status_report("Charging"), AT + SECOND))
    assert status.update(pipeline.snapshot(), recording) is None
    failing = RecordingState(Path("a"), lost=3, failure="no room")
    found = object_of(status.update(pipeline.snapshot(), failing))
    assert (found["not_recorded"], found["lost_packets"]) == ("no room", 3)
    source.time += REPEATED
    assert status.update(pipeline.snapshot(), failing)


def test_the_absence_of_a_bench():
    message = build_absence("b1", "gone")
    assert message.is_retained
    assert json.loads(message.payload) == {"type": "status", "bench": "b1", "online": False, "reason": "gone"}


def test_a_fault_is_listed():
    records, pipeline = read_records(CAPTURE), new_pipeline()
    raised = next(one for one in records if any(isinstance(event, FaultRaised) for event in one.events))
    for record in records[: raised.number]:
        assert isinstance(record.item, Message)
        pipeline.feed(Chunk(record.item.frame.raw, record.time))
    found = object_of(BenchStatus("b1", Clock(), DEFINITION).update(pipeline.snapshot(), None))
    assert found["fault_active"] is True
    assert len(found["faults"]) == 1
