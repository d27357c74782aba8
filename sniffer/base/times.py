"""Write times for people and for scripts. In: nanoseconds since the Unix epoch, or None. Out: text."""

from datetime import UTC, datetime, timedelta, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

MILLISECOND = 1_000_000
"""In nanoseconds."""

EARLIEST, LATEST = -365 * 86_400 * 1_000_000_000, 9_183_110_400 * 1_000_000_000
"""From 1969 to 2260: nanoseconds from an earlier or a later time to some other one may need more than 64 bits."""

UNTIMED = "-"
"""What stands in place of a time that the source does not have."""


def as_datetime(time: int, zone: tzinfo | None = None) -> datetime:
    """The moment, to the microsecond, in `zone` (None: the local one)."""
    return (_EPOCH + timedelta(microseconds=time // 1000)).astimezone(zone)


def format_iso(time: int | None, zone: tzinfo | None = None) -> str | None:
    """ISO 8601 with microseconds and zone (contract.md, `dump --json`)."""
    return None if time is None else as_datetime(time, zone).isoformat(timespec="microseconds")


def format_clock(time: int | None, zone: tzinfo | None = None) -> str:
    """The time of day to the millisecond: `00:00:49.000`."""
    return UNTIMED if time is None else as_datetime(time, zone).strftime("%H:%M:%S.%f")[:-3]


def format_span(nanoseconds: int | None) -> str:
    """A duration in at most seven characters: `0.042`, `12.500`, `3m07`, `2h05`, `4d04h`."""
    if nanoseconds is None:
        return UNTIMED
    seconds = nanoseconds / 1e9
    if seconds < 100:
        return f"{seconds:.3f}"
    minutes, whole = divmod(int(seconds), 60)
    if minutes < 100:
        return f"{minutes}m{whole:02}"
    hours, minutes = divmod(minutes, 60)
    if hours < 100:
        return f"{hours}h{minutes:02}"
    days, hours = divmod(hours, 24)
    return f"{days}d{hours:02}h"


def duration_between(since: int | None, until: int | None) -> int | None:
    """How long something lasted; None where a time is missing, or the clock was set back in between."""
    return None if since is None or until is None or until < since else until - since


def format_duration(nanoseconds: int) -> str:
    """A duration as people say it: `4.2 ms`, `1.02 s`, `3m07`."""
    if nanoseconds < 1_000_000_000:
        return f"{nanoseconds / 1e6:.1f} ms"
    return f"{nanoseconds / 1e9:.2f} s" if nanoseconds < 100_000_000_000 else format_span(nanoseconds)
