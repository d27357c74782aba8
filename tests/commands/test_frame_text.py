"""Frames and noise in full: the fields in the order of their bytes, and what a wrong CRC should be."""

from msgspec.structs import replace

from sniffer.commands.frame_text import UNKNOWN, describe_noise, format_field_table
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import framing_fields
from sniffer.core.wire.frame import Frame, Noise
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
    assert any(UNKNOWN in line for line in format_field_table(frame, [field]))


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
