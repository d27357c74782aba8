"""Tables of bytes, as logic analysers and loggers export them: rows of cells below a line of names.

In: the first lines of a text. Out: a `ByteTable`, or None if they are no table whose names say where bytes stand.
`rewrite` returns a row as a line of hex text: its time in seconds, its direction or port, and its bytes.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.hex_lines.channel_words import WORD
from sniffer.formats.text_files.hex_lines.hex_bytes import FEWEST
from sniffer.formats.text_files.hex_lines.hex_line import parse_hex_line
from sniffer.formats.text_files.tables.cell_forms import HEX, SIDE_BEFORE, CellForm, find_form, show_bytes
from sniffer.formats.text_files.tables.cell_times import TimeColumn, exponent_of
from sniffer.formats.text_files.tables.row_layout import DELIMITERS, RowLayout, find_delimiter, find_ruler

_DATA = compile_late(
    r"(?:value|data|bytes?|payload|hex|raw|daten|nutzdaten|wert|inhalt|donn[ée]es|datos|dati|dados|данные|数据)\b"
    r"|.*(?:uart|serial|decoded|hex\)|\b[rt]xd?(?:\b|_)|(?:\b|_|cap)(?:data|payload)\b)",
    re.IGNORECASE,
)
_NO_DATA = compile_late(r".*(?:length|\blen\b|size|count|chars|ascii|text|err(?:or)?\b|parity)", re.IGNORECASE)
_LINE = compile_late(r"(?:line|log|message|msg|text|entry|nachricht|meldung)\b", re.IGNORECASE)
"""The names of columns whose cells may be lines of hex text. All cells of another column may be, too."""

_SIDE = compile_late(r"(?:[rt]xd?|recv|received|sent|read|written|write)(?:\b|_)", re.IGNORECASE)
_DATE = compile_late(r"date|datum|fecha|jour|дата|日期", re.IGNORECASE)
_TIME = compile_late(
    r"@?(?:start[_ ]?|date and |(?:\w+\.)*)?time(?:stamp|generated|created)?(?:\b|_)"
    r"|timestamp|start\b|date\b|(?:ts|tst|t|when)$"
    r"|(?:datum|zeit|zeitpunkt|zeitstempel|uhrzeit|heure|temps|horodatage|fecha|hora|tiempo|ora|tempo|tijd|czas|время|时间)\b",
    re.IGNORECASE,
)
_CHANNELS = tuple(
    compile_late(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:dir(?:ection)?|side|who|from|sender|richtung|seite|sens|direcci[óo]n|direzione|направление|方向"
        r"|rtacser\.eventtype)$",
        r"function$|operation$|phase$",
        r"(?:(?:analyzer )?name|channel|port|record)$",
    )
)
_WAYS = {"up": "in", "down": "out", "0x01": "TX", "0x02": "RX"}
_NUMBERED_DECODER = compile_late(r"(\d{1,2}):\s?\w")
_DECODER = compile_late(r"uart|serial", re.IGNORECASE)
_NUMBER = compile_late(r"\d{1,2}(?=\]|$)")
_SAFE = compile_late(r"[^\w-]+")

_PLAIN_NAME = compile_late(r"[^\W\d][\w .%/()\[\]°-]{0,40}")
_ONE_BYTE = compile_late(r"(?:b|byte|d)?[ _]?\d{1,4}", re.IGNORECASE)
_NO_DIGIT = compile_late(r"\D+")
_HAS_HEX_LETTER = compile_late(r"\s*(?=[0-9]*[A-Fa-f])(?:[0-9A-Fa-f]{2}[ :-]?)+\s*")
_IDENTIFIER = compile_late(
    r"(?:\w*[a-z_ ])?(?:I[Dd]|U?U?ID|Tag|Key|Token|Hash)|(?:\w*_)?(?:id|tag|key|token|hash|uid|vin|mac)"
)
_FEWEST_ROWS = 2
_FEWEST_COLUMNS = 2
_MOST_HEADS = 8
_MOST_TITLES = 3
_LONGEST_CELL = 1024


class ByteTable(Struct, frozen=True):
    """The columns of a table, counted from 0. `time` and `channel` are None if it has none.

    `data` are the columns of bytes, each with the direction that its name says, if there are several. With
    `is_divided`, each of them holds one byte of a row.
    """

    layout: RowLayout
    data: tuple[tuple[int, str], ...]
    time: TimeColumn | None = None
    channel: int | None = None
    form: CellForm = CellForm.HEX
    is_divided: bool = False

    def rewrite(self, line: str) -> str:
        """Return a row as a line of hex text; as it is if it is none."""
        cells = self.layout.divide(line)
        # The last cells of a row may be missing.
        cells += [""] * (self._width - len(cells))
        if self.is_divided and _find_numbered(cells):
            # These are the names of the columns, which may look like bytes.
            return ""
        if self.is_divided:
            bytes_of_row = (cells[column] for column, _ in self.data)
            shown = " ".join(filter(None, (show_bytes(cell, self.form) for cell in bytes_of_row)))
            channel = "" if self.channel is None else cells[self.channel]
            return self._put_before(cells, channel, shown) if shown else line
        for column, side in self.data:
            cell = cells[column]
            if self.form is CellForm.LINE:
                return self._rewrite_line(line, cells, cell.strip())
            found = SIDE_BEFORE.fullmatch(cell.strip())
            shown = show_bytes(found["data"] if found else cell, self.form)
            if shown:
                channel = side or (found["side"] if found else "" if self.channel is None else cells[self.channel])
                return self._put_before(cells, channel, shown)
        return line

    @property
    def _width(self) -> int:
        """The number of columns up to the last one that is read."""
        columns = [self.channel or 0, *(column for column, _ in self.data)]
        if self.time:
            columns += [self.time.at, self.time.date or 0]
        return max(columns) + 1

    def _put_before(self, cells: list[str], channel: str, shown: str) -> str:
        """Return bytes after the time of their row and their direction."""
        time = "" if self.time is None else self.time.format(cells)
        channel = _name_channel(channel)
        return " ".join(filter(None, (time, f"{channel}:" if channel else "", shown)))

    def _rewrite_line(self, line: str, cells: list[str], text: str) -> str:
        """Return the line in a cell with the time and direction of its row; the row if the cell holds no bytes."""
        parsed = parse_hex_line(text)
        if parsed is None or not parsed.data:
            return line
        time = "" if self.time is None or parsed.printed else self.time.format(cells)
        channel = "" if self.channel is None or parsed.channel else _name_channel(cells[self.channel])
        return " ".join(filter(None, (time, f"{channel}:" if channel else "", text)))


def find_table(lines: Sequence[str]) -> ByteTable | None:
    """Return the table that these lines are; None if they are none."""
    filled = [line for line in lines if line.strip()]
    if ruled := find_ruler(filled):
        at, layout = ruled
        return _find_table_after(filled[at:], layout)
    found = (_find_table_after(filled[at:], find_delimiter(filled[at])) for at in _find_heads(filled))
    return next((table for table in found if table), None)


def _find_heads(lines: Sequence[str]) -> list[int]:
    """Return the lines that may have the names of columns: the first one, comments, the one after them, and those
    with as many cells as the next line.
    """
    heads, at_comment = [0] if lines else [], True
    for at, line in enumerate(lines[1:_MOST_HEADS], 1):
        is_comment = line.startswith(("#", "sep="))
        counts = {one: line.count(one) for one in DELIMITERS}
        after = lines[at + 1] if at + 1 < len(lines) else ""
        is_even = any(count and after.count(one) == count for one, count in counts.items())
        if is_comment or at_comment or is_even:
            heads.append(at)
        at_comment = is_comment
    return heads


def is_number_table(lines: Sequence[str]) -> bool:
    """Return True if lines are a table of numbers, of which no column is named as bytes. Blanks may divide cells."""
    head, *rows = filled = [line for line in lines if line.strip()] or [""]
    delimiter = max(DELIMITERS, key=head.count)
    if delimiter in head:
        return _are_numbers(
            [name.strip().strip('"') for name in head.split(delimiter)], [row.split(delimiter) for row in rows]
        )
    cells = [line.split() for line in filled]
    numbers = sum(cell[0].isdecimal() for row in cells[1:] for cell in row)
    if 2 * numbers < sum(map(len, cells[1:])):
        return False
    return any(_are_numbers(cells[at], cells[at + 1 :]) for at in range(min(_MOST_TITLES, len(cells))))


def _are_numbers(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Return True if rows of cells below these names are numbers, of which none is named as bytes. Blank cells may be
    missing in less than half of the rows.
    """
    if len(names) < _FEWEST_COLUMNS or len(rows) < _FEWEST_ROWS or not all(map(_PLAIN_NAME.fullmatch, names)):
        return False
    if any(_DATA.match(name) or _ONE_BYTE.fullmatch(name) or HEX.fullmatch(name) for name in names):
        return False
    if max(map(len, rows)) > len(names) or 2 * sum(len(row) == len(names) for row in rows) <= len(rows):
        return False
    others = [at for at, name in enumerate(names) if not _IDENTIFIER.fullmatch(name)]
    cells = (row[at] for row in rows for at in others if at < len(row))
    return not any(_HAS_HEX_LETTER.fullmatch(cell) or _holds_frame(cell) for cell in cells)


