"""The reader accepts more than our own captures: both byte orders, other clocks, sections, older packets."""

from struct import pack
from typing import Literal

import pytest

from sniffer.base.times import SECOND
from sniffer.formats.pcapng.packet import Interface, Packet
from sniffer.formats.pcapng.reader import CaptureReader

Order = Literal["<", ">"]


def block(order: Order, kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    return pack(f"{order}II", kind, len(body) + 12) + body + pack(f"{order}I", len(body) + 12)


def option(order: Order, code: int, value: bytes) -> bytes:
    return pack(f"{order}HH", code, len(value)) + value + bytes(-len(value) % 4)


def section(order: Order, *options: bytes) -> bytes:
    body = pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1) + b"".join(options) + option(order, 4, b"somebody")
    return block(order, 0x0A0D0D0A, body)


def interface(order: Order, *options: bytes, longest: int = 0) -> bytes:
    return block(order, 1, pack(f"{order}HHI", 250, 0, longest) + b"".join(options))


def packet(order: Order, time: int, data: bytes, *options: bytes, number: int = 0) -> bytes:
    head = pack(f"{order}IIIII", number, time >> 32, time & 0xFFFF_FFFF, len(data), len(data))
    return block(order, 6, head + data + bytes(-len(data) % 4) + b"".join(options))


def read(capture: bytes) -> list[Packet]:
    reader = CaptureReader()
    found = list(reader.feed(capture))
    assert reader.waiting == 0
    return found


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders(order: Order) -> None:
    options = [option(order, 1, b"one"), option(order, 2, pack(f"{order}I", 0x01000002)), option(order, 1, b"two")]
    described = [option(order, 2, b"tap"), option(order, 3, b"about"), option(order, 8, pack(f"{order}Q", 9600))]
    capture = section(order) + interface(order, *described) + packet(order, 7_000_001, b"abc", *options)
    (found,) = read(capture)
    assert found == Packet(found.interface, 7_000_001_000, b"abc", 0x01000002, ("one", "two"))
    assert found.interface == Interface(250, "tap", "about", 9600)


@pytest.mark.parametrize(
    ("resolution", "ticks", "time"),
    [
        (6, 1_500_000, 1_500_000_000),
        (9, 1_500_000_001, 1_500_000_001),
        (3, 1_500, 1_500_000_000),
        (0, 2, 2 * SECOND),
        (12, 1_500_000_000_999, 1_500_000_000),
        (0x80 | 10, 1536, 1_500_000_000),
        (0x80 | 32, 3 << 31, 1_500_000_000),
    ],
)
def test_any_resolution_of_time(resolution: int, ticks: int, time: int) -> None:
    capture = section("<") + interface("<", option("<", 9, bytes([resolution]))) + packet("<", ticks, b"a")
    assert [found.time for found in read(capture)] == [time]


@pytest.mark.parametrize("offset", [0, 3600, -1])
def test_offset_of_an_interfaces_clock(offset: int) -> None:
    capture = section("<") + interface("<", option("<", 14, pack("<q", offset))) + packet("<", 5_000_000, b"a")
    assert [found.time for found in read(capture)] == [(5 + offset) * SECOND]


def test_each_section_has_interfaces_and_an_order_of_its_own() -> None:
    capture = b"".join(
        [
            *(section("<"), interface("<", option("<", 2, b"a")), interface("<", option("<", 2, b"b"))),
            *(packet("<", 1, b"1", number=1), packet("<", 2, b"2", number=0)),
            *(section(">"), interface(">", option(">", 2, b"c")), packet(">", 3, b"3")),
        ]
    )
    packets = [(found.interface.name, found.time, found.data) for found in read(capture)]
    assert packets == [("b", 1000, b"1"), ("a", 2000, b"2"), ("c", 3000, b"3")]


def test_blocks_and_options_that_are_not_known_are_skipped() -> None:
    capture = b"".join(
        [
            *(section("<"), block("<", 0x0BAD, b"secret"), interface("<", option("<", 4, bytes(8)))),
            *(block("<", 4, bytes(8)), packet("<", 1, b"abcde", option("<", 0x7000, b"x"), option("<", 0, b""))),
            *(block("<", 5, bytes(12)), packet("<", 2, b"")),
        ]
    )
    assert [(found.data, found.flags, found.comments) for found in read(capture)] == [(b"abcde", 0, ()), (b"", 0, ())]


def test_nothing_after_the_end_of_the_options_is_read() -> None:
    options = [option("<", 1, b"comment"), option("<", 0, b""), option("<", 1, b"no comment")]
    assert [found.comments for found in read(section("<") + interface("<") + packet("<", 1, b"a", *options))] == [
        ("comment",)
    ]


