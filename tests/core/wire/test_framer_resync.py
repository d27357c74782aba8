"""Resynchronisation: an intact frame is found in time, whatever damage precedes it."""

import pytest

from sniffer.core.wire.framer import Framer
from sniffer.core.wire.links import PWRBOARD
from tests.core.wire.helpers import ItemPair, byte_by_byte, frame_reads, frames_in, join_raw, to_pairs
from tests.known_frames import KNOWN_FRAMES, STATUS_REPORT, KnownFrame

DBUS_HEAD = b"\xff\x6a\xa6"
GOOD = STATUS_REPORT.raw
PARAMETER = bytes.fromhex("AA 00 54 2C 04 00 00 02 00 9E 6E")
VOLTAGES = [PWRBOARD.build(b"\xbb", number, 0x32, bytes.fromhex("592A 5968 59AD")) for number in range(40)]
LONGEST_PWRBOARD = 262


def claiming(payload: int) -> bytes:
    """Return a frame whose damaged length claims this many bytes of payload."""
    return PARAMETER[:4] + bytes([payload]) + PARAMETER[5:]


def as_frames(raws: list[bytes]) -> list[ItemPair]:
    return [("frame", raw) for raw in raws]


# A damaged length


def test_a_length_that_claims_the_next_ten_frames_hides_none() -> None:
    ten = b"".join(VOLTAGES[:10])
    damaged = claiming(4 + len(ten))
    framer = Framer()
    assert framer.feed(damaged + ten[:-1]) == []
    assert to_pairs(framer.feed(ten[-1:])) == [("truncated", damaged), *as_frames(VOLTAGES[:10])]


def test_ten_frames_that_do_not_fill_the_claim_are_found_by_the_flush() -> None:
    framer = Framer()
    assert framer.feed(claiming(255) + b"".join(VOLTAGES[:10])) == []
    assert framer.waiting == 11 + 130
    assert to_pairs(framer.flush()) == [("truncated", claiming(255)), *as_frames(VOLTAGES[:10])]


@pytest.mark.parametrize("payload", [0, 1, 3])
def test_a_length_that_claims_too_little_hides_nothing(payload: int) -> None:
    damaged = claiming(payload)
    first, rest = damaged[: 7 + payload], damaged[7 + payload :]
    assert to_pairs(Framer().feed(damaged + GOOD)) == [("crc", first), ("garbage", rest), ("frame", GOOD)]


def test_on_a_busy_line_good_frames_wait_for_one_longest_frame_at_most() -> None:
    framer = Framer()
    stream = claiming(255) + b"".join(VOLTAGES)
    for byte in byte_by_byte(stream[: LONGEST_PWRBOARD - 1]):
        assert framer.feed(byte) == []
    found = framer.feed(stream[LONGEST_PWRBOARD - 1 : LONGEST_PWRBOARD])
    whole = (LONGEST_PWRBOARD - len(PARAMETER)) // 13
    assert to_pairs(found) == [("truncated", claiming(255)), *as_frames(VOLTAGES[:whole])]
    assert framer.waiting == (LONGEST_PWRBOARD - len(PARAMETER)) % 13


def test_a_damaged_dbus_length_hides_nothing() -> None:
    damaged = DBUS_HEAD + bytes.fromhex("0054 0406 002D 0200 A74C")
    assert frame_reads(damaged + b"".join(VOLTAGES)) == [("truncated", damaged), *as_frames(VOLTAGES)]


def test_a_false_head_before_each_frame_hides_none() -> None:
    stream = b"".join(b"\xaa" + raw for raw in VOLTAGES)
    assert frame_reads(stream) == [item for raw in VOLTAGES for item in [("truncated", b"\xaa"), ("frame", raw)]]


# Frames that were cut


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_good_frames_after_a_cut_frame_are_found(known: KnownFrame) -> None:
    for size in range(len(known.head), len(known.raw)):
        cut = known.raw[:size]
        assert frame_reads(cut, GOOD, PARAMETER) == [("truncated", cut), ("frame", GOOD), ("frame", PARAMETER)]


@pytest.mark.parametrize("cut", [DBUS_HEAD, DBUS_HEAD + b"\x61"], ids=["head", "head and a byte"])
def test_a_cut_frame_is_truncated_whatever_its_length_seems_to_be_in_the_next_frame(cut: bytes) -> None:
    following = PWRBOARD.build(b"\xaa", 0x0000, 0x00, b"")
    assert frame_reads(cut + following) == [("truncated", cut), ("frame", following)]


def test_a_frame_inside_a_frame_that_was_cut_is_found() -> None:
    outer = PWRBOARD.build(b"\xaa", 1, 2, bytes(3) + GOOD + bytes(9))
    cut = outer[:-1]
    assert frame_reads(cut) == [("truncated", outer[:8]), ("frame", GOOD), ("garbage", bytes(9) + outer[-2:-1])]


def test_a_frame_inside_a_frame_whose_crc_is_wrong_is_found() -> None:
    outer = PWRBOARD.build(b"\xaa", 1, 2, GOOD)
    damaged = outer[:-2] + b"\x00\x00"
    assert to_pairs(Framer().feed(damaged + PARAMETER)) == [
        ("truncated", outer[:5]),
        ("frame", GOOD),
        ("garbage", b"\x00\x00"),
        ("frame", PARAMETER),
    ]


@pytest.mark.parametrize("at", range(len(GOOD)))
def test_a_deleted_byte_costs_one_frame(at: int) -> None:
    items = frame_reads(PARAMETER + GOOD[:at] + GOOD[at + 1 :] + PARAMETER + GOOD)
    assert frames_in(items) == [PARAMETER, PARAMETER, GOOD]


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_a_flipped_bit_in_one_frame_costs_no_other(known: KnownFrame) -> None:
    for bit in range(8 * len(known.raw)):
        damaged = (int.from_bytes(known.raw, "big") ^ 1 << bit).to_bytes(len(known.raw), "big")
        items = frame_reads(GOOD + damaged + PARAMETER + GOOD)
        assert frames_in(items) == [GOOD, PARAMETER, GOOD]
        assert join_raw(items) == GOOD + damaged + PARAMETER + GOOD


# A line that is stuck


@pytest.mark.parametrize("stuck", [b"\xaa", b"\xbb", b"\xff", b"\xff\x6a\xa6", b"\xaa\xbb", b"\x00"])
@pytest.mark.parametrize("known", [STATUS_REPORT, KNOWN_FRAMES[0]], ids=lambda known: known.link)
def test_a_frame_within_runs_of_a_stuck_line_is_found(stuck: bytes, known: KnownFrame) -> None:
    for count in [*range(1, 24), 90, 177, 178, 256, 257, 400]:
        stream = stuck * count + known.raw + stuck * count
        items = frame_reads(stream)
        assert frames_in(items) == [known.raw]
        assert join_raw(items) == stream


def test_a_run_of_heads_is_cut_by_what_each_claims() -> None:
    longest = 7 + 0xAA
    assert frame_reads(b"\xaa" * (2 * longest + 5)) == [
        ("crc", b"\xaa" * longest),
        ("crc", b"\xaa" * longest),
        ("truncated", b"\xaa" * 5),
    ]


@pytest.mark.parametrize("size", [1000, 5000])
def test_a_stuck_line_waits_with_two_longest_frames_at_most(size: int) -> None:
    framer = Framer()
    most = 0
    for byte in byte_by_byte(b"\xaa" * size):
        framer.feed(byte)
        most = max(most, framer.waiting)
    assert most <= 2 * LONGEST_PWRBOARD
