"""The health of the link as one verdict, from the activity on it.

In: a `LinkActivity`, and the time of the source's clock. Out: a `LinkHealth`. The verdict is a pure function: live, in
a replay and in a report the same activity gives the same verdict. Only what was received is evidence: before the first
byte the link is not alive, and a side that was not received is missing.
"""

from enum import StrEnum

from msgspec import Struct

from sniffer.base.times import SECOND
from sniffer.core.charger.evidence import FrozenValue
from sniffer.core.wire.link import Route

SILENT_AFTER = 10 * SECOND
"""The time in nanoseconds after which the line is silent while no period is learnt."""

MISSED_AFTER = 30 * SECOND
"""The time in nanoseconds after which one side is missed while the other one is received: a board may send nothing for
long."""

BEHIND = 2 * SECOND
"""The delay of a side behind the other one at which it is missed, in nanoseconds. Otherwise both are silent."""

MISFRAMED_PART = 4
"""The rate is doubtful if at least one in this many bytes since the last frame has a framing error."""

MISFRAMED_BYTES = 16
"""The least number of bytes without a frame from which framing errors say something about the rate."""


class Health(StrEnum):
    """The verdict on the link."""

    ALIVE = "alive"
    """Frames of both sides are received."""
    ONE_SIDE = "one side only"
    """Frames of one side are received; the other side never sent any, or has been silent for too long."""
    SILENT = "silent"
    """Nothing has arrived for too long."""
    NOISE_ONLY = "noise only"
    """Bytes arrive, and none of them make a valid frame."""
    WRONG_RATE = "wrong rate"
    """The same, and there are signs that the baud rate is wrong."""
    NOTHING_HEARD = "nothing heard"
    """Nothing has been received yet."""
    LOST = "lost"
    """The source is lost: nothing can be received."""


class LinkHealth(FrozenValue, Struct, frozen=True, gc=False):
    """The verdict, and the reason as text. `since` is when it began, in nanoseconds; None if that is not known.

    `route` is the side whose frames are received if it is the only one.
    """

    health: Health
    reason: str
    since: int | None = None
    route: Route | None = None


class LinkHealthChanged(FrozenValue, Struct, frozen=True):
    """A change of the verdict on the link, or the first verdict."""

    time: int | None
    link: LinkHealth


class SideActivity(FrozenValue, Struct, frozen=True, gc=False):
    """The activity of one side of the link. `first` and `last` are the times of its frames, None if not known.

    `wait` is how long the side may be silent, in nanoseconds: 2.5 periods of its most frequent command, or, if no
    period is learnt, 1.5 times its longest pause so far. None if there was neither.
    """

    route: Route
    first: int | None
    last: int | None
    wait: int | None = None


class LostTap(FrozenValue, Struct, frozen=True):
    """A tap that is lost since `time`, with the reason."""

    tap: int
    time: int | None
    reason: str


class LinkActivity(FrozenValue, Struct, frozen=True, gc=False):
    """The traffic received on the link so far. Times are in nanoseconds; None if there is none.

    `sides` are the sides of which frames were received. `last` is the time of the last bytes. `first_noise` and
    `last_noise` are those of the first noise of the session and of the last one. `resumed` is when frames came again
    after a silence of all sides. `returned` is when a source came back, if nothing arrived since it was lost.
    `noise_bytes` and `misframed` count the bytes, and those with a framing error, since the last frame. `unfit` says
    why no baud rate fits; empty if one does. `recent_noise` are the bytes of noise by second of the source's clock, for
    the last minute. `lines` counts the lines of a text log that carry no frame.
    """

    sides: tuple[SideActivity, ...] = ()
    last: int | None = None
    first_noise: int | None = None
    last_noise: int | None = None
    resumed: int | None = None
    returned: int | None = None
    noise_bytes: int = 0
    misframed: int = 0
    unfit: str = ""
    lost: tuple[LostTap, ...] = ()
    recent_noise: tuple[tuple[int, int], ...] = ()
    is_text_log: bool = False
    lines: int = 0


