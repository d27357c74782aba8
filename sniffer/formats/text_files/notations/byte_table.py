"""Tables of bytes, as logic analysers and loggers export them: CSV with a line of names.

In: the first lines of a text. Out: a `ByteTable`, or None if they are no table whose names say where bytes stand.
`rewrite` returns a row as a line of hex text: its time in seconds, its direction or port, and its bytes.
"""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation
from enum import Enum, auto

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.hex_lines.channel_words import WORD
from sniffer.formats.text_files.hex_lines.hex_bytes import FEWEST
from sniffer.formats.text_files.hex_lines.hex_line import parse_hex_line

_DELIMITERS = ",;\t"
_DATA = compile_late(
    r"(?:value|data|bytes?|payload|hex|raw|daten|nutzdaten|wert|inhalt|donn[ée]es|datos|dati|dados|данные|数据)\b|.*(?:uart|serial|decoded|hex\)|\b[rt]xd?\b|\bdata\b)",
    re.IGNORECASE,
)
_NO_DATA = compile_late(r".*(?:length|size|count|chars|ascii|text|error|parity)", re.IGNORECASE)
_LINE = compile_late(r"(?:line|log|message|msg|text|entry|nachricht|meldung)\b", re.IGNORECASE)
"""The names of columns whose cells may be lines of hex text."""

_SIDE = compile_late(r"(?:[rt]xd?|recv|received|sent|read|written|write)\b", re.IGNORECASE)
_TIME = compile_late(
    r"@?(?:start[_ ]?|date and )?time(?:stamp|generated|created)?\b|timestamp|start\b|date\b"
    r"|(?:datum|zeit|zeitstempel|uhrzeit|heure|temps|horodatage|fecha|hora|tiempo|ora|tempo|tijd|czas|время|时间)\b",
    re.IGNORECASE,
)
_UNIT = compile_late(r"[\[(](s|ms|us|µs|μs|ns)[\])]", re.IGNORECASE)
_CHANNELS = tuple(
    compile_late(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:dir(?:ection)?|richtung|sens|direcci[óo]n|direzione|направление|方向)$",
        r"function$|operation$",
        r"(?:(?:analyzer )?name|channel|port|record)$",
    )
)
_HEX = compile_late(r"(?:0[xX]|h)?[0-9A-Fa-f]{2}(?:[ :,-]?(?:0[xX])?[0-9A-Fa-f]{2})*")
_DECIMAL = compile_late(r"[0-9]{1,3}")
_BINARY = compile_late(r"0[bB][01]{8}")
_CHARACTER = compile_late(
    r"'(?P<number>[0-9]{1,3})'|\\x(?P<hex>[0-9A-Fa-f]{2})|(?P<name>COMMA|SPACE)|(?P<one>[ -~])"
    r"|(?:'[0-9]{1,3}'|COMMA|SPACE|\S) \(0[xX](?P<behind>[0-9A-Fa-f]{2})\)"
)
_NAMED = {"COMMA": ",", "SPACE": " "}
_SIDE_BEFORE = compile_late(r"(?P<side>[RT]X):\s?(?P<data>.+)", re.IGNORECASE)
_EXPONENTS = {"s": 0, "ms": -3, "us": -6, "µs": -6, "μs": -6, "ns": -9}
_WAYS = {"up": "in", "down": "out"}
_NUMBERED_DECODER = compile_late(r"(\d{1,2}):\s?\w")
_DECODER = compile_late(r"uart|serial", re.IGNORECASE)
_NUMBER = compile_late(r"\d{1,2}(?=\]|$)")
_SAFE = compile_late(r"[^\w-]+")

