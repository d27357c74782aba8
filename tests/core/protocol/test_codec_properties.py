"""Whatever payload a frame has: decoding never fails, loses no byte, and encoding undoes it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.phrasing import format_count
from sniffer.core.protocol.definition import Command
from sniffer.core.protocol.message import framing_fields
from sniffer.core.wire.links import DBUS_EITHER_WAY, ROUTES
from tests.core.protocol.helpers import CODEC, DEFINITION, decoded, frame, values_of

usual = settings(max_examples=60, deadline=None)

PAYLOADS = st.binary(max_size=255) | st.lists(st.sampled_from(b"\0\1\x08\x0e\\\"{}x'A\x1b\xff"), max_size=40).map(bytes)
COMMANDS = st.sampled_from([command.code for command in DEFINITION.commands]) | st.integers(0, 255)
ALL_ROUTES = (*ROUTES, DBUS_EITHER_WAY)
SEQUENCES = st.integers(0, 0xFFFF)

of_every_command = pytest.mark.parametrize(
    "command", DEFINITION.commands, ids=lambda command: f"{command.route.direction} {command.code:02X}"
)


def payloads_of(command):
    if command.size is None:
        return PAYLOADS
    odd = st.lists(st.sampled_from(b"\0\1\\\"{}xnu'A\x1b\x7f\xff"), min_size=command.size, max_size=command.size)
    return st.binary(min_size=command.size, max_size=command.size) | odd.map(bytes)


@of_every_command
@usual
@given(data=st.data(), sequence=SEQUENCES)
def test_encoding_a_decoded_message_gives_the_same_frame(command: Command, data, sequence):
    raw = frame(command.route, command.code, data.draw(payloads_of(command)), sequence=sequence)
    message = CODEC.decode(raw)
    assert message.command is command
    assert message.problem == ""
    assert CODEC.encode(message.command, sequence, values_of(message)) == raw.raw


@of_every_command
@usual
@given(data=st.data())
def test_values_survive_json(command, data):
    message = decoded(command.route, command.code, data.draw(payloads_of(command)))
    assert json.loads(json.dumps(values_of(message))) == values_of(message)


@usual
@given(st.sampled_from(ALL_ROUTES), COMMANDS, PAYLOADS)
def test_the_fields_share_out_the_payload_without_gap_or_overlap(route, code, payload):
    message = decoded(route, code % route.link.codes, payload)
    at = route.link.payload_at
    for field in message.fields:
        assert field.start == at
        at = field.end
    assert at == route.link.payload_at + len(payload)


@usual
@given(st.sampled_from(ALL_ROUTES), COMMANDS, PAYLOADS)
def test_the_parts_of_a_frame_share_out_all_its_bytes(route, code, payload):
    message = decoded(route, code % route.link.codes, payload)
    parts = sorted([*framing_fields(message.frame), *message.fields], key=lambda field: (field.start, field.end))
    assert b"".join(message.frame.raw[part.start : part.end] for part in parts) == message.frame.raw


@usual
@given(st.sampled_from(ALL_ROUTES), COMMANDS, PAYLOADS)
def test_every_frame_has_a_name_and_one_line_of_text(route, code, payload):
    message = decoded(route, code % route.link.codes, payload)
    assert message.name
    for text in (message.summary, *(field.text for field in message.fields)):
        assert text.replace("°C", "").isascii()
        assert text.isprintable()


@usual
@given(st.sampled_from(ALL_ROUTES), COMMANDS, PAYLOADS)
def test_only_a_wrong_size_is_reported(route, code, payload):
    message = decoded(route, code % route.link.codes, payload)
    wrong = message.command is not None and message.command.size not in (None, len(payload))
    assert bool(message.problem) == wrong
    assert not wrong or f"{format_count(len(payload), 'byte')}, not {message.command.size}" in message.problem


@usual
@given(st.sampled_from(ALL_ROUTES), COMMANDS, PAYLOADS)
def test_values_are_found_by_name_as_they_stand_in_the_fields(route, code, payload):
    message = decoded(route, code % route.link.codes, payload)
    for field in message.fields:
        if field.name != "undefined":
            assert message.value(field.name) == field.value
    assert message.value("no such field") is None


@usual
@given(st.sampled_from(ALL_ROUTES), st.integers(0, 0xFFFF), PAYLOADS)
def test_a_command_that_no_table_has_keeps_its_payload(route, code, payload):
    code %= route.link.codes
    same = [
        command
        for command in DEFINITION.commands
        if command.code == code
        and command.route.link is route.link
        and route.direction in (None, command.route.direction)
    ]
    message = decoded(route, code % route.link.codes, payload)
    is_distinct = len(same) == 1 or any(command.size in (None, len(payload)) for command in same)
    assert (message.command is not None) == is_distinct
    if not is_distinct:
        assert "".join(field.value for field in message.fields) == payload.hex()
