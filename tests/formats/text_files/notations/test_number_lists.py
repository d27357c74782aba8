"""Lists of numbers that are bytes."""

import pytest

from sniffer.formats.text_files.dumps.dump_numbers import BINARY, DECIMAL, HEXADECIMAL
from sniffer.formats.text_files.notations.number_lists import find_base, rewrite_numbers

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
OTHER = bytes.fromhex("AAEEEE040101BF44")


@pytest.mark.parametrize(
    ("form", "base"), [("{:08b}", BINARY), ("{}", DECIMAL), ("{:x}", HEXADECIMAL), ("{:02x}", None), ("{:03}", DECIMAL)]
)
def test_the_base_of_numbers_is_found(form: str, base: int | None) -> None:
    line = " ".join(form.format(byte) for byte in FRAME)
    assert find_base([line]) == base
    assert base is None or bytes.fromhex(rewrite_numbers(line, base)) == FRAME
    assert find_base(["hello"]) is None


def test_lists_on_one_line_are_all_read() -> None:
    line = f"{list(FRAME)}, {list(OTHER)}"
    assert rewrite_numbers(line, DECIMAL) == f"[{(FRAME + OTHER).hex(' ')}]"


def test_a_number_that_stands_for_many_is_repeated() -> None:
    assert rewrite_numbers("$1 = {0xbb, 0x0 <repeats 12 times>, 0x6}", HEXADECIMAL) == f"$1 = {{bb{' 00' * 12} 06}}"
    assert rewrite_numbers("{187, 0 <repeats 3 times>}", DECIMAL) == "{bb 00 00 00}"


def test_an_amount_after_numbers_is_none_of_them() -> None:
    line = f"337795, IN,{','.join(hex(byte) for byte in FRAME)}, Bytes = 13"
    assert find_base([line]) == HEXADECIMAL
    assert rewrite_numbers(line, HEXADECIMAL) == f"337795, IN,{FRAME.hex(' ')}"


@pytest.mark.parametrize("line", ["  - count : 13", "byte length: 13", "size=13"])
def test_an_amount_beside_decimal_numbers_is_no_byte(line: str) -> None:
    assert rewrite_numbers(line, DECIMAL) == line


def test_binary_numbers_may_be_joined_or_without_leading_zeros() -> None:
    joined = "".join(f"{byte:08b}" for byte in FRAME)
    short = " ".join(f"{byte:b}" for byte in FRAME)
    for line in (joined, short):
        assert find_base([line]) == BINARY
        assert bytes.fromhex(rewrite_numbers(line, BINARY)) == FRAME
    assert find_base(["1 0 1 1 0 0 1 0 1"]) is None
    assert find_base([joined[:-1]]) is None
