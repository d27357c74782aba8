"""The state that the screen shows at one moment, as values that are passed down to every part of the screen.

`View` is the session up to a record; `Status` is the progress of reading. While the screen is paused, its `View` stays
the same and its `Status` goes on. The functions compute and format durations for a running screen.
"""

from collections.abc import Sequence
from datetime import tzinfo
from enum import Enum

from msgspec import Struct

from sniffer.config.settings import TimeMode
from sniffer.core.charger.health.link_health import LinkHealth, assess_link
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.wire.items import TapState
from sniffer.fleet.mqtt.delivery.publish_state import PublishState
from sniffer.recording.recorder import RecordingState
from sniffer.tui.state.playback import ReplayProgress
from sniffer.tui.state.time_formatter import TimeFormatter

EMPTY_SNAPSHOT = Snapshot()
"""The state of a charger before the first record."""

NOTHING_HEARD = assess_link(EMPTY_SNAPSHOT.link, None)
"""The verdict on the link before the first record."""


class SourceState(Enum):
    """The state of the source. Its value is the text on the screen, which differs by more than colour."""

    LIVE = "● LIVE"
    FILE = "□ FILE"
    REPLAY = "▶ REPLAY"
    ENDED = "■ ENDED"
    AWAY = "◌ AWAY"
    LOST = "✕ SOURCE LOST"


class View(Struct, frozen=True, eq=False):
    """The session as it is shown: its records up to number `until`, and the charger's state at that record.

    `now` and `began` are on the source's clock, in nanoseconds; None if they are not known. `rate` is in frames a
    second, None if the session is not live. `taps` are the current states of the source's taps; empty if it has none.
    `health` is the verdict on the link at that moment.
    `time_mode` says in which form times are shown.
    """

    until: int = 0
    snapshot: Snapshot = EMPTY_SNAPSHOT
    now: int | None = None
    began: int | None = None
    zone: tzinfo | None = None
    rate: float | None = None
    taps: tuple[TapState, ...] = ()
    health: LinkHealth = NOTHING_HEARD
    time_mode: TimeMode = "absolute"

    @property
    def clock(self) -> TimeFormatter:
        """The form in which times are shown."""
        return TimeFormatter(self.zone, self.began, self.time_mode)


class FilterProgress(Struct, frozen=True):
    """The active filter: its text, how many records `found` so far, and the `share` examined, from 0 to 1."""

    text: str
    found: int
    share: float


class Status(Struct, frozen=True):
    """The progress of reading, whether the screen is paused or not.

    `records` is the number of records read, `waiting` how many of them are not shown yet. `rates` are the baud rates,
    one for each tap, None while a rate is not known. `lost` is the reason why the source is lost, else empty. `warning`
    says that a saved session is cut off, or that the screen is detached. `progress` is None outside of a replay.
    `share` is the share of a file that is read, from 0 to 1, or None if it is not known. `is_previewing` is true while
    the end of a file is shown before the rest is read. `recording` is None if the session is not recorded, and
    `publishing` if it is not published. `health` is the verdict on the link: the present one, also while the screen is
    paused.
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
    publishing: PublishState | None = None
    health: LinkHealth = NOTHING_HEARD


def elapsed_since(moment: int | None, now: int | None) -> int | None:
    """Return the age of `moment` in nanoseconds, or None if a time is missing."""
    return None if moment is None or now is None else now - moment
