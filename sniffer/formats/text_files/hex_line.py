r"""One line of hex text: its bytes, and the time and direction that are printed before them.

In: a line, whatever program printed it. Out: a `HexLine`, or None if it holds no bytes. Bytes are two digits each, with
or without `0x`, `\x` or `h`, one after the other or separated by spaces, commas, colons, dashes or semicolons. Before
them may stand times, directions (`Rx <=`, `[TX] -`, `CU->PB`), the name of a port or decoder, and a name with a colon
or an equals sign. Behind them may stand a comment, a count in parentheses, or the bytes as characters. Source code
(C arrays, escaped strings) is read for what its brackets or quotes hold.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.channel_words import ARROW, WORD
from sniffer.formats.text_files.hex_bytes import FEWEST, PLAIN, parse_bytes, parse_code, shows_characters
from sniffer.formats.text_files.hex_search import (
    UNCLEAR,
    FoundBytes,
    are_bytes,
    find_context,
    find_direction,
    search_bytes,
)
from sniffer.formats.text_files.printed_time import PrintedTime, TimeFinder, find_time, is_number

_SEPARATORS = compile_late(r"(?:[\s|,;:#*`\"'()\[\]{}]|[=-](?!>))+")
_NAME = compile_late(
    r"[A-Za-z_][\w.]{0,31}(?:\s[A-Za-z_]\w{0,31}){0,3}[\"']?\s?(?:[:=](?!>)(?<!\s[0-9A-Fa-f]{2}:)|\[\d*\]\s?=|(?=<|=>|->|>))\s?"
)
"""A name before the bytes. It says nothing about them."""

_OTHER = compile_late(
    r"<Buffer|[A-Za-z_@&][\w.:/@&-]{0,40}(?:\(\d{0,9}\))?(?=[\s\"'=>,:\[({\])}])|[0-5](?=:\s[A-Za-z])|\d{1,20}(?:\.\d{1,20})?(?=\s*,\s*[\"']|[\])]|\s[A-Za-z_]{3})|\d{1,7}:\d{1,7}(?=\])|\d{1,3}(?:\.\d{1,3}){2,3}(?=\s)"
)
"""A word that says nothing about the bytes, such as the level and the logger of a log, or a number in JSON."""

_HEADS_BYTES = compile_late(
    r"[\[{]\s*\Z|raw data\W*\Z|IRP_MJ_(?:READ|WRITE) - |\b(?:\d{1,6} ?bytes?|(?:len(?:gth)?|size)[=: ]{1,2}\d{1,6})\b",
    re.IGNORECASE,
)
"""The form of a line whose direction is that of the bytes in the lines behind it."""

_PACKET_MARK = compile_late(r"([IO])\s+(?=\d)")
"""The names of the direction of a packet for `text2pcap`."""

_ENDS_IN_BYTE = compile_late(r"[^\w.]((?:0[xX])?[0-9A-Fa-f]{2})\Z")

_COUNTED = compile_late(r"\d{1,6}\):|0[xX][0-9A-Fa-f]{6,16}\):")
"""The count of the bytes behind it or their address, in parentheses."""

_AMOUNT = compile_late(r"\(?(?:\d{1,6} ?bytes?|len(?:gth)?[=: ]{1,2}\d{1,6})\)?[:,]?", re.IGNORECASE)
_SPAN = compile_late(r"\d{1,18}-\d{1,18}\s+(?=[A-Za-z])")
"""The sample numbers of a logic analyser, whose rate is not printed."""

_ASSIGNMENT = compile_late(r"\s*(?:(?:[A-Za-z_]\w*\s+){2,4}=\s*\w+;|Total bytes transmitted: \d+)\s*")
"""A number in source code, such as the size of an array, or that of bytes, which `slsnif` prints."""

_CONTINUED = compile_late(r" {7}--> ")
"""The text before the second row of the bytes that `slsnif` read at once."""

_COUNTER = compile_late(r"\d{3,6}-(?=[0-9A-F]{2} )")
"""The number of a message behind its direction, in the log of Modbus Poll."""

_LINE_NUMBER = compile_late(r"\d{1,9}[.:)|]?\s{1,8}(?=\d|IRP_MJ_)")
"""A number before a time, or before what a monitor of ports prints."""

_TAGS = compile_late(r"(?:\]?\s*\[[\w:.-]{1,40}\]:?)+\s*")
"""The text of a logger between the time and the message, which stands in the next line."""

_PADDED_NAME = compile_late(r"\[[A-Za-z][\w:-]{0,15} +\](?=\s+[A-Za-z])")
"""The name of a logger that is filled up with spaces."""

_PASSED = compile_late(r"[+-]?\d{1,10}\.\d{3,9}(?=s?[\]\s:)])")
"""The seconds since the line before, behind a time."""

_ADDRESS = compile_late(r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?![:0-9A-Fa-f])")
"""The address of a device, as of Bluetooth."""

_FRAME_OF_CAN = compile_late(r"(?P<port>v?can\d{1,3})\s+(?P<id>[0-9A-F]{3,8})(?:\s+\[\d{1,2}\]\s+|#)")
"""The text that `candump` prints before the bytes of a frame."""

_TOPIC = compile_late(r"[\w.:@-]*/(?:[\w.:@-]*/)*(?P<way>\w+)\Z")
"""A topic of MQTT, of which the last part may be a direction."""

_MOST_PARTS = 12
_MOST_LAYOUTS = 64
_MOST_IN_RUN = 500


class _LineLayout(NamedTuple):
    """The begin and the end of the time in a line, and the begin of its bytes. The time ends at 0 if there is none."""

    begin: int
    end: int
    start: int


class _ParsedLine(NamedTuple):
    """The parts of a line, and the place behind its bytes. `place` is None if the layout does not matter."""

    parts: "HexLine"
    end: int
    place: _LineLayout | None = None


class HexLine(Struct, frozen=True, gc=False):
    """A line of hex text. `data` is empty if the line holds a time or a direction only, which then hold for the lines
    that follow. `channel` is the direction or port as it was printed; it is empty if there is none.
    """

    data: bytes
    printed: PrintedTime | None
    channel: str


class LineRun(NamedTuple):
    """Lines with times in one second, each with the bytes and the nanoseconds since that `second`."""

    second: PrintedTime
    channel: str
    pieces: list[tuple[bytes, int]]


class HexLineParser:
    """The parser of the lines of one text. It remembers how the lines before were laid out, as most are alike."""

    def __init__(self) -> None:
        self._place = _LineLayout(0, 0, 0)
        self._lead = ""
        self._rest = 0
        """The place behind the bytes of the last line; 0 if nothing is there."""
        self._channels: dict[str, str] = {}
        self._times = TimeFinder()

    def parse_all(self, line: str) -> Sequence[HexLine]:
        """Return all bytes of a line, each with the time and direction before them; an empty list if it has none."""
        first = self.parse(line)
        if first is None:
            return ()
        return (first, *_parse_rest(line, first, self._rest)) if self._rest else (first,)

    def parse(self, line: str) -> HexLine | None:
        """Return the bytes of a line with their time and direction; None if it has none of them."""
        begin, end, start = self._place
        channel = self._channels.get(line[end:start])
        if channel is not None and line[:begin] == self._lead and "  " not in line[start:]:
            try:
                data = bytes.fromhex(line[start:])
            except ValueError:
                data = b""
            printed = self._times.find(line, begin) if end else None
            if data and (printed.end if printed else 0) == end:
                self._rest = 0
                return HexLine(data, printed, channel)
        found = _parse_line(line)
        if found is None:
            return None
        parsed, self._rest, place = found
        if place and parsed.data:
            begin, end, start = place
            if place != self._place or line[:begin] != self._lead or len(self._channels) >= _MOST_LAYOUTS:
                self._place, self._lead, self._channels = place, line[:begin], {}
            self._channels[line[end:start]] = parsed.channel
        return parsed

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
        for line in islice(lines, at, at + _MOST_IN_RUN):
            digits = line[begin:end]
            if line[:begin] != before or line[end:start] != middle or not is_number(digits):
                break
            try:
                data = bytes.fromhex(line[start:])
            except ValueError:
                # It is parsed by itself.
                break
            if not data or line.find("  ", start) >= 0:
                break
            pieces.append((data, int(digits) * scale))
        return LineRun(place.second, channel, pieces) if pieces else None


def parse_plain_run(lines: Sequence[str], at: int, most: int) -> tuple[bytes, int]:
    """Return the bytes of the lines from `at` on that hold nothing but bytes, and the index of the line behind them.

    They end behind the line with which there are `most` bytes or more.
    """
    data = bytearray()
    for place, line in enumerate(islice(lines, at, None), at):
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
    return bytes(data), len(lines)


def find_header(line: str) -> HexLine | None:
    """Return the time and direction of a line that other words say more of, without bytes; None without both of them.

    They hold for the lines that follow, as with `[10:00:01] Read data (COM3)`. The direction alone is enough before a
    list of numbers, as with `RX Uint8Array(13) [`, or with the number of bytes, as with `Read 13 bytes:`.
    """
    mark = _PACKET_MARK.match(line)
    printed, channel = find_context(line, mark.end() if mark else 0, len(line))
    if printed is None:
        if not _HEADS_BYTES.search(line):
            return None
        channel = (
            channel if channel and channel.lower() not in UNCLEAR else find_direction(line, 0, len(line)) or channel
        )
        return HexLine(b"", None, channel) if channel else None
    channel = mark[1] if mark else channel or find_direction(line, 0, printed.end)
    return HexLine(b"", printed, channel) if channel or _TAGS.fullmatch(line, printed.end) else None


def parse_hex_line(line: str, *, may_search: bool = True) -> HexLine | None:
    """Return the bytes of a line with their time and direction; None if it has none of them.

    Without `may_search`, bytes behind words that are not known to stand there are none.
    """
    found = _parse_line(line, may_search=may_search)
    return found.parts if found else None


def _parse_rest(line: str, first: HexLine, at: int) -> Iterator[HexLine]:
    """Yield further bytes that stand behind the first ones of a line, unless they are the same in another form."""
    if len(line) - at < 2 * FEWEST or shows_characters(line, at, first.data):
        return
    while found := search_bytes(line, at):
        at = found.end
        if found.data != first.data:
            yield HexLine(found.data, found.printed, found.channel)


def _parse_line(line: str, *, may_search: bool = True) -> _ParsedLine | None:
    """Return the parts of a line; None if it holds no bytes."""
    if found := PLAIN.fullmatch(line):
        return _ParsedLine(HexLine(bytes.fromhex(found[1]), None, ""), 0)
    if code := parse_code(line):
        begin, (data, end) = code
        printed, channel = find_context(line, 0, begin)
        return _ParsedLine(HexLine(data, printed, channel if printed else ""), end)
    if _ASSIGNMENT.fullmatch(line):
        return None
    continued = _CONTINUED.match(line)
    printed, channel, arrow, at, begin = None, "", "", continued.end() if continued else 0, 0
    fewest, has_others, has_port_only = 1, False, False
    for _ in range(_MOST_PARTS):
        if name := _PADDED_NAME.match(line, at):
            at, has_others = name.end(), True
        if separator := _SEPARATORS.match(line, at):
            at = separator.end()
        if printed is None and not channel:
            at = _skip_line_number(line, at)
        if printed is None and (found_time := find_time(line, at)):
            printed, begin, at = found_time, at, found_time.end
        elif printed and (passed := _PASSED.match(line, at)):
            at = passed.end()
        elif word := WORD.match(line, at):
            channel, at, fewest = f"{channel} {word[0]}" if channel else word[0], word.end(), 1
            has_port_only = word.lastgroup == "port" and channel == word[0]
        elif mark := ARROW.match(line, at):
            arrow, at, fewest = arrow or mark[0], mark.end(), fewest if len(mark[0]) == 1 else 1
        elif counted := _COUNTED.match(line, at) or (_COUNTER.match(line, at) if channel else None):
            at = counted.end()
        elif can := _FRAME_OF_CAN.match(line, at):
            channel, at, fewest = f"{can['port']} {can['id']}", can.end(), 1
        elif (has_others or channel.lower() in UNCLEAR) and (address := _ADDRESS.match(line, at)):
            at, has_others = address.end(), True
        elif (taken := parse_bytes(line, at)) and are_bytes(line, at, taken, fewest, channel):
            if len(taken.data) < FEWEST and may_search and (more := search_bytes(line, at, 0)):
                # What looks like a few bytes was a number before them.
                return _describe_found(more)
            if len(taken.data) < FEWEST and not channel and _precedes_channel(line, taken.end):
                at, has_others = taken.end, True
                continue
            layout = _LineLayout(begin, printed.end if printed else 0, at)
            channel = f"{channel} {arrow}" if arrow and has_port_only else channel
            return _ParsedLine(HexLine(taken.data, printed, channel or arrow), taken.end, layout)
        elif skipped := _AMOUNT.match(line, at) or _SPAN.match(line, at) or _NAME.match(line, at):
            at, fewest, channel = skipped.end(), 1, channel or _find_last_way(skipped[0])
        elif other := _OTHER.match(line, at):
            # The first byte may stand behind a word without a space.
            byte = _ENDS_IN_BYTE.search(other[0])
            at, fewest, has_others = at + byte.start(1) if byte else other.end(), FEWEST, True
            channel = channel or _find_topic(other[0])
        else:
            break
    if may_search and (more := search_bytes(line)):
        return _describe_found(more)
    is_header = printed is not None and not has_others and (channel or arrow or not line[at:].strip())
    return _ParsedLine(HexLine(b"", printed, channel or arrow), 0) if is_header else None


def _skip_line_number(line: str, at: int) -> int:
    """Return the place behind a number that stands before a time or a request to a port; `at` without one."""
    number = _LINE_NUMBER.match(line, at)
    if number is None or not (line.startswith("IRP_", number.end()) or find_time(line, number.end())):
        return at
    return number.end()


def _precedes_channel(line: str, at: int) -> bool:
    """Return True if a direction or a port stands at this place, and its bytes or words behind it."""
    separator = _SEPARATORS.match(line, at)
    word = WORD.match(line, separator.end() if separator else at)
    return word is not None and _SEPARATORS.sub("", line[word.end() :]) != ""


def _find_last_way(name: str) -> str:
    """Return the direction that ends a name of several words, as in `uart rx:`; empty without one."""
    words = name.rstrip(" :=\"'").split()
    found = WORD.match(f"{words[-1]}:") if len(words) > 1 else None
    is_clear = found is not None and found.lastgroup == "way" and words[-1].lower() not in UNCLEAR
    return words[-1] if found and is_clear and found.end() == len(words[-1]) else ""


def _find_topic(word: str) -> str:
    """Return the direction that ends a topic; empty if the word is none."""
    topic = _TOPIC.fullmatch(word)
    found = WORD.match(f"{topic['way']}:") if topic else None
    return topic["way"] if topic and found and found.end() == len(topic["way"]) else ""


def _describe_found(found: FoundBytes) -> _ParsedLine:
    """Return the parts of a line in which bytes were searched."""
    return _ParsedLine(HexLine(found.data, found.printed, found.channel), found.end)
