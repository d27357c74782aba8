"""The bytes of a JSON file divided into its objects: one on each line, or those of an array or of indented text.

In: the bytes of a file, in pieces. Out: the text of each object, whole but not parsed. A damaged object does not take
the ones after it along, where each begins a line. Memory stays bounded: of a line or object that is longer than
`LONGEST` bytes only the beginning is kept.
"""

import codecs
import re
from collections.abc import Iterator
from typing import Protocol

from sniffer.base.late_pattern import compile_late

LONGEST = 1 << 24
"""Bytes. A longer object cannot have been written by `dump --json`."""

_MARK = "\ufeff".encode()
"""The byte order mark that some editors write at the beginning of a file."""

_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
"""The byte order marks of files that some shells write in UTF-16, and the encodings."""

_INDENTED = compile_late(rb"\[|\{[ \t\r]*+\n")

_TOKEN = compile_late(rb'"(?:[^"\\\n]++|\\.)*+(?P<end>")?|[{}]', re.DOTALL)
_WIDEST = 1000
"""Bytes of indentation that are kept, at most."""


class Splitter(Protocol):
    """Divides the bytes of one file. `unit` is the word for one part, for messages."""

    unit: str

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the parts that these bytes complete."""
        ...

    def end(self) -> bytes:
        """Return the part that is not complete at the end of the file; empty if there is none."""
        ...


def create_splitter(head: bytes) -> Splitter:
    """Return the splitter of a file that begins with these bytes."""
    splitter = ObjectSplitter() if _INDENTED.match(to_utf8(head).lstrip()) else LineSplitter()
    encoding = _WIDE.get(head[:2])
    return WideSplitter(splitter, encoding) if encoding else splitter


def to_utf8(head: bytes) -> bytes:
    """Return the beginning of a file in UTF-8, without a byte order mark."""
    encoding = _WIDE.get(head[:2])
    return head[2:].decode(encoding, "replace").encode() if encoding else head.removeprefix(_MARK)


class WideSplitter:
    """Divides a file in UTF-16 as the splitter of one in UTF-8 does. `unit` is that of this one."""

    def __init__(self, splitter: Splitter, encoding: str) -> None:
        self.unit = splitter.unit
        self._splitter = splitter
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the parts that these bytes complete."""
        return self._splitter.feed(self._decoder.decode(data).encode("utf-8", "replace"))

    def end(self) -> bytes:
        """Return the part that is not complete at the end of the file; empty if there is none."""
        return self._splitter.end()


class LineSplitter:
    """Divides a file into its lines, which keep their line ends."""

    unit = "line"

    def __init__(self) -> None:
        self._rest = b""
        self._is_first = True
        self._is_too_long = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the lines that these bytes complete, with their line ends."""
        if self._is_first:
            data, self._is_first = data.removeprefix(_MARK), False
        *lines, rest = (self._rest + data).split(b"\n")
        for line in lines:
            if not self._is_too_long:
                yield line + b"\n"
            self._is_too_long = False
        if self._is_too_long:
            rest = b""
        elif len(rest) >= LONGEST:
            yield rest[:LONGEST] + b"\n"
            self._is_too_long, rest = True, b""
        self._rest = rest

    def end(self) -> bytes:
        """Return the line without a line end at the end of the file; empty if there is none."""
        return self._rest


class ObjectSplitter:
    """Divides a file into its outermost objects, whatever stands between them."""

    unit = "object"

    def __init__(self) -> None:
        self._data = b""
        self._at = 0
        self._depth = 0
        self._indentation: bytes | None = None
        """The text before an outermost object that begins a line. After a damaged one, the next is found by it."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the objects that these bytes complete."""
        self._data += data
        start = 0
        while match := _TOKEN.search(self._data, self._at):
            token = match[0]
            if token.startswith(b'"') and match["end"] is None and self._data[match.end() :] in (b"", b"\\"):
                # The rest of the string is still missing.
                self._at = match.start()
                break
            self._at = match.end()
            if token == b"{":
                indentation = self._measure_indentation(match.start())
                if self._depth and indentation is not None and indentation == self._indentation:
                    yield self._data[start : match.start()]
                    self._depth = 0
                if self._depth == 0:
                    start = match.start()
                    self._indentation = self._indentation if indentation is None else indentation
                self._depth += 1
            elif token == b"}" and self._depth:
                self._depth -= 1
                if self._depth == 0:
                    yield self._data[start : self._at]
        else:
            self._at = len(self._data)
        if self._depth and len(self._data) - start > LONGEST:
            yield self._data[start : start + LONGEST]
            self._depth = 0
        if not self._depth:
            # The indentation of the next object is still needed.
            start = max(self._data.rfind(b"\n", 0, self._at), self._at - _WIDEST, 0)
        self._data, self._at = self._data[start:], self._at - start

    def end(self) -> bytes:
        """Return the object that is not complete at the end of the file; empty if there is none."""
        return self._data if self._depth else b""

    def _measure_indentation(self, at: int) -> bytes | None:
        """Return the text between the beginning of the line and an object; None if that is more than blanks."""
        before = self._data[self._data.rfind(b"\n", 0, at) + 1 : at].replace(b",", b"")
        return None if before.strip() else before
