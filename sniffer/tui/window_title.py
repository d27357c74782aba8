"""The title of the terminal's window: what it shows, and how a terminal is made to show it.

In: the state of the screen. Out: a text, and the escape sequences of xterm that set a title, keep the old one and
restore it. Other terminals would print them, so only those that are known to understand them get them.
"""

import os
from collections.abc import Mapping

from sniffer.base.sanitize import printable
from sniffer.text.link_health import format_health
from sniffer.tui.state.view_state import Status, View

TITLED_TERMINALS = (
    "xterm", "screen", "tmux", "rxvt", "alacritty", "foot", "konsole", "gnome", "vte", "st-", "wezterm",
)  # fmt: skip
"""The beginnings of the names of terminals (`TERM`) that show a title."""

KEEP_TITLE, RESTORE_TITLE = "\x1b[22;2t", "\x1b[23;2t"
"""Put the present title on the terminal's stack, and take it back (xterm control sequences, window manipulation)."""


def shows_title(environment: Mapping[str, str] = os.environ) -> bool:
    """Return True if the terminal is known to show a title."""
    return environment.get("TERM", "").startswith(TITLED_TERMINALS)


def format_title(view: View, status: Status) -> str:
    """Return the title: the verdict on the link, faults and statuses of the connectors, and the source."""
    snapshot = view.snapshot
    faults = "fault" if len(snapshot.faults) == 1 else f"{len(snapshot.faults)} faults"
    parts = [
        format_health(status.health, view.now),
        *([faults] if snapshot.faults else []),
        *(connector.status for connector in snapshot.connectors),
        status.name,
    ]
    return printable(" · ".join(parts))


def encode_title(title: str) -> str:
    """Return the sequence that sets a title; what could end the sequence early is not in a printable text."""
    return f"\x1b]2;{printable(title)}\x07"
