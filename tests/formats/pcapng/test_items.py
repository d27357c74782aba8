"""The items of packets: runs of plain packets, lost bytes, other captures, notes and log lines."""

from collections.abc import Iterator

import pytest

from sniffer.core.wire.items import (
    BaudChange,
    LatencyBound,
    LineError,
    Note,
    Segments,
    Tap,
    TapGap,
    TapLineError,
    TapRestored,
    TapShared,
)
from sniffer.core.wire.links import PWR_TO_COM, PWRBOARD
from sniffer.formats.pcapng.items import PacketItems, items_of
from sniffer.formats.pcapng.packet import Interface, Packet
from sniffer.formats.pcapng.reader import CaptureError
from sniffer.formats.pcapng.rtac_serial import RtacEvent
from sniffer.formats.pcapng.writer import TAP, TAP_NUMBER, UNTIMED
from tests.formats.pcapng.helpers import OTHER, OURS, packet

FRAME = PWRBOARD.build(PWR_TO_COM.head, 1, 0x32, b"\1\2")


def test_plain_packets_go_on_together_and_others_one_by_one() -> None:
    packets = [packet(b"a"), packet(b"b", event=RtacEvent.SENT, time=6), packet(b"c", "seen"), packet(b"d")]
    assert list(items_of(packets)) == [
        Segments([(b"a", 5), (b"b", 6)]),
        Note("seen"),
        Segments(((b"c", 5),)),
        Segments([(b"d", 5)]),
    ]


def test_packets_of_another_program_are_framed_together() -> None:
    packets = [packet(FRAME[:4], interface=OTHER), packet(FRAME[4:] + b"a", interface=OTHER, time=7)]
    assert list(items_of(packets)) == [Segments([(FRAME, 5)]), Segments(((b"a", 7),))]


def test_packets_of_this_program_keep_their_place_between_those_of_others() -> None:
    packets = [packet(FRAME[:4], interface=OTHER), packet(b"b", time=6), packet(b"c", time=7)]
    packets += [packet(FRAME[4:], interface=OTHER, time=8), packet(b"d", time=9)]
    assert list(items_of(packets)) == [
        Segments([(FRAME, 5)]),
        Segments([(b"b", 6), (b"c", 7)]),
        Segments([(b"d", 9)]),
    ]


def test_packets_without_times_have_none() -> None:
    untimed = Interface(250, "tap", UNTIMED)
    assert list(items_of([packet(b"a", interface=untimed)])) == [Segments([(b"a", None)])]


def test_lost_bytes_are_a_gap_after_the_packet() -> None:
    gap = TapGap(5, "7 bytes of a packet not kept when it was captured")
    assert list(items_of([packet(b"a", lost=7)])) == [Segments(((b"a", 5),)), gap]


@pytest.mark.parametrize(
    ("event", "comment", "items"),
    [
        (RtacEvent.LOST, "gap: unplugged", [TapGap(5, "unplugged")]),
        (RtacEvent.LOST, "", [Note(""), TapGap(5, "data lost")]),
        (RtacEvent.STATUS, "back: again", [TapRestored(5, "again")]),
        (RtacEvent.STATUS, "rate: 9600: why", [BaudChange(5, 9600, "why")]),
        (RtacEvent.STATUS, "rate: undetermined: why", [BaudChange(5, None, "why")]),
        (RtacEvent.STATUS, "rate: 0: why", [BaudChange(5, None, "why")]),
        (RtacEvent.STATUS, "shared with: cat (7)", [TapShared(5, "cat (7)")]),
        (RtacEvent.STATUS, "times may be late by nanoseconds: 16", [LatencyBound(5, 16)]),
        (RtacEvent.STATUS, "note #3: late", [Note("late", 3)]),
        (RtacEvent.STATUS, "rate: x", []),
        (RtacEvent.FRAMING_ERROR, "line errors: none", [TapLineError(5, LineError.FRAMING)]),
    ],
)
def test_a_packet_without_data_is_an_event_or_a_note(event: RtacEvent, comment: str, items: list[object]) -> None:
    assert list(items_of([packet(b"", comment, event=event)])) == items


def test_a_tap_is_described_once_and_stays_with_its_packets() -> None:
    one, two = (Interface(250, name, TAP, comment=f"tap {number}") for number, name in enumerate("ab", 1))
    order = zip(b"123456", (one, two, one, one, two, two), strict=True)
    packets = [packet(bytes([raw]), interface=interface) for raw, interface in order]
    noted = packets[4]._replace(comments=("note",))
    assert list(items_of(packets)) == [
        *(Tap(1, "a"), Segments([(b"1", 5)], (), 1)),
        *(Tap(2, "b"), Segments([(raw, 5) for raw in (b"2", b"3", b"4", b"5", b"6")], (), 0, b"\2\1\1\2\2")),
    ]
    assert list(items_of([*packets[:4], noted, packets[5]]))[3:] == [
        Segments([(raw, 5) for raw in (b"2", b"3", b"4")], (), 0, b"\2\1\1"),
        *(Note("note"), Segments(((b"5", 5),), (), 2)),
        Segments([(b"6", 5)], (), 2),
    ]


def test_packets_that_are_not_of_a_serial_line_are_skipped_and_counted() -> None:
    items = PacketItems()
    packets = [packet(b"a"), packet(b"b", interface=Interface(1)), Packet(OURS, 5, bytes(11)), packet(b"c")]
    assert list(items.parse(packets)) == [Segments([(b"a", 5)]), Segments([(b"c", 5)])]
    assert (items.foreign.skipped, items.foreign.short, items.has_read) == ({1: 1}, 1, True)


def test_packets_that_were_dropped_are_a_gap_before_the_packet() -> None:
    lossy = packet(b"a")._replace(dropped=3)
    gap = TapGap(5, "3 packets dropped while it was captured")
    assert list(items_of([lossy, Packet(OURS, 5, b"", dropped=3)])) == [gap, Segments(((b"a", 5),)), gap]


def test_items_are_returned_before_an_error_of_the_reader() -> None:
    def packets() -> Iterator[Packet]:
        yield packet(b"a")
        raise CaptureError("damaged")

    found = items_of(packets())
    assert next(found) == Segments([(b"a", 5)])
    with pytest.raises(CaptureError):
        next(found)


def test_frames_of_two_interfaces_of_another_program_stand_together() -> None:
    interfaces = [Interface(147, "one"), Interface(147, "one")]
    first, second = items_of(Packet(interfaces[at % 2], at, FRAME) for at in range(4))
    assert first == Segments([(FRAME, 0)])
    assert second == Segments([(FRAME, 1), (FRAME, 2), (FRAME, 3)])


def test_packets_of_two_taps_stand_together_with_their_taps() -> None:
    taps = [Interface(250, f"tap {at}", TAP, comment=f"{TAP_NUMBER}{at}") for at in (1, 2)]
    given = [packet(bytes([at]), interface=taps[at % 2]) for at in range(4)]
    first, second = (item for item in items_of(given) if isinstance(item, Segments))
    assert (first.tap, first.taps, first.pieces) == (1, b"", [(b"\0", 5)])
    assert (second.taps, second.pieces) == (b"\2\1\2", [(bytes([at]), 5) for at in (1, 2, 3)])
