"""Hex dumps with offsets: xxd, hexdump, od, Wireshark and tshark -x, and their packets one after the other.

In: lines. Out: the bytes of each row. `find_dump_form` returns the form of a dump, or None if the lines are none. The
offsets prove it: each is the offset before it plus the bytes between them. They also show where the bytes of a row end
and their characters begin, so a row is returned when the offset behind it is known. A line `*` stands for repetitions
of the row before it. Rows that are missing are returned as a number of bytes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise, takewhile
from math import gcd
from typing import NamedTuple

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import ROUTES_IN_BYTES

MOST_REPEATED = 1 << 20
"""The most bytes that one line `*` is filled with. The rest of them is counted as missing."""

_ROW = compile_late(r"\s*(?:0[xX])?(?P<offset>[0-9A-Fa-f]{4,16})(?P<colon>:?)(?:\s+(?P<body>.*))?")
_GROUP = compile_late(r"(?P<gap> {0,2}|\t)(?:0[xX])?(?P<digits>[0-9A-Fa-f]{2,32})(?![0-9A-Za-z:.-])")
_PREFIXED = compile_late(r"(?<=[\s\]:>|])(?:0[xX])?[0-9A-Fa-f]{4,16}:?\s{1,8}(?=[0-9A-Fa-f]{2,32}(?:\s|$))")
_REPEATED = "*"
_USUAL_WIDTH = 16
_MOST_IN_ROW = 256
_WORD_OFFSET_DIGITS = 6
"""The digits of an offset of `hexdump` and `od`, which print words of the machine with the low byte first."""


_BINARY, _BITS, _MOST_DECIMAL = 2, 8, 3
_DIGITS_OF = {(2, 16): 4, (4, 16): 8, (2, 8): 6, (1, 8): 3, (1, 2): _BITS}
"""The digits of a number by its size and base; decimal ones have no leading zeros."""


class DumpForm(NamedTuple):
    """The form of a dump: the base of its offsets, and the size in bytes and the base of its numbers.

    Numbers of more than one byte have their low byte first. `size` 0 stands for bytes of two digits in any groups.
    """

    radix: int
    size: int = 0
    base: int = 16


FORMS = tuple(
    DumpForm(radix, size, base)
    for size, base in ((2, 16), (4, 16), (0, 16), (2, 8), (1, 8), (1, 10), (1, 2))
    for radix in (16, 8, 10)
)
"""All forms, in the order in which they are tried."""


class DumpRow(Struct, frozen=True, gc=False):
    """A row. `ends` are the numbers of bytes after which its characters may begin; the last is all of its bytes.

    `columns` are the places in the line where the offset begins and ends, and where the bytes begin; `stops` are those
    of `ends`.
    """

    offset: int
    data: bytes
    ends: tuple[int, ...]
    has_colon: bool
    columns: tuple[int, int, int] = (0, 0, 0)
    stops: tuple[int, ...] = ()


class MissingBytes(Struct, frozen=True):
    """The number of bytes that a dump leaves out."""

    count: int


def find_dump_form(lines: Sequence[str]) -> DumpForm | None:
    """Return the form of the dump that these lines are or contain; None if they contain none."""
    shown = [line for line in lines if _ROW.fullmatch(line) or line.strip() == _REPEATED]
    proofs = {form: _count_proofs(shown, form) for form in FORMS}
    best = max(FORMS, key=lambda form: proofs[form])
    if proofs[best]:
        # The offsets do not show the order of the bytes in a number, and the last number may be filled up.
        alike = (form for form in FORMS if form.radix == best.radix and proofs[form] >= max(proofs[best] - 1, 1))
        return max(alike, key=lambda form: _count_frames(lines, form))
    return next((form for form in FORMS if _begins_at_zero(shown, form)), None)


def parse_dump_row(line: str, form: DumpForm) -> DumpRow | None:
    """Return a line of a dump; None if it is none. The last offset of a dump has no bytes."""
    found = _ROW.fullmatch(line)
    if found is None:
        return None
    try:
        offset = int(found["offset"], form.radix)
    except ValueError:
        return None
    body = found["body"] or ""
    if form.size:
        data = _read_words(body, form, found)
        return None if data is None else DumpRow(offset, data, (len(data),), bool(found["colon"]))
    data, ends, stops, at = b"", list[int](), list[int](), found.start("body") if body else len(line)
    begin = at
    while len(data) < _MOST_IN_ROW and (group := _GROUP.match(line, at)):
        if len(group["digits"]) % 2:
            break
        if data and len(group["gap"]) != 1:
            ends.append(len(data))
            stops.append(at)
        data += bytes.fromhex(group["digits"])
        at = group.end()
    if not data and body.strip():
        return None
    columns = found.start("offset"), found.end("offset"), begin
    return DumpRow(offset, data, (*ends, len(data)), bool(found["colon"]), columns, (*stops, at))


def has_other_rows(lines: Iterable[str]) -> bool:
    """Return True if all lines begin with offsets, whatever they count, so that none of them is plain hex."""
    rows = [found for line in lines if line.strip() and (found := _ROW.fullmatch(line))]
    offsets = [int(found["offset"], 16) for found in rows]
    *steps, last = [other - one for one, other in pairwise(offsets)] or [0]
    # The last row may be shorter.
    return bool(steps) and min(steps) > 0 and last > 0 and gcd(*steps) > 1


def find_prefix(line: str) -> int:
    """Return how many characters another program printed before the offset of a row; 0 for other lines."""
    found = None if _ROW.fullmatch(line) else _PREFIXED.search(line)
    return found.start() if found else 0


class DumpReader:
    """The reader of the rows of one dump."""

    def __init__(self, form: DumpForm) -> None:
        self._form = form
        self._row: DumpRow | None = None
        self._width = _USUAL_WIDTH
        self._is_repeated = False
        self._layout: tuple[int, int, int, int] | None = None

    def read_run(self, lines: Sequence[str], at: int) -> tuple[bytes, int]:
        """Return what is known to stand before the last of the full rows that begin with the line `at`, and the index
        of the line behind them. They follow the last row and are printed as it is. There may be none.
        """
        last, layout, width = self._row, self._layout, self._width
        if not last or not layout or self._is_repeated or len(last.data) != width or last.ends[0] != width:
            return b"", at
        begin, end, start, stop = layout
        radix, offset, rows = self._form.radix, last.offset, [last.data]
        for line in islice(lines, at, None):
            try:
                following, data = int(line[begin:end], radix), bytes.fromhex(line[start:stop])
            except ValueError:
                # It is read by itself.
                break
            if len(data) != width or following - offset != width:
                break
            offset = following
            rows.append(data)
        behind = at + len(rows) - 1
        if behind == at:
            return b"", at
        self._row = DumpRow(offset, rows.pop(), (width,), last.has_colon, (begin, end, start), (stop,))
        return b"".join(rows), behind

    def read(self, line: str) -> list[bytes | MissingBytes] | None:
        """Return what is known to stand before this line, oldest first; None if the line is no part of the dump."""
        if line.strip() == _REPEATED and self._row:
            self._is_repeated = True
            return []
        row = parse_dump_row(line, self._form)
        if row is None:
            return None
        before, last = list(self._end_row(row.offset)), self._row
        is_proved = last is not None and self._form.size == 0 and row.offset - last.offset in last.ends
        if last is not None and is_proved:
            self._layout = (*last.columns, last.stops[last.ends.index(row.offset - last.offset)])
        self._row = row
        return before

    def finish(self) -> list[bytes | MissingBytes]:
        """Return the row that no offset follows."""
        rest = list(self._end_row(None))
        self._row = None
        return rest

    def _end_row(self, following: int | None) -> Iterator[bytes | MissingBytes]:
        """Yield the row that waits, and the repetitions or the gap up to the offset that follows it."""
        row, is_repeated, self._is_repeated = self._row, self._is_repeated, False
        if row is None or not row.data:
            return
        size = 0 if following is None else following - row.offset
        if size <= 0 or (is_repeated and size > row.ends[0]):
            data = row.data[: _guess_end(row, self._width)]
        elif size in row.ends or 0 < len(row.data) - size < self._form.size:
            # The last word is filled up with zeros.
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
    fitting = [end for end in row.ends if end <= width]
    return row.ends[0] if row.has_colon or not fitting else fitting[-1]


def _read_words(body: str, form: DumpForm, found: re.Match[str]) -> bytes | None:
    """Return the bytes of a row of numbers; None if they are not of this form."""
    if len(found["offset"]) < _WORD_OFFSET_DIGITS or (found["colon"] and form.base != _BINARY):
        return None
    words = body.split()
    if form.base == _BINARY:
        # The bytes as characters stand behind them.
        words = list(takewhile(lambda word: len(word) == _BITS, words))
    digits = _DIGITS_OF.get((form.size, form.base))
    if any(len(word) != digits if digits else len(word) > _MOST_DECIMAL for word in words):
        return None
    try:
        return b"".join(int(word, form.base).to_bytes(form.size, "little") for word in words)
    except (ValueError, OverflowError):
        return None


def _count_proofs(lines: Sequence[str], form: DumpForm) -> int:
    """Return how many offsets of these lines count the bytes that stand between them; 0 if more of them do not."""
    proved, failed, before, is_repeated = 0, 0, None, False
    for line in lines:
        if line.strip() == _REPEATED:
            is_repeated = True
            continue
        row = parse_dump_row(line, form)
        if row is None:
            failed += 1
            continue
        if before and before.data and row.offset:
            size = row.offset - before.offset
            fits = size in before.ends or (is_repeated and size > 0) or 0 < len(before.data) - size < form.size
            proved, failed = proved + fits, failed + (not fits)
        is_repeated, before = False, row
    return proved if proved >= failed else 0


def _count_frames(lines: Iterable[str], form: DumpForm) -> int:
    """Return how many frames the bytes of these lines hold."""
    from sniffer.core.wire.framer import Framer

    reader = DumpReader(form)
    rows = [row for line in lines for row in reader.read(line) or []] + reader.finish()
    data = b"".join(row for row in rows if isinstance(row, bytes))
    framer = Framer(ROUTES_IN_BYTES)
    return sum(isinstance(item, Frame) for item in [*framer.feed(data), *framer.flush()])


def _begins_at_zero(lines: Sequence[str], form: DumpForm) -> bool:
    """Return True if the first row of a dump without a second offset has the offset 0, written as one."""
    found = _ROW.fullmatch(lines[0]) if lines else None
    row = parse_dump_row(lines[0], form) if lines else None
    if found is None or row is None or row.offset or not row.data:
        return False
    return bool(found["colon"]) or len(found["offset"]) in (6, 7) or lines[0].startswith(f"{found['offset']}  ")
