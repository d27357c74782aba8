"""A connector that stands before the payload: given this link and this frame, the command has that field, both ways."""

import pytest

from sniffer.base.errors import EncodeError
from sniffer.core.charger.charger import Charger
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from tests.core.protocol.helpers import values_of

PANELS = """\
[[link]]
name = "panels"
heads = { "host>panel" = "A5", "panel>host" = "5A" }
length = { at = 1, size = 1, adds = 5 }
ADDRESS
command = { at = 3 }
payload = 4
check = { name = "sum" }

[enumeration.mode]
label = "mode"
values = [{ number = 0, name = "off" }, { number = 1, name = "on" }]
moves = [{ from = "off", to = ["on"] }, { from = "on", to = ["off"] }]

[[command]]
direction = "panel>host"
code = 0x10
name = "state"
summary = "FIELDS"
fields = [
    { name = "mode", size = 1, enumeration = "mode", tells = "status" },
    { name = "alarm", size = 1, tells = "vendor_error" },
    { name = "heat", size = 1, type = "int", unit = "°C", tells = "temperature" },
    MORE
]
"""
BY_ADDRESS = 'address = { at = 2, tells = "connector" }'
BY_DIRECTION = 'direction = { at = 2, tells = "connector", "host>panel" = [1, 2], "panel>host" = [1, 2] }'


def load_panels(place: str = BY_ADDRESS, summary: str = "panel {connector}: {mode}", more: str = "") -> Definition:
    text = PANELS.replace("ADDRESS", place).replace("FIELDS", summary).replace("MORE", more)
    return load(packaged_files(), [("panels.toml", text)])


def decode(definition: Definition, data: bytes) -> list[Message]:
    frames = [item for item in Framer(definition.links.routes_in_bytes).feed(data) if isinstance(item, Frame)]
    return [Codec(definition).decode(frame) for frame in frames]


FIRST, SECOND = bytes.fromhex("5A 03 01 10 00 00 14 82"), bytes.fromhex("5A 03 02 10 01 07 1E 95")


@pytest.mark.parametrize("place", [BY_ADDRESS, BY_DIRECTION])
def test_the_connector_before_the_payload_is_a_field_both_ways(place: str) -> None:
    definition = load_panels(place)
    first, second = decode(definition, FIRST + SECOND)
    assert (first.value("connector"), second.value("connector")) == (1, 2)
    assert second.summary == "panel 2: on"
    assert [(field.name, field.start, field.end) for field in second.fields] == [
        ("connector", 2, 3), ("mode", 4, 5), ("alarm", 5, 6), ("heat", 6, 7),
    ]  # fmt: skip
    assert Codec(definition).encode(definition.command("state"), 0, values_of(second)) == SECOND
    assert (second.command and second.command.size, second.problem) == (3, "")


def test_what_a_definition_says_of_the_connector_is_written_and_read_again() -> None:
    for place in (BY_ADDRESS, BY_DIRECTION):
        definition = load_panels(place)
        again = load(packaged_files(), [("again.toml", format_definition(definition))])
        assert again.links.links == definition.links.links
        assert format_definition(again) == format_definition(definition)


def test_two_panels_have_states_faults_and_values_of_their_own() -> None:
    definition = load_panels()
    charger = Charger(definition)
    events = [charger.apply(message, 1)[0] for message in decode(definition, (FIRST + SECOND) * 3)]
    snapshot = charger.snapshot()
    assert [len(found) for found in events] == [1, 2, 0, 0, 0, 0]
    assert [(one.number, one.status) for one in snapshot.connectors] == [(1, "off"), (2, "on")]
    assert [fault.connector for fault in snapshot.faults] == [2]
    assert [(one.connector, one.value) for one in snapshot.measurements.values] == [(1, 20), (2, 30)]


def test_a_field_of_the_payload_that_says_the_connector_counts() -> None:
    definition = load_panels(more='{ name = "outlet", size = 1, tells = "connector" }', summary="")
    (message,) = decode(definition, bytes.fromhex("5A 04 01 10 00 00 14 09 8C"))
    assert message.value("connector") == 9
    assert "connector" not in values_of(message)


def test_a_frame_cannot_be_made_without_its_connector() -> None:
    definition = load_panels()
    with pytest.raises(EncodeError, match="state: connector: a value is needed"):
        Codec(definition).encode(definition.command("state"), 0, {"mode": "on", "alarm": 0, "heat": 20})
    with pytest.raises(EncodeError, match="256 does not fit"):
        Codec(definition).encode(
            definition.command("state"), 0, {"connector": 256, "mode": "on", "alarm": 0, "heat": 20}
        )
