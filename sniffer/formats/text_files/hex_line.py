r"""One line of hex text: its bytes, and the time and direction that are printed before them.

In: a line, whatever program printed it. Out: a `HexLine`, or None if it holds no bytes. Bytes are two digits each, with
or without `0x`, `\x` or `h`, one after the other or separated by spaces, commas, colons, dashes or semicolons. Before
them may stand times, directions (`Rx <=`, `[TX] -`, `CU->PB`), the name of a port or decoder, and a name with a colon
or an equals sign. Behind them may stand a comment, a count in parentheses, or the bytes as characters. Source code
(C arrays, escaped strings) is read for what its brackets or quotes hold.
"""

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.printed_time import PrintedTime, TimeFinder, find_time, is_number

_PAIR = r"(?:0[xX]|\\x)?[0-9A-Fa-f]{2}[hHuU]?"
_BYTES = compile_late(rf"{_PAIR}(?:(?:\s?[,;:]\s?|[ \t-])?{_PAIR})*+(?![0-9A-Za-z_])[,;:]?")
_PLAIN = compile_late(r"[ \t]*([0-9A-Fa-f]{2}(?: ?[0-9A-Fa-f]{2})*)[ \t]*")
"""The most frequent form, which `bytes.fromhex` reads as it is."""

_NO_DIGIT = compile_late(r"0[xX]|[^0-9A-Fa-f]+")
_TAIL = compile_late(r"\s*(?:$|[ \t]{2,}.|\t|#(?![0-9A-Fa-f]{2})|[|>'\"`*/\\(){}\[\]<]|;|\.\.\.)")
"""What may stand behind the bytes: nothing, a comment, a count, or after two spaces the bytes as characters."""

_ELEMENT = compile_late(r"\s*[(\[{<\"']")
"""The next of a list whose elements are not all plain bytes."""

_GAP = compile_late(r"[ \t]{2,}|\s*\|\s*")

_SEPARATORS = compile_late(r"(?:[\s|,;:#*`\"'()\[\]{}]|[=-](?!>))+")
_ARROW = compile_late(r"<=+|=+>|<-+|-+>|<{1,3}(?!Buffer)|>{1,3}|[←→]")
_WORD = compile_late(
    r"(?P<pair>[A-Za-z]\w{0,15}(?:-+>|=+>|→)(?![0-9A-F]{2}\s)[A-Za-z]\w{0,15}(?!\w)"
    r"|[A-Za-z]\w{0,15} (?:-+>|=+>|→) [A-Za-z]\w{0,15}(?=\s?[:\]|]))"
    r"|(?P<port>COM\d{1,3}|/dev/[\w./-]{1,60}|tty\w{1,16}|uart-\d{1,2})(?!\w)"
    r"|(?P<way>rx[-_ ]?data|tx[-_ ]?data|rxd?|txd?|rcvd?|recv|received?|reception|sent|send|sending|transmit(?:ted)?"
    r"|xmit|incoming|outgoing|in|out|input|output|read|written|write|master|slave|host|device|request|response"
    r"|req|resp?|rsp|[RSTIO](?=[:>\]|]))(?![\w-])",
    re.IGNORECASE,
)
_NAME = compile_late(
    r"[A-Za-z_][\w.]{0,31}(?:\s[A-Za-z_]\w{0,31}){0,3}[\"']?\s?(?:[:=](?!>)|\[\d*\]\s?=|(?=<|=>|->|>))\s?"
)
"""A name before the bytes. It says nothing about them."""

_OTHER = compile_late(
    r"<Buffer|[A-Za-z_@&][\w.:/@&-]{0,40}(?:\(\d{0,9}\))?(?=[\s\"'=>,:\[({\])}])|\d{1,20}(?:\.\d{1,20})?(?=\s*,\s*[\"']|[\])]|\s[A-Za-z_]{3})"
)
"""A word that says nothing about the bytes, such as the level and the logger of a log, or a number in JSON."""

_FEWEST_BEHIND_OTHERS = 7
"""The bytes that are taken behind such words: those of the shortest frame. Fewer may be words themselves."""

_UNMISTAKABLE = compile_late(
    rf"{_PAIR}(?P<sep>,\s|[ ,:-]){_PAIR}(?:(?P=sep){_PAIR}){{5,}}"
    r"|(?=[0-9]*+[A-Fa-f])(?:[0-9A-Fa-f]{2}){7,}(?![0-9A-Za-z])"
)
"""Bytes behind such words: pairs with one separator, or hexadecimal digits in a row, but no years and large numbers."""

_COUNTED = compile_late(r"\d{1,6}\):")
"""The count of the bytes behind it, in parentheses."""

_AMOUNT = compile_late(r"\(?(?:\d{1,6} ?bytes?|len(?:gth)?[=: ]{1,2}\d{1,6})\)?[:,]?", re.IGNORECASE)
_SPAN = compile_late(r"\d{1,18}-\d{1,18}\s+(?=[A-Za-z])")
"""The sample numbers of a logic analyser, whose rate is not printed."""

_COMMENT = compile_late(r"/\*.*?(?:\*/|$)|//.*$")
_QUOTED = compile_late(r"\"((?:\\x[0-9A-Fa-f]{2})+)\"")
_ASSIGNMENT = compile_late(r"\s*(?:[A-Za-z_]\w*\s+){2,4}=\s*\w+;\s*")
"""A number in source code, such as the size of an array."""

_MOST_PARTS = 12
_SPACE, _DELETE = 0x20, 0x7F
_ROW_WIDTH = 4
"""Characters of a row for each byte: two digits, a space, and the byte as a character."""

