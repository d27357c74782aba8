"""Byte stuffing with the values of its authors and at the size of its longest run."""

import pytest

from sniffer.core.wire.coding.byte_stuffing import list_stuffed, stuff


@pytest.mark.parametrize(
    ("content", "sent"),
    [
        (b"\0", "01 01"),
        (b"\x11\x22\0\x33", "03 11 22 02 33"),
        (b"\x11\0\0\0", "02 11 01 01 01"),
        (bytes(range(1, 255)), f"FF {bytes(range(1, 255)).hex()}"),
        (bytes(range(255)), f"01 FF {bytes(range(1, 255)).hex()}"),
        (bytes(range(1, 256)), f"FF {bytes(range(1, 255)).hex()} 02 FF"),
        (bytes(range(1, 255)) + b"\0", f"FF {bytes(range(1, 255)).hex()} 01 01"),
        (bytes([*range(3, 256), 0, 1]), f"FE {bytes(range(3, 256)).hex()} 02 01"),
    ],
)
def test_a_zero_is_sent_as_the_distance_to_the_next_one(content: bytes, sent: str) -> None:
    """Consistent overhead byte stuffing, Cheshire and Baker 1999."""
    raw = bytes.fromhex(sent)
    assert stuff(content) == raw
    places = list_stuffed(raw)
    assert bytes(byte for _, byte in places) == content
    assert all(raw[at] == byte or not byte for at, byte in places)


def test_a_distance_that_leads_out_of_the_content_is_none() -> None:
    assert list_stuffed(b"\x09\x01\x01") == []
    assert list_stuffed(b"\x01\x00") == []
