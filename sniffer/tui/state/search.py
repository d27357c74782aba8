"""The search for the next row that contains a text, or a record that contains bytes, in slices.

In: the list's window, where to start, the direction, and time to run (`run_for`). Out: the position of the row found.
The case of the text is ignored. A text that can be read as bytes in hex also finds these bytes. At the end of the list
the search continues from the other end, and sets `has_wrapped`.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from operator import neg
from time import monotonic

from sniffer.base.sanitize import printable
from sniffer.core.protocol.definition import Definition
from sniffer.formats.charger_log import parse_hex
from sniffer.text import describe
from sniffer.text.event_text import describe_event
from sniffer.tui.state.rows import RowEntry, Window

CLOCK_INTERVAL = 16
"""Rows examined between two readings of the clock."""


class Needle:
    """The text that is searched for, and the bytes if it can be read as hex."""

    def __init__(self, text: str, definition: Definition) -> None:
        self.text = text
        self._folded = text.casefold()
        self._bytes = parse_hex(text)
        self._definition = definition

    def is_in(self, entry: RowEntry, raw: bytes, note: str) -> bool:
        """Return True if this row contains the text, or `raw` the bytes. An event row is compared by its text only."""
        if entry.event:
            return self._folded in describe_event(entry.event, self._definition).casefold()
        if self._bytes is not None and self._bytes in raw:
            return True
        row = describe.format_row(entry.record)
        shown = f"{row.direction} {row.sequence} {printable(row.name)} {row.summary} {printable(note)}"
        return self._folded in shown.casefold()


def contains(window: Window, position: int, needle: Needle, notes: Mapping[int, str]) -> bool:
    """Return True if the row at this position contains the text, or its record the bytes."""
    entry = window.at(position)
    if entry is None:
        return False
    number = entry.record.number
    raw = b"" if entry.event else window.rows.store.raw(number)
    return needle.is_in(entry, raw, notes.get(number, ""))


class MatchCount:
    """The positions of all rows that contain the text, found in slices, the newest rows first.

    Its length is the number of rows found so far.
    """

    def __init__(self, needle: Needle, notes: Mapping[int, str]) -> None:
        self._needle = needle
        self._notes = notes
        self._older = array("q")
        self._newer = array("q")
        self._examined: range | None = None

    def __len__(self) -> int:
        return len(self._older) + len(self._newer)

    def run_for(self, window: Window, seconds: float) -> bool:
        """Examine rows of the window for about this time. Return True if all rows have been examined."""
        until = monotonic() + seconds
        first, end = (window.end, window.end) if self._examined is None else (self._examined.start, self._examined.stop)
        while first > window.first or end < window.end:
            position = end if end < window.end else first - 1
            found = self._newer if position >= end else self._older
            if contains(window, position, self._needle, self._notes):
                found.append(position)
            first, end = min(first, position), max(end, position + 1)
            self._examined = range(first, end)
            if position % CLOCK_INTERVAL == 0 and monotonic() > until:
                break
        return first <= window.first and end >= window.end

    def share_of(self, window: Window) -> float:
        """Return the share of the window that is examined, from 0 to 1."""
        return min(1.0, len(self._examined or ()) / max(1, len(window)))

    def rank(self, position: int) -> int:
        """Return which of the rows found the one at this position is, counted from the top."""
        older = len(self._older) - bisect_left(self._older, -position, key=neg)
        return older + bisect_right(self._newer, position)


class Search:
    """One search, beginning at the row after position `start`, or before it if `step` is -1.

    `window` is the list that is searched. `is_over` is set when a row is found, or when all rows are examined.
    """

    def __init__(self, window: Window, needle: Needle, notes: Mapping[int, str], start: int, step: int) -> None:
        self.window = window
        self._needle = needle
        self._notes = notes
        self._positions = self._order(start, step)
        self._examined = 0
        self.has_wrapped = False
        self.is_over = False

    @property
    def share(self) -> float:
        """The share of the list that is examined, from 0 to 1."""
        return min(1.0, self._examined / max(1, len(self.window)))

    def run_for(self, seconds: float) -> int | None:
        """Search for about this time. Return the position found, or None if there is none yet or the search is over."""
        until = monotonic() + seconds
        for position in self._positions:
            self._examined += 1
            if contains(self.window, position, self._needle, self._notes):
                self.is_over = True
                return position
            if self._examined % CLOCK_INTERVAL == 0 and monotonic() > until:
                return None
        self.is_over = True
        return None

    def _order(self, start: int, step: int) -> Iterator[int]:
        """Yield the positions in the order of the search: to the end of the list, then from its other end on."""
        first, end = self.window.first, self.window.end
        yield from range(start + step, end if step > 0 else first - 1, step)
        self.has_wrapped = True
        yield from range(first if step > 0 else end - 1, start + step, step)
