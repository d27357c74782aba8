"""The parts of a link's layout: which numbers are lengths, and which keys are shared."""

import pytest

from sniffer.core.wire.link_parts import ANY_KEY, FrameEnd, LengthField, NumberField
from sniffer.core.wire.links import PWRBOARD

WORDS = LengthField(2, 1, adds=6, unit=2, least=1, most=100, multiple_of=3)


@pytest.mark.parametrize(("number", "size"), [(3, 12), (99, 204), (0, 0), (1, 0), (102, 0)])
def test_only_numbers_within_the_bounds_are_lengths(number: int, size: int) -> None:
    assert WORDS.find_size(number) == size


def test_without_bounds_all_numbers_are_lengths() -> None:
    length = LengthField(2, 2, adds=7)
    assert (length.highest, length.find_size(0), length.find_size(65535)) == (65535, 7, 65542)


def test_a_length_may_have_some_bits_of_its_bytes() -> None:
    low, high = LengthField(0, 1, adds=4, mask=0x3F), LengthField(0, 2, "little", mask=0xFFC0)
    assert (low.read(b"\xc2"), low.highest, low.find_size(2)) == (2, 63, 6)
    assert (high.read(b"\x85\x01"), high.shift, high.highest) == (6, 6, 1023)
    front = bytearray(b"\x80")
    low.write(front, 5)
    assert front == b"\x85"
    with pytest.raises(OverflowError, match="64 is more than 63"):
        low.write(front, 64)


def test_a_number_is_read_in_its_order() -> None:
    assert NumberField(1, 2, "little").read(b"\x00\x00\x02\x01", 1) == 0x0102


def test_any_key_is_shared() -> None:
    assert b"" in ANY_KEY
    assert b"\x01" in ANY_KEY
    assert (len(ANY_KEY), [*ANY_KEY]) == (0, [])


def test_the_end_counts_check_and_tail() -> None:
    assert FrameEnd(PWRBOARD.check).size == 2
    assert FrameEnd(PWRBOARD.check, b"\xbe").size == 3
