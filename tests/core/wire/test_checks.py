"""The checks: each named CRC against its figure in the catalogue, and the others against their definition."""

from importlib import resources

import pytest

from sniffer.core.wire.checks import Check, build_sum, list_crcs, no_check

TABLE = resources.files("sniffer.core.wire") / "data" / "crcs.csv"
ROWS = [row.split(",") for row in TABLE.read_text("utf-8").splitlines()[1:]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_named_crc_has_the_check_of_the_catalogue(row: list[str]) -> None:
    assert list_crcs()[row[0]].compute(b"123456789") == int(row[6], 0)


@pytest.mark.parametrize(
    ("name", "size", "number"),
    [("sum", 1, 0x0A), ("sum", 2, 0x010A), ("sum inverted", 1, 0xF5), ("sum negated", 2, 0xFEF6), ("xor", 1, 0xF4)],
)
def test_sums(name: str, size: int, number: int) -> None:
    assert build_sum(name, size)(b"\xff\x0b") == number


def test_a_check_covers_the_bytes_from_its_start_in_its_order() -> None:
    check = Check("sum", 2, 1, "little", build_sum("sum", 2))
    assert check.build(b"\xff\x01\x02") == b"\x03\x00"
    assert check.is_right(b"\xff\x01\x02\x03\x00\x77", 5)
    assert not check.is_right(b"\xff\x01\x02\x00\x03\x77", 5)


def test_no_check_has_no_bytes() -> None:
    assert (no_check().size, no_check().build(b"\1")) == (0, b"")
