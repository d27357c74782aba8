"""Links whose frames hold other bytes than they mean: a number added to each byte of the payload.

The frames of DL/T 645-2007 are those that public readers of its meters print beside what they mean.
"""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import Message, framing_fields
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.items import Chunk
from tests.core.protocol.helpers import values_of
from tests.core.wire.boards import METER

DEFINITION = load(packaged_files(), [("meter.toml", METER)])
CODEC = Codec(DEFINITION)
WAKE = bytes.fromhex("FE FE FE FE")
ASKED = bytes.fromhex("68 61 01 00 00 00 00 68 11 04 33 33 34 33 14 16")
ANSWERED = bytes.fromhex("68 61 01 00 00 00 00 68 91 08 33 33 34 33 59 33 33 33 8A 16")
OTHER = bytes.fromhex("68 72 00 32 09 17 20 68 91 08 33 33 34 33 B9 34 33 33 6D 16")


def read(data: bytes) -> list[Message]:
    pipeline = Pipeline(DEFINITION)
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
