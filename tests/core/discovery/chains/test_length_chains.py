"""Frames found by a length and a weak check together: given bytes, the chains of these frames."""

import random

from sniffer.core.discovery.chains.chain_candidate import propose_chains
from sniffer.core.discovery.chains.length_chains import find_bit_chains, find_length_chains
from sniffer.core.wire.checks import build_sum


def car_bus(chance: random.Random, count: int) -> list[bytes]:
    """Return frames as those of the K-bus of BMW: source, length, destination, data, exclusive or of all; no head."""
    xor = build_sum("xor", 1)
    found = []
    for _ in range(count):
        source, to, size = chance.choice([(0x50, 0x68, 1), (0x80, 0xBF, 3), (0xF0, 0x68, 2), (0xD0, 0xBF, 4)])
        body = bytes([source, size + 2, to]) + chance.randbytes(size)
        found.append(body + bytes([xor(body)]))
    return found


def test_frames_without_a_head_are_found_by_their_length_and_check() -> None:
    chance = random.Random(5)
    frames = car_bus(chance, 60)
    frames[20] = b"\x33" + frames[20][1:]
    data = b"".join([*frames[:40], chance.randbytes(9), *frames[40:]])
    (found, *_) = propose_chains(data)
    length = found.length
    assert (found.heads, length.at, length.size, length.adds) == ((), 1, 1, 2)
    assert found.check is not None
    assert (found.check.check.name, found.check.check.start, found.frames) == ("xor", 0, 59)


def test_frames_without_a_head_are_found_by_a_length_of_some_bits() -> None:
    """The 9-pin remote control of video recorders: the low half of the first byte is the size of the data."""
    chance, total, frames = random.Random(7), build_sum("sum", 1), []
    for _ in range(90):
        data = chance.randbytes(chance.choice([0, 1, 2, 4, 9]))
        body = bytes([chance.choice([0x20, 0x40, 0x60, 0x70]) | len(data), chance.randrange(256)]) + data
        frames.append(body + bytes([total(body)]))
    data = b"".join(frames)
    assert not [*find_length_chains(data)]
    (best, *_) = sorted(find_bit_chains(data), key=lambda chain: -chain.bits)
    assert (best.kind.name, best.gap) == ("sum", 0)
    assert len(best.covers) >= 80
    (found, *_) = propose_chains(data)
    assert (found.length.at, found.length.adds, found.length.mask, found.frames) == (0, 3, 0x0F, 90)


def test_frames_that_repeat_prove_once() -> None:
    frames = car_bus(random.Random(5), 3)
    assert not [*find_length_chains(b"".join(frames * 20))]


def test_zeros_and_random_bytes_have_no_chain() -> None:
    assert not [*find_length_chains(bytes(3000) + random.Random(1).randbytes(3000))]
