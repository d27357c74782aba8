"""Run the program itself with a probe in it: `... RESULT WORDS...` runs `evse-sniff WORDS`.

Out: a JSON file, written when the program has ended, with how late the event loop woke a task that sleeps for a few
milliseconds at a time, and with the byte ledger at the end. The program does not know about the probe.
"""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from unittest.mock import patch

import sniffer.tui
from sniffer.cli import main
from sniffer.tui.app import SnifferApp

EVERY = 0.005
"""Seconds for which the task sleeps."""


@dataclass
class ProbeResult:
    """The result of the probe. `lags` are pairs of a moment of the steady clock and the lateness at it, in seconds."""

    lags: list[tuple[float, float]] = field(default_factory=list)
    read: int = 0
    in_frames: int = 0
    in_noise: int = 0

    def late(self, begin: float, end: float) -> list[float]:
        """Return how late the event loop was between two moments, in seconds."""
        return [late for moment, late in self.lags if begin <= moment <= end]


def found(path: Path) -> ProbeResult:
    """Return the result that a probe wrote."""
    return ProbeResult(**json.loads(path.read_text()))


STYLES = ("palette.tcss", "style.tcss")
"""The style sheets of `SnifferApp`, whose paths are relative to its module."""


class ProbedApp(SnifferApp):
    """The program, which writes the result of the probe to `result` when it ends."""

    CSS_PATH = [Path(sniffer.tui.__path__[0]) / name for name in STYLES]  # noqa: RUF012
    result: Path

    def on_mount(self) -> None:
        """Begin to probe."""
        self.probed = ProbeResult()
        self._probing = asyncio.create_task(self._probe())

    def run(self, *args: Any, **options: Any) -> None:
        """Run to the end, then write."""
        super().run(*args, **options)
        ledger = self.session_view.session.snapshot().ledger
        self.probed.read, self.probed.in_frames = ledger.read, ledger.frame_bytes
        self.probed.in_noise = sum(ledger.noise_bytes.values())
        self.result.write_text(json.dumps(asdict(self.probed)))

    async def _probe(self) -> None:
        while True:
            due = monotonic() + EVERY
            await asyncio.sleep(EVERY)
            now = monotonic()
            self.probed.lags.append((now, now - due))


def run(result: str, *words: str) -> int:
    """Run the program with these words, and return its exit status."""
    ProbedApp.result = Path(result)
    with patch("sniffer.tui.app.SnifferApp", ProbedApp):
        return main(words)


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
