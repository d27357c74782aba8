"""A serial line made of a pseudo-terminal, and a `dump --json` that taps it as a real process."""

import json
import os
import queue
import signal
import socket
import subprocess
import termios
import threading
import tty
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from tests.tools import EVSE_SNIFF

PATIENCE = 100
"""Seconds to wait for an expected result. A busy machine needs a tenth of them, and only a program that hangs all."""


def free_port() -> int:
    """Return a TCP port that nobody uses at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def longest_pause(times: Sequence[float]) -> float:
    """Return the longest time between two of these moments: by so much a busy machine may delay any program."""
    return max((later - earlier for earlier, later in pairwise(times)), default=0.0)


class Line:
    """Both ends of a raw pseudo-terminal. A tap opens `port`."""

    def __init__(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)

    def write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._master, data) :]

    @property
    def descriptor(self) -> int:
        """The end that a tap opens, which was opened before the tap."""
        return self._slave

    @property
    def settings(self) -> list[object]:
        """The settings of the port, its baud rate included."""
        return termios.tcgetattr(self._slave)

    def unplug(self) -> None:
        for descriptor in (self._slave, self._master):
            if descriptor >= 0:
                os.close(descriptor)
        self._master = self._slave = -1

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.unplug()


class Tap:
    """`evse-sniff dump --json` on a port; its objects come as they are written.

    With `is_read` False nothing is read of its output until `start_reading`.
    """

    def __init__(self, source: str, *options: str, is_read: bool = True, command: Sequence[str] = EVSE_SNIFF) -> None:
        self.process = subprocess.Popen(
            [*command, "dump", "--json", source, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        if is_read:
            self.start_reading()

    def start_reading(self) -> None:
        """Read the output from here on."""
        self._reader.start()

    @property
    def left(self) -> list[dict[str, Any]]:
        """All objects that were not taken yet, once the program has ended."""
        return [json.loads(self._lines.get_nowait()) for _ in range(self._lines.qsize())]

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def wait_until_open(self, port: str) -> int:
        """Wait until the process has the port open for reading; return that descriptor."""
        deadline = threading.Event()
        for _ in range(PATIENCE * 100):
            if descriptor := find_listener(self.process.pid, port):
                return descriptor
            assert self.process.poll() is None, self.process.communicate()[1]
            deadline.wait(0.01)
        raise AssertionError(f"{port} was not opened")

    @property
    def is_quiet(self) -> bool:
        """True if nothing waits to be looked at."""
        return self._lines.empty()

    def next(self) -> dict[str, Any]:
        """Return the next object."""
        found: dict[str, Any] = json.loads(self._lines.get(timeout=PATIENCE))
        return found

    def next_seen(self, count: int) -> list[dict[str, Any]]:
        """Return the next frames and pieces of noise, without the events between them."""
        found: list[dict[str, Any]] = []
        while len(found) < count:
            item = self.next()
            if item["type"] in ("frame", "noise"):
                found.append(item)
        return found

    @property
    def has_lines(self) -> bool:
        """Return whether an object was written that was not taken yet."""
        return not self._lines.empty()

    def until(self, event: str) -> list[dict[str, Any]]:
        """All objects up to the first event of this kind, which is the last."""
        found = [self.next()]
        while found[-1].get("event") != event:
            found.append(self.next())
        return found

    def interrupt(self) -> tuple[int, str]:
        """Ctrl-C; the exit status and what was written to standard error."""
        self.process.send_signal(signal.SIGINT)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """Wait for the end; the exit status and what was written to standard error."""
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stderr is not None
        errors = self.process.stderr.read()
        self.process.stderr.close()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status, errors

    def __enter__(self) -> "Tap":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.ended()


def find_listener(process: int, port: str) -> int | None:
    """Return the descriptor by which the process waits for bytes of the port; None if it does not do so yet.

    What came before the port was set up is thrown away; it is listened to only after that.
    """
    return next((one for one in _open_on(process, port) if _is_listened_to(process, one)), None)


def _open_on(process: int, port: str) -> list[int]:
    folder = f"/proc/{process}/fd"
    found = []
    for name in os.listdir(folder):
        try:
            if os.readlink(f"{folder}/{name}") == port:
                found.append(int(name))
        except FileNotFoundError:
            continue
    return found


def _is_listened_to(process: int, descriptor: int) -> bool:
    """Return True if the process waits for bytes at this descriptor (proc(5), the files of an epoll descriptor)."""
    folder = f"/proc/{process}/fdinfo"
    for name in os.listdir(folder):
        try:
            with open(f"{folder}/{name}") as info:
                if any(row.split()[1] == str(descriptor) for row in info if row.startswith("tfd:")):
                    return True
        except FileNotFoundError:
            continue
    return False
