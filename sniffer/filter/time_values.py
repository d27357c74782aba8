"""Points in time as a filter writes them: a time of day (`00:00:49`), or ISO 8601 (`2023-11-30T00:00:49+0000`).

A point is as long as its last part: `00:00:49` is that whole second, `00:00` the minute, `2023-11-30` the day. What is
equal to it lies in it, what is less lies before it. Without an offset a point is in the zone of the session's times.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

from sniffer.base.times import as_datetime
from sniffer.filter.tokens import Word, error_at, shorten
from sniffer.filter.value_types import EQUALITY, ORDERS, Predicate

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SOME_DAY = "0001-01-01"
_MICROSECOND = timedelta(microseconds=1)
_SECOND, _MINUTE, _DAY = 1_000_000, 60_000_000, 86_400_000_000
_DECIMALS = 6

Zone = Callable[[], tzinfo | None]
"""The zone of the session's times; None is the local one. A text log tells it only when it is read."""


class TimeType:
    """Times of records, in nanoseconds since the Unix epoch."""

    description = "a time such as 00:00:49 or 2023-11-30T00:00:49"
    operators = (*EQUALITY, *ORDERS)
    options = ()

    def __init__(self, zone: Zone) -> None:
        self._zone = zone

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        try:
            place, start, length = self._read(word.text)
        except ValueError as problem:
            raise error_at(word, f"`{shorten(word.text)}` is not {self.description}") from problem
        end = start + length
        match operator:
            case "<":
                return lambda value: place(value) < start
            case "<=":
                return lambda value: place(value) < end
            case ">":
                return lambda value: place(value) >= end
            case ">=":
                return lambda value: place(value) >= start
        return lambda value: start <= place(value) < end

    def _read(self, text: str) -> tuple[Callable[[int], int], int, int]:
        """How to look at a record's time, and the point as it is seen so: its start and length, in microseconds."""
        day, clock = _parts(text.strip())
        length = _length(clock) if clock else _DAY
        found = datetime.fromisoformat(f"{day or _SOME_DAY}T{clock}" if clock else day)
        if not day:
            if found.tzinfo:
                raise ValueError("a time of day has no offset of its own")
            return self._of_day, (found - datetime.fromisoformat(_SOME_DAY)) // _MICROSECOND, length
        if found.tzinfo:
            return _on_earth, (found - _EPOCH) // _MICROSECOND, length
        return self._on_calendar, (found - datetime.min) // _MICROSECOND, length

    def _of_day(self, time: int) -> int:
        return self._on_calendar(time) % _DAY

    def _on_calendar(self, time: int) -> int:
        return (as_datetime(time, self._zone()).replace(tzinfo=None) - datetime.min) // _MICROSECOND


def _on_earth(time: int) -> int:
    return time // 1000


def _parts(text: str) -> tuple[str, str]:
    """The day and the time of day; either can be missing."""
    for separator in "Tt ":
        if separator in text:
            day, _, clock = text.partition(separator)
            return day, clock
    return ("", text) if ":" in text else (text, "")


def _length(clock: str) -> int:
    """How long the last part of a time of day is. Raises `ValueError` where it has no such parts."""
    for sign in "Zz+-":
        clock = clock.partition(sign)[0]
    parts = clock.split(":")
    if len(parts) == 2:
        return _MINUTE
    if len(parts) != 3:
        raise ValueError("hours and minutes are needed")
    decimals = parts[2].partition(".")[2]
    return int(_SECOND // 10 ** min(len(decimals), _DECIMALS))
