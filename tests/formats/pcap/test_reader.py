"""Classic captures: byte orders, clocks, link types, and files that are cut off or damaged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.formats.pcap.reader import MAGICS, PcapReader, read_link_type
from sniffer.formats.pcapng.reader import CaptureError
from tests.formats.pcap.helpers import header, record
from tests.formats.pcapng.test_reader import Order


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("nanoseconds", "time"), [(False, 7 * SECOND + 123_456_000), (True, 7 * SECOND + 123_456)])
def test_both_byte_orders_and_both_clocks(order: Order, nanoseconds: bool, time: int) -> None:
    reader = PcapReader()
    capture = header(order, 147, nanoseconds=nanoseconds) + record(b"abc", 7, 123_456, order)
    (packet,) = reader.feed(capture)
    assert (packet.time, packet.data, packet.lost, packet.interface.link_type) == (time, b"abc", 0, 147)
    assert reader.interfaces == [packet.interface]
    assert (reader.consumed, reader.waiting) == (len(capture), 0)
    assert capture.startswith(MAGICS)
    assert read_link_type(capture) == 147


def test_what_stands_beside_the_link_type_is_no_part_of_it() -> None:
    assert read_link_type(header(link_type=0x1400_00FA)) == 250


@pytest.mark.parametrize(("size", "lost"), [(9, 6), (3, 0), (1, 0)])
def test_bytes_that_were_not_kept_are_lost_and_never_fewer_than_none(size: int, lost: int) -> None:
    assert [packet.lost for packet in PcapReader().feed(header() + record(b"abc", size=size))] == [lost]


@given(st.integers(1, 70))
def test_every_way_to_cut_it_into_reads_gives_the_same_packets(size: int) -> None:
    capture, reader = header() + record(b"abc") + record(b"") + record(bytes(30)), PcapReader()
    packets = list(PcapReader().feed(capture))
    assert [packet for at in range(0, len(capture), size) for packet in reader.feed(capture[at : at + size])] == packets
    assert [packet.data for packet in packets] == [b"abc", b"", bytes(30)]


def test_a_capture_that_is_cut_off_keeps_what_is_not_complete() -> None:
    reader = PcapReader()
    assert [packet.data for packet in reader.feed(header() + record(b"abc") + record(b"abcdef")[:-1])] == [b"abc"]
    assert reader.waiting == 21


def test_an_impossible_size_is_damage_at_its_offset() -> None:
    packets = PcapReader().feed(header() + record(b"abc") + b"\xff" * 16)
    assert next(packets).data == b"abc"
    with pytest.raises(CaptureError, match=r"^damaged at byte 43: a packet cannot have 4294967295 bytes$"):
        next(packets)


@given(st.binary(max_size=200))
def test_any_bytes_are_packets_or_damage(data: bytes) -> None:
    reader = PcapReader()
    try:
        found = [packet.data for packet in reader.feed(header() + data)]
    except CaptureError:
        return
    assert sum(16 + len(one) for one in found) + reader.waiting == len(data)
