"""Run the program, with the probe in it, on a session of many frames: `... RESULT FILLED COUNT`.

The session arrives like a file, in pieces, with turns of the event loop in between. Out: besides the result of the
probe, a JSON file with how long that took and how much memory it needed.
"""

import asyncio
import gc
import json
import os
import sys
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path
from time import monotonic
from unittest.mock import patch

from sniffer.core.wire.items import Chunk
from sniffer.sources.source import Take
from tests.benchmarks.equipment import probe
from tests.benchmarks.equipment.traffic import charging_frames

ROUND = 10_000
PIECE = 64
"""Bytes that arrive together, about what an adapter hands over."""

PIECE_TIME = 5_500_000
"""Nanoseconds for which they are on the line."""

PIECES_A_TURN = 200
NOISE = bytes(3)
"""Bytes that stand once, in the middle of the session: to go there, half of it must be looked through."""


@dataclass
class Filled:
    """The number of frames delivered, the seconds it took, and the bytes by which the process grew."""

    frames: int = 0
    seconds: float = 0.0
    grown: int = 0


class ManyFrames:
    """A source of `count` frames that has an end."""

    is_live = False
    times_are_first_bytes = False
    about = "a made-up session"
    needs_merging = False
    taps = ()
    baud = None
    zone = UTC
    name = "many frames"

    def __init__(self, count: int) -> None:
        self.filled = Filled(count)
        self._round = b"".join(charging_frames(min(ROUND, count)))
        self._rounds = max(1, count // ROUND)
        self._time = 0

    def now(self) -> int | None:
        return self._time

    async def run(self, take: Take) -> None:
        gc.collect()
        before, began = _resident(), monotonic()
        for number in range(self._rounds):
            data = NOISE + self._round if number == self._rounds // 2 else self._round
            for turn, at in enumerate(range(0, len(data), PIECE)):
                self._time += PIECE_TIME
                take(Chunk(data[at : at + PIECE], self._time))
                if turn % PIECES_A_TURN == 0:
                    await asyncio.sleep(0)
        self.filled.seconds = monotonic() - began
        gc.collect()
        self.filled.grown = _resident() - before


def filled(path: Path) -> Filled:
    """Return what a run wrote about its session."""
    return Filled(**json.loads(path.read_text()))


def _resident() -> int:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main(result: str, into: str, count: str) -> int:
    """Run the program on the session."""
    source = ManyFrames(int(count))
    with patch("sniffer.cli.setup.source_picker.open_and_keep", lambda *_, **__: (source, "")):
        status = probe.run(result, source.name)
    Path(into).write_text(json.dumps(asdict(source.filled)))
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