_MOST_LAYOUTS = 64
_MOST_IN_RUN = 500


class _LineLayout(NamedTuple):
    """Where the time of a line begins and ends, and where its bytes begin. The time ends at 0 if there is none."""

    begin: int
    end: int
    start: int


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
        self._channels: dict[str, str] = {}
        self._times = TimeFinder()

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
                return HexLine(data, printed, channel)
        found = _parse_line(line)
        if found is None:
            return None
        parsed, place = found
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


def parse_hex_line(line: str) -> HexLine | None:
    """Return the bytes of a line with their time and direction; None if it has none of them."""
    found = _parse_line(line)
    return found[0] if found else None


def _parse_line(line: str) -> "tuple[HexLine, _LineLayout | None] | None":
    """Return the parts of a line and where they stand, None if that does not matter; None if it holds no bytes."""
    if found := _PLAIN.fullmatch(line):
        return HexLine(bytes.fromhex(found[1]), None, ""), None
    if code := _parse_code(line):
        return HexLine(code, None, ""), None
    if _ASSIGNMENT.fullmatch(line):
        return None
    printed, channel, arrow, at, begin = None, "", "", 0, 0
    fewest, has_others = 1, False
    for _ in range(_MOST_PARTS):
        if separator := _SEPARATORS.match(line, at):
            at = separator.end()
        if printed is None and (found_time := find_time(line, at)):
            printed, begin, at = found_time, at, found_time.end
        elif word := _WORD.match(line, at):
            channel, at, fewest = f"{channel} {word[0]}" if channel else word[0], word.end(), 1
        elif mark := _ARROW.match(line, at):
            arrow, at, fewest = arrow or mark[0], mark.end(), fewest if len(mark[0]) == 1 else 1
        elif counted := _COUNTED.match(line, at):
            at = counted.end()
        elif (data := _parse_bytes(line, at)) and (
            fewest == 1 or (len(data) >= fewest and _UNMISTAKABLE.match(line, at))
        ):
            return HexLine(data, printed, channel or arrow), _LineLayout(begin, printed.end if printed else 0, at)
        elif skipped := _AMOUNT.match(line, at) or _SPAN.match(line, at) or _NAME.match(line, at):
            at, fewest = skipped.end(), 1
        elif other := _OTHER.match(line, at):
            at, fewest, has_others = other.end(), _FEWEST_BEHIND_OTHERS, True
        else:
            break
    is_header = printed is not None and not has_others and (channel or arrow or not line[at:].strip())
    return (HexLine(b"", printed, channel or arrow), None) if is_header else None


def _parse_bytes(line: str, at: int) -> bytes | None:
    """Return the bytes at this place; None if they do not reach to the end of the line, to a comment, or to their
    characters.

    Bytes behind a gap are part of the line, unless they are as many characters as bytes stand before them.
    """
    if row := _split_characters(line, at):
        return row
    found = _BYTES.match(line, at)
    if found is None or not _TAIL.match(line, found.end()):
        return None
    if found[0].endswith(",") and _ELEMENT.match(line, found.end()):
        return None
    data = _digits_of(found[0])
    while gap := _GAP.match(line, found.end()):
        found = _BYTES.match(line, gap.end())
        if found is None or not _TAIL.match(line, found.end()) or _are_characters(line, gap.end(), data):
            break
        data += _digits_of(found[0])
    return data


def _are_characters(line: str, at: int, data: bytes) -> bool:
    """Return True if what stands behind bytes may be their characters: as many, or with spaces the printable ones."""
    size = len(line.rstrip("|\t ")) - at
    may_have_spaces = len(data) < size <= 2 * len(data)
    return size == len(data) or (may_have_spaces and _agree(line[at : at + size].replace(" ", ""), data))


def _agree(text: str, data: bytes) -> bool:
    """Return True if these are the characters of these bytes: each that is printable, and any other for the rest."""
    shown = [(one, byte) for one, byte in zip(text, data, strict=False) if _SPACE < byte < _DELETE]
    return len(text) == len(data) and bool(shown) and all(one == chr(byte) for one, byte in shown)


def _split_characters(line: str, at: int) -> bytes | None:
    """Return the bytes of a row whose characters follow after one space; None for other lines."""
    count, rest = divmod(len(line.rstrip()) - at, _ROW_WIDTH)
    begin = at + (_ROW_WIDTH - 1) * count
    if rest or count < _FEWEST_BEHIND_OTHERS or (found := _PLAIN.fullmatch(line, at, begin)) is None:
        return None
    data = bytes.fromhex(found[1])
    return data if len(data) == count and _agree(line[begin:].rstrip(), data) else None


def _digits_of(text: str) -> bytes:
    return bytes.fromhex(_NO_DIGIT.sub("", text))


def _parse_code(line: str) -> bytes | None:
    """Return the bytes of a line of source code; None if it is none."""
    if "\\x" in line:
        return b"".join(_digits_of(part) for part in _QUOTED.findall(line)) or None
    if ("0x" not in line and "0X" not in line) or not ("{" in line or "[" in line or "," in line or "/" in line):
        return None
    body = _COMMENT.sub("", line).replace("(byte)", "")
    body = body[max(body.rfind("{"), body.rfind("[")) + 1 :].partition("}")[0].partition("]")[0].strip()
    found = _BYTES.fullmatch(body) if body[:2] in ("0x", "0X") else None
    return _digits_of(found[0]) if found else None
