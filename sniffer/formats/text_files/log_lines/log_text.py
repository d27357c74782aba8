"""The lines of the charger's log as source items, whatever another program or a terminal made of them.

In: the shape of a text, and its lines. Out: `LogLine`s. Lines that were wrapped are joined.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo

from sniffer.core.protocol.log_lines import LogLine
from sniffer.formats.charger_log import LogReader, is_open_line, zone_of
from sniffer.formats.text_files.line_decoder import MAX_LINE
from sniffer.formats.text_files.log_lines.log_wrapping import WordJoiner, continue_frame
from sniffer.formats.text_files.text_shape import TextShape


class LogText:
    """The lines of the charger's log. A line that a terminal wrapped waits for its rest."""

    def __init__(self, shape: TextShape) -> None:
        self._reader = LogReader(has_own_times=shape.has_own_times)
        self._width = shape.width
        self._is_continued = shape.is_continued
        self._words = WordJoiner(shape.word_width) if shape.word_width else None
        self._carrier = shape.carrier
        self._wrapped = ""
        self._may_go_on = False
        self._is_full = False
        """True if the line before reached to the edge of the terminal."""

    @property
    def zone(self) -> tzinfo | None:
        """The zone of the times; None before the first."""
        return self._reader.zone

    def read(self, lines: Sequence[str]) -> Sequence[LogLine]:
        """Return these lines in their parts."""
        if self._carrier:
            lines = [part for line in lines for part in self._carrier.unwrap(line)]
        if self._words:
            return self._reader.read_lines(self._words.feed(lines))
        return self._reader.read_lines(self._join(lines) if self._width or self._is_continued else lines)

    def finish(self) -> Sequence[LogLine]:
        """Return the line that waited for its rest."""
        if self._words:
            return self._reader.read_lines(self._words.finish())
        waiting, self._may_go_on = self._may_go_on, False
        return [self._reader.read(self._wrapped)] if waiting else []

    def _join(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield the lines, and those that were wrapped as one line."""
        for line in lines:
            joined = self._continue(line) if self._may_go_on and len(self._wrapped) < MAX_LINE else None
            if joined is None and self._may_go_on:
                yield self._wrapped
            self._wrapped = line if joined is None else joined
            self._is_full = len(line) == self._width
            # A space at the end of a line may be missing.
            may_be_full = len(line) == self._width - 1 or self._is_continued
            self._may_go_on = self._is_full or (may_be_full and is_open_line(self._wrapped))
            if not self._may_go_on:
                yield self._wrapped

    def _continue(self, line: str) -> str | None:
        """Return the line that waits together with the next one; None if that is no part of it."""
        if self._is_full or not self._is_continued:
            return self._wrapped + line if zone_of(line) is None else None
        return continue_frame(self._wrapped, line)
