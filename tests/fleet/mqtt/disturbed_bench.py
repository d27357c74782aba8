"""The targets of `tests.fleet.mqtt.chaos`: the way to the broker, the load on the line, the bench and its disk."""

import json
import os
import random
import select
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sniffer.core.wire.links import PWR_TO_COM, PWRBOARD
from tests.live.helpers import Line, find_listener
from tests.tools import EVSE_SNIFF
from tests.waiting import wait_until

SPEED = 3000
"""Bytes a second on the line: a third of what 115200 baud carry, some hundred records."""

DISK = "8m"


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
        """All that the processes have printed."""
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
