"""A live line: a valid frame is returned soon after its last byte, whatever stands before it, and no byte waits long.

The line is simulated: bytes take their time at a baud rate, reads return every few milliseconds, and each item is
dated by the read that returned it.
"""

from collections.abc import Iterable
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.framer import LONGEST_LIVE_DBUS, Framer, LiveLimits
from sniffer.core.wire.links import COM_TO_PWR, DBUS, DBUS_EITHER_WAY, PWR_TO_COM, PWRBOARD
from tests.core.wire.helpers import FRAMES, STREAMS, frames_in, items_in, join_raw, reads_of, to_pairs

GOOD = PWRBOARD.build(PWR_TO_COM.head, 0x1234, 0x01, bytes(range(13)))
START = 1000 * SECOND
LIMITS = LiveLimits()

FALSE_HEADS = {
    "the claim of 64 KB": bytes.fromhex("FF6AA6 0000 FFF0"),
    "the longest claim": bytes.fromhex("FF6AA6 0000 FFFF"),
    "the longest that is waited for": bytes.fromhex("FF6AA6 0000") + (LONGEST_LIVE_DBUS - 7).to_bytes(2, "big"),
    "one byte more": bytes.fromhex("FF6AA6 0000") + (LONGEST_LIVE_DBUS - 6).to_bytes(2, "big"),
    "a short one": bytes.fromhex("FF6AA6 0000 0100"),
    "the longest of the power board": bytes.fromhex("BB 0000 01 FF"),
    "that of the other side": bytes.fromhex("AA 0000 01 FF"),
    "a head without a length": bytes.fromhex("BB 00"),
    "a part of a head": bytes.fromhex("FF6A"),
    "heads in heads": bytes.fromhex("FF6AA6 0000 01F0") * 20,
    "heads of both links": bytes.fromhex("BB 0000 01 FF FF6AA6 0000 01F0 AA 0000 01 FF") * 5,
    "different heads": b"".join(
        bytes.fromhex("FF6AA6") + number.to_bytes(2, "big") + b"\x01\xf0" for number in range(40)
    ),
}


class Timed(NamedTuple):
    """An item, the time of the read that returned it, and the time when its last byte arrived."""

    item: Frame | Noise
    returned: int
    arrived: int


def run_line(
    pieces: Iterable[tuple[bytes, int]], *, baud: int, read_every: int, live: LiveLimits = LIMITS
) -> list[Timed]:
    """Send pieces, each with a pause in nanoseconds after it; return the items that the reads return.

    The line is never idle for as long as a flush needs: what waits at the end is not returned.
    """
    byte_time = 10 * SECOND // baud
    arrivals: list[tuple[int, int]] = []
    now = START
    for data, pause in pieces:
        for byte in data:
            now += byte_time
            arrivals.append((byte, now))
        now += pause
    framer, found, given, read_at, at = Framer(baud=baud, live=live), [], 0, START, 0
    while at < len(arrivals):
        read_at = max(read_at + read_every, arrivals[at][1])
        read = bytearray()
        while at < len(arrivals) and arrivals[at][1] <= read_at:
            read.append(arrivals[at][0])
            at += 1
        for item in framer.feed(bytes(read), read_at):
            given += len(item.raw)
            found.append(Timed(item, read_at, arrivals[given - 1][1]))
    return found


def frames_of(found: list[Timed]) -> list[Timed]:
    return [timed for timed in found if isinstance(timed.item, Frame)]


