"""The check of known frames: given these frames, this check."""

import random
from functools import reduce
from operator import xor

import pytest

from sniffer.core.discovery.checks.check_search import count_proving, find_check, find_text_check, is_proved
from sniffer.core.wire.checks import (
    Check,
    CrcParameters,
    DigitCase,
    build_fletcher,
    build_sum,
    build_text_check,
    list_crcs,
)


def frames_with(compute, size: int, order: str, start: int, *, count: int = 30, damaged: int = 0) -> list[bytes]:
    chance = random.Random(8)
    frames = []
    for number in range(count):
        body = b"\xa5\x5a" + chance.randbytes(chance.randrange(4, 15))
        check = compute(body[start:]) ^ (1 if number < damaged else 0)
        frames.append(body + check.to_bytes(size, order))
    return frames


@pytest.mark.parametrize("start", [0, 1, 2])
@pytest.mark.parametrize("order", ["big", "little"])
@pytest.mark.parametrize("name", ["CRC-16/MODBUS", "CRC-32/ISO-HDLC", "CRC-16/KERMIT"])
def test_a_crc_of_the_catalogue_is_found_by_its_name(name: str, order: str, start: int) -> None:
    crc = list_crcs()[name]
    fit = find_check(frames_with(crc.compute, crc.width // 8, order, start, damaged=3))
    assert fit
    assert (fit.check.name, fit.check.order, fit.check.start, fit.frames) == (name, order, start, 27)


@pytest.mark.parametrize(
    ("name", "size"), [("sum", 1), ("sum", 2), ("sum inverted", 1), ("sum negated", 2), ("xor", 1)]
)
def test_sums_are_found(name: str, size: int) -> None:
    fit = find_check(frames_with(build_sum(name, size), size, "big", 2))
    assert fit
    assert (fit.check.name, fit.check.size, fit.check.start, fit.frames) == (name, size, 2, 30)


@pytest.mark.parametrize(("name", "order"), [("Fletcher-16", "big"), ("Fletcher-16/256", "little")])
def test_the_checks_of_fletcher_are_found(name: str, order: str) -> None:
    """UBX of u-blox sends the first sum first, and covers what is after its head."""
    fit = find_check(frames_with(build_fletcher(name), 2, order, 2))
    assert fit
    assert (fit.check.name, fit.check.order, fit.check.start, fit.frames) == (name, order, 2, 30)


@pytest.mark.parametrize("covers_digits", [False, True])
@pytest.mark.parametrize("digits", ["upper", "lower"])
@pytest.mark.parametrize(("name", "size"), [("xor", 1), ("sum negated", 1), ("CRC-16/MODBUS", 2), ("CRC-16/ARC", 2)])
def test_a_check_that_is_sent_as_digits_is_found(name: str, size: int, digits: DigitCase, covers_digits: bool) -> None:
    compute = list_crcs()[name].compute if name in list_crcs() else build_sum(name, size)
    check = build_text_check(Check(name, size, 1, "big", compute), digits, covers_digits=covers_digits)
    chance = random.Random(8)
    bodies = [b":" + chance.randbytes(chance.randrange(4, 15)).hex().encode() for _ in range(30)]
    fit = find_check([body + check.build(body) for body in bodies])
    assert fit
    assert (fit.check, fit.frames) == (check, 30)


def test_digits_that_stand_for_no_check_have_none() -> None:
    chance = random.Random(8)
    assert find_text_check([b":" + chance.randbytes(9).hex().encode() for _ in range(50)]) is None


def test_a_damaged_head_leaves_open_whether_the_check_covers_it() -> None:
    """A check from the first byte on, and another initial value from the third on, are right for the same frames."""
    crc = list_crcs()["CRC-16/UMTS"]
    frames = [b"\xff\xff" + frame[2:] for frame in frames_with(lambda _: 0, 2, "big", 0)]
    frames = [frame[:-2] + crc.compute(frame[:-2]).to_bytes(2, "big") for frame in frames]
    fit = find_check([b"\xff\x07" + frames[0][2:], *frames[1:]])
    assert fit
    assert ("CRC-16/UMTS", 0) in [(one.name, one.start) for one in (fit.check, *fit.others)]


def test_a_crc_without_a_name_has_its_parameters() -> None:
    own = CrcParameters(16, 0x5935, 0x1111, is_reflected=False, final_xor=0)
    fit = find_check(frames_with(own.compute, 2, "big", 0))
    assert fit
    assert fit.check.parameters
    assert (fit.check.name, fit.check.parameters.polynomial, fit.frames) == ("CRC-16", 0x5935, 30)


def test_a_frame_of_which_the_check_covers_nothing_has_none() -> None:
    frames = frames_with(build_sum("sum", 2), 2, "big", 2)
    nothing, one_byte = b"\xa5\x5a\0\0", b"\xa5\x5a\x07\0\x07"
    found = find_check([*frames, nothing, one_byte])
    assert found
    assert (found.check.name, found.check.start, found.frames) == ("sum", 2, 31)


def test_frames_without_a_check_have_none() -> None:
    chance = random.Random(9)
    assert find_check([chance.randbytes(12) for _ in range(50)]) is None
    assert find_check([bytes(12)] * 50) is None
    assert find_check([]) is None


@pytest.mark.parametrize(
    ("count", "frames", "size", "proved"),
    [(5, 5, 1, True), (4, 5, 1, False), (3, 3, 2, True), (2, 2, 2, False), (60, 100, 2, True), (59, 100, 2, False)],
)
def test_enough_frames_must_have_it(count: int, frames: int, size: int, *, proved: bool) -> None:
    assert is_proved(count, frames, size) is proved


def test_the_exclusive_or_of_words_is_no_check_of_bytes() -> None:
    """Scans of YDLIDAR hold the exclusive or of all words in their middle: that of all bytes is the same every time."""
    chance, frames = random.Random(4), []
    for _ in range(40):
        words = [chance.randrange(1 << 16) for _ in range(chance.randrange(4, 12))]
        check = reduce(xor, words, 0x55AA)
        words.insert(2, check)
        frames.append(b"\xaa\x55" + b"".join(word.to_bytes(2, "little") for word in words))
    assert find_check(frames) is None


def test_of_two_covers_that_differ_in_zeros_the_larger_one_is_taken() -> None:
    """A byte that is zero was damaged once: only the check that does not cover it is right then."""
    chance, crc, frames = random.Random(5), list_crcs()["CRC-8/DVB-S2"], []
    for _ in range(40):
        body = b"$X<\0" + chance.randbytes(8)
        frames.append(body + bytes([crc.compute(body[3:])]))
    frames[7] = b"$X<\x41" + frames[7][4:]
    found = find_check(frames)
    assert found
    assert (found.check.name, found.check.start) == ("CRC-8/DVB-S2", 3)
    assert [one.start for one in found.others if one.name == found.check.name] == [4]


def test_two_equal_frames_in_a_row_prove_no_check() -> None:
    assert find_check([2 * random.Random(number).randbytes(9 + number % 3) for number in range(30)]) is None


def test_a_byte_that_hardly_changes_is_no_check() -> None:
    """Before an exclusive or and a byte that is also the first one, that of all bytes is always this byte."""
    chance, xor, frames = random.Random(6), build_sum("xor", 1), []
    for number in range(60):
        body = chance.randbytes(5)
        frames.append(b"\xf5" + body + bytes([xor(body)]) + (b"\xf5" if number % 6 else b""))
    assert find_check(frames) is None


def test_the_most_frequent_value_of_a_check_proves_once() -> None:
    assert count_proving([b"\1\5", b"\2\5", b"\3\5", b"\3\6", b"\3\6"], 1) == 2
    assert count_proving([], 1) == 0
