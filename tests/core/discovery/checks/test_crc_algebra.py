"""The parameters of a CRC from frames alone."""

import random
from functools import reduce
from operator import xor

import pytest

from sniffer.core.discovery.checks.crc_algebra import find_constants, find_polynomial
from sniffer.core.wire.checks import CrcParameters, list_crcs

NAMES = ["CRC-8/SMBUS", "CRC-8/MAXIM-DOW", "CRC-16/MODBUS", "CRC-16/XMODEM", "CRC-16/SPI-FUJITSU", "CRC-32/ISO-HDLC"]


def frames_of(crc: CrcParameters, sizes: list[int]) -> list[tuple[bytes, int]]:
    chance = random.Random(2)
    bodies = [chance.randbytes(size) for size in sizes for _ in range(6)]
    return [(body, crc.compute(body)) for body in bodies]


@pytest.mark.parametrize("name", NAMES)
def test_a_crc_is_found_from_frames_of_several_lengths(name: str) -> None:
    crc = list_crcs()[name]
    frames = frames_of(crc, [5, 9, 12])
    polynomial = find_polynomial(frames, crc.width, is_reflected=crc.is_reflected)
    assert polynomial == crc.polynomial
    found = find_constants(frames, crc.width, polynomial, is_reflected=crc.is_reflected)
    assert found
    other = frames_of(found, [7, 21])
    assert other == frames_of(crc, [7, 21])


def test_an_initial_value_of_its_own_is_found() -> None:
    crc = CrcParameters(16, 0xA097, 0x1234, is_reflected=True, final_xor=0x0F0F)
    frames = frames_of(crc, [4, 6, 11])
    found = find_constants(frames, 16, 0xA097, is_reflected=True)
    assert found
    assert frames_of(found, [30]) == frames_of(crc, [30])


@pytest.mark.parametrize("name", ["CRC-16/MODBUS", "CRC-16/XMODEM", "CRC-16/IBM-SDLC", "CRC-32/ISO-HDLC"])
def test_of_several_initial_values_that_fit_the_common_one_is_found(name: str) -> None:
    """The factor x + 1 divides the polynomial of CRC-16/MODBUS: two initial values fit its frames."""
    crc = list_crcs()[name]
    found = find_constants(frames_of(crc, [5, 9, 12]), crc.width, crc.polynomial, is_reflected=crc.is_reflected)
    assert found
    assert (found.initial, found.final_xor) == (crc.initial, crc.final_xor)


def test_what_is_no_crc_has_no_polynomial() -> None:
    chance = random.Random(6)
    frames = [(chance.randbytes(8), chance.randrange(1 << 16)) for _ in range(20)]
    assert find_polynomial(frames, 16, is_reflected=False) is None


def test_constants_that_fit_some_frames_only_are_none() -> None:
    crc = list_crcs()["CRC-16/XMODEM"]
    frames = frames_of(crc, [5, 9])
    frames[::2] = [(body, check ^ 1 << number) for number, (body, check) in enumerate(frames[::2])]
    assert find_constants(frames, 16, crc.polynomial, is_reflected=False) is None


@pytest.mark.parametrize("damaged", [0, 3, 11])
def test_a_damaged_frame_hides_no_crc(damaged: int) -> None:
    """The CRC of the LD06 range finder, from its data sheet: polynomial 4D, all frames of one size."""
    crc = CrcParameters(8, 0x4D, 0, is_reflected=False, final_xor=0)
    chance = random.Random(2)
    bodies = [chance.randbytes(46) for _ in range(30)]
    frames = [(body, crc.compute(body) ^ (at == damaged)) for at, body in enumerate(bodies)]
    assert find_polynomial(frames, 8, is_reflected=False) == 0x4D
    assert find_constants(frames, 8, 0x4D, is_reflected=False) == crc


def test_the_exclusive_or_of_words_has_no_polynomial_of_a_crc() -> None:
    chance, frames = random.Random(3), []
    for _ in range(40):
        body = chance.randbytes(12)
        words = [int.from_bytes(body[at : at + 2], "big") for at in range(0, 12, 2)]
        frames.append((body, reduce(xor, words)))
    assert find_polynomial(frames, 16, is_reflected=False) is None
