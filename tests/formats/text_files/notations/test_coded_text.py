"""Characters with codes for the bytes that are not shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.formats.text_files.notations.coded_text import find_coded, rewrite_coded

DATA = b"\xbb\x002Y\x06"


@pytest.mark.parametrize(
    "line",
    [
        "RX: $BB$002Y$06",
        "RX: <BB><NUL>2Y<ACK>",
        "RX: <0xBB><0x00>2Y<0x06>",
        "RX: [BB][00]2Y[06]",
        "RX: {BB}{00}2Y{06}",
        "RX: %BB%002Y%06",
        r"RX: \BB\002Y\06",
        r"RX: \xbb\x002Y\x06",
        r"RX: '\\xbb\\x002Y\\x06'",
        r'RX: "\xbb\u00002Y\u0006"',
        "RX: »<00>2Y<06>",
        "RX: $BB$002Y$06 (5 bytes)",
        "Line 0 [5001:1:0]-[$BB$002Y$06]",
    ],
)
def test_each_program_has_codes_of_its_own(line: str) -> None:
    found = find_coded(line)
    assert found
    assert found.data == DATA
    assert rewrite_coded(line) == f"{line[: found.begin]}{DATA.hex(' ')}  {line[found.end :]}"


@pytest.mark.parametrize(
    "line", ["", "hello", "$BB", "<NUL>", "<b>hello</b>", "100 %", "BB 00 32", "\u2713$BB$00", "[x][y]"]
)
def test_other_lines_are_none(line: str) -> None:
    assert find_coded(line) is None
    assert rewrite_coded(line) == line


@given(st.binary(min_size=2, max_size=20))
def test_any_bytes_are_read_back(data: bytes) -> None:
    text = "".join(chr(byte) if 48 <= byte < 58 else f"${byte:02X}" for byte in b"\xbb\xbb" + data)
    found = find_coded(f"RX {text}")
    assert found
    assert found.data == b"\xbb\xbb" + data
