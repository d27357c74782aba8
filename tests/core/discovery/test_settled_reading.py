"""The beginnings and ends of frames are settled: given bytes, their head, their tail, and what of it is the check."""

import random

from sniffer.core.discovery.checks.check_search import CheckFit
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.framing_finder import find_framings
from sniffer.core.discovery.lengths.length_search import LengthFit
from sniffer.core.discovery.settled_reading import settle_reading
from sniffer.core.wire.checks import Check, build_sum
from tests.core.discovery.test_equal_readings import made, with_sum


def test_a_run_of_equal_bytes_may_be_whole() -> None:
    """HART wakes its receivers up with bytes `FF`; where one is damaged, frames seem to begin within the run."""
    xor, chance, data, spans = build_sum("xor", 1), random.Random(6), b"", []
    for number in range(12):
        body = b"\xff" + bytes([number % 5 + 1]) + chance.randbytes(number % 5 + 1)
        spans.append((len(data) + 3, len(data) + 4 + len(body)))
        data += b"\x07" * (number == 0) + b"\xff" * (3 - (number == 0)) + body + bytes([xor(body)])
    fit = LengthFit(frozenset({0xFF}), 1, 1, "big", 6, tuple(spans), 12)
    check = CheckFit(Check("xor", 1, 0, "big", xor), 12, 1)
    found, _ = settle_reading(data, FramingCandidate((b"\xff",), fit, check, b"\xff\xff\xff", 12, 12, 1e-9), spans)
    assert any((one.heads, one.tail) == ((b"\xff" * 4,), b"") for one in (found, *found.equals))
    assert not found.is_certain


def test_a_constant_byte_after_frames_of_two_directions_is_their_tail() -> None:
    """It stands between all frames, but not before the first one."""
    frames = made(lambda payload: with_sum(bytes([0xA5 if payload[0] & 1 else 0xAA]) + payload) + b"\xe1", [9])
    best, *_ = find_framings(frames)
    assert (best.heads, best.tail) == ((b"\xa5", b"\xaa"), b"\xe1")
    assert any(not one.heads for one in best.equals)


def test_a_high_byte_of_a_sum_that_never_changes_is_no_tail() -> None:
    def build(payload: bytes) -> bytes:
        body = b"\xa5" + bytes([len(payload) + 4]) + payload[:-1] + bytes([payload[-1] & 7, 0xC0])
        return body + build_sum("sum", 2)(body).to_bytes(2, "little")

    chance = random.Random(6)
    frames = [build(bytes([chance.randrange(20) for _ in range(3 + number % 4)])) for number in range(40)]
    best, *_ = find_framings(b"".join(frames))
    assert best.check
    assert (best.check.check.name, best.check.check.size, best.check.check.order) == ("sum", 2, "little")
    assert best.tail == b""


def test_a_tail_is_no_head_where_the_capture_begins_with_a_frame() -> None:
    """Balancers of Neey: `AA 55` asks, `55 AA` answers, size of all, sum, `FF`; the last frame is cut off."""
    chance, data = random.Random(4), b""
    for _ in range(60):
        for head, size in ((b"\xaa\x55", 12), (b"\x55\xaa", chance.randrange(20, 60))):
            body = head + b"\x11\x01" + size.to_bytes(2, "little") + chance.randbytes(size - 8)
            data += with_sum(body) + b"\xff"
    best, *_ = find_framings(data[:-9])
    assert best.check
    assert (sorted(head[:2] for head in best.heads), best.length.at) == ([b"\x55\xaa", b"\xaa\x55"], 4)
    assert (best.tail, best.check.check.start, best.is_certain) == (b"\xff", 0, False)
