"""The CRC is CRC-16/MODBUS: it agrees with the definition, bit by bit, and with the published check value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.wire.crc import crc16
from tests.known_frames import KNOWN_FRAMES, KnownFrame


def crc_by_definition(data: bytes) -> int:
    """Polynomial 0x8005 reflected, initial 0xFFFF, no final xor."""
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (0xA001 if register & 1 else 0)
    return register


@given(st.binary(max_size=600))
def test_the_crc_agrees_with_a_bitwise_computation(data: bytes) -> None:
    assert crc16(data) == crc_by_definition(data)


def test_the_check_value_is_the_published_one() -> None:
    assert crc16(b"123456789") == 0x4B37


def test_the_crc_of_nothing_is_the_initial_value() -> None:
    assert crc16(b"") == 0xFFFF


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_every_known_frame_ends_with_its_crc_high_byte_first(known: KnownFrame) -> None:
    checked_from = {"pwrboard": 0, "dbus": 3}[known.link]
    assert crc16(known.raw[checked_from:-2]).to_bytes(2, "big") == known.raw[-2:]
