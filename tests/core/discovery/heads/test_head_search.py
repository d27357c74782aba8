"""The heads of frames with a known check: given these frames, these heads."""

import random

from sniffer.core.discovery.heads.head_search import (
    FramesReading,
    differ_in_first,
    drop_rare_heads,
    find_heads,
    lengthen_heads,
    list_heads,
)
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.wire.checks import Check, build_sum

XOR = build_sum("xor", 1)


def frames_of(head: bytes, count: int, start: int, seed: int = 1) -> list[bytes]:
    """Return frames of a head, a length after four bytes, a payload, and the exclusive or from `start` on."""
    chance, frames = random.Random(seed), []
    for _ in range(count):
        payload = chance.randbytes(chance.randrange(1, 12))
        body = (head + chance.randbytes(4))[:4] + bytes([len(payload)]) + payload
        frames.append(body + bytes([XOR(body[start:])]))
    return frames


def read(frames: list[bytes], *heads: bytes) -> tuple[bytes, FramesReading]:
    data = b"".join(frames)
    spans: list[tuple[int, int]] = []
    for frame in frames:
        begin = spans[-1][1] if spans else 0
        spans.append((begin, begin + len(frame)))
    length = LengthFit(frozenset(head[0] for head in heads), 4, 1, "big", 6, tuple(spans), len(frames))
    return data, FramesReading(heads, b"", length, spans)


def heads_of(frames: list[bytes], start: int, *heads: bytes) -> tuple[tuple[bytes, ...], int]:
    data, reading = read(frames, *heads)
    found, right = find_heads(data, reading, Check("xor", 1, start, "big", XOR))
    return found, len(right)


def test_heads_that_differ_in_their_last_byte_are_two_where_the_check_begins_after_them() -> None:
    frames = frames_of(b"\xa5\x5a", 30, 2) + frames_of(b"\xa5\x5b", 30, 2, seed=2)
    assert heads_of(frames, 2, b"\xa5") == ((b"\xa5\x5a", b"\xa5\x5b"), 60)


def test_a_byte_with_many_values_is_no_part_of_the_head() -> None:
    assert heads_of(frames_of(b"\xa5", 60, 2), 2, b"\xa5") == ((b"\xa5",), 60)


def test_a_zero_is_part_of_the_head_where_the_check_begins_after_it() -> None:
    assert heads_of(frames_of(b"\xa5\x00", 60, 2), 2, b"\xa5") == ((b"\xa5\x00",), 60)


def test_a_damaged_head_is_no_head() -> None:
    """The check of these frames begins after the head, so that it is right though the head is not."""
    frames = frames_of(b"\xa5\x5a", 60, 2)
    frames[7:9] = [b"\x13" + frame[1:] for frame in frames[7:9]]
    assert heads_of(frames, 2, b"\x13", b"\xa5\x5a") == ((b"\xa5\x5a",), 58)


def test_without_a_known_check_heads_of_few_frames_are_dropped() -> None:
    frames = frames_of(b"\xa5\x5a", 20, 2)
    data, reading = read([*frames, b"\x13" + frames[0][1:]], b"\x13", b"\xa5\x5a")
    dropped = drop_rare_heads(data, reading, 4)
    assert dropped.heads == (b"\xa5\x5a",)
    assert [data[begin:end] for begin, end in dropped.spans] == frames
    assert drop_rare_heads(data, reading, 1) is reading


def test_heads_are_the_bytes_that_all_frames_begin_with() -> None:
    bodies = [bytes([number, 7]) for number in range(20)]
    assert list_heads([b"\xa5\x5a" + body for body in bodies]) == (b"\xa5\x5a",)
    assert list_heads([(b"\xa5", b"\x5a")[number % 2] + body for number, body in enumerate(bodies)]) == (
        b"\x5a",
        b"\xa5",
    )
    assert list_heads(bodies) == ()


def test_a_single_head_has_all_bytes_that_its_frames_go_on_with() -> None:
    xor = Check("xor", 1, 0, "big", XOR)
    frames = frames_of(b"\x59\x59", 20, 0)
    data, reading = read(frames, b"\x59")
    spans = [*reading.spans]
    assert lengthen_heads(data, (b"\x59",), spans, reading.length, xor) == ((b"\x59\x59",), spans)
    for head, found in ((b"\x59\0\x59", b"\x59"), (b"\0\0\xff", b"\0\0\xff")):
        data, reading = read(frames_of(head, 20, 0), head[:1])
        assert lengthen_heads(data, (head[:1],), [*reading.spans], reading.length, xor)[0] == (found,)
    # The check begins after the head: what follows is no part of it.
    after = Check("xor", 1, 1, "big", XOR)
    assert lengthen_heads(data, (b"\0",), [*reading.spans], reading.length, after)[0] == (b"\0",)


def test_a_rare_head_is_one_if_its_frames_fill_the_space_between_others() -> None:
    """Commands to heat pumps by Panasonic are 4 % of the frames, beside the answers that are asked for."""
    frames = frames_of(b"\x71", 100, 0)
    rare = frames_of(b"\xf1", 3, 0, seed=2)
    mixed = [*frames[:30], rare[0], *frames[30:60], rare[1], *frames[60:], rare[2], *frames[:5]]
    data, reading = read(frames, b"\x71")
    reading = FramesReading(reading.heads, b"", reading.length, reading.spans)
    found, right = find_heads(b"".join(mixed), reading, Check("xor", 1, 0, "big", XOR))
    assert (found, len(right)) == ((b"\x71", b"\xf1"), 108)
    found, right = find_heads(data, reading, Check("xor", 1, 0, "big", XOR))
    assert (found, len(right)) == ((b"\x71",), 100)


def test_a_byte_that_varies_before_bytes_that_no_check_covers_is_of_no_head() -> None:
    heads = (b"\0\x55\xaa", b"\xff\x55\xaa")
    assert differ_in_first(heads, 3)
    assert differ_in_first((b"\0\x55\xaa\x2d", b"\xff\x55\xaa\x2d"), 3)
    assert differ_in_first((b"\0\x55\xaa", b"\xff\x55\xaa\x2d"), 4)
    assert not differ_in_first(heads, 1)
    assert not differ_in_first(heads[:1], 3)
    assert not differ_in_first((b"\x01\x55\x10", b"\x02\x55\x20"), 3)
    assert not differ_in_first((), 0)


def test_a_request_that_is_always_alike_has_a_head_though_frames_are_confirmed() -> None:
    """The displays eDIP of Electronic Assembly: `12 01 53 66` asks for the buffer, and 06 confirms."""
    frames = frames_of(b"\x11", 60, 0)
    (request,) = frames_of(b"\x12", 1, 0, seed=9)
    out = b"".join(request + b"\x06" + frame + b"\x06" for frame in frames)
    size = len(request) + 1
    spans, at = [], 0
    for frame in frames:
        spans.append((at + size, at + size + len(frame)))
        at += size + len(frame) + 1
    length = LengthFit(frozenset({0x11}), 4, 1, "big", 6, tuple(spans), len(spans))
    found, right = find_heads(out, FramesReading((b"\x11",), b"", length, spans), Check("xor", 1, 0, "big", XOR))
    assert ([head[0] for head in found], len(right)) == ([0x11, 0x12], 120)
