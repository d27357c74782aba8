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
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.fleet.mqtt.disturbed_bench import Bench, Load, Network, small_disk
from tests.fleet.mqtt.mosquitto import Mosquitto, Subscriber
from tests.live.helpers import Line
from tests.tools import EVSE_SNIFF
from tests.waiting import wait_until

FAULTS = ("broker killed", "cut off", "bench killed", "disk full")


@dataclass
class Outcome:
    """The result of a run, in records if nothing else is said."""

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
    """The bytes that were sent before each end of a bench."""

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
