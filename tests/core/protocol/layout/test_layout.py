"""Payloads with bits, lists, switches, sizes in other fields and an optional end, both ways.

A command of random parts is loaded from a file. What is decoded is encoded to the same bytes, and the definition is
written and loaded again to an equal one. Given these bytes, these values.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.errors import EncodeError
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.conversions import Value
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import Message
from sniffer.core.wire.links import COM_TO_OCPP
from tests.core.protocol.helpers import as_file, assert_works, frame, values_of

usual = settings(max_examples=60, deadline=None)

BYTE: dict[str, Any] = {"size": 1}
CELLS = [
    {"name": "n", "size": 1},
    {"name": "cells", "type": "list", "count": "n", "most": 4, "item": {"size": 2, "divisor": 1000, "unit": "V"}},
]
POINTS = {
    "name": "points",
    "type": "list",
    "most": 3,
    "fields": [
        {"names": ["id", "type", "length"], "size": 1},
        {
            "switch": "id",
            "cases": [{"values": 20, "flat": True, "fields": [{"name": "volts", "size": 2, "divisor": 10}]}],
            "otherwise": [
                {
                    "switch": "type",
                    "cases": [
                        {"values": 2, "fields": [{"name": "value", "size": 4, "type": "int"}]},
                        {"values": [1, 4], "fields": [{"name": "value", "size": 1}]},
                    ],
                    "otherwise": [{"name": "value", "size": "length", "type": "unknown"}],
                }
            ],
        },
    ],
}
FLAGS = {
    "name": "flags",
    "type": "bits",
    "size": 2,
    "bits": [
        {"name": "hot", "at": 0},
        {"name": "state", "at": 4, "width": 3, "enumeration": "status"},
        {"name": "level", "at": 7, "width": 2, "divisor": 10, "unit": "V"},
    ],
}
SWITCH = [BYTE | {"name": "k"}, {"switch": "k", "cases": [{"values": 1, "fields": []}]}]
EITHER = [
    BYTE | {"name": "k"},
    {"switch": "k", "cases": [{"values": n, "fields": [BYTE | {"name": name}]} for n, name in ((1, "a"), (2, "b"))]},
]
SIZED = [BYTE | {"name": "s"}, {"name": "l", "type": "list", "bytes": "s", "item": {"size": 2}}]
COUNTED = [BYTE | {"name": "s"}, {"name": "l", "type": "list", "bytes": "s", "count": 1, "item": BYTE}]
TEXT = [BYTE | {"name": "s"}, {"name": "t", "size": "s", "type": "ascii"}]


def load_command(tables: list[dict[str, Any]], summary: str = "") -> tuple[Definition, Command]:
    """Return the definition with a command of these fields, and the command."""
    entry = {
        "link": "dbus",
        "direction": "com>ocpp",
        "code": 0x77,
        "name": "mine",
        "summary": summary,
        "fields": tables,
    }
    definition = load(packaged_files(), [("my.toml", as_file({"command": [entry]}))])
    return definition, definition.command("mine")


def decode(definition: Definition, payload: bytes) -> Message:
    return Codec(definition).decode(frame(COM_TO_OCPP, 0x77, payload))


def read(tables: list[dict[str, Any]], payload: str) -> dict[str, Value]:
    """Return the values of a payload, after encoding them to the same bytes."""
    definition, command = load_command(tables)
    message = decode(definition, bytes.fromhex(payload))
    assert message.problem == ""
    values: dict[str, Value] = values_of(message)
    assert Codec(definition).encode(command, 0x0102, values) == message.frame.raw
    assert {name: message.value(name) for name in values} == values
    return values


# Payloads that are mostly small numbers, so that counts, sizes and switches fit now and then.
PAYLOADS = st.lists(st.sampled_from([0, 1, 2, 3, 20]) | st.integers(0, 255), max_size=24).map(bytes)
TAIL = [{"name": "extra", "size": 1, "optional": True}, {"name": "more", "size": 2}]
LAYOUTS = st.sampled_from(
    [
        [FLAGS, POINTS],
        [*CELLS, FLAGS, *TAIL],
        [{"name": "size", "size": 1}, {"name": "text", "size": "size", "type": "utf-8"}, *CELLS],
        [{"name": "size", "size": 2, "order": "little"}, POINTS | {"bytes": "size"}, *TAIL],
        [
            {"name": "pairs", "type": "list", "count": 2, "fields": [{"name": "a", "size": 1}, FLAGS]},
            BYTE | {"name": "z"},
        ],
        [FLAGS | {"order": "little"}, {"switch": "flags.hot", "cases": [{"values": [1], "fields": [*CELLS]}]}],
        [*CELLS, {"switch": "n", "cases": [{"values": [0], "fields": [BYTE | {"name": "b"}]}], "otherwise": []}],
    ]
)


@usual
@given(LAYOUTS, PAYLOADS)
def test_what_is_decoded_is_encoded_to_the_same_bytes(tables: list[dict[str, Any]], payload: bytes) -> None:
    definition, command = load_command(tables)
    message = decode(definition, payload)
    covered = {at for field in message.fields for at in range(field.start, field.end)}
    assert covered == {*range(9, 9 + len(payload))}
    assert message.summary.isprintable()
    values: dict[str, Value] = values_of(message)
    assert len(values) == len(message.fields)
    if not message.problem and "undefined" not in values:
        assert Codec(definition).encode(command, 0x0102, values) == message.frame.raw


@usual
@given(LAYOUTS)
def test_a_definition_is_written_and_loaded_to_an_equal_one(tables: list[dict[str, Any]]) -> None:
    definition, command = load_command(tables)
    again = load(packaged_files(), [("written.toml", format_definition(definition))])
    assert again.command("mine") == command
    assert again == definition


def test_a_definition_with_such_payloads_works_everywhere() -> None:
    definition, _ = load_command([FLAGS, POINTS], "{flags} {points} {volts}")
    assert_works(definition)


def test_bits_are_numbers_of_their_own() -> None:
    assert read([FLAGS], "01c1") == {
        "flags.hot": 1,
        "flags.state": "SuspendedEV",
        "flags.level": 0.3,
        "flags.unknown_1": "0x0",
        "flags.unknown_9": "0x00",
    }
    assert read([FLAGS | {"order": "little"}], "0280")["flags.unknown_1"] == "0x1"
    assert read([FLAGS | {"order": "little"}], "0280")["flags.unknown_9"] == "0x40"


def test_a_list_has_as_many_items_as_a_field_says() -> None:
    assert read(CELLS, "02 0ce4 0ce5") == {"n": 2, "cells.1": 3.3, "cells.2": 3.301}
    assert read(CELLS, "00") == {"n": 0}


def test_a_layout_depends_on_a_field() -> None:
    assert read([POINTS], "010204fffffffe 140202 0905 070502 abcd") == {
        "points.1.id": 1,
        "points.1.type": 2,
        "points.1.length": 4,
        "points.1.value": -2,
        "points.2.id": 20,
        "points.2.type": 2,
        "points.2.length": 2,
        "volts": 230.9,
        "points.3.id": 7,
        "points.3.type": 5,
        "points.3.length": 2,
        "points.3.value": "abcd",
    }


def test_the_end_may_be_missing() -> None:
    tables = [BYTE | {"name": "a"}, *TAIL]
    assert read(tables, "01") == {"a": 1}
    assert read(tables, "01 02 0003") == {"a": 1, "extra": 2, "more": 3}


def test_a_count_and_a_size_are_computed() -> None:
    size = {"name": "size", "size": 1}
    definition, command = load_command([*CELLS, size, {"name": "text", "size": "size", "type": "utf-8"}])
    sent = Codec(definition).encode(command, 1, {"cells.1": 3.3, "cells.2": 3.301, "text": "é"})
    assert sent[9:-2].hex(" ") == "02 0c e4 0c e5 02 c3 a9"


WORDS: list[dict[str, Any]] = [
    {"name": "last", "size": 1, "zero": -1},
    {"name": "gates", "type": "list", "count": "last", "most": 4, "item": {"size": 1}},
    {"name": "words", "size": 1, "multiplier": 2},
    {"name": "text", "size": "words", "type": "ascii"},
]


def test_a_count_or_size_is_the_number_as_it_is_shown() -> None:
    """A radar sends the number of its last gate, counted from 0, and a display sizes in words of two bytes."""
    definition, command = load_command(WORDS)
    assert read(WORDS, "01 0A 0B 02 61 62 63 64") == {
        "last": 2,
        "gates.1": 10,
        "gates.2": 11,
        "words": 4,
        "text": "abcd",
    }
    sent = Codec(definition).encode(command, 1, {"gates.1": 10, "gates.2": 11, "text": "abcd"})
    assert sent[9:-2].hex(" ") == "01 0a 0b 02 61 62 63 64"
    with pytest.raises(EncodeError, match="words: is 4, and text has 3 bytes"):
        Codec(definition).encode(command, 1, {"gates.1": 10, "text": "abc"})


@pytest.mark.parametrize(
    ("tables", "payload", "problem", "known"),
    [
        (CELLS, "020ce4", "payload has 3 bytes: cells.2 is not whole", ["n", "cells.1"]),
        (CELLS, "05" + 10 * "00", "payload has 11 bytes: cells has more than 4 items", None),
        ([FLAGS], "01", "payload has 1 byte: flags is not whole", ["undefined"]),
        ([POINTS], "14020200011402020002", "payload has 10 bytes: volts is there twice", None),
        (SWITCH, "02", "payload has 1 byte: nothing is known of k 2", ["k"]),
        (SIZED, "0300010002", "payload has 5 bytes: l.2 is not whole", ["s", "l.1", "undefined"]),
        (SIZED, "0300", "payload has 2 bytes: l is not whole", ["s", "undefined"]),
        (COUNTED, "020102", "payload has 3 bytes: l has 1 more bytes than its items", ["s", "l.1", "undefined"]),
    ],
)  # fmt: skip
def test_a_payload_that_does_not_fit_says_why(
    tables: list[dict[str, Any]], payload: str, problem: str, known: list[str] | None
) -> None:
    message = decode(load_command(tables)[0], bytes.fromhex(payload))
    assert message.problem == problem
    assert known in (None, [field.name for field in message.fields])


@pytest.mark.parametrize(
    ("tables", "values", "message"),
    [
        (CELLS, {"n": 2, "cells.1": 3.3}, "mine: n: is 2, and cells has 1 item"),
        (CELLS, {"cells.2": 3.3}, "mine has no field cells.2"),
        ([FLAGS], {"flags.hot": 2}, "mine: flags.hot: 2 does not fit into 1 bits"),
        ([POINTS], {"points.1.id": 1}, "mine: points.1.type: a value is needed"),
        (SWITCH, {"k": 2}, "nothing is known of k 2"),
        ([BYTE | {"name": "k"}], {}, "mine: k: a value is needed"),
        (TEXT, {"t": "x" * 256}, "mine: s: 256 does not fit"),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_are_refused(
    tables: list[dict[str, Any]], values: dict[str, Value], message: str
) -> None:
    definition, command = load_command(tables)
    with pytest.raises(EncodeError) as caught:
        Codec(definition).encode(command, 1, values)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("tables", "payload", "summary", "shown"),
    [
        (CELLS, "020ce40ce5", "cells {cells}", "cells 3.300 V, 3.301 V"),
        (CELLS, "00", "cells {cells}", "cells none"),
        (EITHER, "01 05", "{k}: {a}, {b}", "1: 5, -"),
        ([FLAGS], "00d1", "{flags}", "hot, state Finishing, level 0.1 V"),
        ([FLAGS], "0002", "{flags}; {flags.hot}", "state Available, unknown_1 0x1; 0"),
        ([POINTS], "140202 0905 070501ab", "{points} ({volts})", "20 2 2; 7 5 1 AB (230.9)"),
    ],
)
def test_a_summary_shows_a_list_or_bits_as_a_whole(
    tables: list[dict[str, Any]], payload: str, summary: str, shown: str
) -> None:
    assert decode(load_command(tables, summary)[0], bytes.fromhex(payload)).summary == shown
