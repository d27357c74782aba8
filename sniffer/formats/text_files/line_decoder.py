"""Bytes of a text file to lines: encoding, line ends, colour codes and NUL bytes.

In: the bytes of a file, however they are cut. Out: lines without line ends. Memory is bounded: a line that is longer
than `MAX_LINE` is split, at a space if it has one. `find_encoding` chooses the encoding and the line end from the first
bytes.

A line may end with LF, CRLF, LF CR or CR alone, and each line of a text with another one of them: programs that print
into one terminal end their lines differently. Web pages have separators of their own for lines and paragraphs. NUL
bytes are dropped: they are what a power cut or a truncated file leaves in a log. Codes that set colours or a title or
erase a line are dropped, and those before a line that clear the screen or place the cursor. Every other control
character stays in the line.
"""

import codecs
from collections import Counter

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.transfer_encoding import TransferDecoder, TransferEncoding, find_transfer_encoding

MAX_LINE = 1 << 18
"""Characters. The longest frame fits into this."""

_BOMS = {
    b"\xff\xfe\0\0": "utf-32-le",
    b"\0\0\xfe\xff": "utf-32-be",
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
}
_NEARLY_ALL = 0.8
"""The share of NUL bytes at even or odd places from which on a text is UTF-16. ASCII in UTF-16 has all of them."""

_COLOR = compile_late(
    r"\x1b\[[0-9;:]*[mK]|\x1b\[[0-9]{1,3};[0-9]{1,3}H|\x1b\(B|\A(?:\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]{0,999}(?:\x07|\x1b\\))+"
)
_JUMP = compile_late(r"\x1b\[([0-9]{1,3});([0-9]{1,3})H")
_FEWEST_JUMPS = 7
_NOT_ASCII = compile_late(rb"[\x80-\xff]+")
_DIRECTIONS_IN_GBK = b"\xca\xd5", b"\xb7\xa2"
"""The words for received and sent, which begin or end longer ones. To encode them here would load the codec always."""

_FIRST_OF_LATIN_1, _NOT_WINDOWS, _FEWEST_WINDOWS = 0xA0, frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D)), 4
_LONGEST_SEQUENCE = 3
"""The most bytes at the end of the head that may be those of one character that is cut off."""


class TextEncoding(Struct, frozen=True):
    """The encoding of a text. `newline` is the character that ends its lines: LF, or CR if the text has no LF.

    `transfer` is how the text was encoded to be sent.
    """

    codec: str = "utf-8"
    newline: str = "\n"
    transfer: TransferEncoding = TransferEncoding.NONE


def find_encoding(head: bytes) -> TextEncoding:
    """Return the encoding of a text that begins with these bytes.

    A byte order mark decides. Without one, a text is UTF-16 if nearly every second byte is NUL, and Latin-1 if it has
    printable bytes above ASCII and no character of UTF-8, or else in that of Windows. A text that names directions in
    GBK is in that.
    """
    transfer = find_transfer_encoding(head)
    if transfer is not TransferEncoding.NONE:
        decoder = TransferDecoder(transfer)
        head = decoder.feed(head) + decoder.finish()
    marked = (name for bom, name in _BOMS.items() if head.startswith(bom) and _may_be_in(head, name))
    codec = next(marked, None) or _guess_codec(head)
    wide = codec.startswith(("utf-16", "utf-32"))
    text = head.decode(codec, "replace") if wide else head.decode("latin-1")
    return TextEncoding(codec, "\r" if "\r" in text and "\n" not in text else "\n", transfer)


def clean_line(line: str) -> str:
    """Return the line without byte order mark, NUL bytes, colour codes, and the CR of CRLF or LF CR."""
    if "\0" in line:
        line = line.replace("\0", "")
    if "\x1b" in line:
        line = _COLOR.sub("", _drop_repainted(line) if line.count("\x1b") > _FEWEST_JUMPS else line)
    return line.removeprefix("\ufeff").removeprefix("\r").removesuffix("\r")


def _drop_repainted(line: str) -> str:
    """Return the line without what a terminal program painted again above or left of the place where it prints.

    At the right edge it prints each character at the same place of the screen.
    """
    first, *parts = _JUMP.split(line)
    places = [(int(row), int(column)) for row, column in zip(parts[::3], parts[1::3], strict=True)]
    place, count = Counter(places).most_common(1)[0] if places else ((0, 0), 0)
    if count <= _FEWEST_JUMPS:
        return line
    return "".join([first, *(text for one, text in zip(places, parts[2::3], strict=True) if one >= place)])


