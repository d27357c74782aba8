r"""One line of hex text: its bytes, and the time and direction that are printed before them.

In: a line, whatever program printed it. Out: a `HexLine`, or None if it holds no bytes. Bytes are two digits each, with
or without `0x`, `\x` or `h`, one after the other or separated by spaces, commas, colons, dashes or semicolons. Before
them may stand times, directions (`Rx <=`, `[TX] -`, `CU->PB`), the name of a port or decoder, and a name with a colon
or an equals sign. After them may stand a comment, a count in parentheses, or the bytes as characters. Source code
(C arrays, escaped strings) is read for what its brackets or quotes hold.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.hex_lines.channel_words import ARROW, WORD
from sniffer.formats.text_files.hex_lines.hex_bytes import (
    FEWEST,
    PLAIN,
    HexBytes,
    parse_bytes,
    parse_code,
    shows_characters,
)
from sniffer.formats.text_files.hex_lines.hex_search import (
    UNCLEAR,
    FoundBytes,
    are_bytes,
    find_context,
    search_bytes,
)
from sniffer.formats.text_files.hex_lines.other_numbers import find_count, find_other_number, find_source_line
from sniffer.formats.text_files.hex_lines.words_around import (
    find_last_way,
    find_time_after,
    find_topic,
    find_way_after,
)
from sniffer.formats.text_files.printed_time import PrintedTime, find_counter, find_time

_SEPARATORS = compile_late(r"(?:[\s|,;:#*`\"'()\[\]{}]|[=-](?!>))+")
_NAME = compile_late(
    r"[A-Za-z_][\w.]{0,31}(?:\s[A-Za-z_]\w{0,31}){0,3}[\"']?\s?(?:[:=](?!>)(?<!\s[0-9A-Fa-f]{2}:)|\[\d*\]\s?=|(?=<|=>|->|>))\s?|(?<=#)[hH](?=[0-9A-Fa-f]{4})"
)
"""A name before the bytes. It says nothing about them."""

_OTHER = compile_late(
    r"<Buffer|[A-Za-z_@&][\w.:/@&-]{0,40}(?:\(\d{0,9}\))?(?=[\s\"'=>,:\[({\])}])|[0-5](?=:\s[A-Za-z])|\d{1,20}(?:\.\d{1,20})?(?=\s*,\s*[\"']|[\])]|\s{1,3}(?:[A-Za-z_]{3}|[A-Z]\s))|\d{1,7}:\d{1,7}(?=\])|\d{1,3}(?:\.\d{1,3}){2,3}(?=\s)"
)
"""A word that says nothing about the bytes, such as the level and the logger of a log, or a number in JSON."""

_ENDS_IN_BYTE = compile_late(r"[^\w.]((?:0[xX])?[0-9A-Fa-f]{2})\Z")

_AMOUNT = compile_late(
    r"\(?(?:\d{1,6} ?bytes?|len(?:gth)?[=: ]{1,2}\d{1,6}"
    r"|(?:bytes|byte_?(?:length|offset)|count|size|n)\s?[=: ]{1,2}\d{1,6}(?=[\s,]{0,8}\Z))\)?[:,]?",
    re.IGNORECASE,
)
_LENGTH = compile_late(r"\s+(?:len(?:gth)?|size|count)\s?[:=]\s?\Z", re.IGNORECASE)
"""The end of a name that is followed by the number of the bytes."""

_AMOUNT_IN = compile_late(r"\d{1,6}(?=[\s,;:)])")
_NUMBER_BEFORE = compile_late(r"\d{2,6}\s{1,8}(?=\d|[A-Za-z])")
"""A number after the time, before other words."""

_SPAN = compile_late(r"\d{1,18}-\d{1,18}\s+(?=[A-Za-z])")
"""The sample numbers of a logic analyser, whose rate is not printed."""

_ASSIGNMENT = compile_late(
    r"\s*(?:(?:[A-Za-z_]\w*\s+){2,4}=\s*\w+;|Total bytes transmitted: \d+|Script (?:started|done) on .*)\s*"
)
"""A number in source code, such as the size of an array, or in what `slsnif` and `script` print of themselves."""

_CONTINUED = compile_late(r" {7}--> ")
"""The text before the second row of the bytes that `slsnif` read at once."""

_LINE_NUMBER = compile_late(r"\d{1,9}[.:)|]?\s{1,8}(?=\d|IRP_MJ_)")
"""A number before a time, or before what a monitor of ports prints."""

_PADDED_NAME = compile_late(r"\[[A-Za-z][\w:-]{0,15} +\](?=\s+[A-Za-z])")
"""The name of a logger that is filled up with spaces."""

_PASSED = compile_late(r"[+-]?\d{1,10}\.\d{3,9}(?=s?[\]\s:)])")
"""The seconds since the line before, after a time."""

_FRAME_OF_CAN = compile_late(r"(?P<port>v?can\d{1,3})\s+(?P<id>[0-9A-F]{3,8})(?:\s+\[\d{1,2}\]\s+|#)")
"""The text that `candump` prints before the bytes of a frame."""

_FLAG = compile_late(r"(?P<number>0x[0-9a-f]{2,8})\t(?=[0-9a-f]{2}(?!x))")
"""A number in a column before that of the bytes, as `tshark -T fields` prints them."""

_DIRECTION_FLAGS = ("0x01", "0x02")
"""The events of sent and of received bytes in packets of RTAC serial."""

_MOST_PARTS = 12


class LineLayout(NamedTuple):
    """The begin and the end of the time in a line, and the begin of its bytes. The time ends at 0 if there is none."""

    begin: int
    end: int
    start: int


class ParsedLine(NamedTuple):
    """The parts of a line, and the place after its bytes. `place` is None if the layout does not matter."""

    parts: "HexLine"
    end: int
    place: LineLayout | None = None


class HexLine(Struct, frozen=True, gc=False):
    """A line of hex text. `data` is empty if the line holds a time or a direction only, which then hold for the lines
    that follow. `channel` is the direction or port as it was printed; it is empty if there is none.
    """

    data: bytes
    printed: PrintedTime | None
    channel: str


def parse_hex_line(line: str, *, may_search: bool = True) -> HexLine | None:
    """Return the bytes of a line with their time and direction; None if it has none of them.

    Without `may_search`, bytes after words that are not known to stand there are none.
    """
    found = parse_line(line, may_search=may_search)
    return found.parts if found else None


def parse_rest(line: str, first: HexLine, at: int) -> Iterator[HexLine]:
    """Yield further bytes that stand after the first ones of a line, unless they are the same in another form."""
    if len(line) - at < 2 * FEWEST or shows_characters(line, at, first.data):
        return
    while found := search_bytes(line, at):
        at = found.end
        if found.data != first.data:
            yield HexLine(found.data, found.printed, found.channel)


def parse_line(line: str, *, may_search: bool = True) -> ParsedLine | None:
    """Return the parts of a line; None if it holds no bytes."""
    if found := PLAIN.fullmatch(line):
        return ParsedLine(HexLine(bytes.fromhex(found[1]), None, ""), 0)
    if code := parse_code(line):
        begin, (data, end) = code
        printed, channel = find_context(line, 0, begin)
        return ParsedLine(HexLine(data, printed, channel if printed else ""), end)
    if _ASSIGNMENT.fullmatch(line):
        return None
    return _LineScan(line, may_search=may_search).parse()


class _LineScan:
    """The scan of the parts of one line, from its begin to its bytes."""

    def __init__(self, line: str, *, may_search: bool) -> None:
        continued = _CONTINUED.match(line)
        self._line = line
        self._may_search = may_search
        self._at = continued.end() if continued else 0
        self._printed: PrintedTime | None = None
        self._begin = 0
        """The begin of the time."""
        self._channel = ""
        self._arrow = ""
        self._arrow_at = 0
        self._fewest = 1
        """The bytes that may stand here; fewer are words or numbers."""
        self._has_others = False
        self._has_port_only = False
        self._few: ParsedLine | None = None
        """The line with a few bytes after its time, which are a number if more of them follow."""

    def parse(self) -> ParsedLine | None:
        """Return the parts of the line; None if it holds no bytes."""
        line = self._line
        for _ in range(_MOST_PARTS):
            self._skip_separators()
            if self._take_time() or self._take_channel() or self._skip_number():
                continue
            at, channel = self._at, self._channel
            if (taken := parse_bytes(line, at)) and are_bytes(line, at, taken, self._fewest, channel):
                few = len(taken.data) < FEWEST
                if few and self._may_search and (more := search_bytes(line, at, 0)):
                    # What looks like a few bytes was a number before them.
                    return _describe_found(line, more)
                if few and not channel and self._skip_few(taken):
                    continue
                return (self._few if few else None) or self._describe(taken)
            if not self._skip_name():
                break
        if self._few:
            return self._few
        if self._may_search and (more := search_bytes(line)):
            return _describe_found(line, more)
        printed, channel, rest = self._printed, self._channel or self._arrow, line[self._at :]
        is_header = printed is not None and not self._has_others and (channel or not rest.strip())
        return ParsedLine(HexLine(b"", printed, channel), 0) if is_header else None

    def _skip_few(self, taken: HexBytes) -> bool:
        """Return True if a few bytes were skipped that may be a number, as that of a process after the time."""
        if not _precedes_channel(self._line, taken.end):
            if not (self._printed and _NUMBER_BEFORE.match(self._line, self._at)):
                return False
            self._few = self._few or self._describe(taken)
        self._at, self._has_others = taken.end, True
        return True

    def _skip_separators(self) -> None:
        """Skip what stands between two parts."""
        line = self._line
        if line.startswith("[", self._at) and (name := _PADDED_NAME.match(line, self._at)):
            self._at, self._has_others = name.end(), True
        if separator := _SEPARATORS.match(line, self._at):
            self._at = separator.end()
        if self._printed is None and not self._channel:
            self._at = _skip_line_number(line, self._at)

    def _take_time(self) -> bool:
        """Return True if a time was taken, or after it the seconds since the previous line."""
        if self._printed:
            passed = _PASSED.match(self._line, self._at)
            self._at = passed.end() if passed else self._at
            return passed is not None
        found = find_time(self._line, self._at)
        if found is None and not (self._channel or self._has_others):
            found = find_counter(self._line, self._at)
        if found:
            self._printed, self._begin, self._at = found, self._at, found.end
        return found is not None

    def _take_channel(self) -> bool:
        """Return True if a direction, a port or an arrow was taken."""
        line, at = self._line, self._at
        first = line[at : at + 1]
        if not first.isdecimal() and (word := WORD.match(line, at)):
            self._channel = f"{self._channel} {word[0]}" if self._channel else word[0]
            self._at, self._fewest = word.end(), 1
            self._has_port_only = word.lastgroup == "port" and self._channel == word[0]
        elif not first.isalnum() and (mark := ARROW.match(line, at)):
            if not self._arrow or self._begin > self._arrow_at:
                # An arrow before the time may be the mark of an answered mail.
                self._arrow, self._arrow_at = mark[0], at
            self._at = mark.end()
            self._fewest = self._fewest if len(mark[0]) == 1 else 1
        else:
            return False
        return True

    def _skip_number(self) -> bool:
        """Return True if a number was skipped that is no byte: a count, a place, an address, or a colour."""
        line, at, channel = self._line, self._at, self._channel
        if counted := find_count(line, at, may_be_counter=bool(channel)):
            self._at = counted.end()
        elif source := find_source_line(line, at):
            # A function may be called `read`. What stands after it says more of the direction.
            self._at, self._channel, self._arrow = source.end(), "", self._arrow or channel
        elif flag := _FLAG.match(line, at):
            self._at = flag.end()
            self._channel = flag["number"] if flag["number"] in _DIRECTION_FLAGS and not channel else channel
        elif can := _FRAME_OF_CAN.match(line, at):
            self._channel, self._at, self._fewest = f"{can['port']} {can['id']}", can.end(), 1
        elif other := find_other_number(line, at, may_be_address=self._has_others or channel.lower() in UNCLEAR):
            self._at, self._has_others = other.end(), True
        else:
            return False
        return True

    def _skip_name(self) -> bool:
        """Return True if a word was skipped that is no direction, or a number with its unit."""
        line, at = self._line, self._at
        if skipped := _AMOUNT.match(line, at) or _SPAN.match(line, at) or _NAME.match(line, at):
            amount = _AMOUNT_IN.match(line, skipped.end()) if _LENGTH.search(skipped[0]) else None
            self._at, self._fewest = (amount or skipped).end(), 1
            self._channel = self._channel or find_last_way(_LENGTH.sub("", skipped[0]))
        elif other := _OTHER.match(line, at):
            # The first byte may stand after a word without a space.
            byte = _ENDS_IN_BYTE.search(other[0])
            self._at = at + byte.start(1) if byte else other.end()
            self._fewest, self._has_others = FEWEST, True
            self._channel = self._channel or find_topic(other[0])
        else:
            return False
        return True

    def _describe(self, taken: HexBytes) -> ParsedLine:
        """Return the parts of a line with these bytes."""
        printed, channel = self._printed, self._channel
        layout = LineLayout(self._begin, printed.end if printed else 0, self._at)
        if not printed and (after := find_time_after(self._line, taken.end)):
            return ParsedLine(HexLine(taken.data, after, channel or self._arrow), taken.end)
        if not channel and not self._arrow and (way := find_way_after(self._line, taken.end)):
            return ParsedLine(HexLine(taken.data, printed, way), taken.end)
        channel = f"{channel} {self._arrow}" if self._arrow and self._has_port_only else channel
        return ParsedLine(HexLine(taken.data, printed, channel or self._arrow), taken.end, layout)


def _skip_line_number(line: str, at: int) -> int:
    """Return the place after a number that stands before a time or a request to a port; `at` without one."""
    number = _LINE_NUMBER.match(line, at)
    if number is None or find_time(line, at):
        return at
    return number.end() if line.startswith("IRP_", number.end()) or find_time(line, number.end()) else at


def _precedes_channel(line: str, at: int) -> bool:
    """Return True if a direction or a port stands at this place, and its bytes or words after it."""
    separator = _SEPARATORS.match(line, at)
    word = WORD.match(line, separator.end() if separator else at)
    return word is not None and _SEPARATORS.sub("", line[word.end() :]) != ""


def _describe_found(line: str, found: FoundBytes) -> ParsedLine:
    """Return the parts of a line in which bytes were searched."""
    channel = found.channel or find_way_after(line, found.end)
    printed = found.printed or find_time_after(line, found.end)
    return ParsedLine(HexLine(found.data, printed, channel), found.end)
