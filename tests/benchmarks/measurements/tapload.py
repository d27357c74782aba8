"""Measure what a tap costs and how late it is without a screen: `dump --json` on a pseudo-terminal, as a real process.

The figures: bytes lost on a line at 3 Mbaud; the time from the last byte of a frame to its JSON line, on a line that is
busy at 115200 baud; the time from a port's return to the line that reports it; and the cost of a tap on a silent port.
"""

import os
import random
import re
import select
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from time import monotonic, sleep

from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import packaged_definition
from tests.benchmarks.equipment.line import Feed, Line
from tests.benchmarks.equipment.traffic import charging_frames
from tests.benchmarks.measure import Figure, percentile
from tests.benchmarks.measurements.saturated import BYTES_A_SECOND, DRIVER_HOLDS, EVSE_SNIFF, FAST, FRAMES

PATIENCE = 60.0
JSON_UNDER = 5.0
"""Milliseconds from a byte on the line to its JSON line."""
IDLE_UNDER = 0.5
"""Per cent of a core."""

BACK_UNDER = 1000.0
"""Milliseconds from a port's return to its being read."""
CYCLES = 20

STARTING = 2.0
"""Seconds after the port is open until the program has nothing left to load."""

SETTLING = 1.0
"""Seconds without a line after which all output has come."""

MARKED = 300
"""Frames whose way to the JSON line is measured."""

READ_SIZE = 1 << 20
_RAW = re.compile(rb'"raw": ?"([0-9a-f]*)"')


