"""Measure one million frames on the list: how long a key takes until its effect is drawn, and how much memory a frame
needs.

The program runs in a terminal and the keys are real, so a time is all that a user waits for: from the key to the last
byte of the first drawing in which the cursor of the list is on another row.
"""

import os
import random
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.equipment import million_session, probe
from tests.benchmarks.equipment.terminal import Terminal
from tests.benchmarks.measure import Figure

FRAMES = 1_000_000
ROUNDS = 10

PAGE_UP, PAGE_DOWN = "\x1b[5~", "\x1b[6~"
ERASE = "\x15"
MOVES = ("g", "j", PAGE_DOWN, "G", "k", PAGE_UP)
LANDMARKS = ("s", "b", "G", "S")
"""The next change of status, the noise in the middle, back to the end, and the change of status before that."""

FIRST_FILTER = "noise"
"""A filter that the kind of a record decides; with the first one, the filter language is loaded."""

FILTER = "size > 9"
"""A filter that no kind of record decides, so that every one of them is decoded."""

TYPING = 1.0
"""Seconds that a user needs for an answer; errors in it are shown meanwhile."""

UNDER = 100.0
"""Milliseconds that a key may take."""

_CURSOR = re.compile(r"▌([ \d].{46})")
_ALL_FOUND = re.compile(r"filter: .*?: [\d,]+ found ")


def measure(frames: int = FRAMES, rounds: int = ROUNDS) -> list[Figure]:
    """Return all figures, measured on one session."""
    with tempfile.TemporaryDirectory() as folder:
        probed, filled = Path(folder) / "probed", Path(folder) / "filled"
        words = [os.fspath(probed), os.fspath(filled), str(frames)]
        with Terminal(sys.executable, "-m", "tests.benchmarks.equipment.million_session", *words) as terminal:
            terminal.until(lambda text: "all read" in text)
            terminal.settle()
            cursor = _Cursor(terminal)
            source = random.Random(3)
            moves, landmarks, seeks = [], [], []
            for _ in range(rounds):
                moves += [cursor.press(key) for key in MOVES]
                cursor.press("g")
                landmarks += [cursor.press(key) for key in LANDMARKS]
                seeks.append(cursor.press(":", str(source.randint(1, frames)), "\r"))
                cursor.press("G")
            language, _ = cursor.ask("f", FIRST_FILTER, lambda text: "filter: noise" in text)
            answered, began = cursor.ask("f", FILTER, lambda text: "filter: size" in text)
            whiles = []
            while not _ALL_FOUND.search(terminal.text):
                terminal.run(0.1)
                whiles.append(cursor.press(source.choice(("k", PAGE_UP)), settle=False))
            ended = terminal.drawn
            terminal.quit()
        late, session = probe.found(probed).late(began, ended), million_session.filled(filled)
    what = f"{frames:,} frames"
    return [
        Figure(f"{what}: read and kept in", session.seconds, "s"),
        Figure(f"{what}: memory of one", session.grown / frames, "bytes", 250),
        _worst(f"{what}: g G k j PgUp PgDn until drawn, the worst", moves),
        _worst(f"{what}: to the next status or noise, the worst", landmarks),
        _worst(f"{what}: to a random moment, the worst", seeks),
        _worst(f"{what}: a filter is on, until drawn, the worst", [language, answered]),
        _worst(f"{what}: keys while it looks, the worst", whiles),
        Figure(f"{what}: event loop late while it looks", 1000 * max(late), "ms", UNDER),
        Figure(f"{what}: all looked at in", ended - began, "s"),
    ]


class _Cursor:
    """The cursor of the list, as far as the terminal shows it."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._row = self._drawn(terminal.text)

    def press(self, *keys: str, settle: bool = True) -> float:
        """Press keys, and return how long it took from the last key until the cursor was elsewhere."""
        for key in keys[:-1]:
            self._terminal.press(key)
            self._terminal.settle()
        pressed = self._terminal.press(keys[-1])
        took = self._terminal.until(lambda text: self._drawn(text) not in ("", self._row)) - pressed
        if settle:
            self._terminal.settle()
        self._row = self._drawn(self._terminal.text)
        return took

    def ask(self, key: str, answer: str, holds: Callable[[str], bool]) -> tuple[float, float]:
        """Answer a prompt. Return how long it took until `holds` was true of the drawn text, and when the prompt was
        shown.
        """
        for typed in (key, ERASE, answer):
            self._terminal.press(typed)
            self._terminal.run(TYPING)
        pressed = self._terminal.press("\r")
        return self._terminal.until(holds) - pressed, pressed

    def _drawn(self, text: str) -> str:
        rows: list[str] = _CURSOR.findall(text)
        return rows[-1] if rows else ""


def _worst(what: str, seconds: list[float]) -> Figure:
    middle = sorted(seconds)[len(seconds) // 2]
    note = f"of {len(seconds)}, the middle one {1000 * middle:.0f} ms" if len(seconds) > 1 else ""
    return Figure(what, 1000 * max(seconds), "ms", UNDER, note)
