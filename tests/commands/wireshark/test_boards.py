"""Other boards and every type of field: tshark shows what `dump --json` prints of the same capture."""

import json
from pathlib import Path
from typing import Any

import pytest

from sniffer.base.times import MILLISECOND
from sniffer.config.definition_files import load_definition
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.conversions import Hex, Named
from sniffer.core.protocol.definition import Definition, Field
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import Chunk, Note
from sniffer.formats.capture_decoder import CaptureDecoder
from sniffer.formats.jsonl.writer import format_lines
from tests.commands.wireshark.helpers import Dissection, line_of, run_lua
from tests.core.protocol.board_frames import BOARDS
from tests.core.protocol.every_type import list_frames, load_every_type
from tests.core.protocol.test_known_boards import lines_of
from tests.core.wire.boards import ENDED, METER, PACK, UNCHECKED
from tests.records import records_of

HEADLESS = """
[[link]]
name = "hdlc"
heads = { "sensor>control" = "", "control>sensor" = "" }
delimiter = { end = "7E", escape = "7D", xor = 0x20 }
direction = { at = 0, "sensor>control" = "0x10-0x1F", "control>sensor" = "0x20-0x2F" }
command = { at = 0 }
sequence = { at = 1 }
payload = 2
check = { name = "sum negated" }

[[link]]
name = "valve"
heads = { "master>valve" = "C3", "valve>master" = "C3" }
address = { at = 1, tells = "connector" }
command = { at = 2 }
turn = { requests = "master>valve", within = 200 }
sizes = [
    { direction = "master>valve", commands = [1], size = 5 },
    { direction = "valve>master", commands = [1], length = { at = 3, adds = 6, unit = 2, least = 1 } },
    { commands = [2], size = 7 },
]
payload = 3
check = { name = "CRC-16/MODBUS", order = "little" }

[[link]]
name = "plain"
heads = { "a>b" = "55 AA" }
length = { at = 2, adds = 3 }
payload = 3
check = { name = "none" }

[[link]]
name = "lines"
heads = { "gps>host" = "24" }
delimiter = { end = "0D 0A" }
payload = 1
check = { name = "CRC-16/MODBUS", order = "little", from = 1, digits = "lower", mark = "2A" }

[[link]]
name = "sides"
heads = { "host>unit" = "D7", "unit>host" = "D7" }
address = { at = { "host>unit" = 1, "unit>host" = 2 } }
command = { at = 3 }
turn = { requests = "host>unit", within = 200 }
sizes = [{ size = 5 }]
payload = 4
check = { name = "sum" }

[[link]]
name = "gas"
heads = { "host>sensor" = "FE", "sensor>host" = "FE" }
sizes = [{ size = 9 }]
command = { at = { "host>sensor" = 2, "sensor>host" = 1 } }
direction = { at = 1, "host>sensor" = 1, "sensor>host" = "0x79-0xA0" }
payload = 2
check = { name = "sum negated", from = 1 }

[[command]]
link = "gas"
direction = "host>sensor"
code = 0x86
name = "read"
summary = "{code}"
fields = [{ name = "code", size = 1, show = "hex" }, { name = "zeros", size = 5, type = "unknown" }]

[[command]]
link = "gas"
direction = "sensor>host"
code = 0x86
name = "reading"
answers = true
summary = "{gas}"
fields = [{ name = "gas", size = 2, unit = "ppm" }, { name = "rest", size = 4, type = "unknown" }]

[[command]]
link = "valve"
direction = "valve>master"
code = 2
name = "set"
answers = true
summary = "{connector}: {position}"
fields = [{ name = "position", size = 2 }]
"""
HEADLESS_BYTES = [
    "FE 02 86 00 00 00 00 00 78",
    "FE 01 86 00 00 00 00 00 79 FE 86 02 60 47 00 00 00 D1 FE 86 02 60 47 00 00 00 D0",
    "7E 11 05 00 7D 5E 6C 7E 21 06 01 02 D6 7E",
    "7E 11 05 7D 31 7E 7E 7E",
    "C3 07 02 12 34 00 00",
    "D7 09 01 05 E6",
    "D7 01 09 05 E6",
    "D7 09 01 05 E6 D7 09 01 05 E6",
    "55 AA 02 01 02 55 AA 00 55 AA 03 01",
    "01 02 03 7E 55",
]


