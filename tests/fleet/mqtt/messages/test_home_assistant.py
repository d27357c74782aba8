"""Discovery by Home Assistant: its schema is kept, and its templates find the values in our messages."""

import json
from typing import Any

import jinja2
import pytest

from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.message import Message
from sniffer.core.wire.items import Chunk
from sniffer.fleet.mqtt.messages.bench_status import BenchStatus, build_absence
from sniffer.fleet.mqtt.messages.home_assistant import build_discovery, make_device_id
from sniffer.fleet.mqtt.messages.session_messages import SessionMessages
from tests.fleet.mqtt.helpers import DEFINITION, new_pipeline, read_records
from tests.fleet.mqtt.messages.test_bench_status import AT, Clock
from tests.tui.helpers import status_report

PLATFORM_KEYS = {"platform", "name", "state_topic", "value_template", "unique_id"}
"""The keys that every component needs; a sensor with a unit has more."""


def played() -> Any:
    """Return the pipeline of a session, read to its end."""
    pipeline = new_pipeline()
    for record in read_records():
        assert isinstance(record.item, Message)
        pipeline.feed(Chunk(record.item.frame.raw, record.time))
    return pipeline


@pytest.fixture(scope="module")
def discovery():
    message = build_discovery("b1", "benches/b1", "homeassistant", played().snapshot())
    assert (message.topic, message.is_retained) == ("/homeassistant/device/evse-sniff-b1/config", True)
    return json.loads(message.payload)


def rendered(discovery, key, payload):
    """Return the state of a component that this message gives, as Home Assistant renders it."""
    template = discovery["components"][key]["value_template"]
    return jinja2.Environment().from_string(template).render(value_json=json.loads(payload))


def test_the_schema_is_kept(discovery):
    assert discovery.keys() == {"device", "origin", "components", "availability", "qos"}
    assert discovery["device"]["identifiers"] == ["evse-sniff-b1"]
    assert discovery["origin"]["name"] == "evse-sniff"
    ids = [one["unique_id"] for one in discovery["components"].values()]
    assert len(set(ids)) == len(ids)
    for one in discovery["components"].values():
        assert one.keys() >= PLATFORM_KEYS
        assert one["platform"] in ("sensor", "binary_sensor")
        assert one["state_topic"] in ("benches/b1/status", "benches/b1/measure")
    voltage = discovery["components"]["l1_voltage"]
    assert (voltage["device_class"], voltage["unit_of_measurement"]) == ("voltage", "V")


def test_each_value_is_found_in_the_messages(discovery):
    messages = SessionMessages("b1", DEFINITION)
    found = [one for one in messages.add(read_records(), None) if one.topic == "measure"]
    values = {(one["name"], one["connector"]): one["value"] for one in json.loads(found[-1].payload)["values"]}
    for key, part in discovery["components"].items():
        if part["state_topic"] == "benches/b1/measure":
            name, _, connector = key.rpartition("_")
            pair = (name, int(connector)) if connector.isdigit() else (key, None)
            assert rendered(discovery, key, found[-1].payload) == str(values.get(pair, ""))
    assert rendered(discovery, "l1_voltage", b'{"values": []}') == ""


def test_states_and_faults_are_found_and_unknown_where_nobody_knows(discovery):
    status = BenchStatus("b1", Clock(), DEFINITION)
    nothing = status.update(Snapshot(), None)
    pipeline = new_pipeline()
    pipeline.feed(Chunk(status_report("Charging"), AT))
    charging = status.update(pipeline.snapshot(), None)
    gone = build_absence("b1", "gone")
    assert nothing
    assert charging
    keys = ("connector_1", "fault_active", "faults", "link")
    states = [[rendered(discovery, key, message.payload) for key in keys] for message in (nothing, charging, gone)]
    assert states == [
        ["unknown", "None", "unknown", "nothing heard"],
        ["Charging", "OFF", "none", "one side only"],
        ["unknown", "None", "unknown", "unknown"],
    ]
    (availability,) = discovery["availability"]
    online = jinja2.Environment().from_string(availability["value_template"])
    assert [online.render(value_json=json.loads(one.payload)) for one in (charging, gone)] == ["online", "offline"]


def test_an_id_has_no_character_that_a_topic_of_discovery_must_not_have():
    assert make_device_id("bench_7-a") == "evse-sniff-bench_7-a"
    odd = [make_device_id(name) for name in ("bench 7", "bench.7", "bench:7")]
    assert len(set(odd)) == 3
    assert all(one.replace("-", "").replace("_", "").isalnum() for one in odd)
