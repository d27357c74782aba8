"""The screen on a Linux console (`TERM=linux`), whose font has few glyphs: plain ones take the place of the others.

The kernel's font and those that distributions load all have Latin-1 and the light lines of boxes. Every other glyph of
the screen has a plain one here, of the same width. Text from a log may hold anything: what the font lacks is `?`.
"""

# ruff: noqa: RUF001 - glyphs that look like others are the subject.

import os
from functools import lru_cache

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_KEPT = "─│┌┐└┘├┤┬┴┼"
_PLAIN = {
    ">": "→▶▸▹►↛⇒⇉⟶",
    "<": "←◀◂◄⇐",
    "^": "▲△↑⇑⇡",
    "v": "▼▽↓⇓⇣",
    "=": "≟⇅⇄↔↕═",
    "!": "≠≢⚠↯",
    "~": "≉≈⌁",
    "x": "✕✗✘",
    "+": "✓✔▅",
    "*": "●◐◉◆■•★▆",
    "o": "○◌◯◇□",
    "8": "∞",
    "@": "↻↺⟳",
    "t": "◷⏱",
    "c": "▭",
    "e": "✎",
    "D": "Δ",
    ".": "…▂",
    "_": "▁▏",
    "-": "▃–—−▔▀╸╺╴╶",
    "%": "▇",
    "#": "█▐▄",
    ":": "░▒▓┊┆┇┋╎",
    "/": "╱",
    "\\": "╲",
    '"': "“”",
    "'": "‘’",
    "─": "━╌┄┈┅╍╾╼",
    "│": "┃‖║▌▎▍▊▋▉▕❘",
    "┌": "╭┏╔",
    "┐": "╮┓╗",
    "└": "╰┗╚",
    "┘": "╯┛╝",
    "├": "┣┠╠",
    "┤": "┫┨╣",
    "┬": "┳┯╦",
    "┴": "┻┷╩",
    "┼": "╋┿╬",
}
"""The plain glyphs, and those whose place each of them takes."""

_BRAILLE = range(0x2800, 0x2900)
_LATIN_1 = 0x100


class _Table(dict[int, str]):
    """A table for `str.translate` that adds each new character when it is met."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _find_plain(chr(code))
        return plain


def is_wanted() -> bool:
    """Return True on a Linux console."""
    return os.environ.get("TERM") == "linux"


def plain_text(text: str) -> str:
    """Return the text with plain glyphs, of the same width."""
    return text if text.isascii() else text.translate(_TABLE)


class PlainGlyphs(LineFilter):
    """The line filter that replaces glyphs."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line with plain glyphs."""
        return [Segment(_plain_line(text), style, control) for text, style, control in segments]


def _find_plain(glyph: str) -> str:
    """Return the glyph that stands for this one on a console with a small font, in as many cells."""
    code = ord(glyph)
    if code in _BRAILLE:
        # A plot: each dot pattern is a point.
        return ":" if code > _BRAILLE.start else " "
    if code < _LATIN_1 or glyph in _KEPT:
        return glyph
    return "?" * get_character_cell_size(glyph)


_TABLE = _Table({ord(glyph): plain for plain, glyphs in _PLAIN.items() for glyph in glyphs})
_plain_line = lru_cache(4096)(plain_text)