def read(definition: Definition, data: list[bytes], pause: int = 20) -> list[Record]:
    """Return the records of bytes that are read one after the other, so many milliseconds apart."""
    reads = (Chunk(part, at * pause * MILLISECOND) for at, part in enumerate(data, 1))
    return records_of(*reads, definition=definition)


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


def damaged(data: list[bytes]) -> list[bytes]:
    """Return the frames, with bytes before some, one that is cut off and one with a wrong bit."""
    wrong = bytearray(data[0])
    wrong[-3] ^= 0x10
    return [*data, b"\x00\x13" + data[0], data[-1][:-2], bytes(wrong), *data[:2]]


@pytest.mark.parametrize("board", BOARDS)
def test_the_frames_of_each_board_are_shown_as_dump_prints_them(board: str, tmp_path: Path) -> None:
    dissection = Dissection(tmp_path, load_definition([board]))
    data = [line.raw for line in lines_of(board)]
    records = assert_equals_dump(dissection, read(dissection.definition, damaged(data)))
    assert sum(isinstance(record.item, Message) for record in records) >= len(data)
    assert_lines(dissection, records, "5.4")


@pytest.fixture(scope="module")
def every_type(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dissection, list[Record]]:
    """Return a capture with every type of field."""
    dissection = Dissection(tmp_path_factory.mktemp("dissection"), load_every_type())
    return dissection, read(dissection.definition, damaged([*list_frames(dissection.definition)]))


def test_every_type_of_field_is_shown_as_dump_prints_it(every_type: tuple[Dissection, list[Record]]) -> None:
    dissection, records = every_type
    again = assert_equals_dump(dissection, records)
    shown = {field.name for record in again if isinstance(record.item, Message) for field in record.item.fields}
    commands = [command for command in dissection.definition.commands if command.route.link.name == "every"]
    lists = {name for name in (one.name for command in commands for one in command.fields) if "." not in name}
    assert lists <= shown
    assert {"cells.2", "pairs.1.pair_flags.up", "points.2.value", "voltage"} <= shown


@pytest.mark.parametrize("version", ["5.2", "5.3", "5.4"])
def test_each_lua_gives_the_same_lines(every_type: tuple[Dissection, list[Record]], version: str) -> None:
    dissection, records = every_type
    assert_lines(dissection, [record for record in records if isinstance(record.item, Message | Noise)], version)


def test_items_and_bits_can_be_filtered_for(every_type: tuple[Dissection, list[Record]]) -> None:
    dissection, records = every_type
    dissection.put(records)
    assert dissection.numbers("evse.cells.2 > 3.3 && evse.cells == 3.3 && evse.points.value == 13") == [
        number
        for number, one in enumerate(records, 1)
        if isinstance(one.item, Message) and one.item.value("cells.2") == 3.301
    ]
    assert dissection.numbers('evse.bcd.text == "0x1A00" && evse.mood == 192')
    assert dissection.numbers('evse.f4.text == "NaN" && evse.floats.text == "NaN 0x7FC00001"')
    assert dissection.numbers("evse.f4 > 230.2 && evse.power == 230200.01")


def test_payloads_with_a_number_added_are_shown_as_dump_prints_them(tmp_path: Path) -> None:
    definition = load(packaged_files(), [("meter.toml", METER)])
    build = definition.links.links["meter"].build
    data = [
        bytes.fromhex("68 61 01 00 00 00 00 68 11 04 33 33 34 33 14 16"),
        bytes.fromhex("68 61 01 00 00 00 00 68 91 08 33 33 34 33 59 33 33 33 8A 16"),
        bytes.fromhex("FE 68 72 00 32 09 17 20 68 91 08 33 33 34 33 B9 34 33 33 6D 16"),
        build(b"\x68", 0, 0xD1, b"\xcc", direction="meter>master"),
        build(b"\x68", 0, 0x91, b"\0\1\2\xcd\xff", direction="meter>master"),
    ]
    records = read(definition, data)
    assert [one.item.summary for one in records if isinstance(one.item, Message)][1:4] == ["260 Wh", "1860 Wh", "204"]
    dissection = Dissection(tmp_path, definition)
    assert_lines(dissection, assert_equals_dump(dissection, records), "5.2")
    assert dissection.numbers("evse.energy == 1860") == [4]


