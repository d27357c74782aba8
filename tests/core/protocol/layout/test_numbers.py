"""The bytes of numbers: the size, the sign, and the orders of bytes and of words, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.protocol.conversions import Number
from sniffer.core.protocol.definition import Field
from sniffer.core.protocol.layout.numbers import decode_number, encode_number
from sniffer.core.wire.checks import ByteOrder


def make_field(size: int, order: ByteOrder, *, is_swapped: bool, is_signed: bool = False) -> Field:
    return Field(
        "n", size, "int" if is_signed else "uint", Number(), None, None, "", order=order, is_swapped=is_swapped
    )


@pytest.mark.parametrize(
    ("order", "is_swapped", "data"),
    [
        ("big", False, "0102030405060708"),
        ("little", False, "0807060504030201"),
        ("big", True, "0708050603040102"),
        ("little", True, "0201040306050807"),
    ],
)
def test_bytes_and_words_have_orders_of_their_own(order: ByteOrder, is_swapped: bool, data: str) -> None:
    field = make_field(8, order, is_swapped=is_swapped)
    assert encode_number(field, 0x0102030405060708).hex() == data
    assert decode_number(field, bytes.fromhex(data)) == 0x0102030405060708


@given(st.sampled_from([4, 6, 8]), st.sampled_from(["big", "little"]), st.booleans(), st.booleans(), st.data())
def test_every_number_survives(
    size: int, order: ByteOrder, is_swapped: bool, is_signed: bool, data: st.DataObject
) -> None:
    field = make_field(size, order, is_swapped=is_swapped, is_signed=is_signed)
    piece = data.draw(st.binary(min_size=size, max_size=size))
    assert encode_number(field, decode_number(field, piece)) == piece


def test_a_number_that_is_too_large_is_refused() -> None:
    with pytest.raises(OverflowError):
        encode_number(make_field(4, "big", is_swapped=True), 2**32)
