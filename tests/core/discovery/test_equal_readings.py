"""Readings that explain the same frames equally: given frames, those that nothing decides between."""

import random

from sniffer.core.discovery.framing_finder import find_framings
from sniffer.core.wire.checks import ByteOrder, build_sum
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
    assert [one.check and one.check.check.start for one in (best, *best.equals)] == [0, 2]
    named = find_framings(make_traffic(MAKERS["mhz19"].build, 1, turns=24))[0]
    checks = [one.check.check for one in (named, *named.equals) if one.check]
    assert [(check.name, check.start) for check in checks] == [("sum inverted", 0), ("sum negated", 1)]


def test_what_is_decided_is_certain() -> None:
    best, *_ = find_framings(frames(b"\xa5\x5b", size=1, start=1, tail=b"\r\n"))
    assert (best.heads, best.tail, best.equals) == ((b"\xa5\x5b",), b"\r\n", ())
    assert best.is_certain
