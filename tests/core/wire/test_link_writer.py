"""The entries of links as they are printed. That they are read again as equal links is in `test_link_parser`."""

from sniffer.core.wire.checks import no_check
from sniffer.core.wire.link import Link
from sniffer.core.wire.link_parts import (
    DirectionField,
    FrameDirections,
    FrameEnd,
    FrameNumbers,
    FramePayload,
    FrameSizes,
    LengthField,
    NumberField,
    Shape,
)
from sniffer.core.wire.link_writer import build_link_keys, format_hex
from sniffer.core.wire.links import PACKAGED
from tests.core.wire.boards import load_links


def test_a_code_is_hexadecimal_with_all_its_digits() -> None:
    assert format_hex(0x2C, 4).as_string() == "0x002C"
    assert format_hex(0x200208, 6).as_string() == "0x200208"


def test_a_link_is_printed_with_its_parts() -> None:
    keys = build_link_keys(PACKAGED.entries[1])
    assert {key: value for key, value in keys.items() if value is not None} == {
        "name": "dbus",
        "about": "OCPP module and communication processor.",
        "heads": {"ocpp>com": "FF 6A A6", "com>ocpp": "FF 6A A6"},
        "sequence": {"at": 3, "size": 2, "order": "big", "shared": ["DDDD", "EEEE", "FFFF", "0000"]},
        "command": {"at": 7, "size": 2, "order": "big"},
        "length": {"at": 5, "size": 2, "order": "big", "adds": 7},
        "payload": 9,
        "check": {"name": "CRC-16/MODBUS", "size": 2, "order": "big", "from": 3},
        "longest": 65542,
        "longest_live": 512,
    }


def test_several_sizes_are_listed() -> None:
    (modbus,) = (entry for entry in load_links().entries if entry.link.name == "modbus")
    sizes = build_link_keys(modbus)["sizes"]
    assert sizes[0] == {"direction": "master>slave", "commands": [1, 2, 3, 4, 5, 6], "size": 8}
    assert sizes[2]["length"] == {"at": 2, "size": 1, "adds": 5}


def test_the_bits_of_a_length_are_printed() -> None:
    entry = PACKAGED.entries[1]
    shape = Shape(LengthField(0, 1, adds=4, mask=0x3F))
    link = Link("a", FrameNumbers(), FrameSizes((shape,), 67, 67), FramePayload(3), FrameEnd(no_check()))
    length = build_link_keys(entry._replace(link=link))["length"]
    assert (length, length["mask"].as_string()) == ({"at": 0, "size": 1, "mask": 0x3F, "adds": 4}, "0x3F")


def test_codes_and_directions_are_printed_in_hexadecimal() -> None:
    (modbus,) = (entry for entry in load_links().entries if entry.link.name == "modbus")
    sizes = build_link_keys(modbus)["sizes"]
    assert [code.as_string() for code in sizes[0]["commands"][:2]] == ["0x01", "0x02"]
    way = DirectionField(NumberField(0, 1), {"a>b": (1, 2, 3, 9), "b>a": (0x80, 0x81)})
    link = Link(
        "a",
        FrameNumbers(command=NumberField(1, 1)),
        FrameSizes((Shape(None, 4),), 4, 4),
        FramePayload(2),
        FrameEnd(no_check()),
        FrameDirections(way),
    )
    direction = build_link_keys(modbus._replace(link=link))["direction"]
    assert direction["a>b"] == ["0x01-0x03", 9]
    assert direction["b>a"] == [0x80, 0x81]
