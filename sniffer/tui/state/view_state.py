"""What the screen shows at one moment, as values: they flow down from the app to every part of the screen.

`View` is the session up to a record; `Status` is the reading itself. A paused screen keeps its place in the session
and goes on getting a `Status`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum

from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.wire.items import TapState
from sniffer.recording.recorder import RecordingState
from sniffer.tui.state.playback import ReplayProgress

EMPTY_SNAPSHOT = Snapshot()
"""A charger that nobody heard of."""


class SourceState(Enum):
    """What the source is doing; the value is its text on the screen, told apart by more than colour."""

    LIVE = "● LIVE"
    REPLAY = "▶ REPLAY"
    ENDED = "■ ENDED"
    AWAY = "◌ AWAY"
    LOST = "✕ SOURCE LOST"


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The session as it is shown: its records up to number `until`.

    `now` is on the source's clock; `rate` is in frames a second, None where not live. `taps` is what is known of the
    source's taps now, none where it has none.
    """

    until: int = 0
    snapshot: Snapshot = EMPTY_SNAPSHOT
    now: int | None = None
    began: int | None = None
    zone: tzinfo | None = None
    rate: float | None = None
    taps: tuple[TapState, ...] = ()


@dataclass(frozen=True, slots=True)
class FilterProgress:
    """The filter that is on: its text, how many records it let through so far, and how many were looked at, up to 1."""

    text: str
    found: int
    share: float


@dataclass(frozen=True, slots=True)
class Status:
    """The reading, paused or not. `records` is how many were read, `waiting` how many of them are not shown yet.

    `rates` are those of the line, one for each tap, as far as they are known. `progress` is given in a replay. `lost`
    says why the source is lost; it is empty where it is not.
    `warning` says that a saved session was cut off. `share` is how much of a file was read, None where that is not
    known; `is_previewing`: its end is shown, though what comes before was not all read.
    `recording` tells of a live session's capture, None where there is none.
    """

    name: str
    rates: Sequence[int | None]
    state: SourceState
    records: int = 0
    waiting: int = 0
    paused: bool = False
    complete: bool = False
    lost: str = ""
    warning: str = ""
    progress: ReplayProgress | None = None
    filter_progress: FilterProgress | None = None
    share: float | None = None
    is_previewing: bool = False
    recording: RecordingState | None = None


def format_elapsed(nanoseconds: int | None) -> str:
    """How long something lasts, to the second: it is read on a running screen, where more would only flicker."""
    if nanoseconds is None:
        return "-"
    minutes, seconds = divmod(max(0, nanoseconds) // 1_000_000_000, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"


def elapsed_since(moment: int | None, now: int | None) -> int | None:
    """How long ago that was; None where a time is missing."""
    return None if moment is None or now is None else now - moment
