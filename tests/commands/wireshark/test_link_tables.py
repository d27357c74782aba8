"""Frames of other boards' links: tshark shows each as we do, whatever its head, length and check are."""

import pytest

from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.link import Route
from sniffer.text.describe import format_row
from tests.commands.wireshark.helpers import Dissection
from tests.records import records_of

LINK = """
[[link]]
name = "display"
heads = { "cpu>display" = "A5 5A", "display>cpu" = "A5 5B" }
"""
COMMON = """
sequence = { at = 2 }
command = { at = 3, size = 2, order = "little" }
length = { at = 5, size = 2, order = "little", adds = 7 }
payload = 8
"""
CHECKS = {
    "modbus": 'check = { name = "CRC-16/MODBUS", order = "little", from = 2 }',
    "xmodem": 'check = { name = "CRC-16/XMODEM" }',
    "reflected": 'check = { name = "CRC-32/ISO-HDLC", order = "little" }',
    "wide": 'check = { name = "CRC-32/BZIP2" }',
    "byte": 'check = { name = "CRC-8/MAXIM-DOW", from = 1 }',
    "own": 'check = { name = "CRC", size = 2, polynomial = 0x5935, initial = 0x1234, reflected = true, final_xor = 7 }',
    "sum": 'check = { name = "sum", size = 4 }',
    "inverted": 'check = { name = "sum inverted", size = 2 }',
    "negated": 'check = { name = "sum negated", from = 2 }\ntail = "77 0D"',
    "sum with initial": 'check = { name = "sum inverted", size = 2, initial = 0x1A58 }',
    "sum with final xor": 'check = { name = "sum", size = 2, final_xor = 0x1A58 }',
    "xor with initial": 'check = { name = "xor inverted", initial = 0x58 }',
    "xor": 'check = { name = "xor" }',
    "xor inverted": 'check = { name = "xor inverted", from = 1 }',
    "fletcher": 'check = { name = "Fletcher-16", order = "little", from = 2 }',
    "fletcher 256": 'check = { name = "Fletcher-16/256" }',
    "digits": 'check = { name = "xor", from = 2, digits = "upper" }\ntail = "03"',
    "none": 'check = { name = "none" }\ntail = "AB"',
}
COMMAND = """
[[command]]
direction = "display>cpu"
code = 0x1234
name = "key"
summary = "key {key}"
fields = [{ name = "key", size = 2, order = "little" }]
"""


def define(layout: str) -> Definition:
    return load(packaged_files(), [("my.toml", f"{LINK}{layout}{COMMAND}")])


def build(route: Route, number: int, command: int, payload: bytes) -> bytes:
    return route.link.build(route.head, number, command, payload, direction=route.direction)


def read(definition: Definition, data: bytes) -> list[Record]:
    return records_of(Chunk(data, 5), definition=definition)


@pytest.mark.parametrize("name", CHECKS)
def test_frames_and_noise_are_shown_as_we_show_them(name: str, tmp_path) -> None:
    sizes = {1: ("byte", "negated", "xor", "xor inverted", "xor with initial"), 4: ("reflected", "wide", "sum")}
    size = next((size for size, names in {**sizes, 0: ("none",)}.items() if name in names), 2)
    tail = {"negated": 2, "digits": 1, "none": 1}.get(name, 0)
    layout = f"{COMMON.replace('adds = 7', f'adds = {8 + size + tail}')}{CHECKS[name]}"
    definition = define(layout)
    to_display, to_cpu = definition.links.routes_in_bytes
    frames = [build(to_cpu, number, 0x1234, bytes([number, 1])) for number in range(3)]
    frames += [build(to_display, 9, 7, b"\x01\x02\x03"), build(to_display, 10, 7, b"")]
    wrong = bytearray(frames[0])
    wrong[8] ^= 0x10
    records = read(definition, b"".join([*frames, b"\x01\x02", bytes(wrong), build(to_cpu, 5, 0x1234, b"\x09\x02")]))
    assert sum(isinstance(record.item, Message) for record in records) >= len(frames)
    dissection = Dissection(tmp_path, definition).put(records)
    columns = [format_row(record) for record in records if record.item]
    shown = [f"{'noise ' if one.direction == 'noise' else ''}{one.name}: {one.summary}" for one in columns]
    assert dissection.lines() == shown