def assess_link(activity: LinkActivity, now: int | None) -> LinkHealth:
    """Return the verdict at this time of the source's clock; `now` is None if the source has no times.

    For a session that has ended, `now` is the time of its last bytes: that it ends in silence says nothing.
    """
    if activity.lost:
        return LinkHealth(Health.LOST, "; ".join(map(_describe_lost, activity.lost)), activity.lost[0].time)
    if not activity.sides:
        return _assess_without_frames(activity, now)
    if is_silent(activity, now):
        return _assess_quiet(activity, now)
    present = [side for side in activity.sides if not is_missed(side, activity, now)] or [*activity.sides]
    route = present[0].route
    if len({side.route.direction for side in present}) > 1:
        return LinkHealth(Health.ALIVE, "both sides are heard", activity.resumed)
    if route.direction is None:
        reason = f"{route.link.name} frames are heard, which do not show their side"
        return LinkHealth(Health.ALIVE, reason, activity.resumed, route)
    if route.link.is_one_way:
        return LinkHealth(Health.ALIVE, f"{route.direction} is heard, the only direction", activity.resumed, route)
    return LinkHealth(
        Health.ONE_SIDE, f"only {route.direction} is heard", _find_alone_since(activity, present[0]), route
    )


def _describe_lost(lost: LostTap) -> str:
    """Return why a tap is lost, with its number if the session has several."""
    return f"tap {lost.tap}: {lost.reason}" if lost.tap else lost.reason


def is_missed(side: SideActivity, activity: LinkActivity, now: int | None) -> bool:
    """Return True if a side was silent for too long. A text log may lack pieces, so no side of it is missed.

    While all sides are silent none is missed: the time counts from the first frame after that, and the other side must
    have been received since.
    """
    if now is None or side.last is None or activity.is_text_log:
        return False
    since = max(side.last, activity.resumed or 0)
    is_behind = any(other.last is not None and other.last - since >= BEHIND for other in activity.sides)
    return is_behind and now - since >= (side.wait or MISSED_AFTER)


def is_silent(activity: LinkActivity, now: int | None) -> bool:
    """Return True if no frame arrived for so long that one is overdue, or none since a lost source came back.

    That never holds for a text log.
    """
    last = max((side.last for side in activity.sides if side.last is not None), default=None)
    if now is None or last is None or activity.is_text_log:
        return False
    if activity.returned is not None and last < activity.returned:
        return True
    return now - last >= min((side.wait for side in activity.sides if side.wait), default=SILENT_AFTER)


def count_recent_noise(activity: LinkActivity, now: int | None) -> int:
    """Return the bytes of noise in the last minute before `now`; 0 if the source has no times."""
    if now is None:
        return 0
    return sum(size for second, size in activity.recent_noise if 0 <= now // SECOND - second < 60)


def _find_alone_since(activity: LinkActivity, side: SideActivity) -> int | None:
    """Return since when a side has been the only one: since the other's last frame, or since its own first one.

    Returns None if the source has no times.
    """
    others = [other.last for other in activity.sides if other is not side and other.last is not None]
    if not others:
        return side.first
    return max(*others, activity.resumed or 0)


def _assess_without_frames(activity: LinkActivity, now: int | None) -> LinkHealth:
    """Return the verdict on a link on which no valid frame was received."""
    if not activity.noise_bytes:
        about = "the log has lines, but no frame" if activity.lines else "not one byte was received"
        return LinkHealth(Health.NOTHING_HEARD, about)
    if _is_noisy(activity, now):
        return _assess_noise(activity, "no valid frame was received")
    return LinkHealth(Health.SILENT, "nothing arrives, and before there was only noise", activity.last)


def _assess_quiet(activity: LinkActivity, now: int | None) -> LinkHealth:
    """Return the verdict on a link on which frames were received, and now are not."""
    if _is_noisy(activity, now):
        return _assess_noise(activity, "no valid frame arrives any more")
    if activity.returned is not None and (activity.last or 0) < activity.returned:
        return LinkHealth(Health.SILENT, "nothing has arrived since the source came back", activity.returned)
    return LinkHealth(Health.SILENT, "nothing arrives any more", activity.last)


def _is_noisy(activity: LinkActivity, now: int | None) -> bool:
    """Return True if noise is the last that arrived, and not too long ago."""
    if now is None:
        return True
    if activity.last_noise is None:
        return False
    return activity.last_noise == activity.last and now - activity.last_noise < SILENT_AFTER


def _assess_noise(activity: LinkActivity, reason: str) -> LinkHealth:
    """Return the verdict on bytes without a frame: noise, or a wrong baud rate if there are signs of it."""
    since = max((side.last for side in activity.sides if side.last is not None), default=activity.first_noise)
    if activity.unfit:
        return LinkHealth(Health.WRONG_RATE, f"{reason}, and no baud rate fits: {activity.unfit}", since)
    if activity.noise_bytes >= MISFRAMED_BYTES and activity.misframed * MISFRAMED_PART >= activity.noise_bytes:
        share = f"{activity.misframed:,} of {activity.noise_bytes:,} bytes have a framing error"
        return LinkHealth(Health.WRONG_RATE, f"{reason}, and {share}", since)
    return LinkHealth(Health.NOISE_ONLY, reason, since)
