"""Proposals from chains: given frames that their checks found, heads, sizes, and a definition that finds the frames."""

import random

import pytest

from sniffer.core.discovery.chains.chain_candidate import propose_chain, propose_chains, propose_moved
from sniffer.core.discovery.chains.chain_search import FrameChain
from sniffer.core.discovery.chains.length_chains import find_length_chains
from sniffer.core.discovery.checks.check_index import CheckKind
from sniffer.core.discovery.lengths.shape_search import FrameShape
from sniffer.core.wire.checks import build_sum, list_crcs
from tests.core.discovery.captures import CAPTURES


def answer(body: bytes) -> bytes:
    return body + list_crcs()["CRC-16/MODBUS"].compute(body).to_bytes(2, "little")


def modbus_bus(turns: int) -> bytes:
    """Return the requests to four slaves, and their answers."""
    chance, out = random.Random(3), b""
    for turn in range(turns):
        slave, size = 1 + turn % 4, 2 * chance.randrange(1, 9)
        out += answer(bytes([slave, 3, 0, chance.randrange(64), 0, size // 2]))
        out += answer(bytes([slave, 3, size]) + chance.randbytes(size))
    return out


def test_a_bus_without_heads_is_proposed_by_its_crc() -> None:
    (found,) = propose_chains(modbus_bus(20))
    assert found.heads == ()
    assert {*found.shapes} == {FrameShape(0, 0, "big", 8), FrameShape(2, 1, "big", 5)}
    assert (found.frames, found.of, found.is_certain) == (40, 40, True)
    assert found.check
    assert (found.check.check.name, found.check.check.order) == ("CRC-16/MODBUS", "little")


@pytest.mark.parametrize(
    ("name", "heads", "tail", "sizes", "by_head"),
    [
        ("soyosource", (b"\x55", b"\xa6"), b"", {6, 15}, True),
        ("treadmill", (b"\x02",), b"\x03", {4, 5, 17}, False),
    ],
)
def test_sizes_without_a_length_are_listed(
    name: str, heads: tuple[bytes, ...], tail: bytes, sizes: set[int], *, by_head: bool
) -> None:
    data = bytes.fromhex(CAPTURES[name])
    (best, *_) = propose_chains(data)
    assert (best.heads, best.tail) == (heads, tail)
    assert best.covered >= 0.98 * len(data)
    assert {shape.adds for shape in best.shapes} == sizes
    assert all((shape.head is not None) is by_head for shape in best.shapes)
    assert best.is_certain


def test_frames_that_begin_before_their_seeming_head_are_found_by_their_checks() -> None:
    """The addresses of GENIbus (Grundfos) stand after `27` and the length, and look like a head."""
    chance, data, spans = random.Random(3), b"", []
    crc = list_crcs()["CRC-16/GENIBUS"].compute
    for number in range(20):
        body = bytes([3 + (size := 2 + number % 5), 0x20, 4, 2]) + chance.randbytes(size)
        spans.append((len(data) + 2, len(data) + len(body) + 5))
        data += b"\x27" + body + crc(body).to_bytes(2, "big")
    assert propose_moved(data, [(begin + 1, end + 9) for begin, end in spans]) is None
    found = propose_moved(data, spans)
    assert found
    assert found.check
    assert (found.heads, found.length.at, found.check.check.name) == ((b"\x27",), 1, "CRC-16/GENIBUS")
    assert found.check.check.start == 1


def test_several_frames_that_have_a_right_check_together_are_no_frame() -> None:
    """The CRC of frames with an initial value of zero is right for two of them as well."""
    compute, chance, data, covers = list_crcs()["CRC-8/SMBUS"].compute, random.Random(2), b"", []
    for number in range(40):
        body = bytes([0x1E + number % 3]) + chance.randbytes(8)
        if number % 3 != 1:
            covers.append((len(data), len(data) + 10 * (1 + (number % 3 == 0))))
        data += body + bytes([compute(body)])
    kind = CheckKind("CRC-8/SMBUS", 1, "big", list_crcs()["CRC-8/SMBUS"])
    found = propose_chain(data, FrameChain(kind, 0, tuple(covers), 90.0))
    assert found
    assert (found.length.adds, found.frames) == (10, 40)


def test_a_number_that_counts_the_rest_of_answers_of_one_size_is_their_length() -> None:
    asked = answer(bytes.fromhex("f80400000009"))
    chance = random.Random(2)
    (found,) = propose_chains(b"".join(asked + answer(b"\xf8\x04\x12" + chance.randbytes(18)) for _ in range(30)))
    assert {*found.shapes} == {FrameShape(0, 0, "big", 8), FrameShape(2, 1, "big", 5)}
    assert any({*one.shapes} == {FrameShape(0, 0, "big", 8), FrameShape(0, 0, "big", 23)} for one in found.equals)


def test_a_byte_of_noise_before_each_frame_is_of_no_head() -> None:
    """Shunts of Pro BMS: `55 AA`, the size of the data, a kind, data, their exclusive or; noise."""
    chance, xor, data, covers = random.Random(6), build_sum("xor", 1), b"", []
    for number in range(60):
        body = bytes([0x80, 0xAA, number]) + chance.randbytes(9)
        data += b"\x55\xaa\x0c\x04" + body + bytes([xor(b"\x04" + body)])
        covers.append((len(data) - 14, len(data)))
        data += b"\xff" if number % 3 else b"\0"
    found = propose_chain(data, FrameChain(CheckKind("xor", 1, "big"), 4, tuple(covers[1:]), 400.0))
    assert found
    assert (found.heads, found.length.adds) == ((b"\x55\xaa",), 17)


def test_signs_that_count_others_are_text() -> None:
    """The exclusive or of letters and a sign is a sign, so that any text has some: they prove nothing."""
    chance, xor = random.Random(1), build_sum("xor", 1)
    bodies = [bytes([0x20 + size]) + bytes(chance.choices(b"@ABCDEFGHIJKLMNO", k=32 + size)) for size in (2, 4, 6) * 20]
    assert [*find_length_chains(data := b"".join(body + bytes([xor(body)]) for body in bodies))]
    assert not [*propose_chains(data)]