def test_the_parts_of_a_frame_can_be_filtered_for(tmp_path) -> None:
    definition = define(COMMON.replace("adds = 7", "adds = 10") + CHECKS["modbus"])
    to_display, to_cpu = definition.links.routes_in_bytes
    frames = [build(to_cpu, 3, 0x1234, b"\x05\x01"), build(to_display, 4, 7, b"\x01\x02\x03")]
    dissection = Dissection(tmp_path, definition).put(read(definition, b"".join(frames)))
    assert dissection.numbers(
        'evse.link == "display" && evse.command == 0x1234 && evse.sequence == 3 && evse.key == 261'
    ) == [1]
    assert dissection.numbers('evse.direction == "cpu>display" && evse.length == 3 && evse.crc.status == 1') == [2]


def test_some_bits_of_a_byte_say_where_frames_end(tmp_path) -> None:
    layout = """
length = { at = 2, mask = 0x3C, adds = 4 }
payload = 3
check = { name = "xor" }
"""
    definition = load(packaged_files(), [("my.toml", f"{LINK}{layout}")])
    route = definition.links.routes_in_bytes[0]
    first, second = (route.link.build(route.head + b"\xc1", 0, 0, payload) for payload in (b"\x09\x08", b"\x02"))
    assert (first[2], second[2]) == (0xC9, 0xC5)
    records = read(definition, first + second)
    assert [record.item.frame.raw for record in records if isinstance(record.item, Message)] == [first, second]
    assert len(Dissection(tmp_path, definition).put(records).lines()) == 2


def test_sizes_by_command_say_where_frames_end(tmp_path) -> None:
    layout = """
command = { at = 2 }
sizes = [{ commands = [1], size = 6 }, { commands = [2], length = { at = 3, adds = 5 } }]
payload = 3
check = { name = "xor" }
"""
    definition = load(packaged_files(), [("my.toml", f"{LINK}{layout}")])
    route = definition.links.routes_in_bytes[0]
    frames = [build(route, 0, 1, b"\x09\x08"), build(route, 0, 2, b"\x02\x07\x06")]
    records = read(definition, b"".join(frames))
    assert [record.item.frame.raw for record in records if isinstance(record.item, Message)] == frames
    dissection = Dissection(tmp_path, definition).put(records)
    assert [line.split(":")[0] for line in dissection.lines()] == ["command 01 (unknown)", "command 02 (unknown)"]


DELIMITED = """
[[link]]
name = "dle"
heads = { "a>b" = "30" }
delimiter = { begin = "10 02", end = "10 03", escape = "10" }
payload = 1
check = { name = "CRC-16/XMODEM" }

[[link]]
name = "cobs"
heads = { "c>d" = "41" }
delimiter = { end = "00", coding = "cobs" }
payload = 1
check = { name = "xor" }

[[link]]
name = "ascii"
heads = { "e>f" = "3A" }
delimiter = { end = "0D 0A" }
payload = 1
check = { name = "sum negated", from = 1, digits = "upper", covers = "digits" }

"""


def test_frames_with_a_begin_and_stuffed_ones_end_as_ours(tmp_path) -> None:
    definition = load(packaged_files(), [("my.toml", DELIMITED)])
    dle, cobs, _ = definition.links.routes_in_bytes
    sent = [build(dle, 0, 0, b"\x01\x10\x03"), build(cobs, 0, 0, b"\x05\0\0\x07")[1:]]
    lines = [b":1103006B00037E\r\n", b":1103006B00037F\r\n", b":1103006X00037E\r\n"]
    pieces = [*sent, *lines, b"\x10\x02\x01\x10\x07\x99", sent[0], b"\x44\x10\x07\0", sent[1], b"\x10\x02\x10"]
    records = read(definition, b"".join(pieces))
    found = [record.item.frame.raw for record in records if isinstance(record.item, Message)]
    assert found == [*sent, lines[0], sent[0], b"\0" + sent[1]]
    dissection = Dissection(tmp_path, definition).put(records)
    columns = [format_row(record) for record in records if record.item]
    assert dissection.lines() == [
        f"{'noise ' if one.direction == 'noise' else ''}{one.name}: {one.summary}" for one in columns
    ]
