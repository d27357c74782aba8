"""Link types: what the option says, and what is found from the first packet."""

import pytest

from sniffer.formats.link_types import (
    RAW,
    RTAC,
    PacketLayout,
    describe_refusal,
    find_layout,
    format_link_type,
    is_serial,
    parse_link_type,
)
from sniffer.formats.pcapng.rtac_serial import RtacEvent, pack_header

TIME = 1_700_000_000 * 10**9
RTAC_PACKET = pack_header(RtacEvent.RECEIVED, TIME) + b"\xbb"


@pytest.mark.parametrize(
    ("text", "link_type", "layout"),
    [
        ("147=rtac", 147, RTAC),
        ("147=raw", 147, RAW),
        ("1=raw+42", 1, PacketLayout(skipped=42)),
        ("65535=raw+0", 65535, RAW),
    ],
)
def test_an_option_names_a_link_type_and_a_layout(text: str, link_type: int, layout: PacketLayout) -> None:
    assert parse_link_type(text) == (link_type, layout)


@pytest.mark.parametrize(
    "text", ["", "147", "147=", "=raw", "147=RAW", "147=raw+", "147=raw+9999", "65536=raw", "x=raw"]
)
def test_another_text_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"such as 147=rtac, 147=raw or 147=raw\+4$"):
        parse_link_type(text)


@pytest.mark.parametrize("link_type", [147, 162])
def test_a_user_type_has_the_header_that_its_first_packet_begins_with(link_type: int) -> None:
    assert find_layout(link_type, RTAC_PACKET, TIME, {}) is RTAC
    assert find_layout(link_type, RTAC_PACKET, None, {}) is RTAC
    assert find_layout(link_type, RTAC_PACKET, TIME + 3600 * 10**9, {}) is RTAC
    assert find_layout(link_type, b"\xbb\xdd\xdd" + bytes(20), TIME, {}) is RAW
    assert find_layout(link_type, RTAC_PACKET, 0, {}) is RAW
    assert find_layout(link_type, RTAC_PACKET[:12], TIME, {}) is RTAC, "a header without a byte after it"
    assert find_layout(link_type, RTAC_PACKET[:11], TIME, {}) is RAW
    assert find_layout(link_type, RTAC_PACKET[:10] + b"\0\1\xbb", TIME, {}) is RAW
    assert find_layout(link_type, RTAC_PACKET[:8] + b"\x0b" + RTAC_PACKET[9:], TIME, {}) is RAW


def test_what_the_user_names_has_precedence() -> None:
    assert find_layout(147, RTAC_PACKET, TIME, {147: RAW}) is RAW
    assert find_layout(1, b"", TIME, {1: RAW}) is RAW
    assert find_layout(1, RTAC_PACKET, TIME, {147: RAW}) is None
    assert find_layout(250, b"", TIME, {}) is RTAC


def test_serial_types_are_rtac_user_and_named_ones() -> None:
    assert [one for one in range(300) if is_serial(one, {1: RAW})] == [1, *range(147, 163), 250]


def test_a_refusal_says_what_it_is_and_what_to_type() -> None:
    assert describe_refusal(1).startswith("link type 1 (Ethernet) is not a serial line's: ")
    assert describe_refusal(1).endswith("with --dlt 1=raw")
    assert "-e udp.payload > FILE.txt`" in describe_refusal(1)
    assert "-e usb.capdata > FILE.txt`" in describe_refusal(220)
    assert "tshark" not in describe_refusal(227)
    assert format_link_type(999) == "link type 999"
    assert (RTAC.header_size, RAW.header_size, PacketLayout(skipped=4).header_size) == (12, 0, 4)


def test_a_header_with_the_time_of_another_clock_is_one_if_a_frame_stands_after_it() -> None:
    late = pack_header(RtacEvent.RECEIVED, 5 * 10**9) + b"frame"
    assert find_layout(147, late, TIME, {}, lambda data: data == b"frame") is RTAC
    assert find_layout(147, late, TIME, {}, lambda data: False) is RAW
    assert find_layout(147, late[:8] + b"\x0b" + late[9:], TIME, {}, lambda data: True) is RAW