def test_frames_of_digits_are_shown_as_dump_prints_them(tmp_path: Path) -> None:
    for case in ("upper", "lower"):
        definition = load(packaged_files(), [("pack.toml", PACK.replace("upper", case))])
        build = definition.links.links["pack"].build
        ask = build(b"", 0, 0x42, b"\xe0\2\2", direction="host>pack")
        answer = build(b"", 0, 0, b"\xf0\x7a\0\2\1\x0c\xe4\1\x0b\x37\xff\xe0\xbf\x8d\xab", direction="pack>host")
        other = build(b"", 0, 1, b"\xab", direction="pack>host")
        damaged = [ask.swapcase(), b"~" + ask, ask.replace(b"4", b"5"), ask[:-2] + b"\r", ask[:9], b"~G\r", b"~\r"]
        records = read(definition, [ask, answer, *damaged, other, ask + answer, ask[:-1]])
        assert sum(isinstance(one.item, Message) for one in records) == 6
        dissection = Dissection(tmp_path, definition)
        assert_lines(dissection, assert_equals_dump(dissection, records), "5.2")
        assert dissection.numbers("evse.voltage == 49.037 && evse.cells == 3.3")


def test_links_without_a_head_and_with_a_delimiter_are_shown_as_dump_prints_them(tmp_path: Path) -> None:
    definition = load(packaged_files(), [("my.toml", HEADLESS)])
    valve = definition.links.links["valve"]
    request = valve.build(b"\xc3", 0, 2, b"\x12\x34", connector=7)
    apart = [request, request, valve.build(b"\xc3", 0, 1, b"", connector=7)]
    lines = definition.links.links["lines"]
    apart += [line := lines.build(b"$", 0, 0, b"GP,1"), line[:-3] + b"F" + line[-2:]]
    records = read(definition, [*map(bytes.fromhex, HEADLESS_BYTES), *apart, request, request], pause=90)
    directions = [one.item.direction for one in records if isinstance(one.item, Message)]
    assert {"master>valve", "valve>master", "sensor>control", "control>sensor", "a>b", "gps>host"} <= {*directions}
    dissection = Dissection(tmp_path, definition)
    assert_lines(dissection, assert_equals_dump(dissection, records), "5.2")
    check = int.from_bytes(bytes.fromhex(line[-6:-2].decode()), "little")
    assert len(dissection.numbers(f'evse.link == "lines" && evse.crc == {check}')) == 1


def test_frames_without_head_and_check_are_shown_as_dump_prints_them(tmp_path: Path) -> None:
    definition = load(packaged_files(), [("my.toml", UNCHECKED)])
    data = ["10 33 10 10 03 10 03", "03 10 44 10 03 10 10", "70 31 FF FF FF 1A FF FF FF", "10 33 10", "55"]
    records = read(definition, [bytes.fromhex(one) for one in data])
    assert {one.item.frame.link.name for one in records if isinstance(one.item, Message)} == {"gps", "display"}
    assert_equals_dump(Dissection(tmp_path, definition), records)


def test_checks_after_the_end_are_shown_as_dump_prints_them(tmp_path: Path) -> None:
    definition = load(packaged_files(), [("my.toml", ENDED)])
    links = definition.links.links
    scale = links["scale"].build(b"\2", 0, 0x57, b"12.5")
    escaped = links["escaped"].build(b"\xa5", 0, 0, b"\xc0\xdb\1")
    plc, empty = (links["plc"].build(b"", 0, 0, payload) for payload in (b"\x10\1", b""))
    telegram = links["telegram"].build(b"/", 0, 0, b"ISk5\r\n\r\n1-3:0.2.8(40)\r\n")
    terminal = links["terminal"].build(b"", 0, 0, b"\x10\1")
    unended = links["open"].build(b"\1", 0, 0, b"0A0B")
    good = [scale, escaped, plc, empty, telegram, terminal, unended, scale + scale, b"\3" + escaped]
    damaged = [scale[:-1] + b"\0", scale[:-1], b"\2" + scale, escaped[:-1], plc[:-2] + b"\3", telegram[:-1] + b"\r"]
    records = read(definition, good + damaged + [telegram.replace(b"40", b"41")])
    found = [one.item.frame.raw for one in records if isinstance(one.item, Message)]
    assert found == [*good[:7], scale, scale, escaped, scale]
    dissection = Dissection(tmp_path, definition)
    assert_lines(dissection, assert_equals_dump(dissection, records), "5.2")
    assert len(dissection.numbers(f'evse.link == "scale" && evse.crc == {scale[-1]}')) == 4
