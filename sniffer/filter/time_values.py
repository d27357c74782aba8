"""Times as a filter writes them: a time of day (`00:00:49`), or ISO 8601 (`2023-11-30T00:00:49+0000`).

A written time is an interval as long as its last part: `00:00:49` is that whole second, `00:00` the minute,
`2023-11-30` the day. A record's time is equal if it lies within the interval, and less if it lies before it. A written
time without an offset is in the time zone of the session.
"""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from sniffer.base.times import EPOCH, as_datetime
from sniffer.filter.tokens import Word, error_at, shorten
from sniffer.filter.value_types import EQUALITY, ORDERS, Predicate

_SOME_DAY = "0001-01-01"
_MICROSECOND = timedelta(microseconds=1)
_SECOND, _MINUTE, _DAY = 1_000_000, 60_000_000, 86_400_000_000
_DECIMALS = 6

Zone = Callable[[], tzinfo | None]
"""Returns the time zone of the session; None means the local one. That of a text log is known only once it is read."""


class TimeType:
    """The type of the times of records, which are in nanoseconds since the Unix epoch."""

    description = "a time such as 00:00:49 or 2023-11-30T00:00:49"
    operators = (*EQUALITY, *ORDERS)
    options = ()

    def __init__(self, zone: Zone) -> None:
        self._zone = zone

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        try:
            position, start, length = self._parse(word.text)
        except ValueError as error:
            raise error_at(word, f"`{shorten(word.text)}` is not {self.description}") from error
        end = start + length
        match operator:
            case "<":
                return lambda value: position(value) < start
            case "<=":
                return lambda value: position(value) < end
            case ">":
                return lambda value: position(value) >= end
            case ">=":
                return lambda value: position(value) >= start
        return lambda value: start <= position(value) < end

    def _parse(self, text: str) -> tuple[Callable[[int], int], int, int]:
        """Return the scale of a written time, and the start and length of its interval on it in microseconds.

        The scale is a function from a record's time in nanoseconds to a position in microseconds. Raises `ValueError`
        if the text is not a time.
        """
        day, clock = _split(text.strip())
        length = _length_of(clock) if clock else _DAY
        start = datetime.fromisoformat(f"{day or _SOME_DAY}T{clock}" if clock else day)
        if not day:
            if start.tzinfo:
                raise ValueError("a time of day has no offset of its own")
            return self._of_day, (start - datetime.fromisoformat(_SOME_DAY)) // _MICROSECOND, length
        if start.tzinfo:
            return _since_epoch, (start - EPOCH) // _MICROSECOND, length
        return self._on_calendar, (start - datetime.min) // _MICROSECOND, length

    def _of_day(self, time: int) -> int:
        """Return the microseconds since midnight in the time zone of the session."""
        return self._on_calendar(time) % _DAY

    def _on_calendar(self, time: int) -> int:
        """Return the microseconds since the first day of the calendar in the time zone of the session."""
        return (as_datetime(time, self._zone()).replace(tzinfo=None) - datetime.min) // _MICROSECOND


def _since_epoch(time: int) -> int:
    """Return the microseconds since the Unix epoch."""
    return time // 1000


def _split(text: str) -> tuple[str, str]:
    """Return the day and the time of day; either can be empty."""
    for separator in "Tt ":
        if separator in text:
            day, _, clock = text.partition(separator)
            return day, clock
    return ("", text) if ":" in text else (text, "")


def _length_of(clock: str) -> int:
    """Return the length in microseconds of the last part of a time of day. Raises `ValueError` if it is not one."""
    for sign in "Zz+-":
        clock = clock.partition(sign)[0]
    parts = clock.split(":")
    if len(parts) == 2:
        return _MINUTE
    if len(parts) != 3:
        raise ValueError("hours and minutes are needed")
    decimals = parts[2].partition(".")[2]
    return int(_SECOND // 10 ** min(len(decimals), _DECIMALS))
