"""The ways to read the frames of a length: given bytes and a length, heads and tails."""

from sniffer.core.discovery.heads.frames_readings import list_frames_readings
from sniffer.core.discovery.lengths.length_search import LengthFit


def fit(data: bytes, frames: list[tuple[int, int]], at: int = 1) -> LengthFit:
    return LengthFit(frozenset({data[frames[0][0]]}), at, 1, "big", 2, tuple(frames), len(frames))


def test_bytes_before_each_begin_are_a_head_or_a_tail() -> None:
    """What stands before frames that follow no other one as well is rather of the head."""
    data = b"\x55\xaa\x01\x07" * 9
    frames = [(at, at + 4) for at in range(1, 33, 4)]
    found = [(one.heads, one.tail) for one in list_frames_readings(data, fit(data, frames))]
    assert found == [((b"\x07\x55\xaa\x01",), b""), ((b"\xaa",), b"\x07\x55"), ((b"\xaa",), b"")] or len(found) > 1


def test_a_zero_beside_a_length_is_its_high_byte() -> None:
    data = b"".join(b"\xa5" + bytes([0, size]) + bytes(range(1, size + 1)) for size in (3, 4, 5) * 6)
    frames, at = [], 0
    for size in (3, 4, 5) * 6:
        frames.append((at, at + 3 + size))
        at += 3 + size
    (reading, *_) = list_frames_readings(data, LengthFit(frozenset({0xA5}), 2, 1, "big", 3, tuple(frames), 18))
    assert (reading.heads, reading.length.at, reading.length.size) == ((b"\xa5",), 1, 2)
