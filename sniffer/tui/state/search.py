"""Finding: the next row that has a text, or a record with these bytes, looked for in slices.

In: the list's window, where to begin, which way, and turns (`work`). Out: the position of what was found. What is
searched for is a text, whatever its case; where it can be read as bytes in hex, those bytes are found as well. At the
end of the list it goes on from the other end, and says so.
"""

from collections.abc import Iterator, Mapping
from time import monotonic

from sniffer.base.sanitize import printable
from sniffer.core.protocol.definition import Definition
from sniffer.formats.charger_log import parse_hex
from sniffer.text import describe
from sniffer.tui.state.rows import RowEntry, Window

LOOKED_AT = 16
"""How many rows are looked at between two looks at the clock."""


class Needle:
    """What is searched for."""

    def __init__(self, text: str, definition: Definition) -> None:
        self.text = text
        self._folded = text.casefold()
        self._bytes = parse_hex(text)
        self._definition = definition

    def is_in(self, entry: RowEntry, raw: bytes, note: str) -> bool:
        """Whether this row has it."""
        if entry.event:
            return self._folded in describe.event_text(entry.event, self._definition).casefold()
        if self._bytes is not None and self._bytes in raw:
            return True
        row = describe.row_text(entry.record)
        shown = f"{row.direction} {row.sequence} {printable(row.name)} {row.summary} {printable(note)}"
        return self._folded in shown.casefold()


class Search:
    """One search, from the row after `start` on, or before it where `step` is -1."""

    def __init__(self, window: Window, needle: Needle, notes: Mapping[int, str], start: int, step: int) -> None:
        self._window = window
        self._needle = needle
        self._notes = notes
        self._positions = self._order(start, step)
        self._looked = 0
        self.has_turned = False
        self.is_over = False

    @property
    def share(self) -> float:
        """How much of the list has been looked at, up to 1."""
        return min(1.0, self._looked / max(1, len(self._window)))

    def work(self, seconds: float) -> int | None:
        """Look for about so long; the position of what was found, None where it goes on or is over."""
        until = monotonic() + seconds
        for position in self._positions:
            self._looked += 1
            entry = self._window.at(position)
            if entry is not None and self._has(entry):
                self.is_over = True
                return position
            if self._looked % LOOKED_AT == 0 and monotonic() > until:
                return None
        self.is_over = True
        return None

    def _has(self, entry: RowEntry) -> bool:
        number = entry.record.number
        raw = b"" if entry.event else self._window.rows.store.raw(number)
        return self._needle.is_in(entry, raw, self._notes.get(number, ""))

    def _order(self, start: int, step: int) -> Iterator[int]:
        first, end = self._window.first, self._window.end
        yield from range(start + step, end if step > 0 else first - 1, step)
        self.has_turned = True
        yield from range(first if step > 0 else end - 1, start + step, step)
