"""Sums with a constant of the maker: given these frames, this check."""

import random

import pytest

from sniffer.core.discovery.checks.check_search import find_check, is_of_catalogue
from sniffer.core.discovery.checks.constant_sum import find_constant_sum
from sniffer.core.wire.checks import ByteOrder, SumConstants, build_sum


def frames_with(name: str, size: int, order: ByteOrder, constants: SumConstants, *, damaged: int = 0) -> list[bytes]:
    chance, frames, compute = random.Random(8), [], build_sum(name, size, constants)
    for number in range(40):
        body = b"\xa5\x5a" + chance.randbytes(chance.randrange(4, 15))
        check = compute(body) ^ (1 if number < damaged else 0)
        frames.append(body + check.to_bytes(size, order))
    return frames


@pytest.mark.parametrize(
    ("name", "size", "constants"),
    [
        ("sum", 1, SumConstants(initial=0x37)),
        ("sum", 2, SumConstants(initial=0x1337)),
        ("sum negated", 1, SumConstants(initial=0x59)),
        ("xor", 1, SumConstants(initial=0x17)),
        ("sum", 1, SumConstants(final_xor=0x55)),
    ],
)
@pytest.mark.parametrize("order", ["big", "little"])
def test_a_constant_follows_from_the_frames(name: str, size: int, order: ByteOrder, constants: SumConstants) -> None:
    """The meters BL0942 of Belling have 58 more, air conditioners of LG combine the sum with 55."""
    fit = find_check(frames_with(name, size, order, constants, damaged=3))
    assert fit
    check = fit.check
    assert (check.name, check.size, check.start, fit.frames) == (name, size, 0, 37)
    assert (check.initial, check.final_xor) == constants
    assert not is_of_catalogue(check)


def test_a_copy_of_the_only_byte_that_changes_is_no_check() -> None:
    assert find_constant_sum([bytes([0xA5, number, 7, 9, number + 5]) for number in range(40)]) is None


def test_lines_before_a_text_are_no_constant() -> None:
    frames = frames_with("xor", 1, "big", SumConstants(initial=0x17))
    texts = [frame.hex().encode() + bytes([build_sum("xor", 1)(frame.hex().encode()) ^ 3]) for frame in frames]
    assert find_constant_sum(texts) is None


def test_few_frames_prove_no_constant() -> None:
    assert find_constant_sum(frames_with("sum", 1, "big", SumConstants(initial=0x37))[:11]) is None
