"""Comparisons of what tshark shows of a capture with what `dump` prints of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from sniffer.base.times import MILLISECOND
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.conversions import Hex, Named
from sniffer.core.protocol.definition import Definition, Field
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import Chunk, Note
from sniffer.formats.capture_decoder import CaptureDecoder
from sniffer.formats.jsonl.writer import format_lines
from tests.commands.wireshark.helpers import Dissection, line_of, run_lua
from tests.records import records_of


def read(definition: Definition, data: list[bytes], pause: int = 20) -> list[Record]:
    """Return the records of bytes that are read one after the other, so many milliseconds apart."""
    reads = (Chunk(part, at * pause * MILLISECOND) for at, part in enumerate(data, 1))
    return records_of(*reads, definition=definition)


def damage_frames(data: list[bytes]) -> list[bytes]:
    """Return the frames, with bytes before some, one that is cut off and one with a wrong bit."""
    wrong = bytearray(data[0])
    wrong[-3] ^= 0x10
    return [*data, b"\x00\x13" + data[0], data[-1][:-2], bytes(wrong), *data[:2]]


def read_capture(definition: Definition, path: Path) -> list[Record]:
    """Return the records of a capture, as `dump` has them."""
    decoder, pipeline = CaptureDecoder(), Pipeline(definition)
    items = [*decoder.feed(path.read_bytes()), *decoder.flush()]
    return [record for item in items if not isinstance(item, Note) for record in pipeline.feed(item)]


def assert_equals_dump(dissection: Dissection, records: list[Record]) -> list[Record]:
    """Write a capture; compare what tshark shows of it with what is printed of it as JSON. Return its records."""
    dissection.put(records)
    again = read_capture(dissection.definition, dissection.capture)
    printed = [[*map(json.loads, format_lines(record, dissection.definition, None))] for record in again]
    objects = [lines[0] for lines in printed if lines[0]["type"] in ("frame", "noise")]
    trees = [tree for tree in dissection.trees() if tree]
    assert len(trees) == len(objects)
    with_bytes = [record for record in again if isinstance(record.item, Message | Noise)]
    for record, json_object, tree in zip(with_bytes, objects, trees, strict=True):
        assert_shows(record, json_object, tree)
    return with_bytes


def assert_shows(record: Record, json_object: dict[str, Any], tree: list[tuple[str, str]]) -> None:
    """Compare the tree of one packet with the object of its record."""
    shown = {key: value for key, value in tree if key.count(".") == 1}
    assert shown["evse.raw"].replace(":", "") == json_object["raw"]
    if isinstance(record.item, Noise):
        assert ("evse.noise.reason", json_object["reason"]) in tree
        return
    assert isinstance(record.item, Message)
    link = record.item.frame.link
    assert (shown["evse.link"], shown["evse.name"]) == (json_object["link"], json_object["name"])
    assert shown.get("evse.direction") == json_object["direction"]
    assert shown.get("evse.payload", "").replace(":", "") == json_object["payload"]
    if record.item.frame.route.command:
        assert int(shown["evse.command"], 0) == int(json_object["command"], 16)
    if link.sequence:
        assert int(shown["evse.sequence"], 0) == int(json_object["seq"], 16)
    if address := json_object.get("address"):
        assert int(shown["evse.address"], 0) == int(address, 16)
    assert ("evse.crc.status", "1") in tree or not link.is_checked
    assert fields_in(tree, record.item) == fields_of(record.item, json_object)


def fields_of(message: Message, json_object: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the printed fields that have bytes."""
    with_bytes = {field.name for field in message.fields if field.start < field.end}
    return [(name, value) for name, value in json_object["fields"].items() if name in with_bytes]


def fields_in(tree: list[tuple[str, str]], message: Message) -> list[tuple[str, Any]]:
    """Return the fields that tshark shows, with their values as JSON has them. Those of any item are left out."""
    # A name may stand in several cases of a switch, with another type in each.
    definitions: dict[str, list[Field]] = {}
    for field in message.command.fields if message.command else ():
        definitions.setdefault(field.name, []).append(field)
    values = {field.name: field.value for field in message.fields}
    found = []
    for key, text in tree:
        name = find_name(key, definitions.keys() | {"undefined"})
        if name:
            found.append((name, convert(text, definitions.get(name, []), values.get(name))))
    return found


def find_name(key: str, names: set[str]) -> str | None:
    """Return the name of the field that has this filter; None for another part of a frame."""
    families = ("number", "number64", "signed", "signed64", "scaled", "text", "bytes")
    whole = key.removeprefix("evse.")
    start, _, end = whole.rpartition(".")
    plain = start if start and end in families and whole.removeprefix("field.") not in names else whole
    plain = plain.removeprefix("field.")
    own = {"link", "direction", "sequence", "address", "command", "name", "length", "payload", "raw", "problem"}
    return plain if plain in names and (plain not in own or key.startswith("evse.field.")) else None


def convert(text: str, fields: list[Field], value: Any) -> Any:
    """Return the text that tshark shows of a field as a value of JSON."""
    if isinstance(value, float) or (isinstance(value, int) and any(field.type == "decimal" for field in fields)):
        assert float(text) == pytest.approx(value, rel=1e-14)
        return value
    if isinstance(value, int):
        return int(text, 0)
    for field in fields:
        if isinstance(field.conversion, Named) and text.isdecimal():
            name = field.conversion.enumeration.name_of(int(text))
            if name == value:
                return name
        if isinstance(field.conversion, Hex) and text.startswith("0x"):
            return field.conversion.value(int(text, 0))
    return text.replace(":", "") if text.replace(":", "") == value else text


def assert_lines(dissection: Dissection, records: list[Record], version: str) -> None:
    """Compare the lines of the Info column under plain Lua with ours."""
    assert run_lua(version, dissection, records) == [line_of(record) for record in records]
