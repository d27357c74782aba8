"""Measure framing against a bare scanner that finds the head, slices and checks the CRC, and creates no objects."""

from sniffer.core.wire.crc import crc16
from sniffer.core.wire.framer import Framer
from tests.benchmarks.measure import Ratio, ratio
from tests.benchmarks.traffic import frames_of_20_bytes, reads

FRAMES = 1_000_000
HEAD = 0xBB


def measure() -> list[Ratio]:
    """Return the ratio on 20 MB of 20-byte frames in reads of 4 KB."""
    pieces = reads(b"".join(frames_of_20_bytes(1000)) * (FRAMES // 1000))

    def ours() -> None:
        framer = Framer(baud=115200)
        found = sum(len(framer.feed(piece, number)) for number, piece in enumerate(pieces))
        assert found == FRAMES

    def bare() -> None:
        assert scan(pieces) == FRAMES

    return [ratio("framing / bare offset scanner", ours, bare, at_least=0.4, rounds=7)]


def scan(pieces: list[bytes]) -> int:
    """Return the number of frames."""
    held, count = b"", 0
    for piece in pieces:
        data = held + piece
        size, at = len(data), 0
        while (at := data.find(HEAD, at)) >= 0 and at + 5 <= size:
            end = at + 7 + data[at + 4]
            if end > size:
                break
            if crc16(data[at : end - 2]) == data[end - 2] << 8 | data[end - 1]:
                count += 1
                at = end
            else:
                at += 1
        held = data[at:] if at >= 0 else b""
    return count
