"""Dumps: xxd, hexdump, od, debuggers, Wireshark and tshark -x, and their packets one after the other.

In: the lines of a dump, and its form, which `dump_form` finds. Out: the bytes of each row. The offsets show where the
bytes of a row end and their characters begin, so a row is returned when the offset after it is known. A line `*`
stands for repetitions of the row before it. Rows that are missing are returned as a number of bytes.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.links import ROUTES_IN_BYTES
from sniffer.formats.text_files.dumps.dump_numbers import CHARACTERS, NumberForm, parse_numbers
from sniffer.formats.text_files.hex_lines.hex_bytes import shows_characters

MOST_REPEATED = 1 << 20
"""The most bytes that one line `*` is filled with. The rest of them is counted as missing."""

ROW = compile_late(
    r"[\s|@]*(?!87654321\s)(?:[0-9A-Fa-f]{4}:|[0-9A-Fa-f]{8}`)?(?:0[xX])?(?P<offset>[0-9A-Fa-f]{4,16})(?:\s<[^<>]{1,80}>)?"
    r"(?P<colon>h?\s?[:=|](?=\s|$)|\s-(?=\s)|)(?:\s+(?P<body>.*))?"
)
_GROUP = compile_late(
    r"(?P<gap> {0,3}|\t|(?<=\s[0-9A-Fa-f]{2})-(?=[0-9A-Fa-f]{2}(?:\s|$))| - | {0,2}\| {0,2})"
    r"(?:0[xX])?(?P<digits>[0-9A-Fa-f]{2,32})(?![0-9A-Za-z:.]|-(?![0-9A-Fa-f]{2}(?:\s|$)))"
)
_ROW_OF_PEER = compile_late(r"(?P<indent>\t| {4})?[0-9A-Fa-f]{8} {2}[0-9a-f]{2}(?: [0-9a-f]{2}|\s)")
_PREFIXED = compile_late(r"(?<=[\s\]:>|])(?:0[xX])?[0-9A-Fa-f]{4,16}:?\s{1,8}(?=[0-9A-Fa-f]{2,32}(?:\s|$))")
REPEATED = "*"
NO_OFFSET = 0
"""The radix of a dump that has no offsets, as of `od -An`."""

_USUAL_WIDTH = 16
_MOST_IN_ROW = 256
_MOST_IN_RUN = 500
_WORD_SIZES = (2, 4, 8)
_MOST_WAITING = 1 << 10
"""Bytes before the end of a dump without offsets in which its last frame is looked for."""


class DumpForm(NamedTuple):
    """The form of a dump: the base of its offsets, `NO_OFFSET` without any, and how its bytes are printed.

    `numbers` None stands for bytes of two digits in any groups.
    """

    radix: int
    numbers: NumberForm | None = None


class DumpRow(Struct, frozen=True, gc=False):
    """A row. `ends` are the numbers of bytes after which its characters may begin; the last is all of its bytes.

    `columns` are the places in the line where the offset begins and ends, and where the bytes begin; `stops` are those
    of `ends`. `filling` is how many bytes at its end may fill up a number of more than one byte.
    """

    offset: int
    data: bytes
    ends: tuple[int, ...]
    has_colon: bool
    columns: tuple[int, int, int] = (0, 0, 0)
    stops: tuple[int, ...] = ()
    filling: int = 0
    line: str = ""

    def find_characters(self) -> int:
        """Return after how many bytes the same bytes follow as characters; 0 if they do not."""
        places = zip(reversed(self.ends), reversed(self.stops), strict=True)
        return next((end for end, stop in places if shows_characters(self.line, stop, self.data[:end])), 0)


class MissingBytes(Struct, frozen=True):
    """The number of bytes that a dump leaves out; None if it does not show it."""

    count: int | None


def parse_dump_row(line: str, form: DumpForm) -> DumpRow | None:
    """Return a line of a dump; None if it is none. The last offset of a dump has no bytes."""
    if form.radix == NO_OFFSET:
        row = parse_numbers(line, form.numbers) if form.numbers else None
        return DumpRow(0, row.data, (len(row.data),), has_colon=False, stops=(row.end,), line=line) if row else None
    found = ROW.fullmatch(line)
    if found is None:
        return None
    try:
        offset = int(found["offset"], form.radix)
    except ValueError:
        return None
    body, has_colon = found["body"] or "", bool(found["colon"])
    if form.numbers:
        return _parse_number_row(line, form.numbers, found.end("colon"), DumpRow(offset, b"", (0,), has_colon))
    data, ends, stops, at = b"", list[int](), list[int](), found.start("body") if body else len(line)
    begin, size = at, 1
    while len(data) < _MOST_IN_ROW and (group := _GROUP.match(line, at)):
        if len(group["digits"]) % 2:
            break
        if data and (len(group["gap"]) != 1 or len(group["digits"]) > 2 * size):
            ends.append(len(data))
            stops.append(at)
        data, size = data + bytes.fromhex(group["digits"]), len(group["digits"]) // 2
        at = group.end()
    if not data and body.strip():
        return None
    columns = found.start("offset"), found.end("offset"), begin
    filling = size - 1 if size in _WORD_SIZES else 0
    return DumpRow(offset, data, (*ends, len(data)), has_colon, columns, (*stops, at), filling, line)


def _parse_number_row(line: str, form: NumberForm, at: int, row: DumpRow) -> DumpRow | None:
    """Return a row of numbers that begin at this place; None if they are not of this form."""
    if not line[at:].strip():
        return DumpRow(row.offset, b"", (0,), row.has_colon, stops=(at,), line=line)
    numbers = parse_numbers(line[at:], form)
    if numbers is None:
        return None
    data, end = numbers.data, at + numbers.end
    filling = len(data) - len(data.rstrip(b" ")) if form.base == CHARACTERS else form.size - 1
    return DumpRow(row.offset, data, (len(data),), row.has_colon, (0, 0, 0), (end,), filling, line)


def find_prefix(line: str) -> int:
    """Return how many characters another program printed before the offset of a row; 0 for other lines."""
    found = None if ROW.fullmatch(line) else _PREFIXED.search(line)
    return found.start() if found else 0


def find_prefixes(lines: Sequence[str]) -> list[int]:
    """Return for each line how many characters stand before its offset: none if most rows have none before it."""
    begins = [find_prefix(line) for line in lines]
    plain = sum(ROW.fullmatch(line) is not None for line in lines)
    return begins if sum(begin > 0 for begin in begins) > plain else [0] * len(lines)


def find_peer(line: str) -> str:
    """Return the side that sent the bytes of a row, as Wireshark shows it in a stream; empty for any other line.

    It indents the rows of one side.
    """
    row = _ROW_OF_PEER.match(line)
    return "" if row is None else "peer 1" if row["indent"] else "peer 0"


def have_peers(lines: Sequence[str]) -> bool:
    """Return True if these rows are of a stream with two sides."""
    return len({*map(find_peer, lines)} - {""}) > 1


class DumpReader:
    """The reader of the rows of one dump."""

    def __init__(self, form: DumpForm) -> None:
        self._form = form
        self._row: DumpRow | None = None
        self._width = _USUAL_WIDTH
        self._is_repeated = False
        self._layout: tuple[int, int, int, int] | None = None
        self._waiting = b""
        """The last bytes of a dump without offsets, whose last number may be filled up."""

    def read_run(self, lines: Sequence[str], at: int) -> tuple[bytes, int]:
        """Return what is known to stand before the last of the full rows that begin with the line `at`, and the index
        of the line after them. They follow the last row and are printed as it is. There may be none.
        """
        last, layout, width = self._row, self._layout, self._width
        if not last or not layout or self._is_repeated or len(last.data) != width or last.ends[0] != width:
            return b"", at
        begin, end, start, stop = layout
        radix, offset, rows = self._form.radix, last.offset, [last.data]
        for line in lines[at : at + _MOST_IN_RUN]:
            try:
                following, data = int(line[begin:end], radix), bytes.fromhex(line[start:stop])
            except ValueError:
                # It is read by itself.
                break
            if len(data) != width or following - offset != width:
                break
            offset = following
            rows.append(data)
        after = at + len(rows) - 1
        if after == at:
            return b"", at
        self._row = DumpRow(offset, rows.pop(), (width,), last.has_colon, (begin, end, start), (stop,), last.filling)
        return b"".join(rows), after

    def read(self, line: str) -> list[bytes | MissingBytes] | None:
        """Return what is known to stand before this line, oldest first; None if the line is no part of the dump."""
        if line.strip() == REPEATED and (self._row or self._waiting):
            self._is_repeated = True
            return []
        row = parse_dump_row(line, self._form)
        if row is None:
            return None
        if self._form.radix == NO_OFFSET:
            return self._read_without_offset(row.data)
        before, last = list(self._end_row(row.offset)), self._row
        is_proved = last is not None and self._form.numbers is None and row.offset - last.offset in last.ends
        if last is not None and is_proved:
            self._layout = (*last.columns, last.stops[last.ends.index(row.offset - last.offset)])
        self._row = row
        return before

    def finish(self) -> list[bytes | MissingBytes]:
        """Return the row that no offset follows."""
        rest = list(self._end_row(None))
        self._row = None
        if self._waiting:
            rest.append(self._waiting[: len(self._waiting) - self._count_filling()])
            self._waiting = b""
        return rest

    def _read_without_offset(self, data: bytes) -> list[bytes | MissingBytes]:
        """Return what is known to stand before a row without an offset."""
        waiting, self._waiting = self._waiting + data, b""
        if self._is_repeated:
            self._is_repeated, self._waiting = False, data
            return [waiting[: len(waiting) - len(data)], MissingBytes(None)]
        cut = max(0, len(waiting) - _MOST_WAITING)
        self._waiting = waiting[cut:]
        return [waiting[:cut]] if cut else []

    def _count_filling(self) -> int:
        """Return how many zeros after the last frame of a dump without offsets fill up its last number."""
        from sniffer.core.wire.framer import Framer

        framer = Framer(ROUTES_IN_BYTES)
        *others, last = [*framer.feed(self._waiting), *framer.flush()]
        size = self._form.numbers.size if self._form.numbers else 1
        is_filling = isinstance(last, Noise) and len(last.raw) < size and not any(last.raw)
        return len(last.raw) if is_filling and others and isinstance(others[-1], Frame) else 0

    def _end_row(self, following: int | None) -> Iterator[bytes | MissingBytes]:
        """Yield the row that waits, and the repetitions or the gap up to the offset that follows it."""
        row, is_repeated, self._is_repeated = self._row, self._is_repeated, False
        if row is None or not row.data:
            return
        size = 0 if following is None else following - row.offset
        if size <= 0 or (is_repeated and size > row.ends[0]):
            data = row.data[: _guess_end(row, self._width)]
        elif size in row.ends or 0 < len(row.data) - size <= row.filling:
            # The last number is filled up with zeros.
            data = row.data[:size]
        else:
            data = row.data[: _guess_end(row, self._width)]
        if size > 0:
            self._width = max(self._width, len(data))
        yield data
        missing = size - len(data)
        if missing > 0 and is_repeated:
            filled = min(missing, MOST_REPEATED)
            yield (data * (filled // len(data) + 1))[:filled]
            missing -= filled
        if missing > 0:
            yield MissingBytes(missing)


def _guess_end(row: DumpRow, width: int) -> int:
    """Return how many bytes of a row are bytes and not characters, if no offset follows."""
    if len(row.ends) > 1 and (end := row.find_characters()):
        return end
    fitting = [end for end in row.ends if end <= width]
    return row.ends[0] if row.has_colon or not fitting else fitting[-1]
