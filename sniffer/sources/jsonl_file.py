"""A saved session as JSON: the lines that `dump --json` writes, or the same objects in an array or as indented text.

A note that was made after its record is that of the same record here, or stands at the next one if records of the dump
are missing. A line that is damaged is skipped: a note on the next record says which one and why. If there were any,
`SkippedError` is raised at the end of the file. A last line that is cut off raises `CutOffError`. A file without any
good line raises `NothingReadError`.
"""

import asyncio
from collections.abc import Iterator

from sniffer.base.errors import CutOffError, NothingReadError, SkippedError
from sniffer.base.phrasing import format_count
from sniffer.core.wire.items import Idle, Note, Piece, Segments
from sniffer.formats.jsonl.plain_bytes import parse_plain
from sniffer.formats.jsonl.reader import JsonItem, Object, items_of, number_of, parse_object, zone_of
from sniffer.formats.jsonl.splitter import Splitter, create_splitter
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Take

LINES_PER_TURN = 500


class JsonLinesSource(SavedSource):
    """Objects of `dump --json`. The zone is that of the first time."""

    about = "JSON lines"

    async def run(self, take: Take) -> None:
        """Read the file to its end. The loop gets a turn after some hundred lines."""
        reading = _Reading(self, take)
        splitter: Splitter | None = None
        async for data in self._read_pieces():
            splitter = splitter or create_splitter(data)
            for line in splitter.feed(data):
                reading.read(line, splitter.unit)
                if reading.number % LINES_PER_TURN == 0:
                    reading.end_run()
                    await asyncio.sleep(0)
            reading.end_run()
        rest = splitter.end() if splitter else b""
        if splitter and rest.strip():
            reading.read_last(rest, splitter.unit)
            reading.end_run()
        reading.end(splitter.unit if splitter else "line")

    def keep_time(self, time: int | None) -> None:
        """Keep the time of a record as that of the latest one; None changes nothing."""
        self._last_time = self._last_time if time is None else time


_MOST_PENDING = 5
"""The largest number of lines that one note names. All are counted."""


class _Reading:
    """One reading of a file. `number` counts its lines or objects, `_records` the records in them."""

    def __init__(self, source: JsonLinesSource, take: Take) -> None:
        self.number = 0
        self._source = source
        self._take = take
        self._good = self._records = 0
        self._last_record = b""
        """The line of the last record, which has the number that the dump gave it."""
        self._skipped: list[int] = []
        self._first_error = ""
        self._pending: list[str] = []
        self._run: list[Piece] = []
        """The pieces of one tap that stand together and were not passed on."""
        self._tap = 0

    def read(self, line: bytes, unit: str) -> None:
        """Pass the items of the next line on, or skip it if it is damaged."""
        self.number += 1
        plain = None if self._pending else parse_plain(line)
        if plain and (self._source.zone is not None or plain.piece[1] is None):
            if plain.tap != self._tap:
                self.end_run()
                self._tap = plain.tap
            self._run.append(plain.piece)
            self._records += 1
            self._last_record = line
            return
        try:
            self._pass_on(line)
        except ValueError as error:
            self._skip(unit, error)

    def read_last(self, line: bytes, unit: str) -> None:
        """Pass the items of a line on that has no line end. Raises `CutOffError` if it was cut off."""
        self.number += 1
        try:
            self._pass_on(line)
        except ValueError as error:
            if not self._good:
                self._skip(unit, error)
                return
            before = f" {self._describe(unit)};" if self._skipped else ""
            raise CutOffError(
                f"{self._source.name}: the file was cut off within {unit} {self.number};{before} all before it was read"
            ) from error

    def end_run(self) -> None:
        """Pass on the pieces that stand together, if there are any."""
        if not self._run:
            return
        self._good += len(self._run)
        times = (time for _, time in reversed(self._run) if time is not None)
        self._source.keep_time(next(times, None))
        self._take(Segments(tuple(self._run), (), self._tap))
        self._run = []

    def end(self, unit: str) -> None:
        """Raise `NothingReadError` if no line was good, and `SkippedError` if some were not."""
        if self._pending and self._records:
            # No record comes that could have the notes: the last one has them, after its own.
            own = [item.text for item in self._items_of_last() if isinstance(item, Note)]
            self._take(Note("; ".join([*own, *self._pending]), self._records))
        if not self._skipped:
            return
        if not self._good:
            raise NothingReadError(
                f"{self._source.name}: no {unit} of it is one of `dump --json` ({unit} {self._first_error})"
            )
        raise SkippedError(f"{self._source.name}: {self._describe(unit)}; all others were read")

    def _items_of_last(self) -> Iterator[JsonItem]:
        """Yield the items of the last record."""
        return items_of(parse_object(self._last_record) or {})

    def _describe(self, unit: str) -> str:
        count = len(self._skipped)
        verb = "was" if count == 1 else "were"
        return f"{format_count(count, unit)} {verb} skipped ({unit} {self._first_error})"

    def _skip(self, unit: str, error: ValueError) -> None:
        """Count a damaged line, and keep the note on it for the next record."""
        self._skipped.append(self.number)
        self._first_error = self._first_error or f"{self.number}: {error}"
        if len(self._pending) < _MOST_PENDING:
            self._pending.append(f"{unit} {self.number} of the file was skipped: {error}")

    def _pass_on(self, line: bytes) -> None:
        """Pass the items of a line on. Raises `ValueError` that says what is wrong with it."""
        found = parse_object(line)
        if found is None:
            return
        items = list(items_of(found))
        if items:
            self.end_run()
        self._good += 1
        if items and self._source.zone is None:
            self._source.zone = zone_of(found)
        if items and self._is_record(items[-1], found):
            self._records += 1
            self._last_record = line
        for item in items:
            if isinstance(item, Note):
                self._keep_note(item)
                continue
            if self._pending:
                self._take(Note("; ".join(self._pending)))
                self._pending.clear()
            self._source.keep_time(item.pieces[-1][1] if isinstance(item, Segments) else item.time)
            self._take(item)

    def _is_record(self, item: JsonItem, found: Object) -> bool:
        """Return True if the item of an object is a record. An event of the session may belong to the record before."""
        if isinstance(item, Idle):
            return found.get("number") == self._records + 1
        return not isinstance(item, Note)

    def _keep_note(self, note: Note) -> None:
        """Pass on a late note on a record that is known by its number; keep any other for the next record."""
        if note.number is None:
            self._pending.append(note.text)
        elif 0 < note.number <= self._records == number_of(self._last_record):
            self._take(note)
        elif note.text:
            self._pending.append(f"on record {note.number} of the dump: {note.text}")
