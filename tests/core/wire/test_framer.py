"""The framer's results for a clean line, for damaged frames, for garbage, and at the end of the source.

Frames after damage are in `test_framer_resync`, random streams in `test_framer_properties`.
"""

import pytest

from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.links import COM_TO_PWR, DBUS, OCPP_TO_COM, PWRBOARD
from tests.core.wire.helpers import byte_by_byte, frame_reads, frames_in, join_raw, to_pairs
from tests.known_frames import KNOWN_FRAMES, STATUS_REPORT, KnownFrame

each_known = pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)

DBUS_HEAD = b"\xff\x6a\xa6"
GOOD = STATUS_REPORT.raw
EVERY_HEAD = b"\xaa\xbb\xff\x6a\xa6\xff\x6a\xaa"


def inverted_crc(raw: bytes) -> bytes:
    return raw[:-2] + bytes(byte ^ 0xFF for byte in raw[-2:])


# A clean line


@each_known
def test_a_known_frame_is_returned_at_once(known: KnownFrame) -> None:
    framer = Framer()
    (frame,) = framer.feed(known.raw)
    assert isinstance(frame, Frame)
    assert (frame.raw, frame.time, framer.waiting) == (known.raw, None, 0)


@each_known
def test_a_known_frame_has_its_route(known: KnownFrame) -> None:
    (frame,) = Framer().feed(known.raw)
    assert isinstance(frame, Frame)
    assert frame.link.name == known.link
    assert frame.direction == (known.direction if known.link == "pwrboard" else None)


@each_known
def test_a_frame_is_returned_with_its_last_byte_and_not_before(known: KnownFrame) -> None:
    framer = Framer()
    for byte in byte_by_byte(known.raw[:-1]):
        assert framer.feed(byte) == []
    assert to_pairs(framer.feed(known.raw[-1:])) == [("frame", known.raw)]


def test_frames_in_one_read_are_returned_in_order() -> None:
    session = [known.raw for known in KNOWN_FRAMES]
    assert to_pairs(Framer().feed(b"".join(session))) == [("frame", raw) for raw in session]


def test_the_same_frame_again_is_a_frame_again() -> None:
    assert to_pairs(Framer().feed(GOOD * 3)) == [("frame", GOOD)] * 3


@pytest.mark.parametrize(
    ("head", "longest"), [(b"\xaa", PWRBOARD.build(b"\xaa", 1, 2, bytes(255))), (DBUS_HEAD, None)], ids=["pwr", "dbus"]
)
def test_the_longest_frame_is_found_in_small_reads(head: bytes, longest: bytes | None) -> None:
    raw = longest or DBUS.build(head, 1, 2, EVERY_HEAD * 8191)
    reads = [raw[at : at + 100] for at in range(0, len(raw), 100)]
    assert frame_reads(*reads, GOOD) == [("frame", raw), ("frame", GOOD)]


@pytest.mark.parametrize("head", [b"\xaa", b"\xbb"])
def test_heads_inside_a_payload_are_payload(head: bytes) -> None:
    raw = PWRBOARD.build(head, 0xAABB, 0xAA, EVERY_HEAD)
    assert frame_reads(raw) == frame_reads(*byte_by_byte(raw)) == [("frame", raw)]


def test_a_whole_frame_inside_a_payload_is_payload() -> None:
    inner = PWRBOARD.build(b"\xaa", 1, 2, GOOD)
    raw = DBUS.build(DBUS_HEAD, 0xAAAA, 0xBBBB, inner + GOOD)
    assert frame_reads(raw) == frame_reads(*byte_by_byte(raw)) == [("frame", raw)]


def test_only_the_routes_that_were_requested_are_frames() -> None:
    dbus = DBUS.build(DBUS_HEAD, 1, 2, b"")
    toward_power_board = PWRBOARD.build(b"\xaa", 1, 2, b"")
    framer = Framer((COM_TO_PWR,))
    items = to_pairs(framer.feed(GOOD + toward_power_board + dbus) + framer.flush())
    assert items == [("garbage", GOOD), ("frame", toward_power_board), ("garbage", dbus)]


def test_a_frame_has_the_very_route_that_was_requested() -> None:
    (frame,) = Framer((OCPP_TO_COM,)).feed(DBUS.build(DBUS_HEAD, 1, 2, b""))
    assert isinstance(frame, Frame)
    assert frame.route is OCPP_TO_COM


# Damage


@each_known
def test_a_wrong_crc_makes_one_piece_of_crc_noise(known: KnownFrame) -> None:
    assert frame_reads(inverted_crc(known.raw)) == [("crc", inverted_crc(known.raw))]


@each_known
def test_the_crc_travels_high_byte_first(known: KnownFrame) -> None:
    swapped = known.raw[:-2] + known.raw[:-3:-1]
    assert frame_reads(swapped) == [("crc", swapped)]


def test_heads_inside_a_damaged_frame_do_not_cut_it() -> None:
    damaged = inverted_crc(PWRBOARD.build(b"\xaa", 1, 2, EVERY_HEAD))
    assert frame_reads(damaged, GOOD) == [("crc", damaged), ("frame", GOOD)]


def test_a_damaged_frame_of_each_link_is_returned_without_a_flush() -> None:
    for raw in (DBUS.build(DBUS_HEAD, 1, 2, b"\x01"), PWRBOARD.build(b"\xbb", 1, 2, b"\x01")):
        assert to_pairs(Framer().feed(inverted_crc(raw))) == [("crc", inverted_crc(raw))]


