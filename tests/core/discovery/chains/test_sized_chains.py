"""Frames without a head by a sum: given bytes, their sizes and where they are."""

import random

import pytest

from sniffer.core.discovery.chains.chain_candidate import propose_chains
from sniffer.core.discovery.chains.sized_chains import find_sized_chains
from sniffer.core.wire.checks import build_sum

REQUESTS = [bytes.fromhex(one) for one in ("b0c0a80101001a", "b1c0a80101001b", "b2c0a80101001c")]
"""Requests for voltage, current and power, as the manual of the PZEM-004T by Peacefair has them."""


def with_sum(body: bytes, name: str = "sum", size: int = 1) -> bytes:
    return body + build_sum(name, size)(body).to_bytes(size, "little")


def meter(turns: int) -> bytes:
    """Return requests and answers of a PZEM-004T, such as `A0 00 E6 02 00 00 88` for 230.2 V."""
    chance, out = random.Random(1), b""
    for turn in range(turns):
        code = turn % 3
        voltage = bytes([0, chance.randrange(225, 235), chance.randrange(10)])
        values = voltage, b"\0" + chance.randbytes(2), chance.randbytes(2) + b"\0"
        body = bytes([0xA0 + code]) + values[code] + bytes(2)
        out += REQUESTS[code] + with_sum(body)
    return out


def test_the_frames_in_the_manual_are_right() -> None:
    assert with_sum(bytes.fromhex("a000e6020000")) == bytes.fromhex("a000e602000088")
    assert all(with_sum(one[:-1]) == one for one in REQUESTS)


def test_frames_of_one_size_with_many_first_bytes_are_found() -> None:
    data = meter(60)
    (chain, *_) = find_sized_chains(data)
    assert (chain.kind.name, chain.kind.size, chain.gap) == ("sum", 1, 0)
    assert chain.covers == tuple((at, at + 7) for at in range(0, 840, 7))
    assert chain.bits > 200


def test_they_are_frames_without_a_head() -> None:
    (found, *_) = propose_chains(meter(60))
    assert (found.heads, found.length.size, found.length.adds, found.frames) == ((), 0, 7, 120)


@pytest.mark.parametrize(("name", "size"), [("sum", 1), ("sum inverted", 1), ("sum inverted", 2)])
def test_equal_requests_between_answers_are_frames(name: str, size: int) -> None:
    chance, request = random.Random(2), with_sum(b"\x11\0\0\0\xb6\0\0\0", name, size)
    answers = (with_sum(b"\x31\0\x11\0\xb6" + chance.randbytes(20), name, size) for _ in range(60))
    data = b"".join(request + answer for answer in answers)
    chain = max(find_sized_chains(data), key=lambda one: one.bits)
    assert (chain.kind.name, chain.kind.size, len(chain.covers)) == (name, size, 120)
    assert {end - begin for begin, end in chain.covers} == {8 + size, 25 + size}


def test_bytes_without_such_checks_have_no_chain() -> None:
    assert [*find_sized_chains(random.Random(3).randbytes(4000))] == []
    assert [*find_sized_chains(bytes(2000))] == []
    assert [*find_sized_chains(meter(60), lambda: True)] == []


def test_frames_with_an_inverted_exclusive_or_are_no_pairs_with_a_plain_one() -> None:
    """LocoNet of Digitrax: two frames together have a plain exclusive or."""
    chance, out = random.Random(5), b""
    for _ in range(150):
        code = chance.choice([0xA0, 0xA1, 0xB0, 0xB2, 0xB4, 0xBB])
        out += with_sum(bytes([code, chance.randrange(128), chance.randrange(128)]), "xor inverted")
    best = max(propose_chains(out), key=lambda one: one.frames)
    assert best.check
    assert (best.heads, best.check.check.name, best.check.check.start) == ((), "xor inverted", 0)
    assert (best.frames, best.length.adds) == (150, 4)


def test_the_low_bits_of_the_first_byte_may_be_the_length() -> None:
    """KWP 2000 (ISO 14230-2) on a K line: the format byte has the size in its six low bits; short frames need fewer."""
    chance, out = random.Random(6), b""
    for turn in range(60):
        code, size = 4 + turn % 5, 1 + (turn % 5 == 2)
        out += with_sum(bytes([0xC2, 0x33, 0xF1, 1, code]))
        out += with_sum(bytes([0x82 + size, 0xF1, 0x11, 0x41, code]) + chance.randbytes(size))
    (best, *_) = propose_chains(out)
    length = best.length
    assert best.check
    assert (best.heads, best.check.check.name, best.frames) == ((), "sum", 120)
    assert (length.at, length.size, length.adds, length.mask) == (0, 1, 4, 0x3F)
    assert [one.length.mask for one in best.equals] == [0x1F, 0x0F]
