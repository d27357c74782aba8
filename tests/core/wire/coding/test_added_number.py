"""A number that is added to each byte of a payload."""

from sniffer.core.wire.coding.added_number import AddedNumber


def test_only_the_payload_is_changed_and_its_bytes_wrap_around() -> None:
    number = AddedNumber(0x33, start=2, trailer_size=1)
    assert number.add(bytes.fromhex("00 FF CD")) == bytes.fromhex("33 32 00")
    assert number.unwrap(bytes.fromhex("68 11 33 32 00 16")) == bytes.fromhex("68 11 00 FF CD 16")
