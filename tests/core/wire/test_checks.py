"""The checks: each named CRC against its figure in the catalogue, and the others against their definition."""

import pickle
from importlib import resources

import pytest

from sniffer.core.wire.checks import (
    FLETCHERS,
    SUMS,
    Check,
    CrcParameters,
    build_check_of_text,
    build_sum,
    build_text_check,
    list_crcs,
    list_names,
    no_check,
)

TABLE = resources.files("sniffer.core.wire") / "data" / "crcs.csv"
ROWS = [row.split(",") for row in TABLE.read_text("utf-8").splitlines()[1:]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_named_crc_has_the_check_of_the_catalogue(row: list[str]) -> None:
    assert list_crcs()[row[0]].compute(b"123456789") == int(row[6], 0)


@pytest.mark.parametrize(
    ("name", "size", "number"),
    [
        ("sum", 1, 0x0A),
        ("sum", 2, 0x010A),
        ("sum inverted", 1, 0xF5),
        ("sum negated", 2, 0xFEF6),
        ("xor", 1, 0xF4),
        ("xor inverted", 1, 0x0B),
    ],
)
def test_each_sum_over_two_bytes_is_this_number(name: str, size: int, number: int) -> None:
    assert build_sum(name, size)(b"\xff\x0b") == number


def test_a_check_covers_the_bytes_from_its_start_in_its_order() -> None:
    check = Check("sum", 2, 1, "little", build_sum("sum", 2))
    assert check.build(b"\xff\x01\x02") == b"\x03\x00"
    assert check.is_right(b"\xff\x01\x02\x03\x00\x77", 5)
    assert not check.is_right(b"\xff\x01\x02\x00\x03\x77", 5)


def test_no_check_has_no_bytes() -> None:
    assert (no_check().size, no_check().build(b"\1")) == (0, b"")


@pytest.mark.parametrize("size", [1, 2, 3, 4, 8])
def test_each_name_has_a_check_of_the_size_that_it_is_listed_for(size: int) -> None:
    names = [*list_names(size)]
    assert ("xor" in names, "Fletcher-16" in names) == (size == 1, size == 2)
    assert sum(name.startswith("CRC-") for name in names) > 0
    for name in names:
        assert len(Check("sum", size, 1, "big").with_name(name).build(b"\1\2\3")) == size


def test_a_check_of_a_line_is_sent_as_digits() -> None:
    """A sentence of NMEA 0183, with the exclusive or of what stands between `$` and `*`."""
    line = b"$GPGLL,5300.97914,N,00259.98174,E,125926,A*28"
    check = build_text_check(Check("xor", 1, 1, "big", build_sum("xor", 1)), "upper", b"*")
    assert (check.size, check.number_size) == (3, 1)
    assert check.is_right(line, len(line))
    assert check.build(line[:-3]) == b"*28"
    assert not check.is_right(line.replace(b"E", b"W"), len(line))
    lower = build_text_check(Check("sum negated", 2, 0, "big", build_sum("sum negated", 2)), "lower")
    assert lower.build(b"\x01\x05") == b"fffa"


KINDS = [
    *(Check(name, 1, 1, "big") for name in SUMS),
    Check("sum", 2, 0, "little"),
    *(Check(name, 2, 0, "big") for name in FLETCHERS),
    Check("CRC-16/MODBUS", 2, 0, "little"),
    Check("CRC-16/ARC", 2, 0, "little"),
    Check("CRC", 2, 0, "big", None, CrcParameters(16, 0x1021, 0x55, is_reflected=False, final_xor=0)),
    no_check(),
]
KINDS += [build_text_check(check, "upper", b"*") for check in KINDS[:-1]]
KINDS += [build_check_of_text(check, "lower") for check in KINDS[:3]]


@pytest.mark.parametrize("check", KINDS, ids=repr)
def test_another_process_gets_the_same_check_after_it_was_used(check: Check) -> None:
    built = check.build(b"\1\2\3")
    sent = pickle.loads(pickle.dumps(check))
    assert sent == check
    assert sent.build(b"\1\2\3") == built
