"""Publishing under faults at random: `python -m tests.fleet.mqtt.chaos [FAULTS] [SEED] [SECONDS OF THE LONG CUT]`.

A bench publishes a line under load to a broker, whose messages a subscriber stores. Again and again the broker is
killed and started, the network is cut off, the bench is killed by `kill -9` and started, or its disk is full. At the
end the bench is started once more, to send what is missing.

Out: what is in the captures and not in the store, in the store and not in the captures, or out of order, all after
removal of doubles; and the bytes of the line that are in no capture. All must be 0, but for the last bytes before a
kill.

A broker that is killed loses what it confirmed and did not pass on. That is no matter of the bench, so the network
stays cut off until the subscriber is back.
"""

import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from sniffer.core.wire.links import PWR_TO_COM, PWRBOARD
from tests.fleet.mqtt.mosquitto import Mosquitto, Subscriber, wait_until
from tests.live.helpers import Line, find_listener
from tests.tools import EVSE_SNIFF

SPEED = 3000
"""Bytes a second on the line: a third of what 115200 baud carry, some hundred records."""

DISK = "8m"
FAULTS = ("broker killed", "cut off", "bench killed", "disk full")


@dataclass
class Outcome:
    """What a run has found, in records if nothing else is said."""

    faults: Counter[str] = field(default_factory=Counter)
    recorded: int = 0
    missing: int = 0
    invented: int = 0
    doubles: int = 0
    out_of_order: int = 0
    events_missing: int = 0
    sent_bytes: int = 0
    lost_bytes: int = 0
    lost_by_kill: list[int] = field(default_factory=list)
    seconds: float = 0.0
    complaints: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not (self.missing or self.invented or self.out_of_order or self.events_missing or self.lost_bytes)


