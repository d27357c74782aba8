"""Frames between delimiters: what is wrapped is unwrapped, and each byte of the content is located."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.wire.coding.delimiter import Delimiter

SLIP = Delimiter(b"\xc0", 0xDB, {0xDC: 0xC0, 0xDD: 0xDB})
HDLC = Delimiter(b"\x7e", 0x7D, {byte: byte ^ 0x20 for byte in range(256)})
COBS = Delimiter(b"\0", is_stuffed=True)
DLE = Delimiter(b"\x10\x03", 0x10, {0x10: 0x10}, begin=b"\x10\x02")


@pytest.mark.parametrize("delimiter", [SLIP, HDLC, COBS])
@given(content=st.binary(max_size=40))
def test_what_is_wrapped_is_unwrapped(delimiter: Delimiter, content: bytes) -> None:
    raw = delimiter.wrap(content)
    assert delimiter.unwrap(raw) == content
    assert raw.count(delimiter.end) == 2
    places = delimiter.locate(raw)
    assert len(places) == len(content) + 1
    assert places[-1] == len(raw) - 1


def test_an_escape_that_stands_for_nothing_has_no_content() -> None:
    assert SLIP.unwrap(b"\xc0\x01\xdb\x02\xc0") == b""


def test_a_frame_that_begins_with_an_escape_ends_where_another_one_stands_alone() -> None:
    assert [DLE.find_end(data, 0, len(data)) for data in (b"\x10", b"\x10\x02", b"\x10\x02\x10")] == [2, 3, 4]
    assert DLE.find_end(b"\x10\x02\x10\x10\x03", 0, 5) == 6
    assert [DLE.find_end(data, 0, len(data)) for data in (b"\x10\x04", b"\x10\x02\x01\x10\x02\x10\x03")] == [0, 0]