def _find_table_after(lines: Sequence[str], layout: RowLayout) -> ByteTable | None:
    """Return the table of which the first line has the names; None if it is none."""
    head, *rows = lines
    names = [name.strip().removeprefix("#") for name in layout.divide(head)]
    if table := _find_divided(names, rows, layout):
        return table
    if len(names) < _FEWEST_COLUMNS or sum(map(str.isdecimal, names)) > len(names) // 2:
        return None
    if any(len(name) > _LONGEST_CELL or _holds_frame(name) for name in names):
        return None
    filled = [cells for row in rows if len(cells := layout.divide(row)) >= len(names)]
    columns = [at for at, name in enumerate(names) if _DATA.match(name) and not _TIME.match(name)]
    columns = [at for at in columns if not _NO_DATA.match(names[at])] or columns
    found = [(at, form) for at in columns if (form := find_form([row[at] for row in filled])) is not None]
    if len(found) > 1:
        found = [one for one in found if _SIDE.match(names[one[0]])] or found
        if len({form for _, form in found}) > 1 or any(_count_filled(row, found) > 1 for row in filled):
            return None
    found = found or _find_lines(names, filled)
    if sum(_count_filled(row, found) for row in filled) < _FEWEST_ROWS:
        return None
    data = tuple((at, _name_side(names[at]) if len(found) > 1 else "") for at, _ in found)
    time, channel = _find_context(names, filled)
    if time is not None:
        time = time.starting_at(row[time.at] for row in filled)
    return ByteTable(layout, data, time, channel, found[0][1])


