"""Proposals from one reading of the frames: given their heads, length and places, a candidate."""

import random

from sniffer.core.discovery.heads.head_search import FramesReading
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.discovery.reading_candidate import judge_reading
from sniffer.core.wire.checks import build_sum

BEGIN, END, ACKNOWLEDGED = b"\x07\xf0", b"\x07\x0f", b"\x07\xf3"
"""The signs of a ComfoAir by Zehnder: each frame begins and ends with one, and the third stands alone."""


def test_bytes_that_end_frames_are_no_heads() -> None:
    """Read from the sign before each frame on, there seem to be two kinds of frames with a long head."""
    chance, data, begins = random.Random(1), b"", list[int]()
    for number in range(60):
        data += b"\x63\x99" if number % 9 == 8 else b""
        begins.append(len(data) - 2)
        payload = bytes(chance.randrange(8, 200) for _ in range(chance.choice([9, 14, 18, 25])))
        data += BEGIN + bytes([0, 0xD2 - number % 3, len(payload)]) + payload + chance.randbytes(1) + END
        data += ACKNOWLEDGED if number % 2 else b""
    begins = [at for at in begins if data[at : at + 2] in (END, ACKNOWLEDGED)]
    spans = tuple((at, at + data[at + 6] + 8) for at in begins)
    length = LengthFit(frozenset({7}), 6, 1, "big", 8, spans, len(spans))
    found = judge_reading(data, FramesReading((END + BEGIN, ACKNOWLEDGED + BEGIN), b"", length, spans))
    assert found
    assert (found.heads, found.tail, found.check) == ((BEGIN,), END, None)
    assert (found.length.at, found.length.adds, found.frames) == (4, 8, len(begins))


def test_what_no_frame_ends_with_is_a_head() -> None:
    """Two heads may go on with the same bytes."""
    chance, data, begins = random.Random(2), b"", list[int]()
    for number in range(60):
        begins.append(len(data))
        payload = chance.randbytes(chance.choice([9, 14, 18]))
        data += (b"\x71\x60" if number % 2 else b"\x72\x61") + BEGIN + bytes([number, 0x31, len(payload)]) + payload
    spans = tuple((at, at + data[at + 6] + 7) for at in begins)
    length = LengthFit(frozenset({0x71, 0x72}), 6, 1, "big", 7, spans, len(spans))
    found = judge_reading(data, FramesReading((b"\x71\x60" + BEGIN, b"\x72\x61" + BEGIN), b"", length, spans))
    assert found
    assert (len(found.heads), found.tail, found.length.at) == (2, b"", 6)


def test_a_tail_like_the_head_is_no_place_of_a_head() -> None:
    """Fingerprint readers of Biovo: F5, five bytes, their exclusive or, F5."""
    chance, xor = random.Random(3), build_sum("xor", 1)
    bodies = [chance.randbytes(5) for _ in range(40)]
    data = b"".join(b"\xf5" + body + bytes([xor(body)]) + b"\xf5" for body in bodies)
    spans = [(at, at + 7) for at in range(0, len(data), 8)]
    length = LengthFit(frozenset({0xF5}), 0, 0, "big", 8, tuple((at, at + 8) for at, _ in spans), 80)
    found = judge_reading(data, FramesReading((b"\xf5",), b"\xf5", length, spans))
    assert found
    assert (found.heads, found.tail, found.frames, found.of) == ((b"\xf5",), b"\xf5", 40, 40)


def test_a_request_that_repeats_shows_a_length_of_two_sizes_that_counts_all() -> None:
    """Inverters of Envertech: `68 00`, the size of all, data, a sum that begins with 55, `16`."""
    chance, data, spans = random.Random(4), b"", list[tuple[int, int]]()
    for _ in range(50):
        for body in (bytes(28), chance.randbytes(82)):
            front = b"\x68\0" + bytes([len(body) + 5]) + body
            spans.append((len(data), len(data) + len(front) + 1))
            data += front + bytes([(sum(front) + 0x55) & 255, 0x16])
    frames = tuple((begin, end + 1) for begin, end in spans)
    length = LengthFit(frozenset({0x68}), 2, 1, "big", 0, frames, len(frames))
    found = judge_reading(data, FramesReading((b"\x68",), b"\x16", length, spans))
    assert found
    assert found.check
    assert (found.check.check.name, found.check.check.initial, found.frames) == ("sum", 0x55, 100)


def test_the_high_bytes_of_sums_are_no_heads() -> None:
    """Sensors of FlySky (iBus telemetry): the size of all, address, value, the inverted sum of two bytes."""
    chance, data, spans = random.Random(5), b"", list[tuple[int, int]]()
    for turn in range(80):
        body = (b"\x04\xa1", b"\x06\xa1" + chance.randbytes(2))[turn % 2]
        data += body + (0xFFFF - sum(body)).to_bytes(2, "little")
        spans.append((len(data) - 1, len(data) - 1 + (6, 4)[turn % 2]))
    frames = tuple(spans[:-1])
    length = LengthFit(frozenset({0xFE, 0xFF}), 1, 1, "big", 0, frames, len(frames))
    assert judge_reading(data, FramesReading((b"\xfe", b"\xff"), b"", length, frames)) is None
