"""The lines of one text, of which most are laid out as the one before.

In: lines of hex text. Out: their bytes, times and directions. A parser remembers the layout of the last line, and reads
those that agree with it without looking for the parts of each.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from sniffer.formats.text_files.hex_lines.hex_bytes import FEWEST
from sniffer.formats.text_files.hex_lines.hex_line import HexLine, LineLayout, ParsedLine, parse_line, parse_rest
from sniffer.formats.text_files.hex_lines.side_words import find_side
from sniffer.formats.text_files.printed_time import PrintedTime, TimeFinder, find_time, is_number

_SEPARATORS = (":", ",", "-", ";")
_MOST_LAYOUTS = 64
_MOST_IN_RUN = 500
_FEWEST_LABELLED = 2
"""Lines with bytes that cannot be anything else which make the words before them a label."""

_MOST_LABELS = 16
_BEFORE_TIME = " [("


class LineRun(NamedTuple):
    """Lines with times in one second, each with the bytes and the nanoseconds since that `second`."""

    second: PrintedTime
    channel: str
    pieces: list[tuple[bytes, int]]


def find_labels(lines: Iterable[str], found: Iterable[ParsedLine | None]) -> tuple[str, ...]:
    """Return the words that stand before bytes in several of these lines, with what stands around them.

    `found` are the parts of each line.
    """
    labels = Counter[str]()
    for line, parsed in zip(lines, found, strict=True):
        if parsed and parsed.place and len(parsed.parts.data) >= FEWEST:
            _, end, start = parsed.place
            labels[line[end:start]] += any(map(str.isalpha, line[end:start]))
    return tuple(label for label, count in labels.most_common(_MOST_LABELS) if count >= _FEWEST_LABELLED)


class HexLineParser:
    """The parser of the lines of one text. It remembers how the lines before were laid out, as most are alike.

    After one of the `labels`, words that stand before bytes in several lines, a few bytes are bytes too. The
    `side_words` are those of the two sides, if the text names no other directions.
    """

    def __init__(self, labels: Sequence[str] = (), side_words: Sequence[str] = ()) -> None:
        self._labels = labels
        self._side_words = side_words
        self._place = LineLayout(0, 0, 0)
        self._lead = ""
        self._rest = 0
        """The place after the bytes of the last line; 0 if nothing is there."""
        self._channels: dict[str, str] = {}
        self._separator = ""
        """The character between the bytes; empty for a space or none."""
        self._times = TimeFinder()

    def parse_all(self, line: str) -> Sequence[HexLine]:
        """Return all bytes of a line, each with the time and direction before them; an empty list if it has none."""
        first = self.parse(line)
        if first is None:
            return ()
        return (first, *parse_rest(line, first, self._rest)) if self._rest else (first,)

    def parse(self, line: str) -> HexLine | None:
        """Return the bytes of a line with their time and direction; None if it has none of them."""
        begin, end, start = self._place
        channel = self._channels.get(line[end:start])
        if channel is not None and line[:begin] == self._lead:
            data = self._parse_bytes(line[start:])
            printed = self._times.find(line, begin) if end else None
            if data and (printed.end if printed else 0) == end:
                self._rest = 0
                return HexLine(data, printed, channel)
        found = parse_line(line)
        if found is None:
            return self._parse_labelled(line)
        parsed, self._rest, place = found
        if self._side_words and parsed.data:
            parsed = replace(parsed, channel=find_side(line, self._side_words) or parsed.channel)
        if place and parsed.data:
            begin, end, start = place
            if place != self._place or line[:begin] != self._lead or len(self._channels) >= _MOST_LAYOUTS:
                self._place, self._lead, self._channels = place, line[:begin], {}
            self._channels[line[end:start]] = parsed.channel
            separator = line[start + 2 : start + 3]
            self._separator = separator if separator in _SEPARATORS else ""
        return parsed

    def _parse_labelled(self, line: str) -> HexLine | None:
        """Return the bytes of a line that has nothing but a time and a label before them; None for another line."""
        if not self._labels:
            return None
        printed = find_time(line, len(line) - len(line.lstrip(_BEFORE_TIME)))
        at = printed.end if printed else 0
        for label in self._labels:
            if line.startswith(label, at) and (data := _parse_pairs(line[at + len(label) :])):
                self._rest = 0
                return HexLine(data, printed, find_side(label, self._side_words))
        return None

    def _parse_bytes(self, text: str) -> bytes:
        """Return the bytes that are all of a text, printed as the last ones; none if they are not."""
        return _parse_pairs(text, self._separator)

    def parse_run(self, lines: Sequence[str], at: int) -> LineRun | None:
        """Return the lines from `at` on that are laid out as the one before and have a time in the same second, with
        the same direction; None if there are none.
        """
        lead, end, start = self._place
        place, middle = self._times.fraction, lines[at][end:start]
        channel = self._channels.get(middle)
        if channel is None or place is None or place[1:3] != (lead + len(place.before), end):
            return None
        before, begin, scale = self._lead + place.before, place.begin, 10 ** (9 - (end - place.begin))
        pieces: list[tuple[bytes, int]] = []
        for line in lines[at : at + _MOST_IN_RUN]:
            digits = line[begin:end]
            if line[:begin] != before or line[end:start] != middle or not is_number(digits):
                break
            data = self._parse_bytes(line[start:])
            if not data:
                # It is parsed by itself.
                break
            pieces.append((data, int(digits) * scale))
        return LineRun(place.second, channel, pieces) if pieces else None


def _parse_pairs(text: str, separator: str | None = None) -> bytes:
    """Return the bytes that are all of a text; none if it holds others. The separator may be that of the first two."""
    if separator is None:
        separator = text[2:3] if text[2:3] in _SEPARATORS else ""
    plain = text.replace(separator, " ") if separator else text
    if "  " in plain:
        return b""
    try:
        return bytes.fromhex(plain)
    except ValueError:
        return b""


def parse_plain_run(lines: Sequence[str], at: int, most: int) -> tuple[bytes, int]:
    """Return the bytes of the lines from `at` on that hold nothing but bytes, and the index of the line after them.

    They end after the line with which there are `most` bytes or more, or before the next lines are looked at.
    """
    data = bytearray()
    for place, line in enumerate(lines[at : at + _MOST_IN_RUN], at):
        try:
            found = bytes.fromhex(line)
        except ValueError:
            return bytes(data), place
        if not found or "  " in line or "\t" in line:
            # It is parsed by itself.
            return bytes(data), place
        data += found
        if len(data) >= most:
            return bytes(data), place + 1
    return bytes(data), min(at + _MOST_IN_RUN, len(lines))
