"""Fields with bits, lists and switches, and a command that has them."""

from typing import Any

from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.conversions import Value
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import Message
from sniffer.core.wire.links import COM_TO_OCPP
from tests.core.protocol.helpers import as_file, frame, values_of

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
LABELS: list[dict[str, Any]] = [
    {"name": "code", "size": 2, "type": "bytes"},
    {"switch": "code", "cases": [{"values": "0A1B", "fields": [BYTE | {"name": "n"}]}]},
    {
        "name": "l",
        "type": "list",
        "most": 3,
        "fields": [
            {"name": "label", "type": "ascii", "until": "3d"},
            {
                "switch": "label",
                "cases": [
                    {"values": "V", "flat": True, "fields": [{"name": "volts", "type": "decimal", "until": "0a"}]},
                    {"values": ["CS", "ST"], "fields": [{"name": "state", "type": "decimal", "until": "0a"}]},
                ],
                "otherwise": [{"name": "text", "type": "ascii", "until": "0a"}],
            },
        ],
    },
]
ROW = [{"name": "v", "type": "list", "most": 3, "between": "2c", "item": {"type": "decimal"}}]
PAIRS = [
    BYTE | {"name": "s"},
    {
        "name": "p",
        "type": "list",
        "bytes": "s",
        "between": "0001",
        "fields": [BYTE | {"name": "k"}, {"name": "t", "type": "bytes"}],
    },
    BYTE | {"name": "z"},
]
KEYS: list[dict[str, Any]] = [
    {
        "name": "l",
        "type": "list",
        "most": 3,
        "between": "3b",
        "fields": [
            {"name": "key", "type": "ascii", "until": "3d"},
            {
                "switch": "key",
                "cases": [
                    {"values": "PAC", "flat": True, "fields": [{"name": "power", "type": "decimal", "base": 16}]},
                    {
                        "values": "SYS",
                        "fields": [
                            {"name": "state", "type": "decimal", "until": "2c"},
                            {"name": "alarm", "type": "ascii"},
                        ],
                    },
                ],
            },
        ],
    }
]
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