def _find_context(names: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[TimeColumn | None, int | None]:
    """Return the column of times and that of directions; None without one."""
    times = [at for at, name in enumerate(names) if _TIME.match(name)]
    named = (at for one in _CHANNELS if (at := _find_name(names, one.match)) is not None)
    by_content = (at for at in range(len(names)) if rows and all(_is_way(row[at]) for row in rows))
    channel = next(by_content, next(named, None))
    if not times:
        return None, channel
    has_date = len(times) > 1 and _DATE.fullmatch(names[times[0]]) is not None
    has_date = has_date and not any(":" in row[times[0]] for row in rows)
    at = times[1] if has_date else times[0]
    return TimeColumn(at, times[0] if has_date else None, exponent_of(names[at])), channel


def _is_way(cell: str) -> bool:
    """Return True if a cell is a direction."""
    text = cell.strip()
    found = WORD.match(f"{text}:")
    return found is not None and found.lastgroup == "way" and found.end() == len(text)


def _holds_frame(cell: str) -> bool:
    """Return True if a cell holds as many bytes as a frame."""
    parsed = parse_hex_line(cell) if len(cell) >= 2 * FEWEST else None
    return parsed is not None and len(parsed.data) >= FEWEST


def _find_numbered(names: Sequence[str]) -> list[int]:
    """Return the columns whose names count the bytes of a row; none if they are too few."""
    columns = [at for at, name in enumerate(names) if _ONE_BYTE.fullmatch(name)]
    numbers = [int(_NO_DIGIT.sub("", names[at])) for at in columns]
    is_counted = len(columns) >= FEWEST and numbers[0] <= 1
    return columns if is_counted and numbers == [*range(numbers[0], numbers[0] + len(numbers))] else []


def _find_divided(names: Sequence[str], lines: Sequence[str], layout: RowLayout) -> ByteTable | None:
    """Return a table with a column for each byte of a row; None if its columns are not numbered so."""
    columns = _find_numbered(names)
    if not columns:
        return None
    rows = [cells for line in lines if len(cells := layout.divide(line)) > columns[0]]
    rows = [cells + [""] * (len(names) - len(cells)) for cells in rows]
    if not rows:
        return None
    forms = [form for at in columns if (form := find_form([row[at] for row in rows])) is not None]
    form = CellForm.HEX if all(one is CellForm.HEX for one in forms) else CellForm.DECIMAL
    is_shown = all(not row[at].strip() or show_bytes(row[at], form) for row in rows for at in columns)
    data = tuple((at, "") for at in columns)
    return ByteTable(layout, data, *_find_context(names, rows), form, is_divided=True) if is_shown else None


def _find_lines(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[tuple[int, CellForm]]:
    """Return the column whose cells are lines of hex text; an empty list without one.

    Its name says so, or all of its cells are such beside a column of times.
    """
    has_times = any(map(_TIME.match, names))
    counts = [sum(_holds_frame(row[at].strip()) for row in rows) for at in range(len(names))]
    if sum(count >= _FEWEST_ROWS for count in counts) > 1 and not any(map(_LINE.match, names)):
        # Each row holds the bytes of several columns.
        return []
    for at in sorted(range(len(names)), key=lambda at: not _LINE.match(names[at])):
        count, is_named = counts[at], _LINE.match(names[at]) is not None
        may_be_lines = has_times and count == len(rows) and not _IDENTIFIER.fullmatch(names[at])
        if count >= _FEWEST_ROWS and (is_named or may_be_lines):
            return [(at, CellForm.LINE)]
    return []


@lru_cache(maxsize=64)
def _name_channel(text: str) -> str:
    """Return the direction or port that a cell names, or else the cell without what hex text uses for other things."""
    words = _SAFE.sub(" ", text).replace("_", " ").split()
    known = [word for word in words if (found := WORD.match(f"{word}:")) and found.end() == len(word)]
    if known or not _DECODER.search(text):
        return known[-1] if known else " ".join(_WAYS.get(word.lower(), word) for word in words)
    number = _NUMBER.search(text)
    return f"uart-{number[0] if number else 0}"


def _name_side(name: str) -> str:
    """Return the direction that a name of a column begins with, or else the decoder that its number names."""
    number = _NUMBERED_DECODER.match(name)
    return f"uart-{number[1]}" if number else name


def _count_filled(row: Sequence[str], columns: Sequence[tuple[int, CellForm]]) -> int:
    """Return in how many of these columns a row has something."""
    return sum(bool(row[at].strip()) for at, _ in columns)


def _find_name(names: Sequence[str], fits: Callable[[str], object]) -> int | None:
    """Return the first column whose name fits; None if there is none."""
    return next((at for at, name in enumerate(names) if fits(name)), None)
