"""Texts in a transfer encoding: mails in quoted-printable or Base64, and texts that somebody copied out of one.

In: the bytes of a text, however they are cut. Out: the bytes that it had before. The headers of a mail and of its parts
say how each body is encoded. Without headers, a text is quoted-printable if each `=` in it is the code of a character
or ends a line that goes on, and Base64 if all its lines are and hold a text.
"""

import binascii
import codecs
from enum import Enum, auto

from sniffer.base.late_pattern import compile_late

_HEADER = compile_late(rb"(?im)^content-transfer-encoding:\s*\"?(quoted-printable|base64)")
_ANY_HEADER = compile_late(rb"(?i)content-transfer-encoding:\s*\"?([\w-]+)")
_EQUALS = compile_late(rb"=(?![0-9A-F]{2}|[ \t]*\r?\n|[ \t]*\Z)")
_SOFT_END = compile_late(rb"(?m)^[^\n]{60,75}=[ \t]*\r?$")
"""The end of a line that goes on: encoders fill it. The `=` of a setting without a value stands after its name."""

_CODE = compile_late(rb"=[0-9A-F]{2}")
_CODE_OF_EQUALS = b"=3D"
_LONGEST_ENCODED = 77
_BASE64 = compile_late(rb"\s*(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\s*")
_SHORTEST_LONG = 16
"""Characters of the longest line, at least: short ones may be words."""
_NOT_HEX = compile_late(rb"[G-Zg-z]")
_NOT_TEXT = compile_late(r"[^\t\n\r\x1b\x20-\x7e\xa0-\uffff]")
_BOUNDARY = b"--"
_MOST_TRIED = 1 << 12
_MOST_WAITING = 1 << 16
_GROUP = 4


class TransferEncoding(Enum):
    """The encoding by which the bytes of a text were sent."""

    NONE = auto()
    """Not at all."""
    MAIL = auto()
    """As the headers of a mail or of its parts say."""
    QUOTED_PRINTABLE = auto()
    """With codes such as `=3D`, and `=` at the end of a line that goes on."""
    BASE64 = auto()
    """As Base64, line by line."""
    BASE64_LINES = auto()
    """As Base64, each line of the text by itself."""


def find_transfer_encoding(head: bytes) -> TransferEncoding:
    """Return the transfer encoding of a text that begins with these bytes."""
    if b"\0" in head:
        return TransferEncoding.NONE
    if _HEADER.search(head):
        return TransferEncoding.MAIL
    if b"=" in head and not _EQUALS.search(head) and _is_quoted(head):
        return TransferEncoding.QUOTED_PRINTABLE
    if not _is_base64_text(head):
        return TransferEncoding.NONE
    return TransferEncoding.BASE64 if _has_even_lines(head) else TransferEncoding.BASE64_LINES


class TransferDecoder:
    """The decoder of one text. It holds the line that has no end yet."""

    def __init__(self, encoding: TransferEncoding) -> None:
        self._is_mail = encoding is TransferEncoding.MAIL
        self._body = TransferEncoding.NONE if self._is_mail else encoding
        self._next = TransferEncoding.NONE
        """The encoding of the body after the present headers."""
        self._rest = b""

    def feed(self, data: bytes) -> bytes:
        """Return the bytes that these complete, as they were before they were encoded."""
        *lines, rest = (self._rest + data).split(b"\n")
        # A line without an end is decoded as far as its digits are whole groups.
        cut = len(rest) - len(rest) % _GROUP if len(rest) > _MOST_WAITING else 0
        self._rest = rest[cut:]
        found = b"".join(self._decode(line + b"\n") for line in lines)
        return found + self._decode(rest[:cut]) if cut else found

    def finish(self) -> bytes:
        """Return the last line, if it has no end."""
        rest, self._rest = self._rest, b""
        return self._decode(rest) if rest else b""

    def _decode(self, line: bytes) -> bytes:
        """Return a line as it was before it was encoded."""
        if self._is_mail and (self._body is TransferEncoding.NONE or line.startswith(_BOUNDARY)):
            return self._read_header(line)
        if self._body is TransferEncoding.QUOTED_PRINTABLE:
            return binascii.a2b_qp(line)
        try:
            found = binascii.a2b_base64(line)
        except ValueError:
            return line
        is_line = self._body is TransferEncoding.BASE64_LINES and not found.endswith(b"\n")
        return found + b"\n" if is_line else found

    def _read_header(self, line: bytes) -> bytes:
        """Return a line outside of an encoded body, and keep what it says of the next one."""
        if line.startswith(_BOUNDARY):
            self._body = self._next = TransferEncoding.NONE
        elif found := _ANY_HEADER.match(line):
            names = {b"quoted-printable": TransferEncoding.QUOTED_PRINTABLE, b"base64": TransferEncoding.BASE64}
            self._next = names.get(found[1].lower(), TransferEncoding.NONE)
        elif not line.strip():
            self._body = self._next
        return line


def _is_quoted(head: bytes) -> bool:
    """Return True if codes and lines that go on show quoted-printable: bytes after `=` may be codes by chance."""
    lines = head.split(b"\n")
    if any(len(line.rstrip(b"\r")) > _LONGEST_ENCODED for line in lines):
        return False
    codes = _CODE.findall(head)
    return bool(codes) and (_CODE_OF_EQUALS in codes or bool(_SOFT_END.search(head)))


def _has_even_lines(head: bytes) -> bool:
    """Return True if all lines but the last are equally long, as those of one text that was encoded whole."""
    *whole, last = head.split()
    return len({*map(len, whole)}) <= 1 and (not whole or len(last) <= len(whole[0]))


def _is_base64_text(head: bytes) -> bool:
    """Return True if these lines are Base64 of a text. The last of them may be cut off."""
    lines = head.splitlines()[: _MOST_TRIED // 64]
    whole = lines[:-1] or lines
    if max(map(len, lines), default=0) < _SHORTEST_LONG or not _NOT_HEX.search(head):
        return False
    if not all(_BASE64.fullmatch(line) for line in whole if line.strip()):
        return False
    try:
        data = b"".join(map(binascii.a2b_base64, whole))[:_MOST_TRIED]
        text = codecs.getincrementaldecoder("utf-8")().decode(data)
    except ValueError:
        return False
    return bool(text) and not _NOT_TEXT.search(text)