_PLAIN_NAME = compile_late(r"[^\W\d][\w .%/()\[\]°-]{0,40}")
_ONE_BYTE = compile_late(r"(?:b|byte|d)?[ _]?\d+", re.IGNORECASE)
_NO_DIGIT = compile_late(r"\D+")
_HAS_HEX_LETTER = compile_late(r"\s*(?=[0-9]*[A-Fa-f])(?:[0-9A-Fa-f]{2}[ :-]?)+\s*")
_UNIT_BEHIND = compile_late(r"(?P<number>-?[0-9.]+(?:e[+-]?[0-9]+)?) ?(?P<unit>ms|us|µs|μs|ns|s)", re.IGNORECASE)
_COMMA_BEFORE_FRACTION = compile_late(r"-?[0-9]+,[0-9]+")
_FEWEST_ROWS = 2
_FEWEST_COLUMNS = 2
_MOST_HEADS = 8
_LONGEST_CELL = 1024
_MOST_BYTE = 255


class CellForm(Enum):
    """The notation in which the cells of a table print bytes."""

    HEX = auto()
    """In hexadecimal."""
    DECIMAL = auto()
    """As a decimal number."""
    BINARY = auto()
    """As eight binary digits behind `0b`."""
    CHARACTER = auto()
    """As a character, or as its number in quotation marks or behind `\\x`. Its number may stand behind it."""
    LINE = auto()
    """In lines of hex text, which may name the direction."""


class ByteTable(Struct, frozen=True):
    """The columns of a table, counted from 0. `time` and `channel` are None if it has none.

    `data` are the columns of bytes, each with the direction that its name says, if there are several. With
    `is_divided`, each of them holds one byte of a row. `exponent` is that of the unit of its times in seconds,
    and `origin` what is subtracted of them, as those before a trigger are negative; empty for nothing.
    """

    delimiter: str
    data: tuple[tuple[int, str], ...]
    time: int | None = None
    exponent: int = 0
    channel: int | None = None
    form: CellForm = CellForm.HEX
    is_divided: bool = False
    origin: str = ""

    def rewrite(self, line: str) -> str:
        """Return a row as a line of hex text; as it is if it is none."""
        cells = _cells_of(line, self.delimiter)
        if self.is_divided and _find_numbered(cells):
            # These are the names of the columns, which may look like bytes.
            return ""
        if self.is_divided:
            bytes_of_row = (cells[column] for column, _ in self.data if column < len(cells))
            shown = " ".join(filter(None, (_show_bytes(cell, self.form) for cell in bytes_of_row)))
            channel = "" if self.channel is None else cells[self.channel]
            return self._put_before(cells, channel, shown) if shown else line
        for column, side in self.data:
            cell = cells[column] if column < len(cells) else ""
            if self.form is CellForm.LINE:
                return self._rewrite_line(line, cells, cell.strip())
            found = _SIDE_BEFORE.fullmatch(cell.strip())
            shown = _show_bytes(found["data"] if found else cell, self.form)
            if shown:
                channel = side or (found["side"] if found else "" if self.channel is None else cells[self.channel])
                return self._put_before(cells, channel, shown)
        return line

    def _put_before(self, cells: Sequence[str], channel: str, shown: str) -> str:
        """Return bytes behind the time of their row and their direction."""
        time = "" if self.time is None else _format_time(cells[self.time].strip(), self.exponent, self.origin)
        channel = _name_channel(channel)
        return " ".join(filter(None, (time, f"{channel}:" if channel else "", shown)))

    def _rewrite_line(self, line: str, cells: Sequence[str], text: str) -> str:
        """Return the line in a cell with the time and direction of its row; the row if the cell holds no bytes."""
        parsed = parse_hex_line(text)
        if parsed is None or not parsed.data:
            return line
        time = "" if self.time is None or parsed.printed else _format_time(cells[self.time].strip(), self.exponent)
        channel = "" if self.channel is None or parsed.channel else _name_channel(cells[self.channel])
        return " ".join(filter(None, (time, f"{channel}:" if channel else "", text)))


def find_table(lines: Sequence[str]) -> ByteTable | None:
    """Return the table that these lines are; None if they are none."""
    filled = [line for line in lines if line.strip()]
    # A comment or the name of the delimiter may stand before the names of the columns.
    heads = [at for at, line in enumerate(filled[:_MOST_HEADS]) if line.startswith(("#", "sep=")) or at == 0]
    found = (_find_table_behind(filled[at:]) for at in dict.fromkeys((*heads, len(heads))))
    return next((table for table in found if table), None)


