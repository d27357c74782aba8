"""The time of a frame is when its first byte arrived: the time of the read, minus the bytes after it in that read."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.framer import Framer
from tests.known_frames import KNOWN_FRAMES, STATUS_REPORT

BAUD = 100_000
BYTE = 100_000
"""Nanoseconds: ten bits at `BAUD`."""
NOON = 1_701_302_400_000_000_000

GOOD = STATUS_REPORT.raw
SIZE = len(GOOD)


def times(items: list[Frame | Noise]) -> list[int | None]:
    return [item.time for item in items]


# With a baud rate


def test_the_last_byte_arrived_with_the_read_and_the_first_before_it() -> None:
    assert times(Framer(baud=BAUD).feed(GOOD, NOON)) == [NOON - (SIZE - 1) * BYTE]


@pytest.mark.parametrize("baud", [9600, 19200, 115200])
def test_a_byte_takes_ten_bits(baud: int) -> None:
    (time,) = times(Framer(baud=baud).feed(GOOD, NOON))
    assert time is not None
    assert NOON - time == pytest.approx((SIZE - 1) * 10 * SECOND / baud, abs=SIZE)


def test_frames_in_one_read_follow_each_other_on_the_wire() -> None:
    items = Framer(baud=BAUD).feed(GOOD * 3, NOON)
    last = NOON - (SIZE - 1) * BYTE
    assert times(items) == [last - 2 * SIZE * BYTE, last - SIZE * BYTE, last]


def test_bytes_after_a_frame_in_its_read_date_it_back() -> None:
    items = Framer(baud=BAUD).feed(GOOD + b"\xaa\x01", NOON)
    assert times(items) == [NOON - (SIZE + 1) * BYTE]


def test_a_frame_that_spans_reads_has_the_time_of_the_first() -> None:
    framer = Framer(baud=BAUD)
    framer.feed(GOOD[:4], NOON)
    framer.feed(GOOD[4:9], NOON + SECOND)
    assert times(framer.feed(GOOD[9:], NOON + 2 * SECOND)) == [NOON - 3 * BYTE]


def test_the_frame_after_one_that_spans_reads_has_the_time_of_its_own() -> None:
    framer = Framer(baud=BAUD)
    framer.feed(GOOD[:4], NOON)
    items = framer.feed(GOOD[4:] + GOOD, NOON + SECOND)
    assert times(items) == [NOON - 3 * BYTE, NOON + SECOND - (SIZE - 1) * BYTE]


def test_a_frame_that_begins_a_read_does_not_use_the_time_of_the_read_before() -> None:
    framer = Framer(baud=BAUD)
    framer.feed(GOOD[:7], NOON)
    framer.feed(GOOD[:4], NOON + SECOND)
    items = framer.feed(GOOD[4:], NOON + 2 * SECOND)
    assert [item.raw for item in items] == [GOOD[:7], GOOD]
    assert times(items) == [NOON - 6 * BYTE, NOON + SECOND - 3 * BYTE]


def test_no_byte_is_dated_before_the_previous_read_returned() -> None:
    framer = Framer(baud=BAUD)
    framer.feed(GOOD, NOON)
    late = NOON + 3 * BYTE
    assert times(framer.feed(GOOD * 2, late)) == [NOON, NOON]
    assert times(framer.feed(GOOD, late + SECOND)) == [late + SECOND - (SIZE - 1) * BYTE]


def test_noise_is_no_earlier_than_the_previous_read_either() -> None:
    framer = Framer(baud=BAUD)
    framer.feed(GOOD, NOON)
    assert times(framer.feed(bytes(256), NOON + 9 * BYTE)) == [NOON]


def test_an_empty_read_dates_nothing() -> None:
    framer = Framer(baud=BAUD)
    framer.feed(GOOD[:4], NOON)
    framer.feed(b"", NOON + SECOND)
    assert times(framer.feed(GOOD[4:] + GOOD, NOON + SECOND)) == [NOON - 3 * BYTE, NOON + SECOND - (SIZE - 1) * BYTE]


def test_each_piece_of_noise_has_the_time_of_its_first_byte() -> None:
    framer = Framer(baud=BAUD)
    items = framer.feed(bytes(256 + 10) + GOOD[:-1] + b"\x00" + GOOD, NOON) + framer.flush()
    starts = [0, 256, 266, 266 + SIZE]
    end = 266 + 2 * SIZE - 1
    assert times(items) == [NOON - (end - start) * BYTE for start in starts]


def test_a_flushed_item_keeps_the_time_of_its_arrival() -> None:
    framer = Framer(baud=BAUD)
    framer.feed(GOOD + GOOD[:4], NOON)
    framer.feed(GOOD[4:6], NOON + SECOND)
    assert framer.flush() == [Noise(Reason.TRUNCATED, NOON - 3 * BYTE, GOOD[:6])]


def test_after_a_flush_the_times_go_on() -> None:
    framer = Framer(baud=BAUD)
    framer.feed(GOOD[:4], NOON)
    framer.flush()
    assert times(framer.feed(GOOD, NOON + SECOND)) == [NOON + SECOND - (SIZE - 1) * BYTE]


# Without a baud rate or times


def test_without_a_baud_rate_a_frame_has_the_time_of_the_read_that_began_it() -> None:
    framer = Framer()
    assert times(framer.feed(GOOD + GOOD + GOOD[:1], NOON)) == [NOON, NOON]
    assert times(framer.feed(GOOD[1:] + GOOD, NOON + SECOND)) == [NOON, NOON + SECOND]


@pytest.mark.parametrize("baud", [None, BAUD])
def test_without_times_nothing_has_a_time(baud: int | None) -> None:
    framer = Framer(baud=baud)
    items = framer.feed(GOOD + bytes(300) + GOOD) + framer.feed(GOOD[:3]) + framer.flush()
    assert times(items) == [None] * 5


def test_a_read_without_a_time_does_not_use_the_times_of_its_neighbours() -> None:
    framer = Framer(baud=BAUD)
    found = framer.feed(GOOD, NOON) + framer.feed(GOOD[:5], None) + framer.feed(GOOD[5:] + GOOD, NOON + SECOND)
    assert times(found) == [NOON - (SIZE - 1) * BYTE, None, NOON + SECOND - (SIZE - 1) * BYTE]


# Random reads


def arrivals(reads: list[tuple[bytes, int | None]]) -> list[int | None]:
    """Return when each byte arrived, computed directly by the rule."""
    filled = [(data, time) for data, time in reads if data]
    before: list[int | None] = [None, *(time for _, time in filled)]
    return [
        None if time is None else max(time - (len(data) - 1 - at) * BYTE, previous or 0)
        for (data, time), previous in zip(filled, before, strict=False)
        for at in range(len(data))
    ]


PIECES = st.sampled_from([*(known.raw for known in KNOWN_FRAMES), GOOD[:7], GOOD[:-1] + b"\x00", bytes(3), bytes(400)])
GAPS = st.one_of(st.none(), st.integers(0, 60 * BYTE))


@st.composite
def timed_reads(draw: st.DrawFn) -> list[tuple[bytes, int | None]]:
    pieces = draw(st.lists(PIECES, max_size=6))
    stream = b"".join(pieces)
    # The critical case is a read that begins where an item begins.
    places = st.integers(0, len(stream)) | st.sampled_from(list(accumulate(map(len, pieces), initial=0)))
    cuts = draw(st.lists(places, max_size=12).map(sorted))
    reads: list[tuple[bytes, int | None]] = []
    clock = NOON
    for begin, end in pairwise([0, *cuts, len(stream)]):
        gap = draw(GAPS)
        clock += gap or 0
        reads.append((stream[begin:end], None if gap is None else clock))
    return reads


@settings(max_examples=300, deadline=None)
@given(timed_reads())
def test_every_item_has_the_time_at_which_its_first_byte_arrived(reads: list[tuple[bytes, int | None]]) -> None:
    framer = Framer(baud=BAUD)
    items = [item for data, time in reads for item in framer.feed(data, time)] + framer.flush()
    arrived = arrivals(reads)
    at = 0
    for item in items:
        assert item.time == arrived[at]
        at += len(item.raw)
    assert at == len(arrived)
