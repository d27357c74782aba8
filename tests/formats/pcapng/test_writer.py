"""The bytes of a capture: a block of each type, written by hand."""

from datetime import timedelta, timezone

import pytest

from sniffer._version import __version__
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, TapGap
from sniffer.core.wire.links import COM_TO_PWR, PWRBOARD
from sniffer.formats.pcapng.writer import CaptureWriter
from tests.records import records_of
from tests.tui.helpers import captured, only

TIME = 0x0123_4567_89AB_CDEF
"""A time in nanoseconds with a different value in each byte."""

FRAME = PWRBOARD.build(COM_TO_PWR.head, 0x0102, 0x7E, b"\x05")
"""A frame of eight bytes, which needs no padding."""

RTAC = (TIME // 10**9).to_bytes(4, "big") + (TIME % 10**9 // 1000).to_bytes(4, "big")


def record(data: bytes, time: int | None = TIME) -> Record:
    return only(records_of(Chunk(data, time)))


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def option(code: int, value: bytes) -> bytes:
    return code.to_bytes(2, "little") + len(value).to_bytes(2, "little") + padded(value)


def block(kind: int, body: bytes) -> bytes:
    size = (len(body) + 12).to_bytes(4, "little")
    return kind.to_bytes(4, "little") + size + body + size


def interface(name: bytes, about: bytes, baud: int | None) -> bytes:
    speed = option(8, baud.to_bytes(8, "little")) if baud else b""
    options = option(2, name) + option(3, about) + option(9, b"\x09") + speed + bytes(4)
    return block(1, bytes.fromhex("fa00 0000 00000000") + options)


def packet(number: int, stamp: int, data: bytes, options: bytes) -> bytes:
    size = len(data).to_bytes(4, "little")
    head = number.to_bytes(4, "little") + (stamp >> 32).to_bytes(4, "little") + (stamp % 2**32).to_bytes(4, "little")
    return block(6, head + size + size + padded(data) + options + bytes(4))


def flags(value: int) -> bytes:
    return option(2, value.to_bytes(4, "little"))


TAP = b"evse-sniff tap: each packet is a frame, or a piece of noise"


def test_the_header_names_the_program() -> None:
    body = bytes.fromhex("4d3c2b1a 0100 0000 ffffffffffffffff")
    generator = f"evse-sniff {__version__}".encode()
    assert CaptureWriter("x").encode_header() == block(0x0A0D0D0A, body + option(4, generator) + bytes(4))


def test_interface_is_described_before_its_first_packet_only() -> None:
    writer = CaptureWriter("/dev/ttyUSB0", 9600)
    first, second = writer.encode_record(record(FRAME)), writer.encode_record(record(FRAME))
    assert first == interface(b"/dev/ttyUSB0", TAP, 9600) + second
    assert second == packet(0, TIME, RTAC + b"\x01\0\0\0" + FRAME, flags(2))


@pytest.mark.parametrize(
    ("data", "event", "options"),
    [(FRAME, 1, 2), (PWRBOARD.build(b"\xbb", 1, 0x7E, b""), 2, 1), (FRAME[:-1] + b"\0", 2, 1 << 24), (b"\1", 2, 0)],
    ids=["out", "in", "wrong CRC", "garbage"],
)
def test_direction_and_wrong_crc_are_in_the_flags(data: bytes, event: int, options: int) -> None:
    writer = CaptureWriter("x")
    writer.encode_record(record(FRAME))
    assert writer.encode_record(record(data)) == packet(0, TIME, RTAC + bytes([event, 0, 0, 0]) + data, flags(options))


def test_note_is_a_comment() -> None:
    writer = CaptureWriter("x")
    writer.encode_record(record(FRAME))
    options = flags(2) + option(1, "schön".encode())
    assert writer.encode_record(record(FRAME), "schön") == packet(0, TIME, RTAC + b"\x01\0\0\0" + FRAME, options)


def test_note_that_comes_late_is_a_packet_of_its_own() -> None:
    writer = CaptureWriter("x")
    writer.encode_record(record(FRAME))
    options = flags(0) + option(1, b"note #1: late")
    assert writer.encode_note(1, "late") == packet(0, TIME, RTAC + bytes(4), options)


def test_gap_is_a_packet_without_data() -> None:
    writer = CaptureWriter("x")
    writer.encode_record(record(FRAME))
    lost = only(Pipeline(packaged_definition()).feed(TapGap(TIME, "unplugged")))
    options = flags(0) + option(1, b"gap: unplugged")
    assert writer.encode_record(lost) == packet(0, TIME, RTAC + b"\x05\0\0\0", options)


def test_bytes_without_times_have_an_interface_of_their_own() -> None:
    about = b"evse-sniff without times: each packet is a frame, or a piece of noise"
    packets = CaptureWriter("a.bin").encode_record(record(FRAME, None))
    assert packets == interface(b"a.bin", about, None) + packet(0, 0, bytes(8) + b"\x01\0\0\0" + FRAME, flags(2))


@pytest.mark.parametrize(("time", "seconds"), [(-1, 0), (0, 0), (2**62, 0xFFFF_FFFF)])
def test_a_time_out_of_range_is_the_nearest_in_range(time: int, seconds: int) -> None:
    writer = CaptureWriter("x")
    writer.encode_record(record(FRAME))
    stamp = max(time, 0)
    micros = stamp % 10**9 // 1000
    head = seconds.to_bytes(4, "big") + micros.to_bytes(4, "big")
    assert writer.encode_record(record(FRAME, time)) == packet(0, stamp, head + b"\x01\0\0\0" + FRAME, flags(2))


def test_log_is_shown_in_its_own_zone() -> None:
    writer = CaptureWriter("a.log", zone=timezone(timedelta(hours=-1)))
    options = b"".join(map(writer.encode_record, records_of(*captured()[:3])))
    assert b"log: 704 2023-11-29T23:00:42-0100 [ocpp] availabilitySrc = 0x01,0x01" in options
    assert b"log: 705 2023-11-29T23:00:42-0100 [ocpp] =>Dbus:FF 6A A6 FF FF 00 05 [00 21] 00 9C 18" in options
    assert b"log: 706 2023-11-29T23:00:47-0100 [comproc] Com boot!" in options
