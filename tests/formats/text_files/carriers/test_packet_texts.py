"""Packets of a serial line as Wireshark prints them: the bytes of the line, without the headers of the packets."""

import json

import pytest

from sniffer.core.wire.items import Chunks, Tap
from sniffer.formats.text_files.carriers.hex_carrier import HexCarrier, find_hex_carrier
from sniffer.formats.text_files.carriers.packet_texts import parse_rtac_bytes, pick_layers
from sniffer.formats.text_files.text_reader import TextReader
from sniffer.formats.text_files.text_shape import find_text_shape
from tests.formats.pcapng.test_wireshark import run
from tests.paths import CAPTURES

HEADER = bytes.fromhex("6968ac840000043e02000000")
SENT = HEADER[:8] + b"\1" + HEADER[9:]
FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
HEX = FRAME.hex(" ")
TIME = "1768467588.001086"
ROWS = [
    "0000  69 68 ac 84 00 00 04 3e 02 00 00 00 bb dd dd 32   ih.....>.......2",
    "0010  06 59 2a 59 68 59 ad 6b bc                        .Y*YhY.k.",
]
EVENT = "    Event Type: DATA_TX_START (0x01)"
DETAILS = [
    "Frame 1: 25 bytes on wire",
    f"    Epoch Time: {TIME} seconds",
    EVENT,
    "Data (13 bytes)",
    "",
    "0000  bb dd dd 32 06 59 2a 59 68 59 ad 6b bc            ...2.Y*YhY.k.",
    "    Data: bbdddd3206592a596859ad6bbc",
    "    [Length: 13]",
]
PDML = [
    '<pdml version="0">',
    f'    <field name="frame.time_epoch" showname="Epoch Time" size="0" pos="0" show="{TIME}"/>',
    '    <field name="rtacser.eventtype" showname="Event Type: DATA_RX_START (0x02)" pos="8" show="0x02" value="02"/>',
    f'      <field name="data.data" size="13" pos="12" show="bb:dd" value="{FRAME.hex()}"/>',
    '      <field name="data.len" showname="Length: 13" show="13"/>',
]


def read(text: str) -> list[tuple[str, bytes]]:
    """Return the direction and bytes of each chunk of a text."""
    shape = find_text_shape(text.encode())
    assert shape is not None
    reader = TextReader(shape)
    names: dict[int, str] = {}
    found: list[tuple[str, bytes]] = []
    for item in [*reader.feed(text.encode()), *reader.finish()]:
        if isinstance(item, Tap):
            names[item.tap] = item.name
        elif isinstance(item, Chunks):
            found += [(names.get(item.tap, ""), data) for data, _ in item.pieces]
    return found


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (HEADER + FRAME, f"{TIME} RX: {HEX}"),
        (SENT + FRAME, f"{TIME} TX: {HEX}"),
        (HEADER, f"{TIME} RX:"),
        (HEADER[:8] + b"\7\0\0\0", f"{TIME} framing error"),
        (HEADER[:8] + b"\5\0\0\0", f"{TIME} data lost"),
        (HEADER[:8] + b"\x08\0\0\0\xaa", f"{TIME} RX: aa"),
        (HEADER[:-1], None),
        (HEADER[:-1] + b"\1" + FRAME, None),
        (FRAME, None),
        (bytes(12) + FRAME, None),
    ],
)
def test_a_header_is_a_time_and_a_direction(data: bytes, line: str | None) -> None:
    assert parse_rtac_bytes(data) == line


def test_rows_are_packets_without_their_headers() -> None:
    assert find_hex_carrier(ROWS) is HexCarrier.PACKETS
    assert [HexCarrier.PACKETS.unwrap(row) for row in [*ROWS, "", "    1 0.000 RTAC Serial"]] == [
        [f"{TIME} RX: bb dd dd 32"],
        ["06 59 2a 59 68 59 ad 6b bc"],
        [],
        None,
    ]
    assert find_hex_carrier([ROWS[1].replace("0010", "0000")]) is None


def test_details_have_their_bytes_once() -> None:
    assert find_hex_carrier(DETAILS) is HexCarrier.DETAILS
    assert [HexCarrier.DETAILS.unwrap(line) for line in DETAILS] == [None, [TIME], ["TX"], None, [], [HEX], None, None]


def test_pdml_has_the_bytes_of_its_fields() -> None:
    assert find_hex_carrier(PDML) is HexCarrier.FIELDS
    assert [HexCarrier.FIELDS.unwrap(line) for line in PDML] == [[], [TIME], ["RX"], [FRAME.hex()], []]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"hex": HEX}, {"hex": HEX}),
        ({"frame_raw": HEX, "data_raw": [HEX, 12]}, {"dir": "", "frame": None, "data": HEX}),
        ({"frame_raw": [(SENT + FRAME).hex(), 0], "data_raw": HEX}, {"frame": None, "line": f"{TIME} TX: {HEX}"}),
        (
            {"frame": {}, "rtacser": {"rtacser.eventtype": "0x02"}, "data": {"data.data": HEX}},
            {"dir": "RX", "frame": {}, "data": {"data.data": HEX}},
        ),
        ({"rtacser": {"rtacser_rtacser_eventtype": 2}, "data": 1}, {"dir": "", "frame": None, "data": ""}),
        ({"frame_raw": "zz", "data_raw": []}, {"frame_raw": "zz", "data_raw": []}),
    ],
)
def test_json_has_the_bytes_of_the_line_alone(members: dict[str, object], expected: dict[str, object]) -> None:
    assert pick_layers(members) == expected


@pytest.mark.parametrize("options", ["-x", "-V", "-V -x", "-P -x", "-T pdml", "-T json", "-T json -x", "-T ek -x"])
def test_what_tshark_prints_is_what_it_read(options: str) -> None:
    capture = CAPTURES / "charging.pcapng"
    data = run("tshark", "-r", capture, "-T", "fields", "-e", "data.data")
    found = read(run("tshark", "-r", capture, *options.split()))
    assert b"".join(data for _, data in found).hex() == data.replace("\n", "")
    assert {way for way, _ in found} <= {"", "RX", "TX"}


def test_an_index_line_of_json_holds_no_bytes() -> None:
    index, packet = {"index": {"_index": "packets"}}, {"layers": {"frame_raw": "00", "data_raw": HEX}}
    assert read(f"{json.dumps(index)}\n{json.dumps(packet)}\n") == [("", FRAME)]
