"""Measure how `record`, `dump` and `sniffer.tap` grow, by kind of traffic.

Each runs by itself on a pseudo-terminal that is fed as fast as it reads; only one at a time: `... SINK KIND START END`
prints the figures of one.

Out: the bytes by which the process grows for each frame after its caches are full, and its size at the end.
"""

import asyncio
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from time import sleep

from tests.benchmarks.equipment.line import Line
from tests.benchmarks.measure import Figure
from tests.benchmarks.measurements.memory import END, FULL, LATE, TRAFFIC
from tests.benchmarks.measurements.saturated import EVSE_SNIFF

BATCH = 64
"""Frames that are written at once: about as many bytes as a pseudo-terminal takes."""

WAIT = 60.0
"""Seconds after which a program that reads nothing never will."""

UNREAD = 2_000
"""Bytes on the line beyond which the next ones wait: what a program keeps of a burst is not what is measured."""

SETTLED = 1.0
"""Seconds in which the bytes that are read become records."""

SINKS: Mapping[str, Sequence[str]] = {
    "record": (*EVSE_SNIFF, "record", "{port}", "--baud", "115200", "-o", "{folder}/capture.pcapng"),
    "dump": (*EVSE_SNIFF, "dump", "{port}", "--baud", "115200"),
    "dump --json": (*EVSE_SNIFF, "dump", "--json", "{port}", "--baud", "115200"),
    "sniffer.tap": (sys.executable, "-m", "tests.benchmarks.measurements.sinks", "{port}"),
}
"""The words of each program. What `dump` records by itself goes into the folder as well."""


def measure(ends: tuple[int, int] = (FULL, END)) -> list[Figure]:
    """Return the figures of each sink with each kind of traffic."""
    return [figure for sink in SINKS for kind in TRAFFIC for figure in measure_sink(sink, kind, *ends)]


def measure_sink(sink: str, kind: str, start: int, end: int) -> list[Figure]:
    """Return how a sink grows from `start` to `end` frames of this kind, and its size at the end."""
    with tempfile.TemporaryDirectory() as folder, Line() as line:
        words = [word.format(port=line.port, folder=folder) for word in SINKS[sink]]
        homes = {"XDG_STATE_HOME": folder, "XDG_CONFIG_HOME": folder}
        with subprocess.Popen(
            words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | homes
        ) as program:
            frames = TRAFFIC[kind]()
            _feed(line, frames, start)
            before = _resident(program.pid)
            _feed(line, frames, end - start)
            after = _resident(program.pid)
            program.send_signal(signal.SIGINT)
            program.wait(WAIT)
        recorded = sum(path.stat().st_size for path in Path(folder).rglob("*.pcapng"))
    what = f"{sink}, {kind}, {start:,} to {end:,} frames"
    note = f"recorded {recorded / 1e6:,.1f} MB" if recorded else ""
    return [
        Figure(f"{what}: growth for each", (after - before) / (end - start), "bytes", 5 if start >= LATE[0] else 40),
        Figure(f"{what}: size of the process", after / 1e6, "MB", 300, note),
    ]


def _feed(line: Line, frames: Iterator[bytes], count: int) -> None:
    """Write so many frames as fast as they are read, and wait until all are."""
    while data := b"".join(islice(frames, min(count, BATCH))):
        count = max(0, count - BATCH)
        while data:
            if not select.select([], [line.master], [], WAIT)[1]:
                raise AssertionError("the program reads nothing")
            data = data[line.write(data) :]
        while line.unread > UNREAD:
            sleep(0.001)
        if not count:
            break
    while line.unread:
        sleep(0.01)
    sleep(SETTLED)


def _resident(process: int) -> int:
    """Return the memory of a process in bytes."""
    with open(f"/proc/{process}/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def read_all(port: str) -> None:
    """Read all records of a port, as a script of a test rig does."""
    import sniffer

    async with sniffer.tap(port, baud=115_200) as live:
        async for _ in live:
            pass


def main(*words: str) -> None:
    """Read a port, or print the figures of one sink."""
    if len(words) == 1:
        asyncio.run(read_all(*words))
    else:
        sink, kind, start, end = words
        for figure in measure_sink(sink, kind, int(start), int(end)):
            print(figure)


if __name__ == "__main__":
    main(*sys.argv[1:])
