"""Numbers before lines."""

import pytest

from sniffer.formats.text_files.line_numbers import LineNumbers, find_line_numbers


@pytest.mark.parametrize(
    ("lines", "numbers", "stripped"),
    [
        (["1: BB DD", "2: 32", "10: 06"], LineNumbers.COUNT, [" BB DD", " 32", " 06"]),
        (["1\tBB DD", "3\t32"], LineNumbers.COUNT, ["BB DD", "32"]),
        (["2: BB DD", "1: 32"], LineNumbers.NONE, ["2: BB DD", "1: 32"]),
        (["1: BB DD", "hello"], LineNumbers.NONE, ["1: BB DD", "hello"]),
        (["> x", " [1] BB DD", "[21] 32"], LineNumbers.INDEX, ["> x", "BB DD", "32"]),
        (
            ["rx uint8_t[2]", "  [0]\tuint8_t\t0xbb", "  [1]\tuint8_t\t0x00"],
            LineNumbers.INDEX,
            ["rx uint8_t[2]", "0xbb", "0x00"],
        ),
        (
            ["f: (2)", "0: 187", "1: 0", "f: (2)", "0: 1", "1: 6"],
            LineNumbers.INDEX,
            ["f: (2)", "187", "0", "f: (2)", "1", "6"],
        ),
        (["[0] => 187", "[1] => 0", "[0] => 1"], LineNumbers.INDEX, ["187", "0", "1"]),
        (["[187] 0", "[6] 89"], LineNumbers.NONE, ["[187] 0", "[6] 89"]),
        (["[1] RX: BB", "[2] RX: DD"], LineNumbers.NONE, ["[1] RX: BB", "[2] RX: DD"]),
        (["00> SEGGER", "00> RX: BB"], LineNumbers.TERMINAL, ["SEGGER", "RX: BB"]),
        (["00> BB", "01> BB"], LineNumbers.NONE, ["00> BB", "01> BB"]),
        ([], LineNumbers.NONE, []),
    ],
)
def test_a_number_is_left_out(lines: list[str], numbers: LineNumbers, stripped: list[str]) -> None:
    assert find_line_numbers(lines) is numbers
    assert [numbers.strip(line) for line in lines] == stripped
