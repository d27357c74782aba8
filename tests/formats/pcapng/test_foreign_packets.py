"""Packets of other programs: framing by direction and interface, RTAC events, losses, and what is skipped."""

import pytest

from sniffer.core.wire.items import LineError, LineErrorMark, Note, TapGap, TapLineError
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD
from sniffer.core.wire.packet_framer import FramedPiece
from sniffer.formats.link_types import RAW, PacketLayout
from sniffer.formats.pcapng.foreign_packets import (
    MOST_INTERFACES,
    Due,
    ForeignPackets,
    describe_nothing_read,
    describe_skipped,
)
from sniffer.formats.pcapng.packet import Interface, Packet
from sniffer.formats.pcapng.rtac_serial import RtacEvent, pack_header

POLL = PWRBOARD.build(COM_TO_PWR.head, 1, 0x32, b"\1\2\3")
ANSWER = PWRBOARD.build(PWR_TO_COM.head, 1, 0x32, b"\4\5\6")
OTHER = Interface(250)


def packet(
    event: int, raw: bytes = b"", time: int = 1, *, comments: tuple[str, ...] = (), lost: int = 0, dropped: int = 0
) -> Packet:
    return Packet(OTHER, time, pack_header(RtacEvent(event), time) + raw, 0, comments, lost, dropped)


def read(*packets: Packet, foreign: ForeignPackets | None = None) -> Due:
    foreign = foreign or ForeignPackets({})
    return [*(one for each in packets for one in foreign.read(each)), *foreign.flush()]


def test_two_directions_that_cut_each_other_both_give_their_frames() -> None:
    packets = [packet(1, POLL[:4], 1), packet(2, ANSWER[:5], 2), packet(3, POLL[4:], 3), packet(4, ANSWER[5:], 4)]
    assert read(*packets) == [FramedPiece(POLL, 1), FramedPiece(ANSWER, 2)]


def test_two_interfaces_that_are_described_equally_are_two_lines() -> None:
    first, second = Interface(147), Interface(147)
    packets = [
        *(Packet(first, 1, POLL[:4]), Packet(second, 2, ANSWER[:5])),
        *(Packet(first, 3, POLL[4:]), Packet(second, 4, ANSWER[5:])),
    ]
    assert read(*packets) == [FramedPiece(POLL, 1), FramedPiece(ANSWER, 2)]


def test_the_flags_of_a_packet_without_header_have_its_direction() -> None:
    line = Interface(147)
    packets = [
        *(Packet(line, 1, POLL[:4], 2), Packet(line, 2, ANSWER[:5], 1)),
        *(Packet(line, 3, POLL[4:], 2), Packet(line, 4, ANSWER[5:], 1)),
    ]
    assert read(*packets) == [FramedPiece(POLL, 1), FramedPiece(ANSWER, 2)]


@pytest.mark.parametrize(("event", "error"), [(7, LineError.FRAMING), (8, LineError.PARITY), (9, LineError.BREAK)])
def test_an_error_of_the_line_is_marked_at_the_byte_that_its_packet_begins_with(event: int, error: LineError) -> None:
    packets = [packet(2, ANSWER[:4], 1), packet(event, ANSWER[4:], 2)]
    assert read(*packets) == [FramedPiece(ANSWER, 1, (LineErrorMark(4, error),))]


@pytest.mark.parametrize(("event", "error"), [(7, LineError.FRAMING), (8, LineError.PARITY), (9, LineError.BREAK)])
def test_an_error_of_the_line_without_its_byte_stands_for_itself(event: int, error: LineError) -> None:
    packets = [packet(2, ANSWER[:4], 1), packet(event, b"", 2), packet(2, ANSWER[4:], 3)]
    assert read(*packets) == [FramedPiece(ANSWER, 1), TapLineError(2, error)]


@pytest.mark.parametrize(("event", "reason"), [(5, "data lost"), (10, "data lost: the buffer of the serial port")])
def test_a_loss_ends_what_waits_in_both_directions(event: int, reason: str) -> None:
    *pieces, gap, after = read(packet(2, ANSWER[:5]), packet(1, POLL[:5], 2), packet(event, POLL, 3))
    assert pieces == [FramedPiece(ANSWER[:5], 1), FramedPiece(POLL[:5], 2)]
    assert isinstance(gap, TapGap)
    assert (gap.time, gap.reason.startswith(reason)) == (3, True)
    assert after == FramedPiece(POLL, 3)


