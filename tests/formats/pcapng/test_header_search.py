"""A header that nobody named shows by frames that stand after equally many bytes."""

import pytest

from sniffer.core.wire.links import PWR_TO_COM, PWRBOARD
from sniffer.formats.link_types import RAW
from sniffer.formats.pcapng.foreign_packets import ForeignPackets
from sniffer.formats.pcapng.header_search import LONGEST_HEADER, HeaderSearch
from sniffer.formats.pcapng.packet import Interface, Packet

FRAME = PWRBOARD.build(PWR_TO_COM.head, 1, 0x32, b"\4\5\6")


def describe(*packets: bytes) -> str:
    search = HeaderSearch(lambda data: data == b"F")
    for packet in packets:
        search.add(147, packet)
    return search.describe()


def test_equally_many_bytes_before_each_frame_are_named_with_the_option() -> None:
    assert describe(b"abcdF", b"half", b"0123F", b"    F") == (
        "4 bytes stand before the frame in each packet of link type 147: if they are a header, give --dlt 147=raw+4"
    )


@pytest.mark.parametrize(
    "packets",
    [
        (),
        (b"F", b"F", b"F"),
        (b"aF", b"aF"),
        (b"aF", b"aF", b"bF", b"abF"),
        (b"aF", b"aF", b"bF", b"F"),
        (b"", b"abc", b"d"),
        (bytes(LONGEST_HEADER + 1) + b"F",) * 3,
    ],
)
def test_other_packets_have_no_header(packets: tuple[bytes, ...]) -> None:
    assert describe(*packets) == ""


def test_packets_of_which_the_user_said_what_they_hold_are_not_searched() -> None:
    for named, is_found in (({}, True), ({147: RAW}, False)):
        foreign, line = ForeignPackets(named), Interface(147)
        for time in range(4):
            foreign.read(Packet(line, time, b"\0\1\2\3" + FRAME))
        assert bool(foreign.headers.describe()) is is_found
