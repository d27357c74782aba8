"""Other boards: tshark shows what `dump --json` prints of the same capture."""

from pathlib import Path

import pytest

from sniffer.config.definition_files import load_definition
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import Message
from tests.commands.wireshark.dump_comparison import assert_equals_dump, assert_lines, damage_frames, read
from tests.commands.wireshark.helpers import Dissection
from tests.core.protocol.board_frames import BOARDS
from tests.core.protocol.test_known_boards import lines_of
from tests.core.wire.boards import ENDED, METER, PACK, UNCHECKED

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


@pytest.mark.parametrize("board", BOARDS)
def test_the_frames_of_each_board_are_shown_as_dump_prints_them(board: str, tmp_path: Path) -> None:
    dissection = Dissection(tmp_path, load_definition([board]))
    data = [line.raw for line in lines_of(board)]
    records = assert_equals_dump(dissection, read(dissection.definition, damage_frames(data)))
    assert sum(isinstance(record.item, Message) for record in records) >= len(data)
    assert_lines(dissection, records, "5.4")


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