@pytest.mark.parametrize("event", [0, 1, 2, 3, 4, 6])
def test_an_event_without_bytes_and_without_a_loss_is_nothing(event: int) -> None:
    assert read(packet(event)) == []


def test_packets_that_were_dropped_and_bytes_that_were_not_kept_are_losses() -> None:
    assert read(packet(2, ANSWER[:5]), packet(2, ANSWER[5:], 2, dropped=1), packet(2, POLL[:6], 3, lost=4)) == [
        FramedPiece(ANSWER[:5], 1),
        TapGap(2, "1 packet dropped while it was captured"),
        FramedPiece(ANSWER[5:], 2),
        FramedPiece(POLL[:6], 3),
        TapGap(3, "4 bytes of a packet not kept when it was captured"),
    ]


def test_statistics_are_a_loss_without_bytes() -> None:
    assert read(Packet(OTHER, 9, b"", dropped=2)) == [TapGap(9, "2 packets dropped while it was captured")]


def test_all_comments_of_another_program_are_a_note() -> None:
    assert read(packet(2, POLL, comments=("gap: none", "two"))) == [Note("gap: none\ntwo"), FramedPiece(POLL, 1)]


def test_a_named_layout_says_what_stands_before_the_bytes() -> None:
    line = Packet(Interface(1), 1, b"\0\0" + POLL)
    assert read(line, foreign=ForeignPackets({1: PacketLayout(skipped=2)})) == [FramedPiece(POLL, 1)]
    assert read(line, foreign=ForeignPackets({1: RAW})) == [FramedPiece(b"\0\0", 1), FramedPiece(POLL, 1)]


def test_what_is_of_no_serial_line_is_skipped_and_counted() -> None:
    foreign = ForeignPackets({})
    ethernet = Packet(Interface(1), 1, POLL)
    assert read(ethernet, ethernet, Packet(Interface(999), 1, POLL), foreign=foreign) == []
    assert not foreign.has_read
    assert describe_nothing_read(foreign).startswith("link type 1 (Ethernet) is not a serial line's")
    assert read(Packet(OTHER, 1, b"short"), foreign=foreign) == []
    assert foreign.has_read
    assert describe_skipped(foreign) == (
        "skipped: 2 packets of link type 1 (Ethernet), 1 packet of link type 999, 1 packet too short for a header"
    )


def test_nothing_is_reported_of_a_capture_without_other_packets() -> None:
    assert (describe_skipped(ForeignPackets({})), describe_nothing_read(ForeignPackets({}))) == ("", "")


def test_any_number_of_interfaces_can_follow_each_other() -> None:
    foreign = ForeignPackets({})
    due = [one for at in range(2 * MOST_INTERFACES) for one in foreign.read(Packet(Interface(147), at, POLL[:5]))]
    assert due == [FramedPiece(POLL[:5], at) for at in range(MOST_INTERFACES)]
    assert foreign.flush() == [FramedPiece(POLL[:5], at) for at in range(MOST_INTERFACES, 2 * MOST_INTERFACES)]


def test_a_packet_that_is_one_frame_takes_the_short_way_once_its_line_is_known() -> None:
    foreign = ForeignPackets({})
    assert foreign.find_frame(packet(2, POLL)) is None
    assert foreign.read(packet(2, POLL)) == [FramedPiece(POLL, 1)]
    assert [foreign.find_frame(packet(event, POLL)) for event in (2, 4)] == [POLL] * 2
    for other in (
        packet(7, POLL),
        packet(2, POLL, lost=1),
        packet(2, POLL, dropped=1),
        packet(2, POLL, comments=("a",)),
    ):
        assert foreign.find_frame(other) is None
    assert foreign.find_frame(Packet(OTHER, 1, b"short")) is None


def test_statistics_are_no_packet_and_do_not_show_what_is_in_the_packets() -> None:
    foreign, line = ForeignPackets({}), Interface(147)
    assert read(Packet(Interface(1), 1, b"", dropped=2), foreign=foreign) == []
    assert (foreign.skipped, foreign.has_read) == ({}, False)
    header = pack_header(RtacEvent.RECEIVED, 1)
    assert read(Packet(line, 1, b"", dropped=2), Packet(line, 1, header + POLL), foreign=foreign) == [
        TapGap(1, "2 packets dropped while it was captured"),
        FramedPiece(POLL, 1),
    ]
