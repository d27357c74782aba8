"""The index of checks: given bytes with a check somewhere in them, the places where its cover begins and ends."""

import random

import pytest

from sniffer.core.discovery.checks.check_index import CheckIndexer, CheckKind
from sniffer.core.wire.checks import SUMS, list_crcs

NAMED = {name: crc for name, crc in list_crcs().items() if crc.width <= 32}
KINDS = [
    *(CheckKind(name, crc.width // 8, order, crc) for name, crc in NAMED.items() for order in ("big", "little")),
    *(CheckKind(name, size, order) for name in SUMS[:3] for size in (1, 2, 4) for order in ("big", "little")),
    CheckKind("xor", 1, "big"),
    CheckKind("xor inverted", 1, "big"),
]


def test_begin_and_end_of_a_right_check_have_one_number() -> None:
    chance = random.Random(1)
    for kind in KINDS:
        before, body, after = chance.randbytes(7), chance.randbytes(20), chance.randbytes(5)
        data = before + body + kind.build(0).build(body) + after
        index = CheckIndexer(data).build(kind)
        assert index.begins[7] == index.ends[27], kind
        # A place that is not the begin has the number by accident only.
        alike = sum(number == index.ends[27] for number in index.begins)
        assert alike <= 6, kind


def test_the_numbers_agree_with_each_check_that_is_computed() -> None:
    data = bytes(range(40)) + b"\x00\x07" * 9
    for name in ("CRC-8/SMBUS", "CRC-8/MAXIM-DOW"):
        kind = CheckKind(name, 1, "big", list_crcs()[name])
        index, compute = CheckIndexer(data).build(kind), list_crcs()[name].compute
        for begin in range(len(data) - 1):
            for end in range(begin, len(data)):
                assert (index.begins[begin] == index.ends[end]) == (compute(data[begin:end]) == data[end])


@pytest.mark.parametrize(("kind", "bits"), [(KINDS[-1], 8), (CheckKind("sum", 2, "big"), 10), (KINDS[0], 8)])
def test_the_high_byte_of_a_sum_proves_little(kind: CheckKind, bits: int) -> None:
    assert kind.bits == bits
