"""Choose the keys that the key bar shows: those that help in the focused pane, in the state that the session is in.

In: the focused pane and the state of the session. Out: hints in the order of their importance; those for which there is
no room are left out. `?` lists all keys.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from sniffer.tui.state.view_state import Status


class KeyHint(NamedTuple):
    """Keys, by their names in the bindings, and what they do. `shown` is how they are written, or empty."""

    keys: tuple[str, ...]
    text: str
    shown: str = ""


class SessionMode(Enum):
    """The activities of the session's screen."""

    LIVE = "live"
    PAUSED = "paused"
    FILE = "file"
    REPLAY = "replay"


HELP = KeyHint(("question_mark",), "help")
"""The hint that is always there."""

_ACKNOWLEDGE = KeyHint(("exclamation_mark",), "acknowledge")
_JUMPS = (
    KeyHint(("a",), "fault"),
    KeyHint(("s",), "state"),
    KeyHint(("b",), "noise"),
)
_PANES = KeyHint(("1", "2", "3", "4"), "pane", "1-4")
_GO = KeyHint(("colon",), "go")
_FIND = KeyHint(("slash",), "find")
_MATCHES = KeyHint(("n", "N"), "match")
_FILTER = KeyHint(("f",), "filter")
_LIST = (
    *_JUMPS,
    _PANES,
    KeyHint(("semicolon",), "note"),
    KeyHint(("x",), "export"),
    _GO,
    _FIND,
    _FILTER,
    KeyHint(("d",), "detail"),
    KeyHint(("r",), "restart"),
    KeyHint(("i",), "gap"),
    KeyHint(("w",), "contradiction"),
    KeyHint(("m",), "mark"),
    KeyHint(("t",), "times"),
    KeyHint(("q",), "quit"),
)
_BACK = KeyHint(("escape",), "list")
_AFTER_PANE = (_BACK, _PANES, KeyHint(("backslash",), "maximise"), *_JUMPS, _GO, _FIND)

PANE_HINTS: Mapping[str, Sequence[KeyHint]] = {
    "detail": (
        KeyHint(("up", "down"), "field"),
        KeyHint(("left", "right"), "byte"),
        KeyHint(("h",), "changes"),
        KeyHint(("equals_sign",), "filter"),
        KeyHint(("y",), "copy"),
        *_AFTER_PANE,
    ),
    "connector": (
        KeyHint(("enter",), "report"),
        KeyHint(("up", "down"), "move"),
        KeyHint(("c",), "next connector"),
        *_AFTER_PANE,
    ),
    "faults": (
        KeyHint(("enter",), "what to do"),
        KeyHint(("o",), "its frame"),
        KeyHint(("up", "down"), "fault"),
        *_AFTER_PANE,
    ),
    "link": (KeyHint(("up", "down"), "scroll"), *_AFTER_PANE),
    "timeline": (
        KeyHint(("left", "right"), "move"),
        KeyHint(("left_square_bracket", "right_square_bracket"), "event"),
        KeyHint(("plus", "minus"), "zoom"),
        KeyHint(("0",), "all"),
        *_AFTER_PANE,
    ),
    "sources": (
        KeyHint(("enter",), "open"),
        KeyHint(("up", "down"), "source"),
        KeyHint(("left", "right"), "baud"),
        KeyHint(("r",), "look again"),
        KeyHint(("q",), "quit"),
    ),
    "typed": (KeyHint(("tab",), "complete"), KeyHint(("up", "down"), "earlier"), KeyHint(("escape",), "cancel")),
}
"""The hints of each pane but the list, by the id of the pane."""

MODE_HINTS: Mapping[SessionMode, Sequence[KeyHint]] = {
    SessionMode.LIVE: (KeyHint(("space",), "pause"),),
    SessionMode.PAUSED: (KeyHint(("space",), "resume"),),
    SessionMode.FILE: (KeyHint(("space",), "replay"),),
    SessionMode.REPLAY: (
        KeyHint(("space",), "play"),
        KeyHint(("left", "right"), "step"),
        KeyHint(("less_than_sign", "greater_than_sign"), "speed"),
        KeyHint(("escape",), "all rows"),
    ),
}
"""The hints that come first in the list, by what the screen is doing."""


def mode_of(status: Status) -> SessionMode:
    """Return the activity of the screen."""
    if status.progress:
        return SessionMode.REPLAY if status.progress.is_replaying else SessionMode.FILE
    return SessionMode.PAUSED if status.paused else SessionMode.LIVE


def choose_hints(
    pane: str | None, mode: SessionMode, *, is_finding: bool = False, is_filtered: bool = False
) -> Sequence[KeyHint]:
    """Return the hints for the pane with this id, the most important first; None or another pane: for the list.

    After a search and while a filter is active, the keys that go on with it or change it stand before the others.
    """
    if pane is not None and pane in PANE_HINTS:
        return PANE_HINTS[pane]
    active = (*((_MATCHES,) if is_finding else ()), *((_FILTER,) if is_filtered else ()))
    return (_ACKNOWLEDGE, *MODE_HINTS[mode], *active, *(hint for hint in _LIST if hint not in active))
