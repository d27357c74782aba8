"""Packets: which of them are plain, and what their time stamps say."""

import pytest

from sniffer.base.times import LATEST, SECOND
from sniffer.formats.pcapng.blocks import INBOUND, OUTBOUND
from sniffer.formats.pcapng.packet import Interface, PacketShape
from sniffer.formats.pcapng.rtac_serial import HEADER_SIZE, RtacEvent
from tests.formats.pcapng.helpers import packet

RTAC = PacketShape(False, True, HEADER_SIZE)
RAW = PacketShape(False, False, 0)


@pytest.mark.parametrize(
    ("ticks", "offset", "stamp", "time"),
    [(1000, 0, 7, 7_000_000), (1 << 10, 1, 512, SECOND + SECOND // 2), (1, 0, LATEST // SECOND, None)],
)
def test_a_time_stamp_is_a_time_in_nanoseconds(ticks: int, offset: int, stamp: int, time: int | None) -> None:
    assert Interface(250, ticks=ticks, offset=offset).time_of(stamp >> 32, stamp & 0xFFFF_FFFF) == time


def test_the_direction_is_in_the_event_of_rtac_serial_or_in_the_flags() -> None:
    assert RTAC.find_direction(packet(b"a", event=RtacEvent.SENT)) == OUTBOUND
    assert RTAC.find_direction(packet(b"a", event=RtacEvent.RECEIVED)) == INBOUND
    assert RAW.find_direction(packet(b"a", flags=OUTBOUND)) == OUTBOUND
    assert RAW.find_direction(packet(b"a", flags=1 << 24)) == 0


def test_a_packet_that_says_more_than_its_bytes_is_not_plain() -> None:
    said = [packet(b"a", "a note"), packet(b"a", lost=1), packet(b"a")._replace(dropped=1)]
    assert [shape.find_direction(one) for shape in (RTAC, RAW) for one in said] == [-1] * 6
    assert RTAC.find_direction(packet(b"a", event=RtacEvent.PARITY_ERROR)) == -1
    assert RTAC.find_direction(packet(b"a")._replace(data=b"short")) == -1
