"""Measure the time from the last byte of a frame on the line to its drawn row, on a quiet line and at the end of a
burst at 115200 baud.

The frame has a sequence number that nothing else on the screen has, and that its row shows.
"""

import random
import re
from collections.abc import Iterator
from time import monotonic

from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import packaged_definition
from tests.benchmarks.equipment.line import Feed, Line
from tests.benchmarks.equipment.terminal import Terminal
from tests.benchmarks.equipment.traffic import charging_frames
from tests.benchmarks.measure import Figure, percentile
from tests.benchmarks.measurements.saturated import BYTES_A_SECOND, EVSE_SNIFF, FRAMES, RECORDING

ALONE, AFTER_BURSTS = 200, 60
UNDER = 100.0
"""Milliseconds that a byte may take."""


def measure(alone: int = ALONE, after_bursts: int = AFTER_BURSTS) -> list[Figure]:
    """Return the percentiles of `alone` frames on a quiet line, and of `after_bursts` frames after a burst."""
    source = random.Random(4)
    marked = _marked_frames(source)
    with Line() as line, Terminal(*EVSE_SNIFF, line.port) as terminal:
        terminal.until(lambda text: RECORDING in text)
        terminal.run(1.0)
        quiet = []
        for _ in range(alone):
            terminal.run(source.uniform(0.02, 0.12))
            quiet.append(_until_drawn(terminal, line, *next(marked)))
        frames = charging_frames(FRAMES)
        bursts = []
        for _ in range(after_bursts):
            feed = terminal.feed = Feed(line, frames, BYTES_A_SECOND)
            terminal.run(source.uniform(0.05, 0.25))
            feed.end()
            while not feed.ended:
                terminal.run(0.001)
            terminal.feed = None
            bursts.append(_until_drawn(terminal, line, *next(marked)))
        terminal.quit()
    return [*_figures("byte to row, quiet line", quiet), *_figures("byte to row, after a burst", bursts)]


def _marked_frames(source: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield frames with sequence numbers that no other traffic has, in random order, and how each is shown."""
    codec = Codec(packaged_definition())
    for sequence in source.sample(range(0xE000, 0x10000), 0x2000):
        yield f"{sequence:04X}", codec.encode(codec.definition.command("acceptance"), sequence)


def _until_drawn(terminal: Terminal, line: Line, shown: str, frame: bytes) -> float:
    row = re.compile(rf"pwr +{shown} ")
    terminal.text = ""
    line.write(frame)
    written = monotonic()
    return terminal.until(lambda text: row.search(text) is not None) - written


def _figures(what: str, seconds: list[float]) -> list[Figure]:
    worst = f"of {len(seconds)}, worst {1000 * max(seconds):.0f} ms"
    return [
        Figure(f"{what}, p50", 1000 * percentile(seconds, 0.5), "ms", UNDER),
        Figure(f"{what}, p99", 1000 * percentile(seconds, 0.99), "ms", UNDER, worst),
    ]