def is_number_table(lines: Sequence[str]) -> bool:
    """Return True if lines are a table of numbers, of which no column is named as bytes."""
    head, *rows = [line for line in lines if line.strip()] or [""]
    delimiter = max(_DELIMITERS, key=head.count)
    names = [name.strip().strip('"') for name in head.split(delimiter)]
    if len(names) < _FEWEST_COLUMNS or len(rows) < _FEWEST_ROWS or not all(map(_PLAIN_NAME.fullmatch, names)):
        return False
    if any(_DATA.match(name) or _ONE_BYTE.fullmatch(name) or _HEX.fullmatch(name) for name in names):
        return False
    cells = [row.split(delimiter) for row in rows]
    return all(len(row) == len(names) and not any(map(_HAS_HEX_LETTER.fullmatch, row)) for row in cells)


def _find_table_behind(lines: Sequence[str]) -> ByteTable | None:
    """Return the table of which the first line has the names; None if it is none."""
    head, *rows = lines or [""]
    delimiter = max(_DELIMITERS, key=head.count)
    names = [name.strip().removeprefix("#") for name in _cells_of(head, delimiter)]
    if table := _find_divided(names, rows, delimiter):
        return table
    if len(names) < _FEWEST_COLUMNS or sum(map(str.isdecimal, names)) > len(names) // 2:
        return None
    if any(len(name) > _LONGEST_CELL or _holds_frame(name) for name in names):
        return None
    filled = [cells for row in rows if len(cells := _cells_of(row, delimiter)) >= len(names)]
    columns = [at for at, name in enumerate(names) if _DATA.match(name) and not _TIME.match(name)]
    columns = [at for at in columns if not _NO_DATA.match(names[at])] or columns
    found = [(at, form) for at in columns if (form := _find_form([row[at] for row in filled])) is not None]
    if len(found) > 1:
        found = [one for one in found if _SIDE.match(names[one[0]])] or found
        if len({form for _, form in found}) > 1 or any(_count_filled(row, found) > 1 for row in filled):
            return None
    found = found or _find_lines(names, filled)
    if sum(_count_filled(row, found) for row in filled) < _FEWEST_ROWS:
        return None
    data = tuple((at, _name_side(names[at]) if len(found) > 1 else "") for at, _ in found)
    context = _find_context(names)
    origin = "" if context[0] is None else _find_origin(row[context[0]] for row in filled)
    return ByteTable(delimiter, data, *context, found[0][1], origin=origin)


def _find_context(names: Sequence[str]) -> tuple[int | None, int, int | None]:
    """Return the column of times, the exponent of their unit, and the column of directions; None without one."""
    time = _find_name(names, _TIME.match)
    unit = _UNIT.search(names[time]) if time is not None else None
    channel = next((at for one in _CHANNELS if (at := _find_name(names, one.match)) is not None), None)
    return time, _EXPONENTS[unit[1].lower()] if unit else 0, channel


def _holds_frame(name: str) -> bool:
    """Return True if a cell that may be a name holds as many bytes as a frame."""
    parsed = parse_hex_line(name) if len(name) >= 2 * FEWEST else None
    return parsed is not None and len(parsed.data) >= FEWEST


def _find_numbered(names: Sequence[str]) -> list[int]:
    """Return the columns whose names count the bytes of a row; none if they are too few."""
    columns = [at for at, name in enumerate(names) if _ONE_BYTE.fullmatch(name)]
    numbers = [int(_NO_DIGIT.sub("", names[at])) for at in columns]
    is_counted = len(columns) >= FEWEST and numbers[0] <= 1
    return columns if is_counted and numbers == [*range(numbers[0], numbers[0] + len(numbers))] else []