@each_known
def test_any_one_flipped_bit_leaves_no_frame_and_loses_no_byte(known: KnownFrame) -> None:
    for bit in range(8 * len(known.raw)):
        damaged = (int.from_bytes(known.raw, "big") ^ 1 << bit).to_bytes(len(known.raw), "big")
        items = frame_reads(damaged)
        assert frames_in(items) == []
        assert join_raw(items) == damaged


@each_known
def test_a_frame_that_is_cut_short_is_truncated(known: KnownFrame) -> None:
    for size in range(len(known.head), len(known.raw)):
        assert frame_reads(known.raw[:size]) == [("truncated", known.raw[:size])]


@pytest.mark.parametrize("partial", [b"\xff", b"\xff\x6a"])
def test_a_part_of_a_head_is_garbage(partial: bytes) -> None:
    framer = Framer()
    assert (framer.feed(partial), framer.waiting) == ([], len(partial))
    assert to_pairs(framer.flush()) == [("garbage", partial)]


def test_a_head_in_parts_is_a_head() -> None:
    raw = DBUS.build(DBUS_HEAD, 1, 2, b"\x03")
    assert frame_reads(b"\x00\xff", b"\x6a", raw[2:]) == [("garbage", b"\x00"), ("frame", raw)]


def test_almost_a_head_is_garbage() -> None:
    almost = b"\xff\x6a\xa5\x00\x01\x00\x04\x00\x00\xff\xa6\x6a"
    assert to_pairs(Framer().feed(almost + GOOD)) == [("garbage", almost), ("frame", GOOD)]


@pytest.mark.parametrize("length", range(4))
def test_a_dbus_length_below_four_is_garbage_and_holds_nothing_back(length: int) -> None:
    impossible = DBUS_HEAD + b"\x00\x01\x00" + bytes([length])
    assert to_pairs(Framer().feed(impossible + GOOD)) == [("garbage", impossible), ("frame", GOOD)]


# Garbage


def test_bytes_without_a_head_are_garbage() -> None:
    assert frame_reads(b"\x01\x02", b"\x6a\xa6") == [("garbage", b"\x01\x02\x6a\xa6")]


def test_garbage_ends_where_a_head_begins() -> None:
    assert frame_reads(bytes(10) + b"\xaa\x01") == [("garbage", bytes(10)), ("truncated", b"\xaa\x01")]


def test_garbage_comes_in_pieces_of_256_bytes() -> None:
    framer = Framer()
    assert to_pairs(framer.feed(bytes(700))) == [("garbage", bytes(256))] * 2
    assert framer.waiting == 700 - 512
    assert to_pairs(framer.flush()) == [("garbage", bytes(700 - 512))]


def test_a_whole_piece_of_garbage_waits_for_nothing() -> None:
    framer = Framer()
    assert framer.feed(bytes(255)) == []
    assert to_pairs(framer.feed(bytes(1))) == [("garbage", bytes(256))]
    assert framer.waiting == 0


@pytest.mark.parametrize("before", [253, 254, 255, 256, 257])
@pytest.mark.parametrize(
    "raw", [GOOD, inverted_crc(GOOD), DBUS.build(DBUS_HEAD, 1, 2, b"")], ids=["pwr", "crc", "dbus"]
)
def test_a_head_is_seen_wherever_a_piece_of_garbage_ends(before: int, raw: bytes) -> None:
    pieces = [("garbage", bytes(size)) for size in (min(before, 256), before - 256) if size > 0]
    assert frame_reads(bytes(before) + raw) == [*pieces, ("crc" if raw == inverted_crc(GOOD) else "frame", raw)]


@pytest.mark.parametrize("before", [253, 254, 255, 256, 257])
def test_a_damaged_dbus_frame_begins_its_own_noise_wherever_a_piece_of_garbage_ends(before: int) -> None:
    damaged = inverted_crc(DBUS.build(DBUS_HEAD, 1, 2, b""))
    pieces = [("garbage", bytes(size)) for size in (min(before, 256), before - 256) if size > 0]
    assert frame_reads(bytes(before) + damaged) == [*pieces, ("crc", damaged)]


# Flush and waiting


def test_a_new_framer_returns_nothing() -> None:
    framer = Framer()
    assert (framer.waiting, framer.feed(b""), framer.flush()) == (0, [], [])


def test_waiting_counts_the_bytes_that_were_not_given_out() -> None:
    framer = Framer()
    for size in range(1, len(GOOD)):
        framer.feed(GOOD[size - 1 : size])
        assert framer.waiting == size
    framer.feed(GOOD[-1:] + GOOD[:4])
    assert framer.waiting == 4


def test_an_empty_read_changes_nothing() -> None:
    framer = Framer()
    framer.feed(GOOD[:5])
    assert (framer.feed(b""), framer.waiting) == ([], 5)
    assert to_pairs(framer.feed(GOOD[5:])) == [("frame", GOOD)]


def test_a_second_flush_returns_nothing() -> None:
    framer = Framer()
    framer.feed(GOOD[:5])
    assert to_pairs(framer.flush()) == [("truncated", GOOD[:5])]
    assert (framer.flush(), framer.waiting) == ([], 0)


def test_after_a_flush_the_framer_goes_on() -> None:
    framer = Framer()
    framer.feed(GOOD[:5])
    framer.flush()
    assert to_pairs(framer.feed(GOOD)) == [("frame", GOOD)]


def test_flushed_bytes_do_not_become_part_of_a_frame() -> None:
    framer = Framer()
    framer.feed(GOOD[:9])
    framer.flush()
    assert to_pairs(framer.feed(GOOD[9:]) + framer.flush()) == [("garbage", GOOD[9:])]
