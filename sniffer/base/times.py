"""Units of time, and times as text for people and for scripts.

In: times in nanoseconds since the Unix epoch, durations in nanoseconds, or None where there is none. Out: text.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

MILLISECOND = 1_000_000
SECOND = 1000 * MILLISECOND
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
"""These units are in nanoseconds."""

EARLIEST, LATEST = -365 * DAY, 106_286 * DAY
"""The accepted times, from 1969 to 2260. The difference of times outside this range may need more than 64 bits."""

UNTIMED = "-"
"""Shown in place of a time that the source does not have."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def nanoseconds_of(moment: datetime) -> int | None:
    """Return the nanoseconds since the Unix epoch, or None if the time is so far off that only damage explains it."""
    since = moment - EPOCH
    time = since.days * DAY + since.seconds * SECOND + since.microseconds * 1000
    return time if EARLIEST <= time < LATEST else None


def as_datetime(time: int, zone: tzinfo | None = None) -> datetime:
    """Return the time, cut to microseconds, in `zone`; None is the local zone."""
    return (EPOCH + timedelta(microseconds=time // 1000)).astimezone(zone)


def format_file_stamp(moment: datetime) -> str:
    """Return the time for the name of a file, to the second and in the zone that it has: `20260115-085948`."""
    return f"{moment:%Y%m%d-%H%M%S}"


def format_iso(time: int | None, zone: tzinfo | None = None) -> str | None:
    """Return the time by ISO 8601 with microseconds and zone, as in JSON; None if there is none."""
    return None if time is None else as_datetime(time, zone).isoformat(timespec="microseconds")


def format_clock(time: int | None, zone: tzinfo | None = None) -> str:
    """Return the time of day in milliseconds: `00:00:49.000`; `UNTIMED` without a time.

    `time` is in nanoseconds since the epoch. `zone` None stands for the zone of this machine.
    """
    if time is None:
        return UNTIMED
    second, rest = divmod(time, SECOND)
    return f"{_format_second(second, zone)}.{rest // MILLISECOND:03}"


@lru_cache(64)
def _format_second(second: int, zone: tzinfo | None) -> str:
    """Return the time of day of a second since the epoch: most of the times that are shown together share it."""
    return as_datetime(second * SECOND, zone).strftime("%H:%M:%S")


def format_offset(seconds: int) -> str:
    """Return a zone, in seconds east of UTC, as time stamps write it: `+09:00`."""
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}"


def format_delta(nanoseconds: int | None) -> str:
    """Return the time between two records in seconds, for a column: `0.042`, `187.000`, `86400.0`, or `UNTIMED`.

    Decimals are left out so that the text has at most seven characters, up to 115 days.
    """
    if nanoseconds is None:
        return UNTIMED
    texts = [f"{nanoseconds / SECOND:.{places}f}" for places in (3, 2, 1, 0)]
    return next((text for text in texts if len(text) < 8), texts[-1])


def duration_between(since: int | None, until: int | None) -> int | None:
    """Return the nanoseconds between two times; None if one is missing or the clock was set back in between."""
    return None if since is None or until is None or until < since else until - since


def to_seconds(nanoseconds: int | None) -> float | None:
    """Return a duration in seconds, as scripts read it; None stays None."""
    return None if nanoseconds is None else nanoseconds / SECOND


def format_duration(nanoseconds: int) -> str:
    """Return a duration as it is shown everywhere: `4.2 ms`, `1.02 s`, `3 min 07 s`, `2 h 05 min`, `4 d 04 h`."""
    if (milliseconds := round(nanoseconds / MILLISECOND, 1)) < 1000:
        return f"{milliseconds:.1f} ms"
    seconds = round(nanoseconds / SECOND, 2)
    return f"{seconds:.2f} s" if seconds < 100 else format_seconds(nanoseconds)


def format_seconds(nanoseconds: int | None) -> str:
    """Return a duration as `format_duration` does, but in whole seconds: it grows, and more digits would only flicker.

    One below zero, as of a clock that was set back, is `0 s`. Returns `UNTIMED` for None.
    """
    if nanoseconds is None:
        return UNTIMED
    seconds = max(0, nanoseconds) // SECOND
    if seconds < 100:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 100:
        return f"{minutes} min {seconds:02} s"
    hours, minutes = divmod(minutes, 60)
    if hours < 100:
        return f"{hours} h {minutes:02} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours:02} h"
