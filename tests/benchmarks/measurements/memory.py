"""Measure how a live session grows, by kind of traffic. Each kind has a process of its own: `... KIND COUNT`.

The session is the core, the record store and the timeline: what grows with it. Out: the bytes of memory by which the
process grows for each frame after the caches are full, its size at the end, and the time that a record needs.
"""

import ctypes
import gc
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle, islice
from time import perf_counter

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import PWR_TO_COM
from sniffer.history.records.record_store import RecordStore
from sniffer.history.timeline.session_timeline import SessionTimeline
from tests.benchmarks.equipment.traffic import charging_frames
from tests.benchmarks.measure import Figure

FULL, END = 20_000, 160_000
LATE = 2_000_000, 10_000_000
"""Numbers of frames between which the growth is measured: in each run, and in a long one."""

BATCH = 256
FRAME_TIME = 2_000_000
"""Nanoseconds between two frames."""

REPORT_SIZE = 9
"""The size of a status report's payload that is drawn at random."""


def measure(ends: tuple[int, int] = (FULL, END)) -> list[Figure]:
    """Return all figures. Between 2 and 10 million frames (`LATE`), a session may grow by 5 bytes a frame."""
    return [figure for kind in TRAFFIC for figure in _measure_kind(kind, *ends)]


def _measure_kind(kind: str, start: int, end: int) -> Iterator[Figure]:
    words = [sys.executable, "-m", "tests.benchmarks.measurements.memory", kind, str(start), str(end)]
    found = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    what = f"{kind}, {start:,} to {end:,} frames"
    yield Figure(f"{what}: growth for each", found["grown"], "bytes", 5 if start >= LATE[0] else 40)
    yield Figure(f"{what}: size of the process", found["size"] / 1e6, "MB", 300)
    yield Figure(f"{what}: core, store and timeline", 1e6 * found["seconds"], "us", None, "for each frame")


def _calm() -> Iterator[bytes]:
    return cycle(charging_frames(10_000))


def _damaged() -> Iterator[bytes]:
    source = random.Random(4)
    for frame in _calm():
        damaged = bytearray(frame)
        if source.random() < 0.3:
            damaged[source.randrange(len(damaged))] ^= 1 << source.randrange(8)
        yield (source.randbytes(source.randrange(1, 20)) if source.random() < 0.2 else b"") + damaged


def _flapping() -> Iterator[bytes]:
    codec = Codec(packaged_definition())
    report = codec.definition.command("status report")
    calm: dict[str, int | str] = {
        "connector": 1,
        "status": "Available",
        "ocpp_error": "NoError",
        "m4_error": 0,
        "cp_voltage": 12,
    }
    fault = calm | {"status": "Faulted", "ocpp_error": "UnderVoltage", "m4_error": 4}
    # Built before the session begins: encoding takes half as long as the session, and the frames are no part of it.
    return cycle([codec.encode(report, sequence, fault if sequence % 2 else calm) for sequence in range(0xD000)])


def _random_reports() -> Iterator[bytes]:
    source, code = random.Random(5), packaged_definition().command("status report").code
    for sequence in cycle(range(0xD000)):
        yield PWR_TO_COM.link.build(PWR_TO_COM.head, sequence, code, source.randbytes(REPORT_SIZE))


TRAFFIC: Mapping[str, Callable[[], Iterator[bytes]]] = {
    "calm traffic": _calm,
    "a damaged line": _damaged,
    "a flapping fault": _flapping,
    "random status reports": _random_reports,
}


def resident() -> int:
    """Return the memory of this process in bytes, after what is free was given back."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main(kind: str, start: str, end: str) -> None:
    """Run one session, and print what was measured as JSON."""
    definition = packaged_definition()
    pipeline, store, timeline = Pipeline(definition), RecordStore(definition), SessionTimeline(definition)
    frames, count, seconds, at_start = TRAFFIC[kind](), 0, 0.0, 0
    while count < int(end):
        chunks = [Chunk(data, (count + at) * FRAME_TIME) for at, data in enumerate(islice(frames, BATCH))]
        began = perf_counter()
        records = [record for chunk in chunks for record in pipeline.feed(chunk)]
        store.receive(records)
        timeline.receive(records)
        seconds += perf_counter() - began
        count += BATCH
        if not at_start and count >= int(start):
            at_start = resident()
    size = resident()
    grown = (size - at_start) / (int(end) - int(start))
    print(json.dumps({"grown": grown, "size": size, "seconds": seconds / count}))


if __name__ == "__main__":
    main(*sys.argv[1:])
