"""Saved sessions as JSON lines: what `dump --json` wrote, whole or cut off."""

import asyncio
from collections.abc import Iterable, Iterator

from sniffer.base.errors import CutOffError, SourceError
from sniffer.core.wire.frame import Segments
from sniffer.core.wire.items import Note
from sniffer.formats.jsonl.reader import items_of, parse_object, zone_of
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Take

LINES_PER_TURN = 500

LONGEST_LINE = 1 << 24
"""A longer line is none that was written here: memory stays bounded."""


class JsonLinesSource(SavedSource):
    """JSON lines. A last line that was cut off is told as such; any other line that is broken ends the reading."""

    async def run(self, take: Take) -> None:
        for number, line in enumerate(_lines(self._pieces()), 1):
            self._read(number, line, take)
            if number % LINES_PER_TURN == 0:
                await asyncio.sleep(0)

    def _read(self, number: int, line: bytes, take: Take) -> None:
        try:
            found = parse_object(line)
            items = [] if found is None else list(items_of(found))
        except ValueError as error:
            if not line.endswith(b"\n") and len(line) < LONGEST_LINE:
                why = f"the file was cut off within line {number}; all before it was read"
                raise CutOffError(f"{self.name}: {why}") from error
            why = f"line {number} is none of `dump --json`: {error}; all before it was read"
            raise SourceError(f"{self.name}: {why}") from error
        if found and items and self.zone is None:
            self.zone = zone_of(found)
        for item in items:
            if not isinstance(item, Note):
                time = item.pieces[-1][1] if isinstance(item, Segments) else item.time
                self._last = self._last if time is None else time
            take(item)


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The lines with their ends. One that is too long is given as far as it may go, and nothing after it."""
    held = b""
    for data in pieces:
        *whole, held = (held + data).split(b"\n")
        yield from (line + b"\n" for line in whole)
        if len(held) >= LONGEST_LINE:
            yield held[:LONGEST_LINE]
            return
    if held:
        yield held
