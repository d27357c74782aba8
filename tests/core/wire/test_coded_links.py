"""Links whose frames hold other bytes than they mean: a number added to each byte of the payload, or digits.

The frames of DL/T 645-2007 are those that public readers of its meters print beside what they mean, those of Pylontech
are in public descriptions of its protocol, and those of Modbus ASCII in that of Modbus.
"""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import Message, framing_fields
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.items import Chunk
from tests.core.protocol.helpers import values_of
from tests.core.wire.boards import METER, PACK

DEFINITION = load(packaged_files(), [("meter.toml", METER)])
CODEC = Codec(DEFINITION)
WAKE = bytes.fromhex("FE FE FE FE")
ASKED = bytes.fromhex("68 61 01 00 00 00 00 68 11 04 33 33 34 33 14 16")
ANSWERED = bytes.fromhex("68 61 01 00 00 00 00 68 91 08 33 33 34 33 59 33 33 33 8A 16")
OTHER = bytes.fromhex("68 72 00 32 09 17 20 68 91 08 33 33 34 33 B9 34 33 33 6D 16")


def read(data: bytes, definition: Definition = DEFINITION) -> list[Message]:
    pipeline = Pipeline(definition)
    records = [*pipeline.feed(Chunk(data, 0)), *pipeline.flush()]
    return [record.item for record in records if isinstance(record.item, Message)]


def test_the_frames_of_a_meter_mean_what_its_readers_print() -> None:
    asked, answered, other = read(WAKE + ASKED + WAKE + ANSWERED + OTHER)
    assert [one.frame.raw for one in (asked, answered, other)] == [ASKED, ANSWERED, OTHER]
    assert [one.summary for one in (asked, answered, other)] == ["0x00010000", "260 Wh", "1860 Wh"]
    assert [one.frame.key_text for one in (answered, other)] == ["000000000161", "201709320072"]
    assert answered.frame.payload.hex() == "0000010026000000"
    assert [(one.name, one.start, one.end) for one in answered.fields] == [("identifier", 10, 14), ("energy", 14, 18)]
    assert [part.name for part in framing_fields(other.frame)][:2] == ["head", "address"]


def test_what_is_meant_is_sent_with_the_number_added() -> None:
    for message in read(ASKED + ANSWERED):
        assert message.command
        raw = CODEC.encode(message.command, 0, values_of(message))
        address = message.frame.raw[1:7]
        # The address is no value of the command.
        assert raw[10:-2] == message.frame.raw[10:-2]
        assert raw[1:7] == bytes(len(address))


def test_a_row_of_fields_is_read_as_it_is_meant() -> None:
    raw = DEFINITION.links.links["meter"].build(b"\x68", 0, 0xD1, b"\2", direction="meter>master")
    (refused,) = read(raw)
    assert raw[10] == 0x35
    assert (refused.summary, refused.values) == ("2", (2,))


def test_a_byte_wraps_around() -> None:
    link = DEFINITION.links.links["meter"]
    raw = link.build(b"\x68", 0, 0x11, b"\xff\xcd\xcc\x00", direction="master>meter")
    assert raw[10:14].hex() == "3200ff33"
    (frame,) = Framer(DEFINITION.links.routes_in_bytes).feed(raw)
    assert isinstance(frame, Frame)
    assert frame.payload.hex() == "ffcdcc00"


@given(st.binary(max_size=40), st.integers(0, 2**31))
def test_every_payload_survives(payload: bytes, seed: int) -> None:
    link = DEFINITION.links.links["meter"]
    raw = link.build(b"\x68", 0, 0x91, payload, direction="meter>master")
    before = random.Random(seed).randbytes(3).replace(b"\x68", b"")
    found = [*(framer := Framer(DEFINITION.links.routes_in_bytes)).feed(before + raw), *framer.flush()]
    assert b"".join(item.raw for item in found) == before + raw
    (frame,) = (item for item in found if isinstance(item, Frame))
    assert frame.payload == payload
    message = CODEC.decode(frame)
    assert b"".join(raw[field.start : field.end] for field in message.fields) == raw[10:-2]


def test_a_wrong_check_is_noise() -> None:
    damaged = ANSWERED[:14] + b"\0" + ANSWERED[15:]
    found = [*(framer := Framer(DEFINITION.links.routes_in_bytes)).feed(damaged), *framer.flush()]
    assert all(isinstance(item, Noise) for item in found)


def test_the_number_is_written_and_read_again() -> None:
    text = format_definition(DEFINITION)
    assert "added = 0x33" in text
    again = load(packaged_files(), [("written.toml", text)])
    assert again.links.links["meter"] == DEFINITION.links.links["meter"]


@pytest.mark.parametrize("number", [1, 255])
def test_links_with_other_numbers_differ(number: int) -> None:
    other = load(packaged_files(), [("meter.toml", METER.replace("added = 0x33", f"added = {number}"))])
    assert other.links.links["meter"] != DEFINITION.links.links["meter"]


