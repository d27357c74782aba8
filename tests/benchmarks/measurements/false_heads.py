"""Measure how long a valid frame takes from its last byte to its line of `dump` and to the disk after false heads.

Each shape of false heads is written to a line at its baud rate, then frames with pauses shorter than the silence that
resolves what waits. A frame has a sequence that nothing else has.
"""

import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

from sniffer.core.wire.links import PWR_TO_COM, PWRBOARD
from tests.benchmarks.equipment.line import Line
from tests.benchmarks.measure import Figure
from tests.benchmarks.measurements.saturated import EVSE_SNIFF
from tests.core.wire.test_framer_live import FALSE_HEADS

BARS = {9600: 1000.0, 115200: 100.0}
"""The milliseconds that a frame may take to its line, by baud rate."""

ON_DISK = 1000.0
"""Milliseconds that it may take to the disk."""

FRAMES = 40
PAUSE = 0.03


class _Dump:
    """A `dump` of a line that records: when each sequence was printed, and when it was on the disk."""

    def __init__(self, port: str, baud: int, capture: Path) -> None:
        words = ["dump", "--json", port, "--baud", str(baud), "-o", str(capture)]
        self._process = subprocess.Popen([*EVSE_SNIFF, *words], stdout=subprocess.PIPE, text=True)
        self._capture = capture
        self.printed: dict[str, float] = {}
        self.recorded: dict[str, float] = {}
        self._is_over = False
        self._threads = [threading.Thread(target=self._read_lines), threading.Thread(target=self._read_disk)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """End the program."""
        self._is_over = True
        self._process.terminate()
        for thread in self._threads:
            thread.join()
        self._process.wait()

    def _read_lines(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            if '"type": "frame"' in line:
                self.printed[line.partition('"raw": "bb')[2][:4]] = monotonic()

    def _read_disk(self) -> None:
        seen = 0
        while not self._is_over:
            sleep(0.01)
            content = self._capture.read_bytes() if self._capture.exists() else b""
            if len(content) > seen:
                seen = len(content)
                for sequence in _sequences():
                    if frame(sequence) in content:
                        self.recorded.setdefault(f"{sequence:04x}", monotonic())


def frame(sequence: int) -> bytes:
    """Return a frame with this sequence."""
    return PWRBOARD.build(PWR_TO_COM.head, sequence, 0x40, bytes(13))


def _sequences() -> Iterator[int]:
    return iter(range(0x1000, 0x1000 + FRAMES * len(FALSE_HEADS)))


def measure() -> list[Figure]:
    """Return the worst times of each baud rate."""
    figures = []
    for baud, bar in BARS.items():
        lines, disk = _measure_line(baud)
        shapes = f"of {len(lines)}, {len(FALSE_HEADS)} shapes"
        figures.append(Figure(f"false heads, byte to line, {baud} baud", 1000 * max(lines), "ms", bar, shapes))
        figures.append(Figure(f"false heads, byte to disk, {baud} baud", 1000 * max(disk), "ms", ON_DISK, shapes))
    return figures


def _measure_line(baud: int) -> tuple[list[float], list[float]]:
    """Return the seconds from the last byte of each frame to its line, and to the disk."""
    sent: dict[str, float] = {}
    with Line() as line, tempfile.TemporaryDirectory() as folder:
        dump = _Dump(line.port, baud, Path(folder) / "x.pcapng")
        sleep(1.5)
        sequences = _sequences()
        for before in FALSE_HEADS.values():
            _write(line, before, baud)
            for _ in range(FRAMES):
                sequence = next(sequences)
                sent[f"{sequence:04x}"] = monotonic()
                _write(line, frame(sequence), baud)
                sleep(PAUSE)
            sleep(0.2)
        sleep(1.5)
        dump.end()
    return [dump.printed[one] - at for one, at in sent.items()], [dump.recorded[one] - at for one, at in sent.items()]


def _write(line: Line, data: bytes, baud: int) -> None:
    """Write bytes, and wait for as long as they take at the rate."""
    line.write(data)
    sleep(len(data) * 10 / baud)
