"""Checks of the last part of frames only: given frames, where the check begins."""

import random

from sniffer.core.discovery.checks.check_search import find_check
from sniffer.core.discovery.checks.far_check import find_far_check
from sniffer.core.discovery.framing_finder import find_framings
from sniffer.core.wire.checks import build_sum, list_crcs


def frames(start: int, *, count: int = 60, is_crc: bool = True) -> list[bytes]:
    """Return frames as loggers of LuxPower inverters send them, the inner one with its check from `start` on."""
    chance, crc = random.Random(4), list_crcs()["CRC-16/MODBUS"].compute
    compute, size = (crc, 2) if is_crc else (build_sum("xor", 1), 1)
    made = []
    for number in range(count):
        payload = chance.randbytes(chance.choice([6, 10, 30, 44]))
        body = bytes(chance.choices(b"25", k=start - 6)) + payload
        front = b"\xa1\x1a" + bytes([1 + number % 2, 0]) + (len(body) + size).to_bytes(2, "little")
        body = front + body
        made.append(body + compute(body[start:]).to_bytes(size, "little"))
    return made


def test_a_check_of_an_inner_frame_is_found() -> None:
    for start, is_crc in ((9, True), (20, True), (31, True), (20, False)):
        found = find_far_check(frames(start, is_crc=is_crc))
        assert found
        assert (found.check.name, found.check.start) == ("CRC-16/MODBUS" if is_crc else "xor", start)
        assert (found.frames, found.tried > 0) == (60, True)


def test_a_check_that_begins_near_the_head_or_too_far_is_none_of_these() -> None:
    near = frames(8)
    assert find_check(near)
    assert find_far_check(near) is None
    assert find_far_check(frames(32)) is None


def test_few_frames_or_checks_that_hardly_change_prove_nothing() -> None:
    assert find_far_check(frames(20, count=5)) is None
    assert find_far_check(frames(20, count=3) * 10) is None
    assert find_far_check([random.Random(at).randbytes(40) for at in range(60)]) is None


def test_the_frame_around_another_one_is_found() -> None:
    best, *_ = find_framings(b"".join(frames(20)))
    assert best.check
    assert (best.heads[0][:1], best.length.at, best.length.adds) == (b"\xa1", 4, 6)
    assert (best.check.check.name, best.check.check.start, best.frames) == ("CRC-16/MODBUS", 20, 60)


def test_a_request_and_its_answer_are_not_an_inner_frame() -> None:
    """The check of an answer is also that of both from its cover on. M-Bus (EN 13757-2): `10` and `68`."""
    chance, data = random.Random(6), b""
    total = build_sum("sum", 1)
    for number in range(40):
        payload = chance.randbytes((15, 27, 40)[number % 3])
        asked = bytes([0x5B + number % 2 * 32, 5])
        data += b"\x10" + asked + bytes([total(asked), 0x16])
        data += bytes([0x68, len(payload), len(payload), 0x68]) + payload + bytes([total(payload), 0x16])
    best, *_ = find_framings(data)
    assert best.check
    assert (best.heads, best.check.check.start) == ((b"\x68",), 4)