class Network:
    """A way to the broker that can be cut off: connections stay open, and nothing goes through."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.is_cut = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                inner, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(inner,), daemon=True).start()

    def _relay(self, inner: socket.socket) -> None:
        while self.is_cut.is_set():
            time.sleep(0.05)
        try:
            outer = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            inner.close()
            return
        with inner, outer, suppress(OSError):
            while True:
                ready, _, _ = select.select([inner, outer], [], [], 0.1)
                if self.is_cut.is_set():
                    # What was on its way is held back, and goes on after the cut.
                    time.sleep(0.02)
                    continue
                for one in ready:
                    data = one.recv(1 << 16)
                    if not data:
                        return
                    (outer if one is inner else inner).sendall(data)

    def close(self) -> None:
        self._server.close()


class Load:
    """The writer of the line. `is_heard` is cleared while no bench reads: nothing is written then."""

    def __init__(self, line: Line, seed: int) -> None:
        self.sent = bytearray()
        self.is_heard = threading.Event()
        self._line = line
        self._random = random.Random(seed)
        self._ends = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def _write(self) -> None:
        while not self._ends.is_set():
            if not self.is_heard.wait(0.1):
                continue
            with self._lock:
                piece = b"".join(self._make() for _ in range(4))
                self._line.write(piece)
                self.sent += piece
            time.sleep(len(piece) / SPEED)

    def _make(self) -> bytes:
        source = self._random
        frame = PWRBOARD.build(PWR_TO_COM.head, source.randrange(0x10000), 0x32, source.randbytes(6))
        return source.choice([frame, frame, frame, frame[: source.randrange(1, 12)]])

    def pause(self) -> int:
        """Stop to write; return how many bytes were sent so far."""
        self.is_heard.clear()
        with self._lock:
            return len(self.sent)

    def end(self) -> None:
        self.pause()
        self._ends.set()
        self._thread.join()


class Bench:
    """The bench: one process after another, each with a capture of its own, on a small disk."""

    def __init__(self, folder: Path, line: Line, address: str) -> None:
        self.captures: list[Path] = []
        self._folder = folder
        self._line = line
        self._address = address
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = os.environ | {"XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config")}

    def start(self) -> None:
        capture = self._folder / f"{len(self.captures)}.pcapng"
        self.captures.append(capture)
        words = "publish", self._line.port, "--baud", "115200", "--to", self._address, "--bench", "b1", "--frames"
        log = (self._folder / "log").open("ab")
        self._process = subprocess.Popen(
            [*EVSE_SNIFF, *words, "-o", str(capture)], env=self._environment, stdout=log, stderr=log
        )
        log.close()
        wait_until(lambda: capture.exists() and capture.stat().st_size > 0 and self._is_listening())

    def _is_listening(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._folder / "log").read_text()
        return find_listener(self._process.pid, self._line.port) is not None

    def fill_disk(self) -> Path:
        """Fill the disk; return the file that does so."""
        path = self._folder / "full"
        with suppress(OSError), path.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
        return path

    @property
    def log(self) -> list[str]:
        """What the processes have printed."""
        return (self._folder / "log").read_text().splitlines()

    def end(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)
        self._process.wait()

    def unfinished(self) -> int:
        """Return how many sessions are not complete at the broker."""
        cursors = [json.loads(path.read_text()) for path in (self._folder / "evse-sniff" / "publish").glob("*.json")]
        return sum(not one["is_complete"] for one in cursors)


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Mount a small disk on a folder; yield False if that is not allowed here."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    is_small = os.geteuid() == 0 and not subprocess.run(words, capture_output=True).returncode
    try:
        yield is_small
    finally:
        if is_small:
            subprocess.run(["umount", "-l", folder], check=True)


def run(faults: int, seed: int, long_cut: float = 0.0, folder: Path | None = None) -> Outcome:
    """Run with so many faults. One cut of the network takes `long_cut` seconds; 0: none does."""
    with (
        tempfile.TemporaryDirectory(dir=folder) as name,
        small_disk(Path(name) / "disk") as is_small,
        Line() as line,
        Mosquitto(Path(name) / "broker") as broker,
        Subscriber(broker.port) as store,
    ):
        network = Network(broker.port)
        bench = Bench(Path(name) / "disk", line, f"mqtt://127.0.0.1:{network.port}/benches")
        load = Load(line, seed)
        try:
            return _Run(random.Random(seed), broker, store, network, bench, load, is_small).go(faults, long_cut)
        finally:
            load.end()
            network.close()


@dataclass
class _Run:
    random: random.Random
    broker: Mosquitto
    store: Subscriber
    network: Network
    bench: Bench
    load: Load
    is_small: bool
    outcome: Outcome = field(default_factory=Outcome)
    marks: list[int] = field(default_factory=list)
    """How many bytes were sent before each end of a bench."""

    def go(self, faults: int, long_cut: float) -> Outcome:
        began = time.monotonic()
        kinds = [kind for kind in FAULTS if self.is_small or kind != "disk full"]
        chosen = (kinds * (faults // len(kinds) + 1))[:faults]
        self.random.shuffle(chosen)
        long_one = next((place for place, kind in enumerate(chosen) if kind == "cut off"), None)
        self.bench.start()
        self.load.is_heard.set()
        for place, kind in enumerate(chosen):
            time.sleep(self.random.uniform(0.5, 3))
            self.outcome.faults[kind] += 1
            self._cause(kind, long_cut if place == long_one and long_cut else self.random.uniform(0.3, 3))
        time.sleep(2)
        self._finish()
        self.outcome.seconds = time.monotonic() - began
        return self.outcome

    def _cause(self, kind: str, seconds: float) -> None:
        if kind == "broker killed":
            self.network.is_cut.set()
            self.broker.stop(by_force=True)
            time.sleep(seconds)
            self.broker.start()
            wait_until(lambda: self.store.is_connected)
            self.network.is_cut.clear()
        elif kind == "cut off":
            self.network.is_cut.set()
            time.sleep(seconds)
            self.network.is_cut.clear()
        elif kind == "bench killed":
            self.bench.end(signal.SIGKILL)
            self.marks.append(self.load.pause())
            self.bench.start()
            self.load.is_heard.set()
        else:
            full = self.bench.fill_disk()
            time.sleep(seconds)
            full.unlink()

    def _finish(self) -> None:
        """End the load, let a last bench send what is missing, and compare."""
        self.marks.append(self.load.pause())
        time.sleep(1)
        self.bench.end(signal.SIGINT)
        self.bench.start()
        wait_until(lambda: self.bench.unfinished() <= 1, 300)
        self.bench.end(signal.SIGINT)
        wait_until(self._has_arrived, 30)
        self.outcome.complaints = sorted({line for line in self.bench.log if "NOT" in line})
        self._compare_lines()
        self._compare_records()

    def _has_arrived(self) -> bool:
        """Return True if nothing new has arrived for a while."""
        before = len(self.store.messages)
        time.sleep(1)
        return len(self.store.messages) == before

    def _compare_lines(self) -> None:
        """Count the bytes of the line that are in no capture, apart from the last ones before a kill."""
        at = 0
        for capture, mark in zip(self.bench.captures, self.marks, strict=False):
            recorded = b"".join(bytes.fromhex(one["raw"]) for one in _records_of(capture))
            sent = bytes(self.load.sent[at:mark])
            if not sent.startswith(recorded):
                self.outcome.lost_bytes += len(sent)
            elif mark == self.marks[-1]:
                self.outcome.lost_bytes += len(sent) - len(recorded)
            else:
                self.outcome.lost_by_kill.append(len(sent) - len(recorded))
            at = mark
        self.outcome.sent_bytes = len(self.load.sent)

    def _compare_records(self) -> None:
        outcome = self.outcome
        stored: dict[str, list[tuple[int, str]]] = {}
        seen: set[tuple[str, int]] = set()
        for message in self.store.of("frames"):
            for one in message.lines:
                key = one["session"], one["number"]
                outcome.doubles += key in seen
                if key not in seen:
                    seen.add(key)
                    stored.setdefault(one["session"], []).append((one["number"], one["raw"]))
        events = {
            (one["session"], one["number"], one["index"], one["event"])
            for message in self.store.of("event")
            if (one := message.object)
        }
        expected, expected_events = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
        for capture in self.bench.captures:
            found = _objects_of(capture)
            expected.update((one["number"], one["raw"]) for one in found if "raw" in one)
            expected_events.update((one["number"], one["event"]) for one in found if one["type"] == "event")
        outcome.recorded = sum(expected.values())
        found_records = Counter(pair for pairs in stored.values() for pair in pairs)
        outcome.missing = sum((expected - found_records).values())
        outcome.invented = sum((found_records - expected).values())
        outcome.out_of_order = sum(
            later[0] < earlier[0] for pairs in stored.values() for earlier, later in pairwise(pairs)
        )
        found_events = Counter((number, event) for _, number, _, event in events)
        outcome.events_missing = sum((expected_events - found_events).values())
        outcome.invented += sum((found_events - expected_events).values())


def _objects_of(capture: Path) -> list[dict[str, Any]]:
    """Return what `dump --json` prints of a capture; nothing if it was never begun."""
    if not capture.exists():
        return []
    done = subprocess.run([*EVSE_SNIFF, "dump", "--json", str(capture)], capture_output=True, text=True, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _records_of(capture: Path) -> "list[dict[str, str]]":
    return [one for one in _objects_of(capture) if "raw" in one]


def main() -> int:
    """Run with the faults and the seed of the command line, and print what was found."""
    faults, seed, long_cut = (int(word) for word in (*sys.argv[1:], *("20", "1", "60")[len(sys.argv) - 1 :]))
    outcome = run(faults, seed, long_cut)
    for name, value in vars(outcome).items():
        print(f"{name:16} {dict(value) if isinstance(value, Counter) else value}")
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(main())
