"""Times as terminal programs, system logs and loggers print them.

In: a line and a place in it. Out: the time that stands there, and where it ends. `TimeReader` makes nanoseconds of it.

Nothing is invented. A time without a zone is read as UTC, so that it is shown as it was printed. A time of day without
a date belongs to 1 January 1970, and the next days after each midnight. A date without a year belongs to 1972, which
has a 29 February, as with the name of the month, in Android's log (`01-15`) and those of others (`I0115`). A date with
slashes that may be read with the day or with the month first is not used.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from sniffer.base.late_pattern import compile_late
from sniffer.base.times import DAY, EARLIEST, HOUR, LATEST, MILLISECOND, MINUTE, SECOND

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NO_YEAR = 1972
_EPOCH = date(1970, 1, 1).toordinal()
_SHORT_YEAR, _CENTURY = 2, 2000

_MONTH = (
    r"Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?"
)
_CLOCK = (
    r"(?:(?P<days>\d{3}):(?=\d\d:))?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::|(?(year)\.(?=\d\d\])|(?!)))(?P<second>\d\d)"
    r"(?:(?:[.,]|::?|\+(?=\d{3}[\]\s])|\s(?=\d{3}\]))(?P<fraction>\d{3}[.,]\d{3}(?=[\])>])|\d{1,9})(?!\d))?+"
    r"(?:\s?(?P<half>[AaPp])[Mm]\b)?"
)
_TIME = compile_late(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s+)?"
    r"(?:(?P<year>\d{4})(?:[-/.]\s?|年)(?P<month>\d{1,2})(?:[-/.]\s?|月)(?P<day>\d{1,2})(?:日\s?|[./]?[T _,@]+)"
    r"|(?P<day_first>\d{1,2})\.(?P<month_second>\d{1,2})\.(?P<year_last>\d{4})[ ,@]+"
    rf"|(?P<day_web>\d{{1,2}})(?P<sep>[-/ ])(?P<month_web>{_MONTH})\.?(?P=sep)"
    r"(?P<year_web>\d{4})(?:::?|,?\sat\s|[ T,@]{1,3})"
    r"|(?P<year_joint>(?:19|20)\d\d)(?P<month_joint>\d\d)(?P<day_joint>\d\d)[ T_-]"
    r"|(?P<one>\d{1,2})(?P<slash>[-/])(?P<other>\d{1,2})(?P=slash)(?P<year_slash>\d{4}|\d\d)[ ,@]+"
    r"|(?P<month_only>\d\d)-(?P<day_only>\d\d)\s+"
    r"|[IWEFD](?P<year_letter>20\d\d)?(?P<month_letter>[01]\d)(?P<day_letter>[0-3]\d)\s+"
    rf"|(?P<month_name>{_MONTH})\.?\s+(?P<day_named>\d{{1,2}}),?\s+"
    r"(?:(?P<year_named>\d{4}),?\s+(?:(?:@|at)\s)?)?"
    r"|(?P<half_before>[AP])\s?(?=\d{1,2}:\d\d:\d\d\.\d{3}[AB]\s)"
    r")?" + _CLOCK + r"(?P<zone>\s?(?:Z?[+-]\d\d:?\d\d|Z|UTC))?"
    r"(?:(?:(?<=UTC)|(?<=\d)(?:\s(?:GMT|[A-Z]{1,3}T))?)\s(?P<year_end>(?:19|20)\d\d)(?=\s*(?:[\]\s]|\Z)))?"
    r"(?!(?!(?<=\.\d{3})[AB]\s)\w|:[^\s:])",
    re.IGNORECASE,
)
_SECONDS = compile_late(r"(?P<seconds>\d{1,10})\.(?P<fraction>\d{3,9})(?:s(?=[:,\s])|(?![\w.:])|(?<=\.\d{6})(?=:\s))")
"""Seconds since the Unix epoch, or since the start of a logger: with a fraction, because a whole number may be
anything."""

_SINCE_EPOCH = compile_late(
    r"(?P<seconds>1[4-9]\d{8}|2[0-4]\d{8})(?:(?P<fraction>\d{3}(?:\d{3}){0,2})(?=[\s,;|\])])|(?=[,;|\t\])]))"
)
"""Whole seconds since the Unix epoch, or thousandths, millionths or billionths of them. Ten digits before a space may
be five bytes."""

_SINCE_BOOT = compile_late(r"[DEIVWdeivw] \((?P<count>\d{1,10})\)(?= [\w./-]{1,40}:)")
"""The milliseconds since the start after the level of a line, as ESP-IDF prints them."""

_COUNTER = compile_late(r"(?P<count>\d{1,15}) ?(?P<unit>ms|us|µs|μs|ns)(?=[\s\]):|,]{1,8}\S)")
_UNITS = {"ms": MILLISECOND, "us": 1_000, "µs": 1_000, "μs": 1_000, "ns": 1}
_FRACTION = compile_late(r"\d:\d\d:\d\d[.,:]([0-9]{1,9})\Z")
"""The fraction of a second at the end of a time."""

_COMPACT = compile_late(r"((?:19|20)\d\d)(\d\d)(\d\d)[T_ ]?(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?(Z)?(?=[,;\s]|\Z)")

_WORD = compile_late(r"(?<![\w.:])(?=\d|[A-Z][a-z][a-z][ ,])")
_FIRST_LETTERS = frozenset("ADEFIJMNOPSTVWadefijmnopstvw")
"""The first letters of days, months and levels before a time."""

_MOST_WORDS = 8
_FEWEST_STEPS = 3
_SHARE_OF_STEPS = 5


class PrintedTime(Struct, frozen=True, gc=False):
    """A time as it was printed. `time` is in nanoseconds since the epoch as if the zone were UTC; `day` is None if no
    date was printed. `zone` is in seconds east of UTC, None if none was printed.
    """

    time: int
    has_date: bool
    zone: int | None
    end: int


def find_time(line: str, at: int = 0) -> PrintedTime | None:
    """Return the time that is printed at this place; None if there is none."""
    first = line[at : at + 1]
    is_digit = first.isdecimal()
    if not is_digit and first not in _FIRST_LETTERS:
        return None
    if match := _TIME.match(line, at):
        return _read_time(match)
    if not is_digit:
        match = _SINCE_BOOT.match(line, at)
        return PrintedTime(int(match["count"]) * MILLISECOND, True, None, match.end()) if match else None
    if match := _COMPACT.match(line, at):
        year, month, day, hour, minute, second, fraction, utc = match.groups()
        days = _count_days(int(year), int(month), int(day))
        clock = _clock_of(int(hour), int(minute), int(second), fraction)
        return (
            None
            if days is None or clock is None
            else PrintedTime(days * DAY + clock, True, 0 if utc else None, match.end())
        )
    if match := _SECONDS.match(line, at) or _SINCE_EPOCH.match(line, at):
        time = int(match["seconds"]) * SECOND + _nanoseconds_of(match["fraction"] or "")
        return PrintedTime(time, True, None, match.end())
    return None


def find_counter(line: str, at: int) -> PrintedTime | None:
    """Return the time since a start that a number with its unit at this place says, as `52341us`; None without one.

    Elsewhere than at the beginning of a line, such a number may be how long something took.
    """
    found = _COUNTER.match(line, at) if line[at : at + 1].isdecimal() else None
    return PrintedTime(int(found["count"]) * _UNITS[found["unit"]], True, None, found.end()) if found else None


class FractionPlace(NamedTuple):
    """The begin and the end of the fraction of a printed second in a line. `before` is the time up to it, and `second`
    that time without its fraction.
    """

    before: str
    begin: int
    end: int
    second: PrintedTime


class TimeFinder:
    """Finds the times of lines that are laid out alike. It remembers the last one up to its second."""

    def __init__(self) -> None:
        self._before = ""
        """The text before the fraction of the second; empty if the last time does not end with a fraction."""
        self._begin = 0
        self._end = 0
        self._second = PrintedTime(0, False, None, 0)

    @property
    def fraction(self) -> "FractionPlace | None":
        """The place of the fraction of the last time; None if it has none."""
        if not self._before:
            return None
        return FractionPlace(self._before, self._begin + len(self._before), self._end, self._second)

    def find(self, line: str, begin: int) -> PrintedTime | None:
        """Return the time that is printed at this place; None if there is none.

        What stands after it must be as in the line before.
        """
        at = begin + len(self._before)
        fraction = line[at : self._end]
        if self._before and begin == self._begin and line.startswith(self._before, begin) and is_number(fraction):
            second = self._second
            return PrintedTime(second.time + _nanoseconds_of(fraction), second.has_date, second.zone, second.end)
        printed = find_time(line, begin)
        found = _FRACTION.search(line, begin, printed.end) if printed else None
        self._before = ""
        if printed and found:
            self._before, self._begin, self._end = line[begin : found.start(1)], begin, printed.end
            self._second = replace(printed, time=printed.time - _nanoseconds_of(found[1]))
        return printed


def search_time(line: str, stop: int) -> PrintedTime | None:
    """Return the first time that is printed before the place `stop`, among the first words; None if there is none."""
    for begin in islice(_WORD.finditer(line, 0, stop), _MOST_WORDS):
        if found := find_time(line, begin.start()):
            return found
    return None


def are_steps(times: Sequence[PrintedTime]) -> bool:
    """Return True if times without a date go back as often as those do that count from the line before."""
    steps = [one.time for one in times if not one.has_date]
    back = sum(other < one for one, other in pairwise(steps))
    return back >= _FEWEST_STEPS and len(steps) <= _SHARE_OF_STEPS * back


class TimeReader:
    """The clock of one text: it counts the midnights of times without a date.

    With `has_steps`, each time is that since the line before. `zone` is that of the first time; None before it.
    """

    def __init__(self, *, has_steps: bool = False) -> None:
        self.zone: tzinfo | None = None
        self._has_steps = has_steps
        self._days = 0
        self._last = 0

    def read(self, printed: PrintedTime) -> int | None:
        """Return the time in nanoseconds since the epoch; None if it is so far off that only damage explains it."""
        time = printed.time
        if self._has_steps:
            self._last += time
            time = self._last
        elif not printed.has_date:
            # A clock that was set back by less than half a day has not passed midnight.
            self._days += time < self._last - 12 * HOUR
            self._last = time
            time += self._days * DAY
        time -= (printed.zone or 0) * SECOND
        if self.zone is None:
            self.zone = timezone(timedelta(seconds=printed.zone or 0))
        return time if EARLIEST <= time < LATEST else None


def _read_time(match: re.Match[str]) -> PrintedTime | None:
    """Return the time of a match; None if there is no such time."""
    half = match["half"] or match["half_before"]
    clock = _clock_of(int(match["hour"]), int(match["minute"]), int(match["second"]), match["fraction"], half)
    if clock is None:
        return None
    if match["days"]:
        # Since a start, after so many days.
        return PrintedTime(int(match["days"]) * DAY + clock, True, None, match.end())
    zone = _zone_of(match["zone"]) if match["zone"] else None
    parts = _date_of(match)
    if parts is None:
        return PrintedTime(clock, False, zone, match.end())
    days = _count_days(*parts)
    return None if days is None else PrintedTime(days * DAY + clock, True, zone, match.end())


def _date_of(match: re.Match[str]) -> tuple[int, int, int] | None:
    """Return year, month and day; None if no date was printed, or none that can be understood."""
    if match["year"]:
        return int(match["year"]), int(match["month"]), int(match["day"])
    if match["year_last"]:
        return int(match["year_last"]), int(match["month_second"]), int(match["day_first"])
    if match["year_joint"]:
        return int(match["year_joint"]), int(match["month_joint"]), int(match["day_joint"])
    for month, day in (("month_only", "day_only"), ("month_letter", "day_letter")):
        if match[month]:
            return int(match["year_letter"] or _NO_YEAR), int(match[month]), int(match[day])
    if match["year_web"]:
        return int(match["year_web"]), _month_of(match["month_web"]), int(match["day_web"])
    if match["month_name"]:
        year = match["year_named"] or match["year_end"]
        return int(year or _NO_YEAR), _month_of(match["month_name"]), int(match["day_named"])
    if match["year_slash"]:
        one, other, year = int(match["one"]), int(match["other"]), int(match["year_slash"])
        if len(match["year_slash"]) == _SHORT_YEAR:
            # The year may be the first number as well.
            return (_CENTURY + year, one, other) if match["half"] or other > 12 >= one else None
        if match["half"] or other > 12:
            return year, one, other
        return (year, other, one) if one > 12 or one == other else None
    return None


def _month_of(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


@lru_cache(maxsize=64)
def _count_days(year: int, month: int, day: int) -> int | None:
    """Return the days since the epoch; None if there is no such date."""
    try:
        return date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None


def _clock_of(hour: int, minute: int, second: int, fraction: str | None, half: str | None = None) -> int | None:
    """Return the nanoseconds since midnight; None if there is no such time of day."""
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "pP" else 0)
    if hour > 23 or minute > 59 or second > 60:
        return None
    return hour * HOUR + minute * MINUTE + second * SECOND + (_nanoseconds_of(fraction) if fraction else 0)


def is_number(text: str) -> bool:
    """Return True for digits of ASCII only."""
    return text.isascii() and text.isdigit()


def _nanoseconds_of(fraction: str) -> int:
    digits = fraction if fraction.isdecimal() else fraction.replace(".", "").replace(",", "")
    return int(digits.ljust(9, "0"))


def _zone_of(text: str) -> int | None:
    """Return a printed zone in seconds east of UTC; None if there is no such zone."""
    # mosquitto prints `Z` before the zone.
    digits = text.strip().lstrip("Zz").replace(":", "")
    if not digits[1:].isdigit():
        return 0
    seconds = int(digits[1:3]) * 3600 + int(digits[3:5]) * 60
    return None if seconds >= DAY // SECOND else -seconds if digits[0] == "-" else seconds
