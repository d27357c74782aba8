"""Run the program in a real terminal: a process on a pseudo-terminal of 120x36, whose keys and drawn text are ours.

The drawn text is read as it comes, with the time of each read. One loop reads it and feeds the line that the program
taps, so that neither waits for the other.
"""

import codecs
import os
import re
import select
import subprocess
import termios
from collections.abc import Callable
from tempfile import TemporaryDirectory
from time import monotonic

from tests.benchmarks.equipment.line import Feed

SIZE = (36, 120)
PATIENCE = 120.0
"""Seconds after which what did not come never comes."""

QUIET = 0.1
"""Seconds without a drawn byte after which a screen that stands still has said what it had to say."""

TEXT_KEPT = 40_000
"""The characters of drawn text that are looked at: a few screens."""

_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?<>=$]*[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()].|[=>78])")


class Terminal:
    """One process. `text` is what it drew since it was last cleared, without escape sequences; `drawn` is when.

    The program keeps its user's files in a folder that is deleted.
    """

    def __init__(self, *words: str) -> None:
        self.feed: Feed | None = None
        self.text = ""
        self.drawn = 0.0
        self._half = ""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._home = TemporaryDirectory()
        self._master, slave = os.openpty()
        termios.tcsetwinsize(slave, SIZE)
        environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        environment |= {"TERM": "xterm-256color", "XDG_CONFIG_HOME": self._home.name, "XDG_STATE_HOME": self._home.name}
        self._process = subprocess.Popen(
            words, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)

    @property
    def process(self) -> int:
        """Return the number of the process."""
        return self._process.pid

    @property
    def cpu(self) -> float:
        """Return the seconds of a core that the process took so far."""
        with open(f"/proc/{self._process.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def press(self, keys: str) -> float:
        """Press keys, and consider only what is drawn from now on. Return when that was."""
        self.text = ""
        now = monotonic()
        os.write(self._master, keys.encode())
        return now

    def run(self, seconds: float) -> None:
        """Let the program run for so many seconds. Raises `AssertionError` if it ends by itself."""
        until = monotonic() + seconds
        while (now := monotonic()) < until:
            self._turn(until - now)
        self._must_live()

    def settle(self) -> None:
        """Let the program run until it draws nothing more."""
        while self._turn(QUIET):
            pass

    def until(self, holds: Callable[[str], bool]) -> float:
        """Let the program run until `holds` is true of the drawn text, and return when it was drawn."""
        until = monotonic() + PATIENCE
        while not holds(self.text):
            if monotonic() > until:
                raise AssertionError(f"this never came; drawn was: {self.text[-2000:]!r}")
            self._must_live()
            self._turn(QUIET)
        return self.drawn

    def quit(self) -> None:
        """Quit, and wait for the end."""
        self.press("q")
        until = monotonic() + PATIENCE
        while self._process.poll() is None and monotonic() < until:
            self._turn(QUIET)
        if status := self._process.wait(0):
            raise AssertionError(f"the program ended with {status}: {self.text[-2000:]!r}")

    def _must_live(self) -> None:
        if self._process.poll() is not None:
            raise AssertionError(f"the program ended: {self.text[-2000:]!r}")

    def _turn(self, seconds: float) -> bool:
        """Read once, or feed once, and return True if something was drawn."""
        wait = seconds if self.feed is None else min(seconds, max(0.0, self.feed.turn() - monotonic()))
        ready, _, _ = select.select([self._master], [], [], wait)
        if not ready:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:
            # Nobody has the other end any more.
            return False
        self.drawn = monotonic()
        new = self._half + self._decode(data)
        cut = new.rfind("\x1b")
        whole = cut < 0 or _ESCAPE.match(new, cut) is not None
        self._half = "" if whole else new[cut:]
        self.text = (self.text + _ESCAPE.sub("", new if whole else new[:cut]))[-TEXT_KEPT:]
        return True

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._master)
        self._home.cleanup()
