"""Numbers as people write codes."""

import pytest

from sniffer.text.code_numbers import read_number, read_numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4", [4]),
        ("04h", [4]),
        ("4H", [4]),
        ("0x04", [4]),
        ("0X04", [4]),
        (" 14 ", [14, 20]),
        ("200208", [200208, 0x200208]),
        ("200208h", [0x200208]),
        ("0E", [14]),
        ("0x200208,", [0x200208]),
        ("'0x200208'", [0x200208]),
        ("#200208", [200208, 0x200208]),
        *((text, []) for text in ("", "h", "0x", "0x4h", "-4", "1.5", "4hh", "4 h", "xyz", "1" * 19)),
    ],
)
def test_a_text_is_every_number_that_it_can_be(text: str, expected: list[int]) -> None:
    assert read_number(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14,0x200208", [[14, 20], [0x200208]]),
        ("(14, 0x200208)", [[14, 20], [0x200208]]),
        ("14;0x200208", [[14, 20], [0x200208]]),
        ("14/0x200208,", [[14, 20], [0x200208]]),
        ("2,097,672", [[2097672]]),
        ("2.097.672", [[2097672]]),
        ("2 097 672", [[2097672]]),
        ("14,2097672", [[14, 20], [2097672, 0x2097672]]),
        ("4,8,9", [[4], [8], [9]]),
        ("14,no", []),
        ("", []),
    ],
)
def test_a_list_of_numbers_is_read_in_its_parts(text: str, expected: list[list[int]]) -> None:
    assert read_numbers(text) == expected
