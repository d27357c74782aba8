"""Chains of frames with a right check: given bytes, the frames, whatever says how long they are."""

import random
import tracemalloc

import pytest

from sniffer.core.discovery.chains.chain_search import find_chains
from sniffer.core.wire.checks import list_crcs


def headless(count: int, name: str = "CRC-16/MODBUS", order: str = "little") -> list[bytes]:
    """Return frames of random sizes with a CRC, and nothing else in common."""
    chance, crc = random.Random(2), list_crcs()[name]
    bodies = [chance.randbytes(chance.randrange(4, 30)) for _ in range(count)]
    return [body + crc.compute(body).to_bytes(crc.width // 8, order) for body in bodies]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "order"), [("CRC-16/MODBUS", "little"), ("CRC-16/XMODEM", "big"), ("CRC-32/ISO-HDLC", "little")]
)
def test_frames_are_found_by_their_crc_alone(name: str, order: str) -> None:
    frames = headless(30, name, order)
    (chain, *_) = find_chains(b"".join(frames))
    assert (chain.kind.name, chain.kind.order, chain.gap, len(chain.covers)) == (name, order, 0, 30)
    assert chain.size == sum(map(len, frames))


def test_noise_between_frames_ends_no_chain() -> None:
    frames = headless(30)
    data = b"".join([*frames[:11], b"\x01\x02\x03\x04\x05", *frames[11:]])
    (chain, *_) = find_chains(data)
    assert chain.size == len(data) - 5
    assert b"".join(data[begin:end] for begin, end in chain.covers) == b"".join(frames)


def test_few_frames_prove_nothing() -> None:
    assert find_chains(b"".join(headless(4))) == []
    assert find_chains(b"".join(headless(2) * 6)) == []


def test_bytes_without_frames_have_no_chain() -> None:
    assert find_chains(random.Random(5).randbytes(400)) == []
    assert find_chains(bytes(300)) == []


def test_a_cancelled_search_finds_nothing() -> None:
    assert find_chains(b"".join(headless(30)), lambda: True) == []


def test_zeros_are_no_frames_though_their_crc_is_zero() -> None:
    """Inverters of Delta send STX, CRC-16/ARC from the next byte on, and ETX; most of an answer is zero."""
    chance, crc, data = random.Random(3), list_crcs()["CRC-16/ARC"], b""
    for number in range(20):
        for body in (b"\x05\x01\x02\x60" + bytes([number]), b"\x06\x01\x9a\x60" + chance.randbytes(4) + bytes(146)):
            data += b"\x02" + body + crc.compute(body).to_bytes(2, "little") + b"\x03"
    (chain, *_) = find_chains(data)
    assert (chain.kind.name, chain.gap, len(chain.covers)) == ("CRC-16/ARC", 2, 40)


def test_frames_of_one_direction_may_have_bytes_before_them() -> None:
    """The Wi-Fi stick of GoodWe inverters: Modbus requests, and answers with `AA 55` before them."""
    chance, crc, data = random.Random(8), list_crcs()["CRC-16/MODBUS"], b""
    for number in range(60):
        count = (24, 45, 60)[number % 3]
        request = bytes([0xF7, 3, 0x89, number % 3, 0, count])
        for before, body in ((b"", request), (b"\xaa\x55", bytes([0xF7, 3, 2 * count]) + chance.randbytes(2 * count))):
            data += before + body + crc.compute(body).to_bytes(2, "little")
    (chain, *_) = find_chains(data)
    assert (chain.kind.name, chain.gap, len(chain.covers)) == ("CRC-16/MODBUS", 0, 120)


def test_a_stuck_line_takes_little_memory() -> None:
    """Each pair of its places is a piece with a right XOR: a hundred thousand in 1,024 bytes."""
    tracemalloc.start()
    try:
        find_chains(b"\xaa" * 1024)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8_000_000