class Dump:
    """`dump --json` of a port; its output is kept in `written`."""

    def __init__(self, port: str, baud: str) -> None:
        words = [*EVSE_SNIFF, "dump", "--json", "--baud", baud, port]
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE)
        assert self._process.stdout
        self._output = self._process.stdout.fileno()
        self.written = bytearray()

    @property
    def cpu(self) -> float:
        """Return the seconds of a core that the program has used."""
        with open(f"/proc/{self._process.pid}/stat") as stat:
            user, system = stat.read().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def look(self, seconds: float) -> None:
        """Read the output for at most so many seconds."""
        if select.select([self._output], [], [], max(0.0, seconds))[0]:
            self.written += os.read(self._output, READ_SIZE)

    def run(self, seconds: float, feed: Feed | None = None) -> None:
        """Feed the line and read the output for so many seconds."""
        end = monotonic() + seconds
        self.until(lambda: monotonic() >= end, feed, end)

    def until(self, holds: Callable[[], bool], feed: Feed | None = None, at_least: float = 0) -> float:
        """Feed the line and read the output until `holds` is true, and return when that was."""
        begin = max(monotonic(), at_least)
        while not holds():
            if monotonic() - begin > PATIENCE:
                raise TimeoutError("the tap does not print what it received")
            self.look(min(feed.turn() if feed else begin + PATIENCE, monotonic() + 0.05) - monotonic())
        return monotonic()

    def settle(self) -> None:
        """Wait until nothing more is printed: bytes that the kernel has not made readable do not count as unread."""
        size = -1
        while size < len(self.written):
            size = len(self.written)
            self.run(SETTLING)

    def end(self) -> None:
        """End it, as Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)
        while data := os.read(self._output, READ_SIZE):
            self.written += data
        self._process.wait(PATIENCE)
        assert self._process.stdout
        self._process.stdout.close()


@contextmanager
def dump(line: Line, *, name: str = "", baud: str = "115200") -> Iterator[Dump]:
    """Start a tap on this line, by another name if there is one, and yield it when it is loaded."""
    tapped = Dump(name or line.port, baud)
    try:
        probe = _frame(0xE000)
        for _ in range(int(PATIENCE)):
            line.write(probe)
            tapped.look(1.0)
            if tapped.written:
                break
        sleep(STARTING)
        tapped.look(0.0)
        tapped.written.clear()
        yield tapped
    finally:
        tapped.end()


def measure(seconds: float = 60.0) -> list[Figure]:
    """Return all figures; the fast line and the silent one are measured for so many seconds."""
    return [*load(seconds), *latency(MARKED), *replug(CYCLES), *idle(seconds, "115200"), *idle(seconds, "auto")]


def load(seconds: float, rate: float = FAST) -> list[Figure]:
    """Return the number of bytes that were written to the line and not printed, or printed wrongly."""
    frames = charging_frames(FRAMES)
    with Line() as line, dump(line) as tapped:
        feed = Feed(line, frames, rate)
        began, used = monotonic(), tapped.cpu
        tapped.run(seconds, feed)
        share = 100 * (tapped.cpu - used) / (monotonic() - began)
        feed.end()
        tapped.until(lambda: feed.ended and not line.unread, feed)
        tapped.settle()
    sent = b"".join(frames) * (feed.fed // sum(map(len, frames)) + 1)
    lost = count_differences(sent[: feed.fed], bytes.fromhex(b"".join(_RAW.findall(tapped.written)).decode()))
    span = f"{rate / 1000:,.0f} kB/s for {seconds:,.0f} s"
    note = f"of {feed.fed:,}"
    return [
        Figure(f"{span}: bytes that dump --json lost", lost, "bytes", 0, note),
        # A pseudo-terminal makes its writer wait; what a real line finds no room for is lost.
        Figure(f"{span}: bytes that found no room, at worst", feed.waited, "bytes", DRIVER_HOLDS),
        Figure(f"{span}: the share of a core of dump --json", share, "%"),
    ]


def latency(count: int) -> list[Figure]:
    """Return the times from the last byte of a frame, after a burst at 115200 baud, to its line of output."""
    source = random.Random(6)
    frames, took = charging_frames(FRAMES), []
    with Line() as line, dump(line) as tapped:
        for sequence in source.sample(range(0xE000, 0x10000), count):
            feed, marked = Feed(line, frames, BYTES_A_SECOND), _frame(sequence)
            tapped.run(source.uniform(0.05, 0.15), feed)
            feed.end()
            while not feed.ended:
                tapped.look(feed.turn() - monotonic())
            raw = marked.hex().encode()
            tapped.written.clear()
            line.write(marked)
            written = monotonic()
            took.append(tapped.until(partial(_has_printed, tapped, raw)) - written)
    worst = f"of {count}, worst {1000 * max(took):.1f} ms"
    return [
        Figure("byte to JSON line, p50", 1000 * percentile(took, 0.5), "ms"),
        Figure("byte to JSON line, p99", 1000 * percentile(took, 0.99), "ms", JSON_UNDER, worst),
    ]


def replug(count: int) -> list[Figure]:
    """Return the time from the moment at which an unplugged port is back to the report that it is read again."""
    took = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as plugged:
        name = Path(folder) / "adapter"
        line = plugged.enter_context(Line())
        name.symlink_to(line.port)
        with dump(line, name=str(name)) as tapped:
            for _ in range(count):
                name.unlink()
                plugged.close()
                tapped.until(lambda: b"source_lost" in tapped.written)
                line = plugged.enter_context(Line())
                name.symlink_to(line.port)
                there = monotonic()
                took.append(tapped.until(lambda: b"source_back" in tapped.written) - there)
                tapped.written.clear()
    note = f"of {count}"
    return [Figure("a port is back until it is read, the worst", 1000 * max(took), "ms", BACK_UNDER, note)]


def idle(seconds: float, baud: str) -> list[Figure]:
    """Return what a tap costs while its port is silent, at a fixed rate or while the rate is searched."""
    with Line() as line, dump(line, baud=baud) as tapped:
        used, began = tapped.cpu, monotonic()
        tapped.run(seconds)
        share = 100 * (tapped.cpu - used) / (monotonic() - began)
    return [Figure(f"silent port for {seconds:,.0f} s, --baud {baud}: share of a core", share, "%", IDLE_UNDER)]


def _frame(sequence: int) -> bytes:
    """Return a frame with a sequence number that the other traffic does not have."""
    codec = Codec(packaged_definition())
    return codec.encode(codec.definition.command("acceptance"), sequence)


def _has_printed(tapped: Dump, raw: bytes) -> bool:
    return raw in tapped.written


def count_differences(sent: bytes, printed: bytes) -> int:
    """Return how many bytes are missing, or, if none is, how many differ from those sent."""
    return abs(len(sent) - len(printed)) or sum(one != other for one, other in zip(sent, printed, strict=True))
