"""Bytes with dots between them, or after their number."""

import pytest

from sniffer.formats.text_files.notations.marked_bytes import (
    are_counted,
    find_dotted,
    rewrite_counted,
    rewrite_dotted,
)


@pytest.mark.parametrize(
    ("line", "rewritten"),
    [
        ("received: BB.DD.DD.32.06.59.2A (7)", "received: bb dd dd 32 06 59 2a (7)"),
        ("to 10.10.10.10", "to 10.10.10.10"),
        ("state 27.60 V", "state 27.60 V"),
        ("received: 3A (1)", "received: 3a (1)"),
        ("received: 3A.16 (3)", "received: 3A.16 (3)"),
        ("on 15.01.2026", "on 15.01.2026"),
    ],
)
def test_dots_between_bytes_become_spaces(line: str, rewritten: str) -> None:
    assert rewrite_dotted(line) == rewritten


def test_digits_alone_with_dots_may_be_a_number() -> None:
    assert find_dotted("BB.DD.DD.32.06.59.2A") == bytes.fromhex("BBDDDD3206592A")
    assert find_dotted("10.20.30.40.50.60.70") == b""


@pytest.mark.parametrize(
    ("lines", "are"),
    [
        (["RX 7 01 03 04 00 00 00 01", "TX 3 01 03 04"], True),
        (["RX 7 01 03 04 00 00 00 01", "TX 4 01 03 04"], False),
        (["RX 7 01 03 04 00 00 00 01"], False),
        (["RX 8 BB EE EE 2D 01 01 36 96"], True),
        (["1970-01-01 00:00:01.5 | COM3 | RX |   8 | BB EE EE 2D 01 01 36 96"], True),
        (["R |    8 | BB EE EE 2D 01 01 36 96", "hello"], True),
        (["hello"], False),
    ],
)
def test_a_number_counts_the_bytes_after_it_if_it_does_so_in_all_lines(lines: list[str], *, are: bool) -> None:
    assert are_counted(lines) is are


def test_a_number_that_counts_the_bytes_is_left_out() -> None:
    assert rewrite_counted("00:00:01 RX 2 BB DD") == "00:00:01 RX BB DD"
    assert rewrite_counted("RX 3 BB DD") == "RX 3 BB DD"
