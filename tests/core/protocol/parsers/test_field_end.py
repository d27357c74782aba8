"""Fields that end where certain bytes stand: those bytes are after the field, and belong to no other one."""

import pytest

from sniffer.base.errors import DefinitionError, EncodeError
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame

BOARD = """\
[[link]]
name = "inverter"
heads = { "inverter>pc" = "28" }
delimiter = { end = "0D" }
payload = 1
check = { name = "CRC-16/XMODEM" }

[[command]]
direction = "inverter>pc"
code = 0
name = "status"
summary = "{volts}, {load}, {mode}"
fields = [FIELDS]
"""
FIELDS = """
    { name = "volts", type = "decimal", until = "20", unit = "V", tells = "voltage" },
    { name = "load", type = "decimal", until = "2C 20", unit = "%" },
    { name = "mode", type = "ascii", until = "00" },
"""


def load_board(fields: str = FIELDS) -> tuple[Definition, Command]:
    definition = load(packaged_files(), [("my.toml", BOARD.replace("FIELDS", fields))])
    return definition, definition.command("status")


def decode(payload: bytes) -> Message:
    definition, command = load_board()
    route = command.route
    raw = route.link.build(route.head, 0, 0, payload, direction=route.direction)
    return Codec(definition).decode(Frame(route, None, raw))


def test_a_field_has_the_bytes_before_those_that_end_it() -> None:
    message = decode(b"232.9 097, on\0")
    assert [(field.name, field.value) for field in message.fields] == [("volts", 232.9), ("load", 97), ("mode", "on")]
    assert (message.summary, message.problem) == ("232.9 V, 97 %, on", "")
    assert [message.frame.raw[field.start : field.end] for field in message.fields] == [b"232.9", b"097", b"on"]


@pytest.mark.parametrize(
    ("payload", "names", "problem"),
    [
        (b"232.9", ["undefined"], "payload has 5 bytes: volts is not whole"),
        (b"1 2,", ["volts", "undefined"], "payload has 4 bytes: load is not whole"),
        (b"1 2, x\0y", ["volts", "load", "mode", "undefined"], ""),
        (b" , \0", ["volts", "load", "mode"], ""),
    ],
)
def test_what_lacks_its_end_is_not_whole(payload: bytes, names: list[str], problem: str) -> None:
    message = decode(payload)
    assert ([field.name for field in message.fields], message.problem) == (names, problem)


def test_an_encoder_sends_the_end_of_each_field() -> None:
    definition, command = load_board()
    payload = b"232.9 97, on\0"
    values = {field.name: field.value for field in decode(payload).fields}
    sent = Codec(definition).encode(command, 0, values)
    assert sent == command.route.link.build(b"\x28", 0, 0, payload, direction="inverter>pc")
    with pytest.raises(EncodeError, match="mode: has the bytes that end it, 00"):
        Codec(definition).encode(command, 0, {**values, "mode": r"a\x00b"})


def test_a_number_in_text_may_tell_the_state() -> None:
    named = 'until = "2C 20", enumeration = "status", tells = "status"'
    definition, command = load_board(FIELDS.replace('until = "2C 20", unit = "%"', named))
    raw = command.route.link.build(b"\x28", 0, 0, b"1 08, on\0", direction="inverter>pc")
    message = Codec(definition).decode(Frame(command.route, None, raw))
    assert (message.value("load"), message.number("status")) == ("Faulted", 8)
    again = load(packaged_files(), [("again.toml", format_definition(definition))]).command("status")
    assert (again.fields, again.parts) == (command.fields, command.parts)


def test_it_is_written_as_it_was_read() -> None:
    definition, command = load_board()
    again = load(packaged_files(), [("again.toml", format_definition(definition))]).command("status")
    assert (again.fields, again.parts) == (command.fields, command.parts)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ('type = "ascii", until = "20", size = 3', "size = 3: must be left out with until, which says where"),
        ('type = "uint", until = "20"', "until = '20': must be left out unless type is one of ascii, utf-8"),
        ('type = "ascii", until = ""', "until"),
        (
            'type = "decimal", until = "20", padding = "spaces"',
            "padding = 'spaces': must be left out for a number whose",
        ),
        ('type = "decimal", size = 3, zero = 5', "zero: no such key here"),
        (
            'type = "decimal", until = "20", enumeration = "status", unit = "V"',
            "unit = 'V': must be left out with an enumeration",
        ),
        ('type = "decimal", until = "20", base = 8', "base = 8: must be 10 or 16"),
        ('type = "decimal", size = 4, base = 16, decimals = 1', "decimals = 1: must be left out with base = 16"),
        ('type = "list", between = "", item = { type = "ascii" }', "between = '': must be at least one byte"),
        (
            'type = "list", between = "20", count = 2, item = { type = "ascii" }',
            "count = 2: must be left out with between, as the items go on to the end",
        ),
        (
            'type = "list", between = "20", item = { type = "ascii", size = 3 }',
            "item: size = 3: must be left out in the last field of an item, which ends at between of the list",
        ),
        (
            'type = "list", between = "20", fields = [{ name = "a", type = "ascii", until = "2C" }]',
            "fields 1: until = '2C': must be left out in the last field of an item",
        ),
        (
            'type = "list", between = "20", fields = [{ name = "a", size = 1 }]',
            "fields 1: type is missing: it must be one of ascii, utf-8",
        ),
        (
            'type = "list", between = "20", fields = [{ name = "l", type = "list", item = { size = 1 } }]',
            "fields 1: type = 'list': must be one of ascii, utf-8",
        ),
    ],
)
def test_what_cannot_end_is_refused(field: str, wrong: str) -> None:
    with pytest.raises(DefinitionError, match=r"my.toml: command 1 .status.: fields 1: ") as caught:
        load_board(f'{{ name = "volts", {field} }}')
    assert wrong in str(caught.value)
