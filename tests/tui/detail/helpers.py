"""Helpers for the tests of the detail pane: its parts as the screen shows them."""

from textual.pilot import Pilot

from tests.tui.helpers import (
    part,
)


def marked_text(pilot: Pilot[None]) -> str:
    """Return the bytes between the brackets."""
    shown = part(pilot, "detail")
    return shown[shown.index("[") + 1 : shown.index("]")]


def find_text(pilot: Pilot[None], text: str) -> tuple[int, int]:
    """Return the column and line of a text in the pane, for the mouse."""
    for y, row in enumerate(part(pilot, "detail").splitlines()):
        if text in row:
            return row.index(text), y
    raise AssertionError(text)