class LineDecoder:
    """The decoder of one text. It holds the line that has no end yet."""

    def __init__(self, encoding: TextEncoding) -> None:
        self._newline = encoding.newline
        self._other = "\r" if encoding.newline == "\n" else "\n"
        self._transfer = None if encoding.transfer is TransferEncoding.NONE else TransferDecoder(encoding.transfer)
        self._rest = ""
        self._is_divided = False
        """True if a part of the line that has no end yet was returned."""
        self._is_utf8 = encoding.codec == "utf-8"
        errors = "backslashreplace" if self._is_utf8 else "replace"
        self._decoder = codecs.getincrementaldecoder(encoding.codec)(errors)

    @property
    def rest(self) -> str:
        """The line that has no end yet; empty in a transfer encoding, where its last part may not be decoded."""
        return "" if self._transfer else clean_line(self._rest)

    def feed(self, data: bytes) -> list[str]:
        """Return the lines that these bytes complete."""
        return self._take_lines(self._decode(data))

    def feed_flow(self, data: bytes) -> tuple[str, list[str] | None]:
        """Return the characters up to the end of the line that has none yet, and the lines after it; None for these if
        the line goes on. A line end of another kind than that of the text does not end it.
        """
        line, end, text = self._decode(data).partition(self._newline)
        self._rest = ""
        return line.replace("\0", ""), self._take_lines(text) if end else None

    def _decode(self, data: bytes) -> str:
        """Return the line that has no end yet with these bytes."""
        if self._transfer:
            data = self._transfer.feed(data)
        return self._rest + self._decoder.decode(data)

    def _take_lines(self, text: str) -> list[str]:
        """Return the lines of a text that have an end, and keep the last one, which has none."""
        if not text.isascii() and ("\u2028" in text or "\u2029" in text):
            text = text.replace("\u2028", self._newline).replace("\u2029", self._newline)
        if "\r" in text and self._other == "\r":
            text = text.replace("\r\n", "\n")
        lines = text.split(self._newline)
        self._rest = lines.pop()
        if self._other in text or self._is_divided:
            lines = [part for line in lines for part in self._divide(line)]
            lines += self._divide_rest()
        if len(text) > MAX_LINE:
            lines = [part for line in lines for part in _split(line)]
            *parts, self._rest = _split(self._rest)
            lines += parts
        if "\0" in text or "\x1b" in text or "\ufeff" in text:
            return [clean_line(line) for line in lines]
        return lines

    def finish(self) -> list[str]:
        """Return the last line, if it has no end, and the lines that a last encoded line holds."""
        lines = self._finish_transfer(self._transfer) if self._transfer else []
        rest, self._rest = self._rest + self._decoder.decode(b"", final=True), ""
        # Zero bytes and the second character of a line end are no line.
        return lines + [clean_line(part) for part in self._divide(rest)] if clean_line(rest) else lines

    def _finish_transfer(self, transfer: TransferDecoder) -> list[str]:
        """Return the lines that the last encoded line completes."""
        self._transfer = None
        return self.feed(transfer.finish())

    def _divide(self, line: str) -> list[str]:
        """Return the parts of a line that has ended, which the other character for a line end divides."""
        parts = [part for part in line.split(self._other) if part]
        is_divided, self._is_divided = self._is_divided, False
        return parts if parts or is_divided else [""]

    def _divide_rest(self) -> list[str]:
        """Remove and return the parts of the line that has no end yet, but for the last one: its end may follow."""
        *parts, last = self._rest.split(self._other)
        if parts and not last:
            last = parts.pop() + self._other
        self._rest = last
        found = [part for part in parts if part]
        self._is_divided = self._is_divided or bool(found)
        return found


def _split(line: str) -> list[str]:
    """Return the parts of a line that is too long. A CR that may be a part of its end does not count."""
    parts = []
    while len(line) - line.endswith("\r") > MAX_LINE:
        cut = line.rfind(" ", 1, MAX_LINE) + 1 or MAX_LINE
        parts.append(line[:cut])
        line = line[cut:]
    return [*parts, line]


def _may_be_in(head: bytes, codec: str) -> bool:
    """Return False for a text in UTF-16 that begins with NUL, whose mark is that of UTF-32."""
    if not codec.startswith("utf-32"):
        return True
    try:
        head[: len(head) // 4 * 4].decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _guess_codec(head: bytes) -> str:
    """Return the encoding of a text without a byte order mark."""
    half = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > _NEARLY_ALL * half and even < (1 - _NEARLY_ALL) * half:
        return "utf-16-le"
    if even > _NEARLY_ALL * half and odd < (1 - _NEARLY_ALL) * half:
        return "utf-16-be"
    if _names_directions_in_gbk(head):
        return "gbk"
    return _find_one_byte_codec(head) or "utf-8"


def _names_directions_in_gbk(head: bytes) -> bool:
    """Return True if a text that is not UTF-8 names directions in GBK, as terminal programs of Chinese Windows do."""
    return any(word in head for word in _DIRECTIONS_IN_GBK) and not _is_utf_8(head[: head.rfind(b"\n") + 1])


def _find_one_byte_codec(head: bytes) -> str:
    """Return Latin-1 if bytes above ASCII occur, all printable in it, and none of them a character of UTF-8, or the
    encoding of Windows if several are, and some printable in that only; empty for other texts.
    """
    found = list(_NOT_ASCII.finditer(head))
    if found and len(head) - found[-1].end() == 0 and len(found[-1][0]) <= _LONGEST_SEQUENCE:
        found.pop()
    if not found or any(_is_utf_8(one[0]) for one in found):
        return ""
    if all(min(one[0]) >= _FIRST_OF_LATIN_1 for one in found):
        return "latin-1"
    is_windows = len(found) >= _FEWEST_WINDOWS and not any(_NOT_WINDOWS.intersection(one[0]) for one in found)
    return "cp1252" if is_windows else ""


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
