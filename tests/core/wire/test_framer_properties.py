"""Random streams: no byte is lost, every intact frame is found, and the cuts between reads change nothing.

The results are compared with those of a slow reference framer that shares no code (`tests.core.wire.helpers`).
"""

from itertools import accumulate

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.links import PWRBOARD
from tests.core.wire.helpers import (
    CALM,
    DAMAGE,
    FRAMES,
    PLAIN_FRAMES,
    RUNS,
    STREAMS,
    ItemPair,
    byte_by_byte,
    frame_reads,
    frames_in,
    items_in,
    join_raw,
    reads_of,
    to_pairs,
)

thorough = settings(max_examples=400, deadline=None)
usual = settings(max_examples=200, deadline=None)


def frame_with_flushes(reads: list[bytes], flushes: list[bool]) -> list[ItemPair]:
    framer = Framer()
    items = []
    for read, flushed in zip(reads, flushes, strict=True):
        items += framer.feed(read)
        items += framer.flush() if flushed else []
    return to_pairs(items + framer.flush())


@st.composite
def reads_and_flushes(draw: st.DrawFn) -> tuple[list[bytes], list[bool]]:
    reads = draw(reads_of())
    return reads, draw(st.lists(st.booleans(), min_size=len(reads), max_size=len(reads)))


def between_flushes(reads: list[bytes], flushes: list[bool]) -> list[bytes]:
    stretches = [b""]
    for read, flushed in zip(reads, flushes, strict=True):
        stretches[-1] += read
        if flushed:
            stretches.append(b"")
    return stretches


# Nothing is lost


@usual
@given(reads_of())
def test_returned_and_waiting_bytes_are_the_bytes_read(reads: list[bytes]) -> None:
    framer = Framer()
    read, released = b"", b""
    for data in reads:
        read += data
        released += join_raw(to_pairs(framer.feed(data)))
        assert released == read[: len(released)]
        assert framer.waiting == len(read) - len(released)
    assert released + join_raw(to_pairs(framer.flush())) == read
    assert framer.waiting == 0


@usual
@given(reads_and_flushes())
def test_flushes_lose_nothing(timeline: tuple[list[bytes], list[bool]]) -> None:
    reads, flushes = timeline
    items = frame_with_flushes(reads, flushes)
    assert join_raw(items) == b"".join(reads)
    assert all(raw for _, raw in items)


# Cuts change nothing


@thorough
@given(reads_of())
def test_the_cuts_between_reads_change_nothing(reads: list[bytes]) -> None:
    assert frame_reads(*reads) == frame_reads(b"".join(reads))


@usual
@given(STREAMS)
def test_reads_of_one_byte_give_the_same_as_one_read(stream: bytes) -> None:
    assert frame_reads(*byte_by_byte(stream)) == frame_reads(stream)


@usual
@given(reads_of())
@example([b"\xff", PWRBOARD.build(b"\xaa", 1, 2, b"")])
@example([b"\xff\x6a\xa6\x00\x01\x00\x03", PWRBOARD.build(b"\xaa", 1, 2, b"")])
def test_the_items_returned_so_far_do_not_depend_on_the_cuts(reads: list[bytes]) -> None:
    """No item waits for the end of a read, or for more bytes than it claims."""
    in_reads, so_far = Framer(), b""
    released: list[ItemPair] = []
    for read in reads:
        so_far += read
        released += to_pairs(in_reads.feed(read))
        assert released == to_pairs(Framer().feed(so_far))


@usual
@given(reads_and_flushes())
def test_a_flush_makes_the_framer_new(timeline: tuple[list[bytes], list[bool]]) -> None:
    reads, flushes = timeline
    afresh = [item for stretch in between_flushes(reads, flushes) for item in frame_reads(stretch)]
    assert frame_with_flushes(reads, flushes) == afresh


# Intact frames are found


@thorough
@given(reads_of())
def test_the_frames_are_those_that_the_reference_finds(reads: list[bytes]) -> None:
    assert frames_in(frame_reads(*reads)) == frames_in(items_in(b"".join(reads)))


@thorough
@given(reads_of())
def test_the_noise_is_that_of_the_reference(reads: list[bytes]) -> None:
    assert frame_reads(*reads) == items_in(b"".join(reads))


@thorough
@given(st.lists(st.tuples(DAMAGE, FRAMES), max_size=6), DAMAGE)
def test_an_intact_frame_is_found_or_is_payload(parts: list[tuple[bytes, bytes]], tail: bytes) -> None:
    items = frame_reads(b"".join(damage + raw for damage, raw in parts) + tail)
    spans = list(accumulate((len(raw) for _, raw in items), initial=0))
    at = 0
    for damage, raw in parts:
        at += len(damage)
        covering = max(index for index, begin in enumerate(spans) if begin <= at)
        kind, found = items[covering]
        assert kind == "frame"
        assert found == raw or spans[covering] < at
        at += len(raw)


@usual
@given(st.lists(st.tuples(CALM, FRAMES), max_size=6))
def test_between_garbage_without_heads_every_frame_is_returned_at_once(parts: list[tuple[bytes, bytes]]) -> None:
    framer = Framer()
    for garbage, raw in parts:
        around = [("garbage", garbage)] if garbage else []
        assert to_pairs(framer.feed(garbage + raw)) == [*around, ("frame", raw)]
        assert framer.waiting == 0


@usual
@given(DAMAGE, st.lists(PLAIN_FRAMES, min_size=1, max_size=4))
def test_after_a_flush_no_damage_matters(damage: bytes, raws: list[bytes]) -> None:
    framer = Framer()
    framer.feed(damage)
    framer.flush()
    assert to_pairs(framer.feed(b"".join(raws))) == [("frame", raw) for raw in raws]


@usual
@given(RUNS, FRAMES, RUNS)
def test_a_stuck_line_before_and_after_hides_no_frame(before: bytes, raw: bytes, after: bytes) -> None:
    assert frames_in(frame_reads(before, raw, after)) == frames_in(items_in(before + raw + after))


@usual
@given(reads_of())
def test_each_returned_frame_can_be_built_from_its_parts(reads: list[bytes]) -> None:
    framer = Framer()
    items = [item for read in reads for item in framer.feed(read)]
    for frame in (item for item in items if isinstance(item, Frame)):
        link = frame.link
        assert link.build(frame.route.head, frame.sequence, frame.command, frame.payload) == frame.raw
