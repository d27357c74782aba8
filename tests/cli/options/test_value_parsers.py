"""The values of options: numbers, sizes and times."""

import argparse

import pytest

from sniffer.cli.options.value_parsers import number_parser, parse_seconds, parse_size


def test_numbers_have_the_type_of_their_option() -> None:
    assert number_parser(int)("3") == 3
    assert number_parser(float)("0.001") == 0.001


@pytest.mark.parametrize(
    ("text", "size"),
    [("1GB", 10**9), ("500mb", 500 * 10**6), ("1.5 GB", 1_500_000_000), ("64k", 64_000), ("2T", 2 * 10**12), ("7", 7)],
)
def test_a_size_has_a_unit(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "0", "GB", "-1GB", "1XB", "1..5GB", "1 G B", "nan", "0.0001"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not a size"):
        parse_size(text)


def test_a_time_may_be_zero_and_is_a_number() -> None:
    assert [parse_seconds(text) for text in ("0", "30", "0.5")] == [0, 30, 0.5]
    for text in ("-1", "inf", "nan"):
        with pytest.raises(argparse.ArgumentTypeError, match="is not a time in seconds"):
            parse_seconds(text)
