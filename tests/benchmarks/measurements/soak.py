"""Run the program for half an hour on a line that is never silent, with its screen, and disturb it: `... [MINUTES]`.

100 kB/s for 30 minutes are five hours of a saturated line at 115200 baud. Meanwhile keys are pressed, the process is
stopped and continued, the clock of the computer is set forward and back, and the computer is suspended. The clocks are
those of the module under test, replaced in its process: `... --program RESULT WORDS...` runs it so.

Out: the bytes that are missing or wrong in the recording and in the ledger, how many of the disturbances of the clock
were reported, and the memory of the process.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sniffer.base.times import HOUR
from sniffer.cli import main as run_program
from sniffer.core.charger.tap_events import SourceLost
from sniffer.sources import steady_clock
from sniffer.sources.steady_clock import SteadyClock
from tests.benchmarks.equipment.line import Feed, Line
from tests.benchmarks.equipment.probe import ProbedApp
from tests.benchmarks.equipment.terminal import Terminal
from tests.benchmarks.equipment.traffic import charging_frames
from tests.benchmarks.measure import Figure
from tests.benchmarks.measurements.saturated import EVSE_SNIFF, FRAMES, RECORDING

RATE = 100_000
"""Bytes a second."""

TURN = 5.0
"""Seconds between two keys."""

KEYS = ("g", "j", "k", "G", "\x1b[5~", "\x1b[6~", "4", "s", "S", "?", "\x1b")
CLOSING = 5
"""The number of times that Escape is pressed before the end: it closes what the keys have opened."""

WARM = 0.2
"""The share of the time after which the caches are full, and growth is measured."""

STOPPED = 30.0
"""Seconds for which the process is stopped, twice."""


@dataclass
class Clocks:
    """The nanoseconds that are added to the clocks of the computer."""

    wall: int = 0
    counting: int = 0

    def add(self, wall: int, counting: int) -> None:
        """Add to the clocks."""
        self.wall += wall
        self.counting += counting


DISTURBANCES = ((HOUR, 0), (-2 * HOUR, 0), (HOUR, HOUR))
"""The additions of each signal to the clocks: set forward, set back, and going on while the computer is suspended."""


@dataclass
class SoakResult:
    """The result of the program: the bytes of its ledger, and what it reported."""

    read: int
    in_records: int
    notes: list[str]
    gaps: int


class SoakedApp(ProbedApp):
    """The program, which writes its result when it ends."""

    def run(self, *args: Any, **options: Any) -> None:
        """Run to the end, then write."""
        super().run(*args, **options)
        view, probed = self.session_view, self.probed
        notes, gaps = [*view.session.notes.values()], len(view.timeline.marks[SourceLost])
        soaked = SoakResult(probed.read, probed.in_frames + probed.in_noise, notes, gaps)
        self.result.write_text(json.dumps(asdict(soaked)))

    async def _probe(self) -> None:
        """Measure no lateness: the samples of half an hour would take as much memory as the session."""


def measure(minutes: float = 30.0) -> list[Figure]:
    """Return the figures of a soak of so many minutes."""
    frames, seconds = charging_frames(FRAMES), 60 * minutes
    with tempfile.TemporaryDirectory() as folder, Line() as line:
        capture, result = Path(folder) / "soak.pcapng", Path(folder) / "result"
        words = (os.fspath(result), line.port, "--baud", "115200", "-o", os.fspath(capture))
        with Terminal(sys.executable, "-m", "tests.benchmarks.measurements.soak", "--program", *words) as terminal:
            terminal.until(lambda text: RECORDING in text)
            feed = terminal.feed = Feed(line, frames, RATE)
            sizes = [*_soak(terminal, feed, seconds)]
            feed.end()
            while line.unread or not feed.ended:
                terminal.run(0.1)
            for _ in range(CLOSING):
                terminal.press("\x1b")
                terminal.run(1.0)
            terminal.quit()
        soaked = SoakResult(**json.loads(result.read_text()))
        wrong = _count_wrong(capture, frames, feed.fed)
    warm_size, warm_frames = next(one for one in sizes if one[2] >= WARM)[:2]
    fed_frames = feed.fed / (sum(map(len, frames)) / FRAMES)
    grown = (sizes[-1][0] - warm_size) / max(1.0, fed_frames - warm_frames)
    reported = len([note for note in soaked.notes if "was set" in note])
    what = f"{minutes:g} min at {RATE / 1000:g} kB/s"
    return [
        Figure(f"{what}: bytes that the recording lacks", wrong, "bytes", 0, f"of {feed.fed:,}"),
        Figure(f"{what}: bytes that the ledger lacks", abs(feed.fed - soaked.read), "bytes", 0),
        Figure(f"{what}: bytes in no record", abs(soaked.read - soaked.in_records), "bytes", 0),
        Figure(f"{what}: clock steps that no note reports", 2 - reported, "steps", 0, "; ".join(soaked.notes)),
        Figure(f"{what}: suspensions that no gap reports", 1 - soaked.gaps, "gaps", 0),
        Figure(f"{what}: size of the process at most", max(size for size, *_ in sizes) / 1e6, "MB", 300),
        Figure(f"{what}: growth for each frame", grown, "bytes", 40, f"of {fed_frames:,.0f} frames"),
    ]


def _soak(terminal: Terminal, feed: Feed, seconds: float) -> Iterator[tuple[int, float, float]]:
    """Press keys and disturb the program for so many seconds. Yield its memory, the frames fed and the share of the
    time, again and again.
    """
    source, frame_size = random.Random(8), sum(map(len, charging_frames(FRAMES))) / FRAMES
    began = time.monotonic()
    steps = chain(("stop", "clock", "clock", "clock", "stop"), repeat(None))
    step, due = next(steps), seconds / 6
    while (spent := time.monotonic() - began) < seconds:
        terminal.press(source.choice(KEYS))
        terminal.run(min(TURN, seconds / 60))
        if spent >= due:
            if step == "stop":
                os.kill(terminal.process, signal.SIGSTOP)
                terminal.run(min(STOPPED, seconds / 20))
                os.kill(terminal.process, signal.SIGCONT)
            elif step == "clock":
                os.kill(terminal.process, signal.SIGUSR1)
            step, due = next(steps), due + seconds / 6
        with open(f"/proc/{terminal.process}/statm") as statm:
            size = int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        yield size, feed.fed / frame_size, spent / seconds


def _count_wrong(capture: Path, frames: list[bytes], fed: int) -> int:
    """Return how many bytes of a recording are missing, or, if none is, how many differ from those fed."""
    raw = capture.with_suffix(".bin")
    subprocess.run([*EVSE_SNIFF, "convert", os.fspath(capture), os.fspath(raw)], check=True, capture_output=True)
    if missing := abs(fed - raw.stat().st_size):
        return missing
    expected, wrong = b"".join(frames), 0
    with open(raw, "rb") as stream:
        while data := stream.read(len(expected)):
            if data != expected[: len(data)]:
                wrong += sum(one != other for one, other in zip(data, expected, strict=False))
    return wrong


def run(result: str, *words: str) -> int:
    """Run the program with clocks that each SIGUSR1 disturbs, and return its exit status."""
    clocks, disturbances = Clocks(), iter(DISTURBANCES)
    signal.signal(signal.SIGUSR1, lambda *_: clocks.add(*next(disturbances)))
    disturbed = partial(
        SteadyClock, lambda: time.time_ns() + clocks.wall, lambda: steady_clock.COUNTING() + clocks.counting
    )
    SoakedApp.result = Path(result)
    with patch("sniffer.tui.app.SnifferApp", SoakedApp), patch("sniffer.sources.serial.tap.SteadyClock", disturbed):
        return run_program(words)


def main(*words: str) -> int:
    """Run the program, or print the figures of a soak."""
    if words[:1] == ("--program",):
        return run(*words[1:])
    figures = measure(*(float(word) for word in words))
    for figure in figures:
        print(figure, flush=True)
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
