"""Long frames of one size between frames of another kind: given bytes, the chains of these frames."""

import random

from sniffer.core.discovery.chains.word_chains import find_word_chains
from sniffer.core.discovery.framing_finder import find_framings
from sniffer.core.wire.checks import build_sum, list_crcs

MODBUS = list_crcs()["CRC-16/MODBUS"]
SUM = build_sum("sum", 1)


def with_crc(body: bytes) -> bytes:
    return body + MODBUS.compute(body).to_bytes(2, "little")


def jk_bus(turns: int) -> bytes:
    """Return the bus of JK batteries in parallel: Modbus polls, and status frames of 300 bytes with a sum."""
    chance, fixed, out = random.Random(3), random.Random(4).randbytes(294), b""
    for turn in range(turns):
        for slave in range(1, 6):
            out += with_crc(bytes([slave, 0x10, 0x16, 0x20, 0, 1, 2, 0, 0]))
            if slave < 3:
                body = bytearray(b"\x55\xaa\xeb\x90\x02" + fixed)
                body[5], body[40:42], body[90:92] = turn, chance.randbytes(2), chance.randbytes(2)
                out += bytes(body) + bytes([SUM(bytes(body))]) + with_crc(bytes([slave, 0x10, 0x16, 0x20, 0, 1]))
    return out


def test_long_frames_of_one_size_are_found_by_a_word_and_their_check() -> None:
    data = jk_bus(20)
    best = max(find_word_chains(data), key=lambda chain: chain.bits)
    assert (best.kind.name, best.kind.size, len(best.covers)) == ("sum", 1, 40)
    assert {end - begin + best.gap for begin, end in best.covers} == {300}


def test_frames_begin_with_the_word_rather_than_with_the_end_of_those_before() -> None:
    """Polls that are always alike end with the same bytes before each answer, which are no head of it."""
    chance, data = random.Random(6), b""
    for _ in range(30):
        body = b"\x4e\x57\x33" + chance.randbytes(200)
        data += b"\x11\x13\x21\x29" + body + bytes([SUM(body)])
    assert {chain.gap for chain in find_word_chains(data)} == {0}


def test_both_protocols_of_a_bus_are_proposed() -> None:
    first, second, *_ = find_framings(jk_bus(30))
    assert first.check
    assert second.check
    assert (first.heads, first.length.adds, first.check.check.name) == ((b"\x55\xaa\xeb\x90",), 300, "sum")
    assert second.check.check.name == "CRC-16/MODBUS"


def test_words_without_a_check_at_one_distance_have_no_chain() -> None:
    chance = random.Random(5)
    data = b"".join(b"\x55\xaa\xeb" + chance.randbytes(chance.randrange(80, 200)) for _ in range(60))
    assert not [*find_word_chains(data)]
    assert not [*find_word_chains(jk_bus(20), lambda: True)]
    assert not [*find_word_chains(bytes(3000))]