def test_simple_packet_has_no_time() -> None:
    capture = section("<") + interface("<", longest=4) + block("<", 3, pack("<I", 6) + b"abcd")
    (found,) = read(capture)
    assert (found.time, found.data, found.lost) == (None, b"abcd", 2)


def test_obsolete_packet_is_read() -> None:
    body = pack("<HHIIII", 0, 0xFFFF, 0, 5_000_000, 3, 4) + b"abc\0" + option("<", 1, b"old")
    (found,) = read(section("<") + interface("<") + block("<", 2, body))
    assert (found.time, found.data, found.comments, found.lost) == (5 * SECOND, b"abc", ("old",), 1)


def test_a_packet_that_was_kept_in_part_is_marked() -> None:
    body = pack("<IIIII", 0, 0, 1, 2, 9) + b"ab"
    (found,) = read(section("<") + interface("<") + block("<", 6, body))
    assert (found.data, found.lost) == (b"ab", 7)


def test_comment_that_is_no_text_is_shown_as_escapes() -> None:
    (found,) = read(section("<") + interface("<") + packet("<", 1, b"a", option("<", 1, b"\xffok\0")))
    assert found.comments == ("\\xffok\0",)


def statistics(time: int, *options: bytes, number: int = 0) -> bytes:
    return block("<", 5, pack("<III", number, time >> 32, time & 0xFFFF_FFFF) + b"".join(options))


def drops(code: int, count: int) -> bytes:
    return option("<", code, pack("<Q", count))


def test_packets_that_were_dropped_before_another_are_counted() -> None:
    capture = section("<") + interface("<") + packet("<", 1, b"a", drops(4, 3)) + packet("<", 2, b"b")
    assert [found.dropped for found in read(capture)] == [3, 0]


def test_statistics_report_the_drops_that_were_not_reported_before() -> None:
    capture = section("<") + interface("<") + packet("<", 1, b"a", drops(4, 3))
    capture += statistics(2, drops(5, 2), drops(7, 1)) + statistics(3, drops(5, 4), drops(7, 1), drops(4, 99))
    assert [(found.time, found.data, found.dropped) for found in read(capture)] == [(1000, b"a", 3), (3000, b"", 2)]


def test_each_interface_has_drops_of_its_own() -> None:
    capture = section("<") + interface("<") * 2 + statistics(1, drops(5, 2), number=1) + statistics(2, drops(5, 1))
    assert [found.dropped for found in read(capture)] == [2, 1]


@pytest.mark.parametrize(("drops", "dropped"), [(0, 0), (2, 2), (0xFFFF, 0)])
def test_an_obsolete_packet_counts_the_drops_before_it(drops: int, dropped: int) -> None:
    body = pack("<HHIIII", 0, drops, 0, 5, 1, 1) + b"a"
    assert [found.dropped for found in read(section("<") + interface("<") + block("<", 2, body))] == [dropped]


def test_more_bytes_than_a_packet_had_are_no_loss() -> None:
    body = pack("<IIIII", 0, 0, 1, 2, 1) + b"ab"
    old = pack("<HHIIII", 0, 0, 0, 5, 2, 1) + b"ab"
    assert [found.lost for found in read(section("<") + interface("<") + block("<", 6, body) + block("<", 2, old))] == [
        0,
        0,
    ]


def test_a_length_may_lack_the_padding() -> None:
    whole = packet("<", 1, b"abcdef")
    short = pack("<I", len(whole) - 2)
    capture = section("<") + interface("<") + whole[:4] + short + whole[8:-4] + short + whole[:4] + short + whole[8:]
    assert [found.data for found in read(capture + whole)] == [b"abcdef"] * 3


def test_a_number_longer_than_the_format_has_is_cut() -> None:
    capture = section("<") + interface("<") + packet("<", 1, b"a", option("<", 4, b"\1" + bytes(7) + b"\1" * 9000))
    assert [found.dropped for found in read(capture)] == [1]


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_comments_of_a_section_are_kept_whatever_else_it_says(order: Order) -> None:
    reader = CaptureReader()
    comments = [option(order, 1, text) for text in (b"first", "größer".encode(), b"\xff")]
    assert [*reader.feed(section(order, *comments) + interface(order) + packet(order, 0, b"\0" * 12))]
    assert [*reader.section_comments] == ["first", "größer", "\\xff"]
    assert [*reader.feed(section(order))] == []
    assert [*reader.section_comments] == []


def test_a_damaged_comment_of_a_section_hides_no_packet() -> None:
    reader = CaptureReader()
    damaged = option("<", 1, b"good") + pack("<HH", 1, 9999)
    assert len([*reader.feed(section("<", damaged) + interface("<") + packet("<", 0, b"\0" * 12))]) == 1
    assert reader.section_comments == ("good",)
