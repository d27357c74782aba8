"""Proposals for frames of one size: given bytes that repeat, heads, size and check."""

import random

import pytest

from sniffer.core.discovery.framing_candidate import DOUBT, FramingCandidate
from sniffer.core.discovery.period_candidate import propose_period, propose_sizes
from sniffer.core.wire.checks import build_sum
from tests.core.discovery.lengths.test_cycle_division import flagged, projector
from tests.core.discovery.lengths.test_period_search import targets


def propose(frames: list[bytes]) -> FramingCandidate:
    found = propose_period(b"".join(frames))
    assert found
    return found


def test_without_a_check_heads_and_size_are_proposed_and_not_certain() -> None:
    found = propose(targets(20))
    assert (found.heads, found.length.size, found.length.adds) == ((b"\xaa\xff\x03\x00",), 0, 30)
    assert (found.check, found.tail, found.frames, found.covered) == (None, b"\x55\xcc", 20, 600)
    assert (found.accident, found.is_certain) == (DOUBT, False)
    assert (b"\xaa\xff",) in [one.heads for one in found.equals]


@pytest.mark.parametrize("size", [60, 300])
@pytest.mark.parametrize("tail", [b"", b"\x16"])
def test_a_check_is_found_in_frames_of_any_size(size: int, tail: bytes) -> None:
    chance = random.Random(size)
    fixed, frames = chance.randbytes(size), []
    for number in range(40):
        body = b"\x55\xaa" + bytes([number, chance.randrange(9)]) + fixed[: size - 5 - len(tail)]
        frames.append(body + bytes([build_sum("sum", 1)(body)]) + tail)
    found = propose(frames)
    assert found.check
    assert (found.heads[0][:2], found.length.adds, found.tail) == (b"\x55\xaa", size, tail)
    assert (found.check.check.name, found.check.check.size, found.frames) == ("sum", 1, 40)


def test_a_constant_high_byte_of_a_sum_is_no_tail() -> None:
    """The servo frames of FlySky IBUS: `20 40`, fourteen channels, and the complement of the sum."""
    chance, frames = random.Random(2), []
    for _ in range(40):
        body = b"\x20\x40" + b"".join(chance.randrange(1490, 1510).to_bytes(2, "little") for _ in range(14))
        frames.append(body + build_sum("sum inverted", 2)(body).to_bytes(2, "little"))
    found = propose(frames)
    assert found.check
    assert (found.check.check.name, found.check.check.size, found.check.check.order) == ("sum inverted", 2, "little")


def test_a_request_and_its_answer_of_the_same_size_are_two_frames() -> None:
    """The carbon dioxide sensor MH-Z19 of Winsen: `FF 01 86` asks, `FF 86` answers, each with its own sum."""
    chance, negated, frames = random.Random(6), build_sum("sum negated", 1), []
    assert negated(bytes.fromhex("01860000000000")) == 0x79
    for _ in range(60):
        answer = b"\x86" + chance.randrange(450, 999).to_bytes(2, "big") + b"\x42\0\0\0"
        for body in (bytes.fromhex("01860000000000"), answer):
            frames.append(b"\xff" + body + bytes([negated(body)]))
    found = propose(frames)
    assert found.check
    assert (found.heads, found.length.adds, found.frames) == ((b"\xff",), 9, 120)
    assert (found.check.check.name, found.check.check.start) == ("sum negated", 1)


def test_frames_may_begin_before_the_bytes_in_common() -> None:
    chance, fixed, frames = random.Random(3), random.Random(4).randbytes(20), []
    for _ in range(60):
        body = chance.randbytes(2) + fixed
        frames.append(body + bytes([build_sum("sum", 1)(body)]))
    found = propose(frames)
    assert found.check
    assert (found.heads, found.length.adds, found.check.check.start) == ((), 23, 0)


def test_few_different_frames_or_text_are_no_evidence() -> None:
    assert propose_period(targets(1)[0] * 30) is None
    assert propose_period(b"".join(b"value of register %02d\r\n" % number for number in range(60))) is None
    assert propose_period(b"".join(targets(20)), lambda: True) is None


