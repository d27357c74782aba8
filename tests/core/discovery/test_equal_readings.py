"""Readings that explain the same frames equally: given frames, those that nothing decides between."""

import random
from collections.abc import Callable, Sequence

import pytest

from sniffer.core.discovery.framing_finder import find_framings
from sniffer.core.wire.checks import ByteOrder, CrcParameters, build_sum, list_crcs
from tests.core.discovery.makers import MAKERS, make_traffic


def frames(head: bytes, *, size: int, order: ByteOrder = "big", start: int = 0, tail: bytes = b"") -> bytes:
    """Return frames with a length of `size` bytes and an exclusive or from `start` on."""
    chance, xor, out = random.Random(6), build_sum("xor", 1), b""
    for number in range(60):
        payload = bytes(chance.randrange(1, 256) for _ in range(1 + number % 11))
        body = head + bytes([1 + number]) + (len(payload) + len(head) + 2 + size).to_bytes(size, order) + payload
        out += body + bytes([xor(body[start:])]) + tail
    return out


def test_a_high_byte_that_is_always_zero_may_be_no_part_of_the_length() -> None:
    best, *_ = find_framings(frames(b"\xa5", size=2))
    assert [(one.length.at, one.length.size) for one in (best, *best.equals)] == [(2, 2), (3, 1)]
    assert not best.is_certain
    assert best.chance >= 0.5 > best.accident


def test_bytes_of_the_head_that_do_not_change_a_check_leave_its_begin_open() -> None:
    best, *_ = find_framings(frames(b"\xaa\xaa", size=1))
    starts = [(one.heads, one.check and one.check.check.start) for one in (best, *best.equals)]
    assert starts == [((b"\xaa\xaa",), 0), ((b"\xaa\xaa",), 2), ((b"\xaa",), 0)]
    named = find_framings(make_traffic(MAKERS["mhz19"].build, 1, turns=24))[0]
    checks = [one.check.check for one in (named, *named.equals) if one.check and one.heads == named.heads]
    assert [(check.name, check.start) for check in checks] == [("sum negated", 1), ("sum inverted", 0)]


def test_what_is_decided_is_certain() -> None:
    best, *_ = find_framings(frames(b"\xa5", size=1, start=1, tail=b"\r\n"))
    assert (best.heads, best.tail, best.equals) == ((b"\xa5",), b"\r\n", ())
    assert best.is_certain


def test_a_byte_after_the_head_that_never_changes_may_be_an_address() -> None:
    best, *_ = find_framings(frames(b"\xa5\x5b\x07", size=1))
    assert [one.heads for one in (best, *best.equals)] == [(b"\xa5\x5b\x07",), (b"\xa5\x5b",), (b"\xa5",)]
    assert not best.is_certain


def made(build: Callable[[bytes], bytes], sizes: Sequence[int] = range(3, 14)) -> bytes:
    """Return 30 frames, each built from a payload of one of these sizes."""
    chance = random.Random(6)
    return b"".join(build(chance.randbytes(sizes[number % len(sizes)])) for number in range(30))


def with_sum(covered: bytes, name: str = "sum", size: int = 1) -> bytes:
    return covered + build_sum(name, size)(covered).to_bytes(size, "big")


def lengths_of(data: bytes) -> list[tuple[int, int, str, int]]:
    """Return the lengths of the best candidate and of what is equal to it."""
    best, *_ = find_framings(data)
    found = [(one.length.at, one.length.size, one.length.order, one.length.adds) for one in (best, *best.equals)]
    return [*dict.fromkeys(found)]


def test_a_length_that_stands_twice_is_either_of_them() -> None:
    """Frames of variable length of FT 1.2, IEC 60870-5-1: `68 L L 68`, a sum of what follows, and `16`."""

    def build(payload: bytes) -> bytes:
        return bytes([0x68, len(payload), len(payload), 0x68]) + with_sum(payload) + b"\x16"

    assert lengths_of(made(build)) == [(1, 1, "big", 6), (2, 1, "big", 6)]


def test_a_length_that_never_changes_is_one_if_it_counts_a_part_of_the_frame() -> None:
    """The Plantower PMS5003 counts what is after its length, the sum included."""
    data = make_traffic(MAKERS["pms5003"].build, 1, turns=30, noise=0)
    assert lengths_of(data) == [(2, 2, "big", 4), (3, 1, "big", 4), (0, 0, "big", 32)]


