"""The places to go to in a session, as the user types them.

In: a record number (`#123` or `123`), the number that a text log printed before a line (`line 717`), a time of day
(`00:00:49`, `13:05`), or a time since the beginning (`+49`, `+1:05`). Out: the number of that record, or of the first
record at or after that place. If the numbers of a log begin again, or the clock of the source was set back, one of the
records that match is found.
"""

from bisect import bisect_left
from datetime import time as TimeOfDay  # noqa: N812 - not the module `time`
from datetime import timedelta, tzinfo
from functools import partial

from sniffer.base import times
from sniffer.history.records.record_store import RecordStore

GOTO_HINT = "a record (123), a line (line 717), a time (00:00:49) or since the start (+1:05)"


def find_record(text: str, store: RecordStore, zone: tzinfo | None) -> int:
    """Return the number of the record. Raises `ValueError` with a message for the user if there is none."""
    text = text.strip()
    if _is_number(line := text.removeprefix("line").lstrip()) and line != text:
        return _find_line(int(line), store)
    if _is_number(bare := text.removeprefix("#")):
        number = int(bare)
        if 1 <= number <= len(store):
            return number
        if bare == text and store.lines:
            return _find_line(number, store)
        raise ValueError(f"there are records 1 to {len(store):,}")
    if store.began is None:
        raise ValueError("this session has no times: give a record's number")
    if text.startswith("+"):
        return _find_first_from(store, store.began + _parse_span(text[1:]))
    return _find_first_from(store, _find_moment(store.began, _parse_time_of_day(text), zone))


def describe_missing_line(text: str, number: int, store: RecordStore) -> str:
    """Return that the log has no line of the number that a text names, but that of this record.

    The text is empty if it has the line, or if no line is named. `number` is what `find_record` returned.
    """
    text = text.strip()
    wanted = text.removeprefix("line").lstrip()
    found = store.line(number)
    if not _is_number(wanted) or found is None or int(wanted) == found:
        return ""
    is_record = wanted == text and 1 <= int(wanted) <= len(store)
    return "" if is_record else f"the log has no line {int(wanted)}: this is line {found}"


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii()


def _find_line(line: int, store: RecordStore) -> int:
    """Return the number of the record that a text log printed after this line number, or after the next one.

    Raises `ValueError` if there is no such line.
    """
    if store.lines is None:
        raise ValueError("this session has no line numbers: give a record's number")
    first, last = store.lines
    if not first <= line <= last:
        raise ValueError(f"there are records 1 to {len(store):,}, and lines {first} to {last}")
    numbers = range(store.first, len(store) + 1)
    at = bisect_left(numbers, line, key=partial(_find_line_before, store))
    return numbers[min(at, len(numbers) - 1)]


def _find_line_before(store: RecordStore, number: int) -> int:
    """Return the line number of a record, or of the last record before it that has one; 0 if there is none."""
    return next((line for at in range(number, store.first - 1, -1) if (line := store.line(at)) is not None), 0)


def _parse_span(text: str) -> int:
    """Parse `49`, `49.5`, `1:05` or `1:02:03`; return nanoseconds."""
    parts = text.split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if not 1 <= len(numbers) <= 3 or not all(0 <= number < 1e9 for number in numbers):
        raise ValueError("after + seconds are needed, as +49, or minutes and seconds, as +1:05")
    seconds = 0.0
    for number in numbers:
        seconds = seconds * 60 + number
    return int(seconds * 1e9)


def _parse_time_of_day(text: str) -> TimeOfDay:
    """Return the time of day that a text names. Raises `ValueError` that says what can be typed."""
    hours, colon, rest = text.partition(":")
    try:
        if not colon:
            raise ValueError
        return TimeOfDay.fromisoformat(f"{hours:0>2}:{rest}").replace(tzinfo=None)
    except ValueError:
        raise ValueError("neither a record nor a time: type 123, line 717, 00:00:49 or +1:05") from None


def _find_moment(began: int, wanted: TimeOfDay, zone: tzinfo | None) -> int:
    """Return the first moment of the session at this time of day, in nanoseconds since the epoch."""
    start = times.as_datetime(began, zone)
    found = start.replace(hour=wanted.hour, minute=wanted.minute, second=wanted.second, microsecond=wanted.microsecond)
    if found < start.replace(microsecond=start.microsecond // 1000 * 1000):
        found += timedelta(days=1)
    return began + int((found - start) / timedelta(microseconds=1)) * 1000


def _find_first_from(store: RecordStore, moment: int) -> int:
    """Return the first record received at this moment or later, or the last record if there is none."""
    numbers = range(store.first, len(store) + 1)

    def time_of(number: int) -> int:
        time = store.time(number)
        time = store.time_before(number) if time is None else time
        return -1 if time is None else time

    at = bisect_left(numbers, moment, key=time_of)
    return numbers[at] if at < len(numbers) else len(store)