def test_two_bytes_in_common_are_evidence_only_with_noise_between_frames() -> None:
    chance = random.Random(5)
    frames = [b"\xfa" + chance.randbytes(2) + b"\x4b" + chance.randbytes(18) for _ in range(40)]
    assert propose_period(b"".join(frames)[9:-19]) is None
    frames[20] += b"\x01\x02\x03"
    assert propose(frames).heads == (b"\xfa",)


def test_two_frames_of_one_size_that_are_sent_in_turn_are_not_one() -> None:
    """Air conditioners of LG: unit and controller have frames of 13 bytes, with the sum combined with 55."""
    chance, frames = random.Random(6), []
    for number in range(60):
        for first in (0xC8, 0xA8):
            body = bytes([first, 2, number]) + chance.randbytes(2) + bytes.fromhex("1A 40 00 00 2C 11 00")
            frames.append(body + bytes([build_sum("sum", 1)(body) ^ 0x55]))
    found = propose(frames)
    assert found.check
    assert (found.heads, found.length.adds, found.frames) == ((b"\xa8", b"\xc8"), 13, 120)
    assert (found.check.check.name, found.check.check.final_xor) == ("sum", 0x55)


def test_a_cycle_of_frames_of_several_sizes_is_not_one_frame() -> None:
    found = propose([projector(noise=29)])
    assert (found.heads, found.check, found.accident) == ((b"\xbe\xef",), None, DOUBT)
    assert (b"\xbe\xef\x03\x06",) in [one.heads for one in found.equals]
    assert {shape.adds for shape in found.shapes} == {14, 15, 16}
    assert found.frames >= 140


def test_a_cycle_of_frames_between_flags_has_a_delimiter() -> None:
    found = propose([flagged(60)])
    assert found.delimiter
    assert (found.delimiter.end, found.heads, found.accident, found.length.adds) == (b"\x7e", (), DOUBT, 10)
    assert found.frames >= 240


def test_frames_without_a_check_in_turn_that_begin_alike_are_not_one() -> None:
    chance, frames = random.Random(7), []
    for number in range(60):
        frames += [b"\x55\xaa" + bytes([kind, number]) + fixed + chance.randbytes(2) for kind, fixed in TURNS]
    found = propose(frames)
    assert (found.heads, found.length.adds, found.frames, found.check) == ((b"\x55\xaa",), 16, 120, None)


TURNS = ((1, b"\x12\x34\x56\x78\x9a\xbc\xde\xf0\x11\x22"), (2, b"\xf1\xe2\xd3\xc4\xb5\xa6\x97\x88\x79\x6a"))
"""Two kinds of frames, and the bytes that each of them has always."""


def test_frames_of_a_few_sizes_that_begin_with_a_word_need_no_cycle() -> None:
    """The firmware hoverboard-firmware-hack-FOC: commands of 8 bytes, feedback of 18; the exclusive or of words."""
    chance, data = random.Random(8), b""
    for turn in range(60):
        data += chance.randbytes(chance.randrange(2, 9)) if turn % 9 == 5 else b""
        data += (b"\xcd\xab" + chance.randbytes(6)) * (1 + turn % 2) + b"\xcd\xab" + chance.randbytes(16)
    found = propose_sizes(data)
    assert found
    assert (found.heads, found.check, found.accident) == ((b"\xcd\xab",), None, DOUBT)
    assert {shape.adds for shape in found.shapes} == {8, 18}
    assert propose_sizes(chance.randbytes(3000)) is None


def test_five_different_frames_prove_a_check() -> None:
    """Card readers GWIOT 7941E: a few cards are shown again and again."""
    chance = random.Random(9)
    cards = [b"\x0a\x02\x11\0" + chance.randbytes(3) for _ in range(5)]
    found = propose([b"\2" + card + bytes([build_sum("xor", 1)(card)]) + b"\3" for card in chance.choices(cards, k=60)])
    assert found.check
    assert (found.check.check.name, found.check.check.start, found.tail) == ("xor", 1, b"\3")