def test_a_check_begins_after_a_length_that_has_a_complement() -> None:
    """The normal information frame of the NXP PN532: `00 00 FF`, LEN, LCS, data, DCS, `00`."""

    def build(payload: bytes) -> bytes:
        covered = b"\xd5" + payload
        return bytes([0, 0, 0xFF, len(covered), -len(covered) & 255]) + with_sum(covered, "sum negated") + b"\0"

    best, *_ = find_framings(made(build))
    assert best.check
    assert (best.heads, best.length.at, best.length.adds) == ((b"\0\0\xff",), 3, 7)
    assert (best.check.check.name, best.check.check.start, best.tail) == ("sum negated", 5, b"\0")


def test_bytes_that_wake_up_a_receiver_are_no_head() -> None:
    """DL/T 645: four bytes `FE` before `68`, the address of six bytes, `68`, a control code, the length."""

    def build(payload: bytes) -> bytes:
        front = bytes.fromhex("68 01 02 03 04 05 06 68 91") + bytes([len(payload)])
        return b"\xfe" * 4 + with_sum(front + payload) + b"\x16"

    best, *_ = find_framings(made(build))
    assert (best.heads, best.length.at, best.length.adds, best.tail) == ((b"\x68",), 9, 12, b"\x16")
    assert any(one.heads == (bytes.fromhex("68010203"),) for one in best.equals)
    assert any(one.heads[0].startswith(b"\xfe" * 4) for one in best.equals)


def test_what_stands_after_frames_and_before_them_is_their_tail_or_their_head() -> None:
    """Short frames stand between the long ones of M-Bus (EN 13757-2): each ends with `16`, so that `16 68` repeats."""

    def build(payload: bytes) -> bytes:
        short = b"\x10" + with_sum(bytes([0x5B + len(payload) % 2 * 32, 5])) + b"\x16"
        return short + bytes([0x68, len(payload), len(payload), 0x68]) + with_sum(payload) + b"\x16"

    best, *_ = find_framings(made(build, (15, 27, 40)))
    assert (best.heads, best.length.at, best.tail) == ((b"\x68",), 1, b"\x16")
    assert any((one.heads, one.tail) == ((b"\x16\x68",), b"") for one in best.equals)


def test_the_high_byte_of_a_sum_that_never_changes_is_part_of_it() -> None:
    """The channels of a FlySky iBUS receiver hardly move, so that the high byte of their sum stays."""

    def build(payload: bytes) -> bytes:
        body = b"\x20\x40" + b"".join((1500 + byte % 5).to_bytes(2, "little") for byte in payload)
        return body + build_sum("sum inverted", 2)(body).to_bytes(2, "little")

    best, *_ = find_framings(made(build, (14,)))
    assert best.check
    assert (best.check.check.name, best.check.check.size, best.check.check.order) == ("sum inverted", 2, "little")


def test_a_check_after_a_part_is_right_for_all_frames() -> None:
    """In answers of displays by Samsung (MDC) `FF 01` before the length has the sum zero; requests have other bytes."""
    chance, total, out = random.Random(7), build_sum("sum", 1), b""
    for number in range(60):
        for body in (bytes([number % 4 * 5, 1, 0]), b"\xff\x01\x04A" + chance.randbytes(3)):
            out += b"\xaa" + body + bytes([total(body)])
    best, *_ = find_framings(out)
    assert best.check
    assert (best.length.at, best.check.check.name, best.check.check.start) == (3, "sum", 1)


def test_a_check_begins_after_a_part_with_its_own() -> None:
    """The telegrams of EnOcean (ESP3) have a header with a CRC, and another one over the data."""
    chance, crc, out = random.Random(8), list_crcs()["CRC-8/SMBUS"], b""
    for number in range(80):
        header = (1 + number % 7).to_bytes(2, "big") + bytes([0, 1])
        payload = bytes([0xF6]) + chance.randbytes(number % 7)
        out += b"\x55" + header + bytes([crc.compute(header)]) + payload + bytes([crc.compute(payload)])
    best, *_ = find_framings(out)
    assert best.check
    assert (best.check.check.name, best.check.check.start) == ("CRC-8/SMBUS", 6)


def made_with(length: Callable[[int], bytes], check: Callable[[bytes], bytes], head: bytes = b"\xa5\x5a") -> bytes:
    """Return frames of a head, a command, a length, a payload without zeros and a check."""
    chance, out = random.Random(9), b""
    for number in range(60):
        payload = bytes(chance.randrange(1, 256) for _ in range(1 + number % 11))
        body = head + length(len(payload)) + payload
        out += body + check(body)
    return out


