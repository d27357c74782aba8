"""Whatever stands on the wire: no byte is lost, every intact frame is found, and where reads were cut is all one.

A slow reference, which shares nothing with the framer, says what a stream holds (`tests.core.wire.helpers`).
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
    Said,
    byte_by_byte,
    frames_in,
    items_in,
    joined,
    listen,
    reads_of,
    said,
)

thorough = settings(max_examples=400, deadline=None)
usual = settings(max_examples=200, deadline=None)


def listen_with_flushes(reads: list[bytes], flushes: list[bool]) -> list[Said]:
    framer = Framer()
    items = []
    for read, flushed in zip(reads, flushes, strict=True):
        items += framer.feed(read)
        items += framer.flush() if flushed else []
    return said(items + framer.flush())


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
def test_what_was_given_out_and_what_waits_are_what_was_read(reads: list[bytes]) -> None:
    framer = Framer()
    read, given_out = b"", b""
    for data in reads:
        read += data
        given_out += joined(said(framer.feed(data)))
        assert given_out == read[: len(given_out)]
        assert framer.waiting == len(read) - len(given_out)
    assert given_out + joined(said(framer.flush())) == read
    assert framer.waiting == 0


@usual
@given(reads_and_flushes())
def test_flushes_lose_nothing(timeline: tuple[list[bytes], list[bool]]) -> None:
    reads, flushes = timeline
    items = listen_with_flushes(reads, flushes)
    assert joined(items) == b"".join(reads)
    assert all(raw for _, raw in items)


# Cuts are all one


@thorough
@given(reads_of())
def test_where_the_reads_were_cut_is_all_one(reads: list[bytes]) -> None:
    assert listen(*reads) == listen(b"".join(reads))


@usual
@given(STREAMS)
def test_byte_by_byte_is_as_good_as_one_read(stream: bytes) -> None:
    assert listen(*byte_by_byte(stream)) == listen(stream)


@usual
@given(reads_of())
@example([b"\xff", PWRBOARD.build(b"\xaa", 1, 2, b"")])
@example([b"\xff\x6a\xa6\x00\x01\x00\x03", PWRBOARD.build(b"\xaa", 1, 2, b"")])
def test_what_is_given_out_so_far_does_not_depend_on_the_cuts(reads: list[bytes]) -> None:
    """Nothing waits for a read's end, nor for more bytes than it claims."""
    in_reads, so_far = Framer(), b""
    given_out: list[Said] = []
    for read in reads:
        so_far += read
        given_out += said(in_reads.feed(read))
        assert given_out == said(Framer().feed(so_far))


@usual
@given(reads_and_flushes())
def test_a_flush_makes_the_framer_new(timeline: tuple[list[bytes], list[bool]]) -> None:
    reads, flushes = timeline
    afresh = [item for stretch in between_flushes(reads, flushes) for item in listen(stretch)]
    assert listen_with_flushes(reads, flushes) == afresh


# Intact frames are found


@thorough
@given(reads_of())
def test_the_frames_are_those_that_the_reference_finds(reads: list[bytes]) -> None:
    assert frames_in(listen(*reads)) == frames_in(items_in(b"".join(reads)))


@thorough
@given(reads_of())
def test_the_noise_is_named_as_the_reference_names_it(reads: list[bytes]) -> None:
    assert listen(*reads) == items_in(b"".join(reads))


@thorough
@given(st.lists(st.tuples(DAMAGE, FRAMES), max_size=6), DAMAGE)
def test_an_intact_frame_is_found_or_is_payload(parts: list[tuple[bytes, bytes]], tail: bytes) -> None:
    items = listen(b"".join(damage + raw for damage, raw in parts) + tail)
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
def test_between_garbage_without_heads_every_frame_is_given_at_once(parts: list[tuple[bytes, bytes]]) -> None:
    framer = Framer()
    for garbage, raw in parts:
        around = [("garbage", garbage)] if garbage else []
        assert said(framer.feed(garbage + raw)) == [*around, ("frame", raw)]
        assert framer.waiting == 0


@usual
@given(DAMAGE, st.lists(PLAIN_FRAMES, min_size=1, max_size=4))
def test_after_a_flush_no_damage_matters(damage: bytes, raws: list[bytes]) -> None:
    framer = Framer()
    framer.feed(damage)
    framer.flush()
    assert said(framer.feed(b"".join(raws))) == [("frame", raw) for raw in raws]


@usual
@given(RUNS, FRAMES, RUNS)
def test_a_stuck_line_before_and_after_hides_no_frame(before: bytes, raw: bytes, after: bytes) -> None:
    assert frames_in(listen(before, raw, after)) == frames_in(items_in(before + raw + after))


@usual
@given(reads_of())
def test_a_frame_that_was_given_is_one(reads: list[bytes]) -> None:
    framer = Framer()
    items = [item for read in reads for item in framer.feed(read)]
    for frame in (item for item in items if isinstance(item, Frame)):
        link = frame.link
        assert link.build(frame.route.head, frame.sequence, frame.command, frame.payload) == frame.raw
