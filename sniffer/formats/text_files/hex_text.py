"""The lines of hex text: their bytes with times and directions as source items.

In: the shape of a text, and its lines. Out: `Chunks`. Each direction or port that the text names is a tap of its own,
so that each has a framer of its own; which of the two sides it is follows from the heads of its frames, as on a wire. A
time that is printed belongs to the bytes of its line and of those without a time after it. A line that holds no bytes
is kept as text.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.dumps.hex_dump import REPEATED, DumpReader, MissingBytes, find_peer, find_prefix
from sniffer.formats.text_files.hex_items import HexItems, TextItem
from sniffer.formats.text_files.hex_lines.hex_bytes import FEWEST
from sniffer.formats.text_files.hex_lines.hex_header import find_header
from sniffer.formats.text_files.hex_lines.hex_line import HexLine
from sniffer.formats.text_files.hex_lines.hex_search import UNCLEAR, find_context
from sniffer.formats.text_files.hex_lines.line_parser import HexLineParser, parse_plain_run
from sniffer.formats.text_files.hex_lines.words_around import find_last_way
from sniffer.formats.text_files.line_decoder import MAX_LINE
from sniffer.formats.text_files.line_numbers import LineNumbers
from sniffer.formats.text_files.line_parts import divide_line, is_beside_rows, is_mail_field, says_nothing
from sniffer.formats.text_files.named_numbers import find_name, may_be_number
from sniffer.formats.text_files.notations.byte_notation import ByteNotation, rewrite
from sniffer.formats.text_files.plain_characters import to_plain
from sniffer.formats.text_files.printed_time import PrintedTime, TimeReader
from sniffer.formats.text_files.quoted_lines import unquote
from sniffer.formats.text_files.shown_bytes import ShownBytes, count_elided, has_words, is_of_other_file
from sniffer.formats.text_files.text_shape import TextShape, join_wrapped

MOST_JOINED = 1 << 16
"""Bytes of consecutive lines that are handed over as one chunk."""

_ENCODED = (ByteNotation.BASE64, ByteNotation.C_STRING)
_OF_CHARACTERS = (ByteNotation.C_STRING, ByteNotation.CODED, ByteNotation.CHARACTERS)
_CLEAR = (ByteNotation.DECIMAL, ByteNotation.OCTAL, ByteNotation.LITERAL, ByteNotation.NUMBERED, ByteNotation.BINARY)
"""Notations beside which a few bytes in hexadecimal are other numbers."""

_SIZES = "  length="
_MICROSECONDS = compile_late(r"([<>] \d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.)000(\d{6})(?=  length=\d+ from=\d+ to=\d)")
"""A time of `socat` from 1.7.4 on, which prints its microseconds with three more zeros."""


class HexText:
    """The reader of one hex text. It keeps what earlier lines show of how the next ones are printed."""

    def __init__(self, shape: TextShape) -> None:
        self._dump = DumpReader(shape.dump) if shape.dump else None
        self._carrier = shape.hex_carrier
        self._width = shape.width
        self._wrapped: list[str] = []
        """The parts of a wrapped line that may go on."""
        self._has_prefix = shape.has_prefix
        self._peer = "" if shape.has_peers else None
        """The side of the rows of a dump; None if they have none."""
        self._table = shape.table
        self._numbers = None if shape.numbers is LineNumbers.NONE else shape.numbers
        self._notation = None if shape.notation is ByteNotation.PAIRS else shape.notation
        self._data_names = shape.data_names
        self._parser = HexLineParser(shape.labels, shape.side_words)
        self._is_quoted = shape.is_quoted
        self._has_steps = shape.has_steps
        self._has_times_above = shape.has_times_above
        self._clock = TimeReader(has_steps=shape.has_steps)
        self._items = HexItems(shape.channels)
        self._is_bare = False
        """True if the line before held nothing but bytes, as the next ones may."""
        self._is_after_bytes = False
        """True if the line before held bytes."""
        self._shown = ShownBytes()

    @property
    def zone(self) -> tzinfo | None:
        """The zone of the times; None before the first."""
        return self._clock.zone

    def read(self, lines: Sequence[str]) -> Sequence[TextItem]:
        """Return the items of these lines."""
        self._items.describe_taps()
        if self._is_quoted:
            lines = [*map(unquote, lines)]
        if self._carrier:
            for line in lines:
                parts = self._carrier.unwrap(line)
                if parts is None:
                    self._items.add_text(line)
                else:
                    self._read_lines(parts)
        else:
            self._read_lines(list(self._join(lines)) if self._width else lines)
        return self._items.take()

    def read_flow(self, found: Sequence[bytes | str]) -> Sequence[TextItem]:
        """Return the items of bytes, and of words between them that hold none."""
        self._items.describe_taps()
        for one in found:
            if isinstance(one, bytes):
                self._items.data += one
                self._is_bare = True
            else:
                self._items.add_text(one)
        return self._items.take()

    def _join(self, lines: Sequence[str]) -> Iterator[str]:
        """Yield lines that were wrapped as they were; the last one may go on in the next lines, and waits."""
        parts = [*self._wrapped, *lines]
        at = len(parts)
        while at and len(parts[at - 1]) >= self._width - 1:
            at -= 1
        if (len(parts) - at) * self._width > MAX_LINE:
            at = len(parts)
        self._wrapped = parts[at:]
        yield from join_wrapped(parts[:at], self._width)

    def _read_lines(self, lines: Sequence[str]) -> None:
        """Read lines of hex text."""
        is_plain, at = not (self._table or self._numbers or self._notation), 0
        is_plain = is_plain and all(map(str.isascii, lines))
        texts = lines if is_plain else [*map(self._normalize, lines)]
        while at < len(lines):
            after = self._read_run(texts, at)
            self._is_after_bytes = self._is_after_bytes or after > at
            if after == at:
                self._read_line(lines[at], None if is_plain else texts[at])
                after += 1
            at = after
            if len(self._items.data) >= MOST_JOINED:
                self._items.end_chunk()

    def finish(self) -> Sequence[TextItem]:
        """Return the last row of a dump, and the line that waited for its rest."""
        if self._wrapped:
            self._read_lines(list(join_wrapped(self._wrapped, self._width)))
            self._wrapped = []
        if self._dump:
            self._add_rows(self._dump.finish())
        return self._items.take()

    def _read_run(self, lines: Sequence[str], at: int) -> int:
        """Read the lines from `at` on that are printed as the one before; return the index of the line after them."""
        if self._has_prefix or self._has_steps:
            return at
        if self._dump:
            data, after = self._dump.read_run(lines, at)
            self._items.data += data
            return after
        if self._is_bare:
            data, after = parse_plain_run(lines, at, MOST_JOINED)
            self._items.data += data
            if after > at:
                return after
        run = self._parser.parse_run(lines, at)
        if run is None or (not run.channel and self._shown.waits):
            return at
        (first, fraction), *others = run.pieces
        self._add_line(HexLine(first, _add_fraction(run.second, fraction), run.channel))
        if others:
            base = None if self._items.time is None else self._items.time - fraction
            self._items.add_pieces([(data, None if base is None else base + passed) for data, passed in others[:-1]])
            last, passed = others[-1]
            self._items.time = self._clock.read(_add_fraction(run.second, passed))
            self._items.data += last
        self._shown.keep(lines[at + len(others)], HexLine(run.pieces[-1][0], None, run.channel))
        return at + len(run.pieces)

    def _normalize(self, line: str) -> str:
        """Return a line as one of hex text: in ASCII, without a number, its bytes as pairs of digits."""
        # Quotation marks within a string are bytes.
        text = to_plain(rewrite(line, self._notation) if self._notation in _OF_CHARACTERS else line)
        if _SIZES in line:
            text = _MICROSECONDS.sub(r"\1\2", text)
        text = self._table.rewrite(text) if self._table else text
        text = self._numbers.strip(text) if self._numbers else text
        return rewrite(text, self._notation) if self._notation else text

    def _read_line(self, line: str, normalized: str | None) -> None:
        """Read a line; `normalized` is that as one of hex text, None if it is as printed. Some terminal programs end no
        line where they print a time.
        """
        for part in divide_line(line, has_end_codes=not (self._notation or self._dump or self._table)):
            text = self._normalize(part) if normalized is None or part is not line else normalized
            begin = find_prefix(text) if self._has_prefix else 0
            if self._dump and self._peer is not None and find_peer(text) not in ("", self._peer):
                # Each side has offsets of its own.
                self._peer = find_peer(text)
                self._add_rows(self._dump.finish())
                self._add_line(HexLine(b"", None, self._peer))
            if self._dump and (rows := self._dump.read(text[begin:])) is not None:
                self._add_rows(rows)
                if begin:
                    self._add_line(_describe_prefix(text, begin))
            elif self._is_bare and text.strip() == REPEATED:
                self._add_rows([MissingBytes(None)])
            elif self._dump and is_beside_rows(text):
                self._items.add_text(part)
            elif found := self._parse(text, part):
                if self._dump:
                    # A packet ends where the next one begins.
                    self._add_rows(self._dump.finish())
                if self._shown.are_shown_again(text, found, self._find_passed(text, found[0])):
                    self._items.add_text(part)
                    continue
                for one in found:
                    self._add_line(one)
                if missing := count_elided(line, found):
                    self._add_rows([MissingBytes(missing)])
                self._is_bare = not (found[0].printed or found[0].channel)
                self._is_after_bytes = any(one.data for one in found)
            elif not says_nothing(text):
                header = self._find_header(text)
                if self._dump and header:
                    self._add_rows(self._dump.finish())
                self._items.add_text(part)
                self._is_after_bytes = False
                if header:
                    self._add_line(header)

    def _parse(self, text: str, line: str) -> Sequence[HexLine]:
        """Return the bytes, time and direction of a line. `text` has its bytes as pairs of digits.

        Where bytes are encoded, other lines may hold numbers, and no bytes.
        """
        if is_of_other_file(line) or is_mail_field(line):
            return ()
        found = self._parser.parse_all(text)
        if self._data_names and any(map(may_be_number, found)) and find_name(text) not in self._data_names:
            return ()
        if self._dump and 0 < sum(len(one.data) for one in found) < FEWEST:
            # Beside the rows of a dump, a few bytes are other numbers.
            return ()
        is_other = self._notation in _ENCODED and any(one.data for one in found)
        is_number = (self._table or self._notation in _CLEAR) and any(0 < len(one.data) < FEWEST for one in found)
        if text == line and (is_other or is_number):
            return ()
        is_short = self._notation is ByteNotation.SHORT and len(found) == 1
        is_number = is_short and len(found[0].data) == 1 and found[0].channel.lower() in ("", *UNCLEAR)
        return () if is_number and has_words(line) else found

    def _find_header(self, line: str) -> HexLine | None:
        """Return the time and direction of a line that say something of the bytes after it; None for other lines."""
        if is_mail_field(line):
            return None
        return find_header(line, is_after_bytes=self._is_after_bytes, is_time_enough=self._has_times_above)

    def _add_rows(self, rows: Iterable[bytes | MissingBytes]) -> None:
        for row in rows:
            if isinstance(row, MissingBytes):
                self._items.add_gap(_describe_missing(row))
            else:
                self._items.data += row

    def _add_line(self, line: HexLine) -> None:
        """Add the bytes of a line. Those before it are a chunk of their own if its time or direction is another one."""
        printed = line.printed
        time = self._clock.read(printed) if printed else self._items.time
        self._items.begin_bytes(time, line.channel, is_printed=printed is not None)
        self._items.data += line.data

    def _find_passed(self, text: str, line: HexLine) -> int | None:
        """Return the time between the line before and this one; None if it is not known."""
        may_repeat = self._shown.waits or self._shown.may_name(text, line)
        is_known = line.printed is not None and may_repeat and not self._has_steps
        time = self._clock.read(line.printed) if line.printed and is_known else None
        return None if time is None or self._items.time is None else time - self._items.time


def _describe_prefix(line: str, end: int) -> HexLine:
    """Return the time and direction that another program printed before the row of a dump, up to this place."""
    printed, channel = find_context(line, 0, end)
    return HexLine(b"", printed, channel or find_last_way(line[printed.end if printed else 0 : end].strip()))


def _describe_missing(missing: MissingBytes) -> str:
    if missing.count is None:
        return "rows that repeat the one before are not in the dump, nor how many: print it with -v"
    return f"{missing.count:,} bytes are not in the dump"


def _add_fraction(second: PrintedTime, nanoseconds: int) -> PrintedTime:
    return PrintedTime(second.time + nanoseconds, second.has_date, second.zone, second.end)