def crc_of(order: ByteOrder) -> Callable[[bytes], bytes]:
    return lambda body: list_crcs()["CRC-16/MODBUS"].compute(body).to_bytes(2, order)


@pytest.mark.parametrize(("order", "constants", "size"), [("little", 4, 2), ("big", 4, 1), ("big", 0, 2)])
def test_a_length_has_the_byte_order_of_the_check(order: ByteOrder, constants: int, size: int) -> None:
    """A zero after a length may be one of the bytes that never change, if the check has the high byte first."""

    def build(size: int) -> bytes:
        return bytes([size + constants, 0]) + bytes(range(9, 9 + constants))

    assert lengths_of(made_with(build, crc_of(order)))[0][:2] == (2, size)


def test_a_zero_on_both_sides_of_a_length_is_its_high_byte_after() -> None:
    """SBG Systems: `FF 5A`, message, class, size with the low byte first, CRC from the message on, `33`."""
    chance, crc, data = random.Random(7), list_crcs()["CRC-16/KERMIT"].compute, b""
    for number in range(100):
        message, size = [(3, 58), (6, 32), (3, 58), (8, 72), (1, 27)][number % 5]
        payload = (number * 40000).to_bytes(4, "little") + chance.randbytes(size - 4).replace(b"\x33", b"\0")
        body = bytes([message, 0]) + size.to_bytes(2, "little") + payload
        data += b"\xff\x5a" + body + crc(body).to_bytes(2, "little") + b"\x33" + b"\x5a\xff" * (number % 9 == 4)
    assert lengths_of(data)[0][:3] == (4, 2, "little")


def test_a_head_of_zeros_does_not_end_with_the_high_byte_of_a_length() -> None:
    """Batteries of Redodo: `00 00`, size, sum."""
    chance, total = random.Random(2), build_sum("sum", 1)
    data = b""
    for number in range(60):
        body = bytes([0, 0, 4 + number % 9, 1, 0x55]) + bytes(chance.randrange(1, 256) for _ in range(2 + number % 9))
        data += body + bytes([total(body)])
    assert lengths_of(data)[0][:2] == (2, 1)


def test_a_check_does_not_begin_within_a_length() -> None:
    """Cat printers: `51 78`, command, zero, size with the low byte first, data, CRC-8 of the data, `FF`."""
    crc, chance = list_crcs()["CRC-8/SMBUS"].compute, random.Random(5)
    data = b""
    for number in range(60):
        payload = bytes(chance.randrange(1, 256) for _ in range(1 + number % 9))
        data += b"\x51\x78" + bytes([0xA1 + number % 5, 0, len(payload), 0]) + payload + bytes([crc(payload), 0xFF])
    best, *_ = find_framings(data)
    assert best.check
    assert (best.length.at, best.length.size, best.check.check.start) == (4, 2, 6)


def test_the_constants_of_a_crc_without_a_name_are_usual_where_its_cover_begins() -> None:
    """The bus of GE appliances (GEA): the initial value is the polynomial, from the second byte on."""
    parameters = CrcParameters(16, 0x1021, 0x1021, False, 0)
    data = made_with(lambda size: bytes([size]), lambda body: parameters.compute(body[1:]).to_bytes(2, "big"), b"\xe2")
    best, *_ = find_framings(data)
    assert best.check
    assert (best.check.check.start, best.check.check.parameters) == (1, parameters)


def zeros_around(before: bytes, after: bytes) -> bytes:
    """Return frames with a length of one byte between these bytes, and a CRC of all of it."""
    return made_with(lambda size: before + bytes([size]) + after, crc_of("little"), head=b"\xa5\x5a\x17")


@pytest.mark.parametrize(
    ("before", "after", "size"),
    [(b"\x31", b"\0\0", 1), (b"\0\0", b"\0\x31", 1), (b"\x31", b"\0\x31", 2), (b"\0\0", b"\x31", 1)],
)
def test_a_zero_beside_a_length_is_its_high_byte_unless_there_are_more(before: bytes, after: bytes, size: int) -> None:
    """Heaters of Rheem have `00 0C 00 00` in their header, where the size is 0C."""
    assert lengths_of(zeros_around(before, after))[0][1] == size
