"""Lines of the charger's log that a terminal, a mail or an editor has wrapped.

In: the lines of a text. Out: how they were wrapped: at a width, between words, or with the bytes of frames in lines of
their own; and the lines as they were. Frames and OCPP messages prove it: they are complete in the joined lines.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise, takewhile
from typing import NamedTuple

from sniffer.base.late_pattern import compile_late
from sniffer.formats.charger_log import is_open_line, is_whole_line, zone_of
from sniffer.formats.text_files.line_decoder import MAX_LINE

BYTES_ONLY = compile_late(r"(?=[\s\[\]]*+[0-9A-Fa-f])[\s0-9A-Fa-f\[\]]++\\?\s*+")
"""A line with a part of a frame and nothing else. It may be cut within a byte."""

_LEAST_WIDTH = 40
_MOST_TRIED = 20
_MOST_JOINED = 40
_MOST_LINES = 500
"""Lines in which words that were wrapped are looked for."""


class WordJoiner:
    """Joins the lines of one text that were wrapped at `width`. The last line waits for the next one."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._joined: str | None = None
        """The line that waits; None before the first."""
        self._last = ""
        """The last of its parts."""

    def feed(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield the lines that these complete."""
        for line in lines:
            if self._joined is not None and len(self._joined) < MAX_LINE and self._goes_on(line):
                self._joined = f"{self._joined.rstrip()} {line.lstrip()}"
            else:
                yield from self.finish()
                self._joined = line
            self._last = line

    def finish(self) -> Iterator[str]:
        """Yield the line that waits."""
        if self._joined is not None:
            yield self._joined
        self._joined = None

    def _goes_on(self, line: str) -> bool:
        """Return True if the first word of a line had no room on the line before, and begins no record."""
        words = line.split(maxsplit=1)
        if not words or not self._last.strip() or zone_of(line) is not None:
            return False
        # Some programs count the space after the word as well.
        return len(self._last.rstrip()) + 1 + len(words[0]) >= self._width


def find_width(lines: Sequence[str]) -> int:
    """Return the width at which a terminal has wrapped the lines of a log; 0 if it has not.

    A frame or an OCPP message proves it: it is valid together with the lines after it, and not without them. No line
    is longer then. A space at the end of a line may be missing.
    """
    longest = max(map(len, lines), default=0)
    full = (at for at, line in enumerate(lines[:-1]) if len(line) >= longest - 1 and not is_whole_line(line))
    for at in islice(full, _MOST_TRIED):
        joined = lines[at]
        for following in takewhile(lambda one: zone_of(one) is None, lines[at + 1 : at + 1 + _MOST_JOINED]):
            joined += following
            if is_whole_line(joined):
                return longest
    return 0


class Wrapping(NamedTuple):
    """How the lines of a log were wrapped: after `width` characters, between words at `word_width`, or with the bytes
    of frames in lines of their own. A width is 0 where lines were not wrapped so.
    """

    width: int = 0
    word_width: int = 0
    is_continued: bool = False


def find_wrapping(lines: Sequence[str]) -> Wrapping:
    """Return how the lines of a log were wrapped: of the ways that may be, that by which most frames and messages are
    complete.
    """
    tried = lines[:_MOST_LINES]
    proved = [Wrapping(width=find_width(lines)), Wrapping(is_continued=has_continued_frames(lines))]
    choices = [one for one in proved if any(one)] or [Wrapping()]
    longest = max(map(len, tried), default=0)
    may_go_on = (is_open_line(line) for line, after in pairwise(tried) if zone_of(after) is None)
    if longest >= _LEAST_WIDTH and any(may_go_on):
        choices.append(Wrapping(word_width=longest))
    if len(choices) == 1:
        return choices[0]
    return max(choices, key=lambda one: sum(map(is_whole_line, _join(tried, one))))


def _join(lines: Iterable[str], wrapping: Wrapping) -> Iterator[str]:
    """Yield lines that were wrapped so as they were."""
    if wrapping.word_width:
        joiner = WordJoiner(wrapping.word_width)
        yield from joiner.feed(lines)
        yield from joiner.finish()
        return
    waiting, is_full = "", False
    for line in lines:
        joined = None
        if is_full and zone_of(line) is None:
            joined = waiting + line
        elif wrapping.is_continued and waiting:
            joined = continue_frame(waiting, line)
        if joined is None and waiting:
            yield waiting
        waiting, is_full = line if joined is None else joined, 0 < wrapping.width <= len(line) + 1
    yield waiting


def continue_frame(line: str, following: str) -> str | None:
    """Return a line of a log that prints a part of a frame together with the next line; None if that has other words.

    A line may end with a backslash where it goes on.
    """
    if not BYTES_ONLY.fullmatch(following):
        return None
    head = line.rstrip()
    return head[:-1] + following if head.endswith("\\") else f"{head} {following.strip()}"


def has_continued_frames(lines: Sequence[str]) -> bool:
    """Return True if a frame is valid together with the lines of bytes after it, and not without them."""
    begun = (at for at in range(len(lines) - 1) if BYTES_ONLY.fullmatch(lines[at + 1]) and is_open_line(lines[at]))
    for at in islice(begun, _MOST_TRIED):
        joined = lines[at]
        for following in lines[at + 1 : at + 1 + _MOST_JOINED]:
            longer = continue_frame(joined, following)
            if longer is None:
                break
            if is_whole_line(longer):
                return True
            joined = longer
    return False
