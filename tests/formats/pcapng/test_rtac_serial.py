"""The header of link type 250: twelve bytes, big-endian."""

import pytest

from sniffer.formats.pcapng.rtac_serial import EVENT_OFFSET, HEADER_SIZE, RtacEvent, pack_header, unpack_header


def test_the_header_has_time_and_event() -> None:
    header = pack_header(RtacEvent.RECEIVED, 0x0102_0304 * 10**9 + 5_999)
    assert header == bytes.fromhex("01020304 00000005 02 00 0000")
    assert len(header) == HEADER_SIZE
    assert header[EVENT_OFFSET] == RtacEvent.RECEIVED


@pytest.mark.parametrize(("time", "seconds"), [(-1, 0), (0, 0), (2**32 * 10**9, 0xFFFF_FFFF)])
def test_a_time_out_of_range_is_the_nearest_in_range(time: int, seconds: int) -> None:
    assert pack_header(RtacEvent.SENT, time)[:4] == seconds.to_bytes(4, "big")


def test_events_have_the_numbers_of_the_link_type() -> None:
    assert [(event.name, event.value) for event in RtacEvent] == [
        ("STATUS", 0),
        ("SENT", 1),
        ("RECEIVED", 2),
        ("SENDING_ENDED", 3),
        ("RECEIVING_ENDED", 4),
        ("LOST", 5),
        ("CAPTURE_ENDED", 6),
        ("FRAMING_ERROR", 7),
        ("PARITY_ERROR", 8),
        ("BREAK", 9),
        ("OVERFLOW", 10),
    ]


def test_the_header_is_read_as_it_is_written() -> None:
    header = pack_header(RtacEvent.OVERFLOW, 7_000_005_000)
    assert unpack_header(header + b"data") == (7, 5, RtacEvent.OVERFLOW, 0, 0)
