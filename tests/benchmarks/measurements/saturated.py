"""Measure a line that is never silent: what the whole program costs, how late its loop gets, and whether bytes are
lost.

Once at 115200 baud, the rate of the charger's link, and once at 3 Mbaud, the fastest rate of usual adapters.
"""

import os
import sys
import tempfile
from pathlib import Path
from time import monotonic

from tests.benchmarks.equipment import probe
from tests.benchmarks.equipment.line import Feed, Line
from tests.benchmarks.equipment.terminal import Terminal
from tests.benchmarks.equipment.traffic import charging_frames
from tests.benchmarks.measure import Figure, percentile

EVSE_SNIFF = (sys.executable, "-m", "sniffer")
FRAMES = 10_000

BYTES_A_SECOND = 11_520
"""The bytes that 115200 baud carry in a second: a byte is ten bits on the line."""

FAST = 300_000
"""The bytes that 3 Mbaud carry in a second."""

RECORDING = "REC "
"""The text that the header shows as soon as the screen stands and the port is read."""

WARMING = 2.0
"""Seconds until the screen stands and is measured."""

DRIVER_HOLDS = 65_536
"""The bytes of a port that Linux holds until a program reads them; more would be lost on a real line."""

HELP_PRESSED = 10


def measure(seconds: float = 20.0, fast_seconds: float = 10.0) -> list[Figure]:
    """Return the figures of both rates, each measured for so many seconds."""
    return [*usual(seconds), *fast(fast_seconds)]


def usual(seconds: float) -> list[Figure]:
    """Return the figures at 115200 baud."""
    frames, span = charging_frames(FRAMES), _span(seconds)
    with Line() as line, Terminal(*EVSE_SNIFF, line.port) as terminal:
        _start(terminal, Feed(line, frames, BYTES_A_SECOND))
        ours, all_of_it, began = terminal.cpu, _busy(), monotonic()
        terminal.run(seconds)
        share = 100 * (terminal.cpu - ours) / (monotonic() - began)
        others = 100 * (_busy() - all_of_it) / (monotonic() - began) - share
        _finish(terminal, line)
    with Line() as line, tempfile.TemporaryDirectory() as folder, _probed(line, Path(folder)) as terminal:
        _start(terminal, Feed(line, frames, BYTES_A_SECOND))
        began = monotonic()
        terminal.run(seconds)
        ended = monotonic()
        _finish(terminal, line)
        late = probe.found(Path(folder) / "probed").late(began, ended)
    return [
        Figure(f"115200 baud for {span}: the program's share of a core", share, "%", 15, f"others {others:.0f} %"),
        _lag(f"115200 baud for {span}: event loop late, p99", late),
    ]


def fast(seconds: float) -> list[Figure]:
    """Return the figures at 3 Mbaud, with keys that are pressed meanwhile."""
    span = _span(seconds)
    with Line() as line, tempfile.TemporaryDirectory() as folder, _probed(line, Path(folder)) as terminal:
        feed = Feed(line, charging_frames(FRAMES), FAST)
        _start(terminal, feed)
        before, began = terminal.cpu, monotonic()
        answered = []
        for _ in range(HELP_PRESSED):
            terminal.run(seconds / HELP_PRESSED)
            pressed = terminal.press("?")
            answered.append(terminal.until(lambda text: "you are here" in text) - pressed)
            terminal.press("q")
        ended = monotonic()
        share = 100 * (terminal.cpu - before) / (ended - began)
        terminal.run(WARMING / 2)
        _finish(terminal, line)
        found = probe.found(Path(folder) / "probed")
    lost = abs(feed.fed - found.read) + abs(feed.fed - found.in_frames - found.in_noise)
    return [
        Figure(f"3 Mbaud for {span}: bytes that the ledger lacks", lost, "bytes", 0, f"of {feed.fed:,}"),
        Figure(f"3 Mbaud for {span}: bytes that waited at most", feed.waited, "bytes", DRIVER_HOLDS),
        _lag(f"3 Mbaud for {span}: event loop late, p99", found.late(began, ended)),
        Figure(f"3 Mbaud for {span}: help after its key, the worst", 1000 * max(answered), "ms", 100),
        Figure(f"3 Mbaud for {span}: the program's share of a core", share, "%"),
    ]


def _probed(line: Line, folder: Path) -> Terminal:
    return Terminal(sys.executable, "-m", "tests.benchmarks.equipment.probe", os.fspath(folder / "probed"), line.port)


def _start(terminal: Terminal, feed: Feed) -> None:
    terminal.until(lambda text: RECORDING in text)
    terminal.feed = feed
    terminal.run(WARMING)


def _finish(terminal: Terminal, line: Line) -> None:
    """Let the program read all that was fed, and quit."""
    if terminal.feed:
        terminal.feed.end()
        while line.unread or not terminal.feed.ended:
            terminal.run(0.1)
    terminal.run(0.5)
    terminal.quit()


def _lag(what: str, late: list[float]) -> Figure:
    worst = f"worst {1000 * max(late):.1f} ms"
    return Figure(what, 1000 * percentile(late, 0.99), "ms", 50, worst)


def _busy() -> float:
    """Return for how many seconds the cores of the machine have been busy so far, with any work."""
    with open("/proc/stat") as stat:
        user, nice, system, _idle, _waiting, *rest = map(int, stat.readline().split()[1:9])
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


def _span(seconds: float) -> str:
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"
