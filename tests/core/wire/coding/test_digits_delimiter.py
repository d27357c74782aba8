"""Contents that are sent as digits: what one frame is, and where its bytes are."""

import pytest

from sniffer.core.wire.coding.digits_delimiter import DigitsDelimiter


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (b":0102\r\n01", 7),
        (b":0102", 6),
        (b":0102\r", 7),
        (b"", 1),
        (b":010\r\n", 0),
        (b":\r\n", 0),
        (b":01:", 0),
        (b":01\rx", 0),
        (b"01\r\n", 0),
    ],
)
def test_a_frame_ends_after_its_digits_and_no_other_byte_is_waited_for(data: bytes, end: int) -> None:
    assert DigitsDelimiter(b"\r\n", begin=b":").find_end(data, 0, len(data)) == end


def test_each_byte_is_at_its_first_digit() -> None:
    delimiter = DigitsDelimiter(b"\r\n", begin=b":", digits="lower")
    raw = delimiter.wrap(b"\x1f\xab")
    assert raw == b":1fab\r\n"
    assert delimiter.unwrap(raw) == b"\x1f\xab"
    assert delimiter.locate(raw) == [1, 3, 5]
    assert delimiter.unwrap(b":1FAB\r\n") == b""
