"""A real terminal, tmux, with the program in it: keys go in, the text of the screen comes out."""

import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from shlex import join

from tests.live.helpers import PATIENCE
from tests.tools import EVSE_SNIFF, need


def remains(process: int) -> bool:
    """Return True if a process still runs after it had enough time to end."""
    deadline = time.monotonic() + PATIENCE
    while Path(f"/proc/{process}").exists():
        if time.monotonic() > deadline:
            return True
        time.sleep(0.05)
    return False


class Terminal:
    """One tmux server with one window of `width` by `height`; the shell in it stays after the program has ended.

    It runs `evse-sniff` with `words`, or `command`, a line of shell.
    """

    def __init__(self, *words: str, width: int, height: int, command: str = "") -> None:
        self._server = [need("tmux"), "-L", f"evse-sniff-{uuid.uuid4().hex}", "-f", "/dev/null"]
        self._tmux("new-session", "-d", "env -u COLUMNS -u LINES PS1='$ ' ENV= sh")
        self.resize(width, height)
        self.type(f"{command or join([*EVSE_SNIFF, *words])}; echo status=$?; stty -a | grep -o -- '-\\?echo '\n")

    def _tmux(self, *words: str) -> str:
        return subprocess.run([*self._server, *words], check=True, capture_output=True, text=True).stdout

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names for them."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)

    def resize(self, width: int, height: int) -> None:
        self._tmux("resize-window", "-x", str(width), "-y", str(height))

    @property
    def screen(self) -> str:
        """The text on the screen."""
        return self._tmux("capture-pane", "-p")

    @property
    def styled_screen(self) -> str:
        """The text on the screen, with the escape sequences that style it."""
        return self._tmux("capture-pane", "-p", "-e")

    @property
    def size(self) -> tuple[int, int]:
        width, height = self._tmux("display-message", "-p", "#{pane_width} #{pane_height}").split()
        return int(width), int(height)

    @property
    def title(self) -> str:
        """The window's title, which an escape sequence could change."""
        return self._tmux("display-message", "-p", "#{pane_title}").strip()

    @property
    def uses_alternate_screen(self) -> bool:
        return self._tmux("display-message", "-p", "#{alternate_on}").strip() == "1"

    @property
    def reports_mouse(self) -> bool:
        return self._tmux("display-message", "-p", "#{mouse_any_flag}").strip() == "1"

    @property
    def program(self) -> int:
        """The process of the program in the window."""
        shell = self._tmux("display-message", "-p", "#{pane_pid}").strip()
        return int(subprocess.run([need("pgrep"), "-P", shell], check=True, capture_output=True, text=True).stdout)

    def signal(self, name: str) -> None:
        """Send a signal to the program in the window."""
        os.kill(self.program, getattr(signal, f"SIG{name}"))

    def wait_for(self, *texts: str) -> str:
        """Return the screen as soon as it shows all of these texts."""
        return self.wait_until(lambda screen: all(text in screen for text in texts), f"{texts} on the screen")

    def wait_until(self, holds: Callable[[str], bool], what: str) -> str:
        """Return the screen as soon as this holds for it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            screen = self.screen
            if holds(screen):
                return screen
            time.sleep(0.05)
        raise AssertionError(f"{what} was waited for; this stands there:\n{self.screen}")

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server")
