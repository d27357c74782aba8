"""Proposals from chains: given frames that their checks found, heads, sizes, and a definition that finds the frames."""

import random

import pytest

from sniffer.core.discovery.chain_candidate import list_heads, propose_chains
from sniffer.core.discovery.shape_search import FrameShape
from sniffer.core.wire.checks import list_crcs
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


def test_heads_are_the_bytes_that_all_frames_begin_with() -> None:
    bodies = [bytes([number, 7]) for number in range(20)]
    assert list_heads([b"\xa5\x5a" + body for body in bodies]) == (b"\xa5\x5a",)
    assert list_heads([(b"\xa5", b"\x5a")[number % 2] + body for number, body in enumerate(bodies)]) == (
        b"\x5a",
        b"\xa5",
    )
    assert list_heads(bodies) == ()
