"""Records of memory images."""

import pytest

from sniffer.formats.text_files.notations.memory_records import (
    is_intel_hex,
    is_s_records,
    read_intel_record,
    read_s_record,
)

DATA = bytes.fromhex("BBDDDD3206592A596859AD6BBC")


def intel(data: bytes, address: int = 0, kind: int = 0) -> str:
    record = bytes([len(data), *address.to_bytes(2, "big"), kind]) + data
    return f":{(record + bytes([-sum(record) & 255])).hex().upper()}"


def motorola(data: bytes, kind: int = 1, size: int = 2) -> str:
    record = bytes([len(data) + size + 1]) + bytes(size) + data
    return f"S{kind}{(record + bytes([~sum(record) & 255])).hex().upper()}"


def test_intel_hex_ends_with_the_last_record_or_has_addresses_that_follow() -> None:
    assert is_intel_hex([intel(DATA), ":00000001FF"])
    assert is_intel_hex([intel(DATA), intel(DATA, len(DATA))])
    assert not is_intel_hex([intel(DATA), intel(DATA)])
    assert not is_intel_hex([intel(DATA)])
    assert not is_intel_hex([intel(DATA), intel(DATA, len(DATA))[:-1] + "X"])
    assert not is_intel_hex([])


def test_a_record_of_intel_hex_has_data_or_none() -> None:
    assert read_intel_record(intel(DATA)) == DATA
    assert read_intel_record(":00000001FF") == b""
    assert read_intel_record(intel(b"\x08\x00", kind=4)) == b""
    assert read_intel_record(intel(DATA)[:-2] + "00") is None


@pytest.mark.parametrize(("kind", "size"), [(1, 2), (2, 3), (3, 4)])
def test_an_s_record_has_an_address_of_its_size(kind: int, size: int) -> None:
    assert read_s_record(motorola(DATA, kind, size)) == DATA
    assert is_s_records(["S0030000FC", motorola(DATA, kind, size), "S9030000FC"])


def test_s_records_have_a_checksum() -> None:
    assert read_s_record("S0030000FC") == b""
    assert read_s_record(motorola(DATA)[:-2] + "00") is None
    assert not is_s_records(["S0030000FC"])
    assert not is_s_records([motorola(DATA), "hello"])
