"""A saved session as JSON lines, as `dump --json` writes them.

A last line that is cut off raises `CutOffError`; any other broken line raises `SourceError`. Both are raised after all
items before that line were handed over.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator

from sniffer.base.errors import CutOffError, SourceError
from sniffer.core.wire.items import Note, Segments
from sniffer.formats.jsonl.reader import items_of, parse_object, zone_of
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Take

LINES_PER_TURN = 500

MAX_LINE = 1 << 24
"""Bytes. A longer line cannot have been written by `dump --json`; memory stays bounded."""


class JsonLinesSource(SavedSource):
    """JSON lines. The zone is that of the first time."""

    async def run(self, take: Take) -> None:
        """Read the file to its end. The loop gets a turn after some hundred lines."""
        number = 0
        async for line in _read_lines(self._read_pieces()):
            number += 1
            self._read_line(number, line, take)
            if number % LINES_PER_TURN == 0:
                await asyncio.sleep(0)

    def _read_line(self, number: int, line: bytes, take: Take) -> None:
        """Pass the items of a line on. Raises `SourceError` that names the line if it is damaged."""
        try:
            found = parse_object(line)
            items = [] if found is None else list(items_of(found))
        except ValueError as error:
            raise self._build_line_error(number, line, error) from error
        if found and items and self.zone is None:
            self.zone = zone_of(found)
        for item in items:
            if not isinstance(item, Note):
                time = item.pieces[-1][1] if isinstance(item, Segments) else item.time
                self._last_time = self._last_time if time is None else time
            take(item)

    def _build_line_error(self, number: int, line: bytes, error: ValueError) -> SourceError:
        if not line.endswith(b"\n") and len(line) < MAX_LINE:
            return CutOffError(f"{self.name}: the file was cut off within line {number}; all before it was read")
        return SourceError(f"{self.name}: line {number} is none of `dump --json`: {error}; all before it was read")


async def _read_lines(pieces: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Yield the lines with their line ends. A line that is too long is the last one, cut to the greatest length."""
    rest = b""
    async for data in pieces:
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            yield line + b"\n"
        if len(rest) >= MAX_LINE:
            yield rest[:MAX_LINE]
            return
    if rest:
        yield rest
