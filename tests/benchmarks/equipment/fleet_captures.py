"""The captures of a fleet to measure on: `python -m tests.benchmarks.equipment.fleet_captures FOLDER CAPTURES FRAMES`.

Each capture is a session of one bench: announcements, then the traffic of charging, with undervoltages in it. The
sessions of a bench follow each other from week to week.
"""

import struct
import sys
from collections.abc import Iterator
from itertools import chain, cycle, islice
from pathlib import Path

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.message import Message
from sniffer.core.wire.items import Chunk
from sniffer.formats.pcapng.writer import CaptureWriter
from tests.benchmarks.equipment.traffic import charging_frames

BENCHES = 50
BEGAN = 1_700_000_000_000_000_000
APART = 100_000_000
"""Nanoseconds between two frames: ten a second."""

WEEK = 7 * 24 * 3600 * 1_000_000_000
ROUND = 2000
"""Frames after which the traffic, with one undervoltage, repeats."""

_FAULT_AT, _FAULT_FRAMES = 1000, 80
_PACKET = struct.pack("<I", 6)
"""The type of an enhanced packet block, with which it begins."""

_TIME, _TIME_AT = struct.Struct("<II"), 12
"""The time in an enhanced packet block, and its place in it."""


def write_fleet(folder: Path, captures: int, frames: int) -> None:
    """Write so many captures of so many frames each, in a folder for each bench."""
    templates = [_build_template(firmware, frames) for firmware in ("V1.2.0", "V1.3.1", "V2.0.0")]
    for number in range(captures):
        bench = folder / f"bench-{number % BENCHES:02}"
        bench.mkdir(parents=True, exist_ok=True)
        data, places = templates[number % len(templates)]
        time = BEGAN + number // BENCHES * WEEK + number % BENCHES * 1_000_000_007
        for place in places:
            _TIME.pack_into(data, place, time >> 32, time & 0xFFFFFFFF)
            time += APART
        (bench / f"session-{number:05}.pcapng").write_bytes(data)


def _build_template(firmware: str, frames: int) -> tuple[bytearray, list[int]]:
    """Return a capture of a charger of this firmware, and the places of the times in it."""
    pipeline, writer = Pipeline(packaged_definition()), CaptureWriter("/dev/ttyUSB0", 115200)
    chunks = (Chunk(data, BEGAN + number * APART) for number, data in enumerate(islice(_frames(firmware), frames)))
    data, places = bytearray(writer.encode_header()), []
    for record in chain.from_iterable(map(pipeline.feed, chunks)):
        if isinstance(record.item, Message):
            packet = writer.encode_record(record)
            # The description of an interface may stand before the first packet.
            places.append(len(data) + packet.index(_PACKET) + _TIME_AT)
            data += packet
    return data, places


def _frames(firmware: str) -> Iterator[bytes]:
    codec = Codec(packaged_definition())
    announcement, report = (codec.definition.command(name) for name in ("announcement", "status report"))
    words: dict[str, int | float | str] = dict.fromkeys((field.name for field in announcement.fields), "")
    words |= {"charge_point_serial_number": f"SN-{firmware}", "firmware_version": firmware}
    yield codec.encode(announcement, 0x1234, words)
    fault: dict[str, int | float | str] = {
        "connector": 1,
        "status": "Faulted",
        "ocpp_error": "UnderVoltage",
        "m4_error": 4,
        "cp_voltage": 9,
    }
    for number, data in enumerate(cycle(charging_frames(ROUND))):
        number %= ROUND
        is_faulted = _FAULT_AT <= number < _FAULT_AT + _FAULT_FRAMES
        yield codec.encode(report, number, fault) if is_faulted and number % 4 == 0 else data


if __name__ == "__main__":
    write_fleet(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