@pytest.mark.parametrize(("baud", "limit"), [(9600, SECOND), (115200, 100 * MILLISECOND)])
@pytest.mark.parametrize("pause", [0, 5, 45], ids=lambda pause: f"{pause} ms between frames")
@pytest.mark.parametrize("before", FALSE_HEADS.values(), ids=FALSE_HEADS)
def test_a_frame_after_a_false_head_is_soon_returned(before: bytes, pause: int, baud: int, limit: int) -> None:
    count = 2 * max(1, 2 * limit // (pause * MILLISECOND + len(GOOD) * 10 * SECOND // baud))
    pieces = [(before, 0), *[(GOOD, pause * MILLISECOND)] * count]
    frames = frames_of(run_line(pieces, baud=baud, read_every=4 * MILLISECOND))
    assert {timed.item.raw for timed in frames} == {GOOD}
    assert len(frames) >= count // 2
    assert max(timed.returned - timed.arrived for timed in frames) <= limit


@pytest.mark.parametrize("baud", [2400, 9600, 115200, 3_000_000])
@pytest.mark.parametrize("before", FALSE_HEADS.values(), ids=FALSE_HEADS)
def test_no_byte_waits_for_more_than_a_second(before: bytes, baud: int) -> None:
    limit = max(SECOND, PWRBOARD.longest * 10 * SECOND // baud)
    pieces = [(before + b"\x00" * 3, 20 * MILLISECOND)] * 150
    found = run_line(pieces, baud=baud, read_every=4 * MILLISECOND)
    assert max(timed.returned - (timed.item.time or 0) for timed in found) <= limit + 30 * MILLISECOND


def test_a_frame_in_a_payload_is_payload_if_the_outer_frame_comes_in_one_go() -> None:
    outer = DBUS.build(DBUS_EITHER_WAY.head, 1, 0x0021, GOOD * 20)
    assert len(outer) <= LONGEST_LIVE_DBUS
    found = run_line([(outer, 0), (GOOD, 0)], baud=9600, read_every=15 * MILLISECOND)
    assert [timed.item.raw for timed in found] == [outer, GOOD]


def test_adapters_may_deliver_late_within_a_frame() -> None:
    outer = PWRBOARD.build(COM_TO_PWR.head, 1, 0x40, GOOD * 12)
    found = run_line([(outer[:100], 18 * MILLISECOND), (outer[100:], 0)], baud=115200, read_every=MILLISECOND)
    assert [timed.item.raw for timed in found] == [outer]


def test_the_longest_frame_that_is_waited_for_can_be_set() -> None:
    frame = DBUS.build(DBUS_EITHER_WAY.head, 1, 0x0021, bytes(600))
    assert to_pairs(Framer(live=LiveLimits(longest_dbus=len(frame))).feed(frame, START)) == [("frame", frame)]
    framer = Framer(live=LiveLimits(longest_dbus=len(frame) - 1))
    assert frames_in(to_pairs(framer.feed(frame, START) + framer.flush())) == []
    assert to_pairs(Framer().feed(frame, START)) == [("frame", frame)], "a file is exact"


def test_an_overdue_frame_whose_bytes_still_wait_is_a_frame() -> None:
    framer = Framer(baud=115200, live=LiveLimits())
    assert framer.feed(GOOD[:10], START) == []
    assert framer.feed(b"", START + 200 * MILLISECOND) == []
    assert to_pairs(framer.feed(GOOD[10:], START + 400 * MILLISECOND)) == [("frame", GOOD)]


def test_without_times_nothing_is_overdue() -> None:
    framer = Framer(live=LiveLimits())
    assert framer.feed(bytes.fromhex("BB 0000 01 FF") + GOOD * 5) == []


TIMED_READS = st.lists(
    st.tuples(st.binary(max_size=40) | FRAMES | st.sampled_from([*FALSE_HEADS.values()]), st.integers(0, SECOND)),
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(TIMED_READS, st.sampled_from([None, 1200, 9600, 115200]))
def test_every_byte_is_returned_once_whatever_the_timing(reads: list[tuple[bytes, int]], baud: int | None) -> None:
    framer, now, found = Framer(baud=baud, live=LiveLimits()), START, []
    fed = b""
    for data, pause in reads:
        now += pause
        fed += data
        found += framer.feed(data, now)
        assert join_raw(to_pairs(found)) == fed[: len(fed) - framer.waiting]
    found += framer.flush()
    assert join_raw(to_pairs(found)) == fed


@settings(max_examples=300, deadline=None)
@given(TIMED_READS)
def test_each_piece_of_noise_alone_gives_the_same(reads: list[tuple[bytes, int]]) -> None:
    """A recording holds one packet for each piece, and is read again without limits: the records are the same."""
    framer, now, found = Framer(baud=115200, live=LiveLimits()), START, []
    for data, pause in reads:
        now += pause
        found += framer.feed(data, now)
    for item in [*found, *framer.flush()]:
        alone = Framer()
        assert to_pairs([*alone.feed(item.raw), *alone.flush()]) == to_pairs([item])


@settings(max_examples=200, deadline=None)
@given(reads_of(STREAMS))
def test_without_pauses_a_live_line_gives_what_a_file_gives(reads: list[bytes]) -> None:
    framer = Framer(baud=115200, live=LiveLimits(longest_dbus=1 << 17, patience=SECOND))
    found = [item for read in reads for item in framer.feed(read, START)]
    assert to_pairs([*found, *framer.flush()]) == items_in(b"".join(reads))
