"""Frames and noise in full: the fields in the order of their bytes, and what a wrong CRC should be."""

from msgspec.structs import replace

from sniffer.commands.explain.frame_text import (
    describe_damaged_line,
    describe_noise,
    format_field_table,
    is_without_head,
    parse_frames,
)
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.enumeration import MEANING_UNKNOWN
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import framing_fields
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.links import ROUTES_IN_BYTES
from tests.core.protocol.helpers import DEFINITION
from tests.known_frames import STATUS_REPORT

LINKS = """
[[link]]
name = "sensor"
heads = { "sensor>control" = "", "control>sensor" = "" }
delimiter = { end = "7E", escape = "7D", xor = 0x20 }
payload = 2
check = { name = "sum negated" }
"""


def items_of(data: bytes) -> list[Frame | Noise]:
    framer = Framer(ROUTES_IN_BYTES)
    return [*framer.feed(data), *framer.flush()]


def test_the_fields_stand_in_the_order_of_their_bytes() -> None:
    (frame,) = items_of(STATUS_REPORT.raw)
    assert isinstance(frame, Frame)
    fields = Codec(DEFINITION).decode(frame).fields
    lines = [line.split() for line in format_field_table(frame, reversed(fields))]
    places = {field.name: field.start for field in [*framing_fields(frame), *fields]}
    assert [line[0] for line in lines] == sorted(places, key=lambda name: places[name])
    assert ["m4_error", "04", "4", "documented"] in [line[:4] for line in lines]


def test_a_field_whose_meaning_nothing_states_says_so() -> None:
    (frame,) = items_of(STATUS_REPORT.raw)
    assert isinstance(frame, Frame)
    field = replace(Codec(DEFINITION).decode(frame).fields[0], provenance=None)
    assert any(MEANING_UNKNOWN in line for line in format_field_table(frame, [field]))


def test_noise_says_why_it_is_no_frame() -> None:
    wrong = STATUS_REPORT.raw[:-1] + b"\x00"
    (crc,) = items_of(wrong)
    assert isinstance(crc, Noise)
    (line,) = describe_noise(crc)
    right, holds = STATUS_REPORT.raw[-2:].hex().upper(), wrong[-2:].hex().upper()
    assert line.startswith(f"a frame with a wrong CRC: it holds {holds}, its bytes give {right}: BB ")
    (cut,) = items_of(STATUS_REPORT.raw[:9])
    assert isinstance(cut, Noise)
    assert [*describe_noise(cut)] == [f"a frame that was cut off: {STATUS_REPORT.raw[:9].hex(' ').upper()}"]
    links = load(packaged_files(), [("my.toml", LINKS)]).links
    framer = Framer(links.routes_in_bytes)
    (escaped,) = [*framer.feed(bytes.fromhex("7E 41 05 00 7D 5E 00 7E")), *framer.flush()]
    assert isinstance(escaped, Noise)
    (line,) = describe_noise(escaped, links.routes_in_bytes)
    assert line.startswith("a frame with a wrong CRC: it holds 00, its bytes give 3C: 7E 41 ")
    (garbage,) = items_of(b"\x01\x02")
    assert isinstance(garbage, Noise)
    assert [*describe_noise(garbage)] == ["no frame: 01 02"]


BOARDS = """
[[link]]
name = "ended"
heads = { "a>b" = "80", "b>a" = "40" }
delimiter = { end = "0D", escape = "1B", xor = 0xFF }
command = { at = 1 }
payload = 2
check = { name = "CRC-16/XMODEM" }

[[link]]
name = "tailed"
heads = { "c>d" = "55" }
sizes = [{ size = 6 }]
payload = 1
check = { name = "CRC-16/MODBUS", order = "little" }
tail = "77"

[[link]]
name = "headless"
heads = { "e>f" = "" }
sizes = [{ size = 5 }]
payload = 1
check = { name = "CRC-16/MODBUS", order = "little" }
"""
ROUTES = load(packaged_files(), [("my.toml", BOARDS)]).links.routes_in_bytes
ENDED, TAILED, HEADLESS = (
    next(route for route in ROUTES if route.link.name == name) for name in ("ended", "tailed", "headless")
)


def test_a_frame_that_ends_at_a_delimiter_says_what_its_check_should_be() -> None:
    right = ENDED.link.build(ENDED.head, 0, 1, b"\x05")
    assert [type(one) for one in parse_frames(right, ROUTES)] == [Frame]
    wrong = right[1:4] + b"\x11\x22\x0d"
    holds = f"it holds 1122, its bytes give {right[4:6].hex().upper()}"
    assert [*parse_frames(wrong, ROUTES)] == [f"a frame with a wrong CRC: {holds}: {wrong.hex(' ').upper()}"]
    assert describe_damaged_line(b"\x20\x10\x0d", ROUTES) == ""


def test_the_tail_is_no_part_of_a_wrong_check() -> None:
    right = TAILED.link.build(TAILED.head, 0, 0, b"\1\2")
    (line,) = describe_noise(Noise(Reason.CRC, None, right[:3] + b"\0\0\x77"), [TAILED])
    check = right[3:5].hex().upper()
    assert line.startswith(f"a frame with a wrong CRC: it holds 0000, its bytes give {check}: 55 01 02 ")


def test_a_whole_frame_without_a_head_is_known_by_its_check() -> None:
    frame = HEADLESS.link.build(b"", 0, 0, b"\5\6")
    assert is_without_head(frame, ROUTES)
    assert not is_without_head(b"\1" + frame, ROUTES)
    assert not is_without_head(frame, [ENDED, TAILED])
