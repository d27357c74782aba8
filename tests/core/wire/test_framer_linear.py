"""The framer's work grows linearly with its input, and its memory does not grow with the session.

The tests compare processor times only as ratios, so that the speed and the load of the machine do not matter. A ratio
cannot show that no candidate is checked twice, because each claimed length is bounded; so the checks are counted.
"""

import math
import random
import tracemalloc
from time import process_time

import pytest

from sniffer.base.native import describe_form
from sniffer.core.wire.checks import Check
from sniffer.core.wire.crc import crc16
from sniffer.core.wire.framer import Framer
from tests.known_frames import STATUS_REPORT

SMALL = 64 * 1024
SMALL_FOR_LONG_CLAIMS = 128 * 1024
"""Each head in a run of dbus heads claims 43 KB. The growth of the work shows only well beyond that size."""
TIMES_LARGER = 4
TOO_MUCH = 8
"""Linear work gives 4, quadratic 16."""
ATTEMPTS = 6

REPEATED = {
    "AA": b"\xaa",
    "BB FF": b"\xbb\xff",
    "FF 6A A6": b"\xff\x6a\xa6",
    "FF": b"\xff",
    "FF 6A": b"\xff\x6a",
    "00": b"\x00",
    "AA claims nothing": b"\xaa\x00\x00\x00\x00",
    "AA claims all it can": b"\xaa\x00\x00\x00\xff",
    "good frames": STATUS_REPORT.raw,
}


def stream(name: str, size: int) -> bytes:
    if name == "random":
        return random.Random(1).randbytes(size)
    return (REPEATED[name] * (size // len(REPEATED[name]) + 1))[:size]


def seconds(data: bytes, read_size: int) -> float:
    framer = Framer()
    begin = process_time()
    for at in range(0, len(data), read_size):
        framer.feed(data[at : at + read_size])
    framer.flush()
    return process_time() - begin


@pytest.mark.parametrize("read_size", [None, 64], ids=["one read", "reads of 64"])
@pytest.mark.parametrize("name", [*REPEATED, "random"])
def test_the_work_is_linear(name: str, read_size: int | None) -> None:
    size = SMALL_FOR_LONG_CLAIMS if name == "FF 6A A6" else SMALL
    small, large = stream(name, size), stream(name, TIMES_LARGER * size)
    short = long = math.inf
    # Other load can only lengthen a run, so the shortest of several is the closest to the truth.
    for _ in range(ATTEMPTS):
        short = min(short, seconds(small, read_size or len(small)))
        long = min(long, seconds(large, read_size or len(large)))
        if long < TOO_MUCH * short:
            return
    pytest.fail(f"{TIMES_LARGER} times the bytes took {long / short:.1f} times as long")


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return a list that collects the data of every CRC that the framer computes."""
    if describe_form() == "compiled core":
        pytest.skip("a method of a compiled class cannot be replaced; the Python form counts the checks")
    seen: list[bytes] = []

    def record(data: bytes) -> int:
        seen.append(data)
        return crc16(data)

    def record_check(check: Check, data: bytes, end: int) -> bool:
        seen.append(data[check.start : end])
        return is_right(check, data, end)

    is_right = Check.is_right
    monkeypatch.setattr("sniffer.core.wire.framer.crc16", record)
    monkeypatch.setattr(Check, "is_right", record_check)
    return seen


@pytest.mark.parametrize("read_size", [1, 7, 64, 5000])
def test_no_candidate_is_checked_twice(read_size: int, checked: list[bytes]) -> None:
    data = bytes(random.Random(1).choices(b"\xaa\xbb\x00\x01\x10\x40\xf0", k=5000))
    seconds(data, read_size)
    assert 0 < len(checked) <= data.count(b"\xaa") + data.count(b"\xbb")


@pytest.mark.parametrize("name", ["AA", "BB FF", "FF 6A A6"])
def test_a_line_that_is_stuck_is_not_checked_again_and_again(name: str, checked: list[bytes]) -> None:
    seconds(stream(name, 60_000), 60_000)
    assert len(checked) == 1


@pytest.mark.parametrize(
    "data", [STATUS_REPORT.raw, bytes(256), STATUS_REPORT.raw[:-1] + b"\x00"], ids=["frames", "garbage", "crc"]
)
def test_a_long_session_is_not_kept(data: bytes) -> None:
    framer = Framer(baud=9600)
    tracemalloc.start()
    try:
        for time in range(500):
            framer.feed(data, time)
        before, _ = tracemalloc.get_traced_memory()
        for time in range(500, 5000):
            framer.feed(data, time)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 4096
