"""The files in which the same frames can stand: one writer for each source format and shape of a capture.

The captures of other tools are put together here, field by field, as their formats describe them: none of our writers
is used for them. All files hold the traffic of a charging session.
"""

import gzip
import struct
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path

import zstandard

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, Tap
from sniffer.formats.jsonl.writer import format_lines
from sniffer.formats.pcapng.writer import CaptureWriter
from tests.benchmarks.equipment.traffic import charging_frames

ROUND = 10_000
BEGAN = 1_700_000_000_000_000_000
APART = 2_000_000
"""Nanoseconds between two frames."""

_RTAC, _USER = 250, 147
_FROM_BOARD = 0xBB
"""The head of a frame that the power board sends."""

Pieces = Iterator[bytes]


def own(frames: int) -> Pieces:
    """Yield our own pcapng of one tap with times."""
    writer = CaptureWriter("tap", 115200)
    yield writer.encode_header()
    yield from map(writer.encode_record, _records(frames))


def own_without_times(frames: int) -> Pieces:
    """Yield our own pcapng as it is converted from raw bytes."""
    writer = CaptureWriter("tap")
    yield writer.encode_header()
    yield from map(writer.encode_record, _records(frames, is_timed=False))


def own_two_taps(frames: int) -> Pieces:
    """Yield our own pcapng of two taps, one for each direction."""
    writer = CaptureWriter("taps", 115200)
    yield writer.encode_header()
    yield from (writer.encode_tap(Tap(number, f"tap {number}")) for number in (1, 2))
    yield from map(writer.encode_record, _records(frames, taps=2))


def foreign_rtac(frames: int) -> Pieces:
    """Yield another tool's pcapng with the link type of RTAC serial, one interface, times in microseconds."""
    yield _section() + _interface(_RTAC)
    for data, time in _frames(frames):
        yield _packet(0, time // 1000, _rtac_header(data, time) + data)


def foreign_two_interfaces(frames: int) -> Pieces:
    """Yield another tool's pcapng with a user link type, and an interface for each direction."""
    yield _section() + _interface(_USER) + _interface(_USER)
    for data, time in _frames(frames):
        yield _packet(data[0] == _FROM_BOARD, time // 1000, data)


def classic(frames: int) -> Pieces:
    """Yield a classic pcap with the link type of RTAC serial."""
    yield struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, _RTAC)
    for data, time in _frames(frames):
        packet = _rtac_header(data, time) + data
        seconds, rest = divmod(time, 1_000_000_000)
        yield struct.pack("<IIII", seconds, rest // 1000, len(packet), len(packet)) + packet


def json_lines(frames: int) -> Pieces:
    """Yield the output of `dump --json`."""
    definition = packaged_definition()
    for record in _records(frames):
        for line in format_lines(record, definition, UTC):
            yield f"{line}\n".encode()


def raw_bytes(frames: int) -> Pieces:
    """Yield nothing but the bytes of the line."""
    for data, _ in _frames(frames):
        yield data


SHAPES: dict[str, Callable[[int], Pieces]] = {
    "own.pcapng": own,
    "without-times.pcapng": own_without_times,
    "two-taps.pcapng": own_two_taps,
    "foreign.pcapng": foreign_rtac,
    "two-interfaces.pcapng": foreign_two_interfaces,
    "classic.pcap": classic,
    "lines.jsonl": json_lines,
    "lines.jsonl.gz": json_lines,
    "lines.jsonl.zst": json_lines,
    "raw.bin": raw_bytes,
}
"""The shapes by the names of their files."""


def write(folder: Path, name: str, frames: int) -> Path:
    """Write the file of a shape, packed as its name says, and return its path."""
    path, data = folder / name, b"".join(SHAPES[name](frames))
    pack: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}
    path.write_bytes(pack.get(path.suffix, bytes)(data))
    return path


def _frames(count: int) -> Iterator[tuple[bytes, int]]:
    """Yield frames with their times in nanoseconds."""
    given = charging_frames(min(ROUND, count))
    for number in range(count):
        yield given[number % len(given)], BEGAN + number * APART


def _records(count: int, *, is_timed: bool = True, taps: int = 0) -> Iterator[Record]:
    """Yield the records of frames, which were read at one tap, or at the tap of their direction."""
    pipeline = Pipeline(packaged_definition())
    for data, time in _frames(count):
        tap = 1 + (data[0] == _FROM_BOARD) if taps else 0
        yield from pipeline.feed(Chunk(data, time if is_timed else None, tap=tap))


def _block(kind: int, body: bytes) -> bytes:
    size = len(body) + -len(body) % 4 + 12
    return struct.pack("<II", kind, size) + body + bytes(-len(body) % 4) + struct.pack("<I", size)


def _section() -> bytes:
    return _block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))


def _interface(link_type: int) -> bytes:
    return _block(1, struct.pack("<HHI", link_type, 0, 0))


def _packet(interface: int, microseconds: int, data: bytes) -> bytes:
    head = struct.pack("<IIIII", interface, microseconds >> 32, microseconds & 0xFFFF_FFFF, len(data), len(data))
    return _block(6, head + data)


def _rtac_header(data: bytes, time: int) -> bytes:
    seconds, rest = divmod(time, 1_000_000_000)
    return struct.pack(">IIBBH", seconds, rest // 1000, 2 if data[0] == _FROM_BOARD else 1, 0, 0)
