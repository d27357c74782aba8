"""The CRC is CRC-16/MODBUS: it agrees with the definition, bit by bit, and with the published check value."""

import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.wire.crc import crc16, load_crc16
from tests.known_frames import KNOWN_FRAMES, KnownFrame


def crc_by_definition(data: bytes) -> int:
    """Polynomial 0x8005 reflected, initial 0xFFFF, no final xor."""
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (0xA001 if register & 1 else 0)
    return register


def load_base() -> Callable[[bytes], int]:
    """Return the function that is used if the extra `speed` is not installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "fastcrc.crc16", None)
        return load_crc16()


BASE = load_base()


@given(st.binary(max_size=600))
def test_the_crc_agrees_with_a_bitwise_computation(data: bytes) -> None:
    assert crc16(data) == BASE(data) == crc_by_definition(data)


def test_the_check_value_is_the_published_one() -> None:
    assert crc16(b"123456789") == BASE(b"123456789") == 0x4B37


def test_the_crc_of_nothing_is_the_initial_value() -> None:
    assert crc16(b"") == BASE(b"") == 0xFFFF


def test_the_faster_library_is_used_where_it_is_installed() -> None:
    pytest.importorskip("fastcrc")
    assert (load_crc16().__module__, BASE.__module__) == ("fastcrc.crc16", "crcmod.crcmod")


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_every_known_frame_ends_with_its_crc_high_byte_first(known: KnownFrame) -> None:
    checked_from = {"pwrboard": 0, "dbus": 3}[known.link]
    assert crc16(known.raw[checked_from:-2]).to_bytes(2, "big") == known.raw[-2:]
