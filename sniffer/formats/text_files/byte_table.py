"""Tables of bytes, as logic analysers and loggers export them: CSV with a line of names.

In: the first lines of a text. Out: a `ByteTable`, or None if they are no table whose names say where bytes stand.
`rewrite` returns a row as a line of hex text: its time in seconds, its direction or port, and its bytes.
"""

import csv
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation

from msgspec import Struct

from sniffer.base.late_pattern import compile_late

_DELIMITERS = ",;\t"
_DATA = compile_late(
    r"(?:value|data|bytes?|payload|hex|raw)\b|.*(?:uart|serial|decoded|hex\)|\b[rt]xd?\b)", re.IGNORECASE
)
_TIME = compile_late(r"(?:start[_ ]?)?time(?:stamp)?\b|timestamp|start\b", re.IGNORECASE)
_UNIT = compile_late(r"[\[(](s|ms|us|µs|μs|ns)[\])]", re.IGNORECASE)
_CHANNELS = (compile_late(r"dir(?:ection)?$", re.IGNORECASE), compile_late(r"(?:name|channel|port)$", re.IGNORECASE))
_HEX = compile_late(r"(?:0[xX])?[0-9A-Fa-f]{2}(?:[ :,-]?(?:0[xX])?[0-9A-Fa-f]{2})*")
_DECIMAL = compile_late(r"[0-9]{1,3}")
_EXPONENTS = {"s": 0, "ms": -3, "us": -6, "µs": -6, "μs": -6, "ns": -9}
_SAFE = compile_late(r"[^\w-]+")

_FEWEST_ROWS = 2
_LONGEST_CELL = 1024
_MOST_BYTE = 255


class ByteTable(Struct, frozen=True):
    """The columns of a table, counted from 0. `time` and `channel` are None if it has none.

    `exponent` is that of the unit of its times in seconds. `is_decimal` is True for bytes as decimal numbers.
    """

    delimiter: str
    data: int
    time: int | None = None
    exponent: int = 0
    channel: int | None = None
    is_decimal: bool = False

    def rewrite(self, line: str) -> str:
        """Return a row as a line of hex text; as it is if it is none."""
        cells = _cells_of(line, self.delimiter)
        data = cells[self.data].strip() if self.data < len(cells) else ""
        if not (_DECIMAL if self.is_decimal else _HEX).fullmatch(data):
            return line
        time = "" if self.time is None else _format_time(cells[self.time].strip(), self.exponent)
        channel = "" if self.channel is None else _SAFE.sub(" ", cells[self.channel]).strip()
        shown = f"{int(data):02x}" if self.is_decimal else data
        return " ".join(filter(None, (time, f"{channel}:" if channel else "", shown)))


def find_table(lines: Sequence[str]) -> ByteTable | None:
    """Return the table that these lines are; None if they are none."""
    head, *rows = [line for line in lines if line.strip()] or [""]
    delimiter = max(_DELIMITERS, key=head.count)
    names = [name.strip() for name in _cells_of(head, delimiter)]
    if len(names) < 2 or any(len(name) > _LONGEST_CELL for name in names):
        return None
    filled = [cells for row in rows if len(cells := _cells_of(row, delimiter)) >= len(names)]
    columns = [at for at, name in enumerate(names) if _DATA.match(name) and not _TIME.match(name)]
    found = [(at, is_decimal) for at in columns if (is_decimal := _find_base([row[at] for row in filled])) is not None]
    if len(found) != 1:
        return None
    (data, is_decimal), time = found[0], _find_name(names, _TIME.match)
    unit = _UNIT.search(names[time]) if time is not None else None
    channel = next((at for one in _CHANNELS if (at := _find_name(names, one.match)) is not None), None)
    return ByteTable(delimiter, data, time, _EXPONENTS[unit[1].lower()] if unit else 0, channel, is_decimal)


def _find_name(names: Sequence[str], fits: Callable[[str], object]) -> int | None:
    """Return the first column whose name fits; None if there is none."""
    return next((at for at, name in enumerate(names) if fits(name)), None)


def _find_base(cells: Sequence[str]) -> bool | None:
    """Return True if the cells of a column are decimal bytes, False for hexadecimal ones; None for anything else."""
    texts = [text for cell in cells if (text := cell.strip())]
    if len(texts) < _FEWEST_ROWS:
        return None
    if all(map(_HEX.fullmatch, texts)):
        return False
    is_decimal = all(_DECIMAL.fullmatch(text) and int(text) <= _MOST_BYTE for text in texts)
    return True if is_decimal else None


def _cells_of(line: str, delimiter: str) -> list[str]:
    """Return the cells of a row; none if it cannot be a row."""
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []


def _format_time(text: str, exponent: int) -> str:
    """Return a time as it was printed, or its number in seconds, without what is finer than a nanosecond."""
    try:
        return f"{Decimal(text).scaleb(exponent):.9f}"
    except InvalidOperation:
        return text