PACKS = load(packaged_files(), [("pack.toml", PACK)])
ASK = b"~20024642E00202FD33\r"
VALUES = (
    b"~20024600F07A11020F0CC50CC30CC50CC40CC40CC60CC50CC40CC70CC50CC60CC60CC50CC60CC6050B370B230B230B2D0B2DFFE0BF8DFFFF04"
    b"FFFF001B00BBE4012110E1D6\r"
)
ASCII = load(
    packaged_files(),
    [
        (
            "ascii.toml",
            """
[[link]]
name = "ascii"
heads = { "master>slave" = "", "slave>master" = "" }
delimiter = { begin = "3A", end = "0D 0A", digits = "upper" }
address = { at = 0 }
command = { at = 1 }
payload = 2
check = { name = "sum negated" }

[[command]]
direction = "master>slave"
code = 3
name = "read"
summary = "{first} {count}"
fields = [{ names = ["first", "count"], size = 2 }]
""",
        )
    ],
)
MODBUS = b":1103006B00037E\r\n"


def framed(definition: Definition, data: bytes) -> list[Frame | Noise]:
    framer = Framer(definition.links.routes_in_bytes)
    return [*framer.feed(data), *framer.flush()]


def frames_in(definition: Definition, data: bytes) -> list[bytes]:
    return [item.raw for item in framed(definition, data) if isinstance(item, Frame)]


def test_the_frames_of_a_battery_mean_the_bytes_for_which_their_digits_stand() -> None:
    asked, answered = read(ASK + VALUES, PACKS)
    assert [one.frame.raw for one in (asked, answered)] == [ASK, VALUES]
    assert (asked.name, asked.summary, asked.frame.key_text) == ("read values", "pack 2", "02")
    assert answered.summary == "49.037 V, -3.2 A, 14.0 °C, 12.0 °C, 12.0 °C, 13.0 °C, 13.0 °C"
    assert [answered.value(f"cells.{number}") for number in (1, 2, 15)] == [3.269, 3.267, 3.27]
    places = {field.name: (field.start, field.end) for field in (*framing_fields(asked.frame), *asked.fields)}
    assert {name: ASK[start:end] for name, (start, end) in places.items()} == {
        "address": b"02",
        "command": b"42",
        "length": b"E002",
        "pack": b"02",
        "crc": b"FD33",
    }


def test_what_is_meant_is_sent_as_digits() -> None:
    codec = Codec(PACKS)
    for message in read(ASK + VALUES, PACKS):
        assert message.command
        raw = codec.encode(message.command, 0, values_of(message))
        # Version, address and kind of device are no values of the command.
        assert (raw[:1], raw[7:-5]) == (message.frame.raw[:1], message.frame.raw[7:-5])
        assert frames_in(PACKS, raw) == [raw]


def test_a_check_may_be_that_of_the_bytes() -> None:
    (message,) = read(MODBUS, ASCII)
    assert (message.name, message.summary, message.frame.key_text) == ("read", "107 3", "11")


@pytest.mark.parametrize(
    "damaged",
    [
        ASK.replace(b"33", b"34"),
        ASK.replace(b"E0", b"e0"),
        ASK.replace(b"E0", b"E"),
        ASK.replace(b"E0", b"G0"),
        ASK[1:],
        b"~\r",
        b"~20\r",
    ],
)
def test_other_bytes_are_noise(damaged: bytes) -> None:
    assert frames_in(PACKS, damaged + ASK) == [ASK]
    assert frames_in(PACKS, ASK + damaged) == [ASK]


@given(st.lists(st.sampled_from([ASK, VALUES, ASK[:-1], b"~", b"\r", b"20", b"z"]), max_size=12), st.integers(0, 2**31))
def test_frames_and_noise_are_all_bytes_however_they_are_cut(pieces: list[bytes], seed: int) -> None:
    data, draw = b"".join(pieces), random.Random(seed)
    whole = framed(PACKS, data)
    assert b"".join(item.raw for item in whole) == data
    framer, at, found = Framer(PACKS.links.routes_in_bytes), 0, []
    while at < len(data):
        size = draw.randint(1, 9)
        found += framer.feed(data[at : at + size])
        at += size
    found += framer.flush()
    assert [item.raw for item in found if isinstance(item, Frame)] == [
        item.raw for item in whole if isinstance(item, Frame)
    ]
    assert b"".join(item.raw for item in found) == data


@given(st.binary(min_size=2, max_size=30), st.sampled_from(["upper", "lower"]))
def test_any_content_survives_as_digits(payload: bytes, case: str) -> None:
    definition = load(packaged_files(), [("pack.toml", PACK.replace("upper", case))])
    raw = definition.links.links["pack"].build(b"", 0, 0x42, payload, direction="host>pack")
    assert raw.decode()[1:-1] == getattr(raw.decode()[1:-1], case)()
    (frame,) = framed(definition, raw)
    assert isinstance(frame, Frame)
    assert frame.payload == payload
    message = Codec(definition).decode(frame)
    assert b"".join(raw[field.start : field.end] for field in message.fields) == raw[9:-5]


@pytest.mark.parametrize("definition", [PACKS, ASCII])
def test_digits_are_written_and_read_again(definition: Definition) -> None:
    again = load(packaged_files(), [("written.toml", format_definition(definition))])
    assert again.links.links.keys() == definition.links.links.keys()
    assert all(again.links.links[name] == link for name, link in definition.links.links.items())
