"""The blocks of pcapng: padding, options and their limits."""

from struct import pack

import pytest

from sniffer.formats.pcapng.blocks import (
    LONGEST_OPTION,
    Option,
    options_of,
    pack_block,
    pack_option,
    pad,
    read_block_head,
    read_packet_time,
    text_option,
)


@pytest.mark.parametrize(("size", "padded"), [(0, 0), (1, 4), (3, 4), (4, 4), (5, 8)])
def test_data_is_padded_to_four_bytes(size: int, padded: int) -> None:
    assert pad(b"x" * size) == b"x" * size + bytes(padded - size)


def test_a_block_has_its_size_at_both_ends() -> None:
    assert pack_block(6, b"abc") == bytes.fromhex("06000000 10000000 61626300 10000000")


def test_options_end_with_the_end_option_and_none_have_none() -> None:
    packed = pack_block(6, b"", [Option(1, b"ab")])
    assert packed[8:-4] == bytes.fromhex("0100 0200 61620000 0000 0000")
    assert pack_option(2, b"abcd") == bytes.fromhex("0200 0400 61626364")


@pytest.mark.parametrize("order", ["<", ">"])
def test_options_are_read_up_to_their_end(order: str) -> None:
    values = ((1, b"abc"), (9, b""), (2, b"abcd"), (0, b""), (5, b"x"))
    data = b"".join(pack(f"{order}HH", code, len(value)) + pad(value) for code, value in values)
    assert list(options_of(data, 0, len(data), order)) == [Option(1, b"abc"), Option(9, b""), Option(2, b"abcd")]
    assert list(options_of(data, 0, 8, order)) == [Option(1, b"abc")]
    assert list(options_of(data, 0, 11, order)) == [Option(1, b"abc")]


def test_an_option_longer_than_its_block_is_an_error() -> None:
    assert list(options_of(pack_option(1, b"abcd"), 0, 8, "<")) == [Option(1, b"abcd")]
    with pytest.raises(ValueError, match="an option is longer than its block"):
        list(options_of(pack_option(1, b"abcd"), 0, 7, "<"))


def test_a_text_is_cut_at_the_longest_option() -> None:
    assert text_option(1, "é\udc9b") == Option(1, "é".encode() + rb"\udc9b")
    assert len(text_option(1, "x" * (LONGEST_OPTION + 1)).value) == LONGEST_OPTION


def test_the_head_and_the_time_of_a_packet_are_read_at_its_offset() -> None:
    packet = pack_block(6, pack("<IIIII", 0, 0x01020304, 0x05060708, 1, 1) + b"x")
    data = pack_block(1, b"before") + packet
    start = len(data) - len(packet)
    assert read_block_head(data, start) == (6, len(packet))
    assert read_packet_time(data, start) == 0x0102030405060708
