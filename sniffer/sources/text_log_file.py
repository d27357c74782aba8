"""A text of serial traffic from a file: the charger's own log, or hex text.

The file is read in pieces, and the loop gets a turn after some hundred lines, so that a screen stays responsive while
a large log loads.
"""

import asyncio
from collections.abc import Iterator, Sequence

from sniffer.base.compression import ReadableFile, read_chunks
from sniffer.base.errors import CutOffError, SourceError
from sniffer.base.sanitize import printable
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunks
from sniffer.formats.plain_text import is_plain_line
from sniffer.formats.text_files.line_decoder import LineDecoder, find_encoding
from sniffer.formats.text_files.text_misfit import describe_misfit, is_of_other_kind
from sniffer.formats.text_files.text_reader import TextReader
from sniffer.formats.text_files.text_shape import TextForm, TextShape, find_text_shape
from sniffer.sources.log_clock import LogClock
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Item, Take

LINES_PER_TURN = 500

MOST_SEARCHED = 1 << 20
"""Bytes at the beginning of a text in which its first record is looked for."""

MOST_QUOTED = 60
"""Characters of a line that a message quotes."""


class TextLogSource(SavedSource):
    """A text log. Its times and its zone are those of its lines."""

    about = "a text log"

    def __init__(self, path: ReadableFile, shape: TextShape | None = None) -> None:
        """Prepare to read a text. `shape` is found from the first bytes if it is None."""
        super().__init__(path)
        self._shape = shape
        self._clock = LogClock()

    async def run(self, take: Take) -> None:
        """Read the log to its end. Raises `CutOffError` if its last line is cut off within a record, and `SourceError`
        if no line at its beginning fits. A line that has no end yet is passed on if the reading is cancelled
        while it waits for more.
        """
        count, reader, head = 0, TextReader(self._shape) if self._shape else None, b""
        is_passed_on = True
        try:
            async for piece in self._read_pieces():
                data = piece
                if reader is None:
                    head += piece if piece.strip(b"\0") else b""
                    self._shape, data = find_text_shape(head), head
                    if self._shape is None and len(head) < MOST_SEARCHED:
                        continue
                    reader, head = TextReader(self._require_shape(head)), b""
                is_passed_on = False
                count += await self._take_items(reader.feed(data), reader, take)
                is_passed_on = True
        except asyncio.CancelledError:
            # Nothing follows lines that were not passed on.
            for item in reader.finish() if reader and is_passed_on else ():
                take(item)
            raise
        if reader is None:
            if head:
                self._require_shape(head)
            return
        is_cut = reader.is_cut_off
        count += await self._take_items(reader.finish(), reader, take)
        if is_cut:
            raise CutOffError(f"{self.name}: the file was cut off within line {count}; all before it was read")

    def _require_shape(self, head: bytes) -> TextShape:
        """Return the shape of the text. Raises `SourceError` if no line of its beginning fits."""
        if self._shape is None:
            raise SourceError(f"{self.name}: {_describe_misfit(head)}")
        return self._shape

    async def _take_items(self, items: Sequence[Item], reader: TextReader, take: Take) -> int:
        """Pass items on and return their number; keep their last time, and the zone of the first one."""
        if self.zone is None:
            self.zone = reader.zone
        for turn in _divide(items):
            for item in self._clock.note_steps(turn):
                take(item)
            times = map(_find_last_time, reversed(turn))
            self._last_time = next((time for time in times if time is not None), self._last_time)
            await asyncio.sleep(0)
        return len(items)


class HexTextSource(TextLogSource):
    """Hex text. Its times are those that stand before its bytes."""

    about = "hex text"


def _divide(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield the items of each turn of the loop."""
    if Chunks not in {*map(type, items)}:
        yield from (items[begin : begin + LINES_PER_TURN] for begin in range(0, len(items), LINES_PER_TURN))
        return
    begin = count = 0
    for at, item in enumerate(items, 1):
        count += len(item.pieces) if isinstance(item, Chunks) else 1
        if count >= LINES_PER_TURN or at == len(items):
            yield items[begin:at]
            begin, count = at, 0


def _find_last_time(item: Item) -> int | None:
    """Return the last time that lines of a text have; None if they have none."""
    if isinstance(item, Chunks):
        return item.pieces[-1][1]
    return item.time if isinstance(item, LogLine) else None


def open_text(path: ReadableFile) -> TextLogSource:
    """Open a text. Raises `SourceError` if no line at its beginning is a record of the charger's log or holds bytes."""
    searched, first = 0, b""
    for data in read_chunks(path):
        first = first or data.lstrip(b"\0")
        if data.strip(b"\0") and (shape := find_text_shape(data)):
            return (TextLogSource if shape.form is TextForm.LOG else HexTextSource)(path, shape)
        searched += len(first) and len(data)
        if searched >= MOST_SEARCHED or is_of_other_kind(_lines_of(data)):
            break
    raise SourceError(f"{path}: {_describe_misfit(first)}")


def _lines_of(data: bytes) -> Sequence[str]:
    """Return the lines of a part of a text."""
    return LineDecoder(find_encoding(data)).feed(data + b"\n")


def _describe_misfit(head: bytes) -> str:
    """Return why a text that begins so cannot be read, and what to do."""
    lines = _lines_of(head)
    if known := describe_misfit(lines):
        return known
    line = next((line.strip() for line in lines if line.strip()), "")
    if not line:
        return "there is nothing in it but blank lines or zero bytes"
    if is_plain_line(line):
        return "plain lines that were written for people: open the session that they were made from"
    shown = printable(line)
    quoted = f"{shown[: MOST_QUOTED - 1]}…" if len(shown) > MOST_QUOTED else shown
    hint = "print the bytes as pairs of digits, a message a line (`10:00:01 RX BB 00 32`); name raw bytes FILE.bin"
    return f"no line is a record of this log, and none is hex: the first is '{quoted}': {hint}"
