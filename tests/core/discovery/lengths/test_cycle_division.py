"""Frames of several sizes that are sent in turn: given bytes that repeat after all of them, each frame."""

import random

from sniffer.core.discovery.lengths.cycle_division import (
    find_flag,
    find_frames_of_words,
    list_cycle_words,
    list_frequent_words,
)
from sniffer.core.discovery.lengths.period_search import find_period

CYCLE = (
    ("19 D3 02 00 00 60 00 00 1D", 1), ("CD D2 02 00 00 20 00 00 1D", 1), ("D9 D8 02 00 20 60 00 00 1D", 1),
    ("6B D9 01 00 20 30 01 00 06", 0), ("C2 FF 02 00 90 10 00 00 1D", 2),
)  # fmt: skip
"""Commands to projectors of Hitachi after `BE EF 03 06 00`, with their answer, and the bytes of it that vary."""


def projector(*, noise: int, turns: int = 30, head: bytes = b"\xbe\xef\x03\x06\0") -> bytes:
    """Return the commands of some cycles and their answers, with noise before one of so many commands."""
    chance, data = random.Random(3), b""
    for number in range(turns * len(CYCLE)):
        command, varied = CYCLE[number % len(CYCLE)]
        data += head + bytes.fromhex(command) + chance.randbytes(varied)
        data += chance.randbytes(chance.randrange(2, 9)) if noise and number % noise == 0 else b""
    return data


def sizes_of(data: bytes) -> set[int]:
    fit = find_period(data)
    assert fit
    return {end - begin for begin, end in find_frames_of_words(data, list_cycle_words(fit))}


def test_a_head_with_noise_before_it_divides_a_cycle() -> None:
    data = projector(noise=29)
    fit = find_period(data)
    assert fit
    assert fit.size == 5 * 14 + 5
    frames = find_frames_of_words(data, list_cycle_words(fit))
    assert {data[begin : begin + 5] for begin, _ in frames} == {b"\xbe\xef\x03\x06\0"}
    assert {end - begin for begin, end in frames} == {14, 15, 16}
    assert len(frames) >= 140


def test_without_noise_no_head_is_shown() -> None:
    assert not sizes_of(projector(noise=0))


def flagged(turns: int) -> bytes:
    """Return the frames of a receiver of aircraft (GDL 90), each between two flags of HDLC, with noise now and then."""
    chance, data = random.Random(4), b""
    bodies = (
        b"\0\x81\x41\xdb",
        b"\x0a\xab\x45\x49\x40\x1f\xef",
        b"\0\xab\x45\x49\x40\x1f\xef\x88\x20",
        b"\x14\xab\x45\x49",
    )
    for number in range(turns * len(bodies)):
        data += b"\x7e" + bodies[number % len(bodies)] + bytes([chance.randrange(0x30, 0x70)]) + b"\x7e"
        data += bytes(chance.randrange(0x80, 0x90) for _ in range(chance.randrange(2, 9))) if number % 36 == 1 else b""
    return data


def test_frames_between_flags_begin_and_end_with_one_byte() -> None:
    data = flagged(60)
    fit = find_period(data)
    assert fit
    assert find_flag(data, find_frames_of_words(data, list_cycle_words(fit))) == b"\x7e"
    assert find_flag(b"\x7e\1\x7e\x7e\2\3", [(0, 3), (3, 6)]) == b""
    assert find_flag(b"", []) == b""


def test_frequent_words_are_those_of_two_different_bytes() -> None:
    data = b"\xcd\xab\x01\x02" * 9 + b"\xff\xff\0\x77" * 20 + b"\x12\x34" * 3
    assert {*list_frequent_words(data)[:2]} == {b"\xff\0", b"\x77\xff"}
    assert b"\xff\xff" not in list_frequent_words(data)