def _find_divided(names: Sequence[str], lines: Sequence[str], delimiter: str) -> ByteTable | None:
    """Return a table with a column for each byte of a row; None if its columns are not numbered so."""
    columns = _find_numbered(names)
    if not columns:
        return None
    rows = [cells for line in lines if len(cells := _cells_of(line, delimiter)) > columns[0]]
    rows = [cells + [""] * (len(names) - len(cells)) for cells in rows]
    if not rows:
        return None
    forms = [form for at in columns if (form := _find_form([row[at] for row in rows])) is not None]
    form = CellForm.HEX if all(one is CellForm.HEX for one in forms) else CellForm.DECIMAL
    is_shown = all(not row[at].strip() or _show_bytes(row[at], form) for row in rows for at in columns)
    data = tuple((at, "") for at in columns)
    return ByteTable(delimiter, data, *_find_context(names), form, is_divided=True) if is_shown else None


def _find_lines(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[tuple[int, CellForm]]:
    """Return the column whose cells are lines of hex text; an empty list without one."""
    for at in (at for at, name in enumerate(names) if _LINE.match(name)):
        parsed = [parse_hex_line(row[at].strip()) for row in rows]
        if sum(one is not None and len(one.data) >= FEWEST for one in parsed) >= _FEWEST_ROWS:
            return [(at, CellForm.LINE)]
    return []


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


def _find_form(cells: Sequence[str]) -> CellForm | None:
    """Return how the cells of a column print bytes; None for anything else."""
    texts = [text for cell in cells if (text := _without_side(cell))]
    if not texts:
        return None
    if all(map(_BINARY.fullmatch, texts)):
        return CellForm.BINARY
    if all(map(_HEX.fullmatch, texts)):
        return CellForm.HEX
    if all(_DECIMAL.fullmatch(text) and int(text) <= _MOST_BYTE for text in texts):
        return CellForm.DECIMAL
    return CellForm.CHARACTER if all(_show_bytes(cell, CellForm.CHARACTER) for cell in cells if cell) else None


def _without_side(cell: str) -> str:
    """Return a cell without the direction before its bytes."""
    found = _SIDE_BEFORE.fullmatch(cell.strip())
    return found["data"] if found else cell.strip()


def _show_bytes(cell: str, form: CellForm) -> str:
    """Return the bytes of a cell in hexadecimal; empty if it holds none."""
    text = cell if form is CellForm.CHARACTER and cell == " " else cell.strip()
    if form is CellForm.HEX:
        return text.removeprefix("h") if _HEX.fullmatch(text) else ""
    if form is CellForm.DECIMAL:
        return f"{int(text):02x}" if _DECIMAL.fullmatch(text) and int(text) <= _MOST_BYTE else ""
    if form is CellForm.BINARY:
        return f"{int(text, 2):02x}" if _BINARY.fullmatch(text) else ""
    found = _CHARACTER.fullmatch(text)
    if found is None:
        return ""
    if found["number"]:
        return f"{int(found['number']):02x}" if int(found["number"]) <= _MOST_BYTE else ""
    return found["hex"] or found["behind"] or f"{ord(_NAMED.get(found['name'] or '', found['one'] or '')):02x}"


def _cells_of(line: str, delimiter: str) -> list[str]:
    """Return the cells of a row; none if it cannot be a row."""
    # A single quotation mark is a character that was received.
    if line.count('"') % 2:
        return line.split(delimiter)
    try:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []
    # A spreadsheet keeps a text that looks like a number as `="12"`.
    return [cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell for cell in cells]


def _find_origin(cells: Iterable[str]) -> str:
    """Return the first of the times of a table if it is negative; empty for others."""
    first = next((cell.strip() for cell in cells if cell.strip()), "")
    return first if first.startswith("-") and _UNIT_BEHIND.fullmatch(f"{first}s") else ""


def _format_time(text: str, exponent: int, origin: str = "") -> str:
    """Return a time as it was printed, or its number in seconds since the origin, without what is finer than a
    nanosecond.
    """
    unit = _UNIT_BEHIND.fullmatch(text)
    number = unit["number"] if unit else text.replace(",", ".") if _COMMA_BEFORE_FRACTION.fullmatch(text) else text
    try:
        time = Decimal(number) - Decimal(origin or 0)
        return f"{time.scaleb(_EXPONENTS[unit['unit'].lower()] if unit else exponent):.9f}"
    except InvalidOperation:
        return text
