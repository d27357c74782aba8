"""Measure framing against a bare scanner that finds the head, slices and checks the CRC, and creates no objects.

Also measure the framing of a live line of nothing but false heads that all differ, whose claims overlap.
"""

import random
from collections.abc import Sequence
from time import process_time

from sniffer.core.wire.crc import crc16
from sniffer.core.wire.framer import Framer, LiveLimits
from sniffer.core.wire.links import DBUS_EITHER_WAY
from tests.benchmarks.equipment.traffic import frames_of_20_bytes, reads
from tests.benchmarks.measure import Figure, Ratio, ratio

FRAMES = 1_000_000
HEAD = 0xBB

FALSE_HEADS = 150_000
FAST_LINE = 3_000_000
"""Baud at which a live line of false heads has to be followed."""


def measure() -> Sequence[Figure | Ratio]:
    """Return the ratio on 20 MB of 20-byte frames in reads of 4 KB, and the time for false heads."""
    pieces = reads(b"".join(frames_of_20_bytes(1000)) * (FRAMES // 1000))

    def ours() -> None:
        framer = Framer(baud=115200)
        found = sum(len(framer.feed(piece, number)) for number, piece in enumerate(pieces))
        assert found == FRAMES

    def bare() -> None:
        assert scan(pieces) == FRAMES

    return [ratio("framing / bare offset scanner", ours, bare, at_least=0.4, rounds=7), _measure_false_heads()]


def _measure_false_heads() -> Figure:
    """Return the seconds of CPU for a megabyte of false `dbus` heads, as a live line at 3 Mbaud delivers them."""
    source = random.Random(1)
    lengths = (b"\x00\xf0", b"\x01\xf0", b"\xff\xf0")
    heads = (DBUS_EITHER_WAY.head + source.randbytes(2) + source.choice(lengths) for _ in range(FALSE_HEADS))
    data = b"".join(heads)
    framer, size = Framer(baud=FAST_LINE, live=LiveLimits()), FAST_LINE // 10 // 250
    begin = process_time()
    for number, at in enumerate(range(0, len(data), size), 1):
        framer.feed(data[at : at + size], number * 4_000_000)
    seconds = (process_time() - begin) / len(data) * 1e6
    return Figure("false heads that all differ, CPU for a megabyte", seconds, "s", 10e6 / FAST_LINE, "3 Mbaud live")


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
