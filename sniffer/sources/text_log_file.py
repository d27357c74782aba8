"""The charger's own text log from a file.

The file is read in pieces, and the loop gets a turn after some hundred lines, so that a screen stays responsive while
a large log loads.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator

from sniffer.base.errors import CutOffError
from sniffer.formats.charger_log import LogReader, decode_line, is_cut_off, zone_of
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Take

LINES_PER_TURN = 500

MAX_LINE = 1 << 18
"""Bytes. A longer line is split: the longest frame fits into this, and memory stays bounded."""


class TextLogSource(SavedSource):
    """A text log. Its times and its zone are those of its lines."""

    async def run(self, take: Take) -> None:
        """Read the log to its end. Raises `CutOffError` if its last line is cut off within a record."""
        number, line, reader = 0, "", LogReader()
        async for line in _read_lines(self._read_pieces()):
            number += 1
            if self.zone is None:
                self.zone = zone_of(line)
            parsed = reader.read(line)
            self._last_time = parsed.time if parsed.time is not None else self._last_time
            take(parsed)
            if number % LINES_PER_TURN == 0:
                await asyncio.sleep(0)
        if self.zone and not line.endswith("\n") and is_cut_off(line):
            raise CutOffError(f"{self.name}: the file was cut off within line {number}; all before it was read")


async def _read_lines(pieces: AsyncIterable[bytes]) -> AsyncIterator[str]:
    """Yield the lines of a log with their line ends; bytes that are not UTF-8 become escapes."""
    rest = b""
    async for data in pieces:
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            yield decode_line(line) + "\n"
        while len(rest) > MAX_LINE:
            yield decode_line(rest[:MAX_LINE]) + "\n"
            rest = rest[MAX_LINE:]
    if rest:
        yield decode_line(rest)
