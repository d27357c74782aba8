"""The screen outlives any keys and any bytes, and leaves the terminal as it was."""

import os
import random
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from fcntl import ioctl
from pathlib import Path

import pytest

from tests.known_frames import STATUS_REPORT
from tests.live.helpers import PATIENCE, Line
from tests.live.test_record import raw, until_holds
from tests.thoroughness import repetitions
from tests.tools import EVSE_SNIFF

COUNT = repetitions(1_000, 10_000)
QUIT = b"q\x03\x11"
"""The bytes of the keys that end the program."""

SEQUENCES = (
    b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x1b[H", b"\x1b[F", b"\x1b[5~", b"\x1b[6~", b"\x1bOP", b"\x1b[Z",
    b"\x1b[<0;30;10M", b"\x1b[<0;30;10m", b"\x1b[<64;5;5M", b"\x1b[<35;60;20M", b"\x1b[200~crc bad\x1b[201~", b"\x1b",
    b"\x1b[I", b"\x1b[O", "é".encode(), "漢".encode(), b"\xe9",
)  # fmt: skip


def random_bytes(source: random.Random) -> bytes:
    return bytes(source.choice([byte for byte in range(256) if byte not in QUIT]) for _ in range(COUNT))


def random_keys(source: random.Random) -> bytes:
    keys = [bytes([byte]) for byte in range(128) if byte not in QUIT] + list(SEQUENCES) * 3
    return b"".join(source.choice(keys) for _ in range(COUNT))


class Keyboard:
    """The user's end of a pseudo-terminal in which the program runs."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._ours, self._theirs = os.openpty()
        ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        self.before = termios.tcgetattr(self._theirs)
        self.process = subprocess.Popen(
            [*EVSE_SNIFF, *words], stdin=self._theirs, stdout=self._theirs, stderr=self._theirs, cwd=folder
        )
        self.shown = b""

    def type(self, data: bytes) -> None:
        while data and self.process.poll() is None:
            self.look(0.01)
            data = data[os.write(self._ours, data[:64]) :]

    def look(self, seconds: float) -> None:
        """Read what is shown."""
        while select.select([self._ours], [], [], seconds)[0]:
            self.shown = self.shown[-(1 << 17) :] + os.read(self._ours, 65536)
            seconds = 0

    def wait_until(self, holds: Callable[[], bool], again: Callable[[], None] = lambda: None) -> None:
        deadline, repeat = time.monotonic() + 2 * PATIENCE, 0.0
        while not holds():
            assert time.monotonic() < deadline, self.shown[-2000:]
            if time.monotonic() > repeat:
                again()
                repeat = time.monotonic() + 1
            self.look(0.1)

    @property
    def settings(self) -> list[object]:
        return termios.tcgetattr(self._theirs)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)
        os.close(self._theirs)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("make", [random_bytes, random_keys])
def test_the_screen_outlives_them_and_restores_the_terminal(
    tmp_path: Path, make: Callable[[random.Random], bytes]
) -> None:
    keyboard = Keyboard(tmp_path, "demo")
    try:
        keyboard.wait_until(lambda: b"LIVE" in keyboard.shown)
        assert keyboard.settings != keyboard.before
        keyboard.type(make(random.Random(16)))
        assert keyboard.process.poll() is None, keyboard.shown[-2000:]
        # A prompt may be open, or a note be unsaved, of which the first Ctrl-C only warns.
        keyboard.wait_until(lambda: keyboard.process.poll() is not None, again=lambda: keyboard.type(b"\x03"))
        keyboard.look(0.1)
        assert keyboard.process.returncode == 0, keyboard.shown[-5000:].decode(errors="replace")
        keyboard.look(0.1)
        assert b"Traceback" not in keyboard.shown
        assert b"\x1b[?1049l" in keyboard.shown
        assert keyboard.settings == keyboard.before
    finally:
        keyboard.close()


def test_a_program_that_was_stopped_from_outside_goes_on_and_restores_the_terminal(tmp_path: Path) -> None:
    keyboard = Keyboard(tmp_path, "demo")
    try:
        keyboard.wait_until(lambda: b"traffic" in keyboard.shown)
        for _ in range(2):
            keyboard.process.send_signal(signal.SIGSTOP)
            time.sleep(0.2)
            keyboard.shown = b""
            keyboard.process.send_signal(signal.SIGCONT)
            keyboard.wait_until(lambda: b"traffic" in keyboard.shown)
        keyboard.type(b"?")
        keyboard.wait_until(lambda: b"you are here" in keyboard.shown)
        keyboard.wait_until(lambda: keyboard.process.poll() is not None, again=lambda: keyboard.type(b"\x03"))
        assert keyboard.process.returncode == 0
        assert keyboard.settings == keyboard.before
    finally:
        keyboard.close()


def test_a_terminal_that_takes_nothing_stops_neither_reading_nor_recording(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    with Line() as line:
        keyboard = Keyboard(tmp_path, line.port, "--baud", "115200", "-o", str(path))
        try:
            keyboard.wait_until(lambda: b"NOTHING" in keyboard.shown)
            for _ in range(400):
                line.write(STATUS_REPORT.raw)
                time.sleep(0.02)
            until_holds(path, STATUS_REPORT.raw * 400)
            keyboard.shown = b""
            # The terminal takes output again: the whole screen is drawn.
            line.write(STATUS_REPORT.raw)
            keyboard.wait_until(lambda: all(word in keyboard.shown for word in (b"traffic", b"401", b"ONE SIDE")))
            keyboard.wait_until(lambda: keyboard.process.poll() is not None, again=lambda: keyboard.type(b"\x03"))
            assert keyboard.process.returncode == 0
            assert keyboard.settings == keyboard.before
        finally:
            keyboard.close()
    assert raw(path) == STATUS_REPORT.raw * 401


def test_a_signal_ends_a_screen_whose_terminal_takes_nothing_with_a_whole_recording(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    with Line() as line:
        keyboard = Keyboard(tmp_path, line.port, "--baud", "115200", "-o", str(path))
        try:
            keyboard.wait_until(lambda: b"NOTHING" in keyboard.shown)
            for _ in range(200):
                line.write(STATUS_REPORT.raw)
                time.sleep(0.02)
            time.sleep(0.2)
            keyboard.process.send_signal(signal.SIGTERM)
            keyboard.process.wait(PATIENCE)
        finally:
            keyboard.close()
    assert raw(path) == STATUS_REPORT.raw * 200
