"""The division of the rows of a table into cells: by a delimiter, or by a line of dashes below the names of columns.

In: the lines of a table. Out: a `RowLayout`, which returns the cells of a row.
"""

import csv
from collections.abc import Sequence

from msgspec import Struct

from sniffer.base.late_pattern import compile_late

DELIMITERS = ",;\t"

_RULER = compile_late(r"\s*-{2,}(?:\s{1,80}-{2,})+\s*")
_DASHES = compile_late(r"-+")


class RowLayout(Struct, frozen=True):
    """The layout of the rows of a table. `starts` are the places where columns begin, if they have no delimiter."""

    delimiter: str = ""
    starts: tuple[int, ...] = ()

    def divide(self, line: str) -> list[str]:
        """Return the cells of a row; none if it cannot be a row."""
        return self._cut(line) if self.starts else _split(line, self.delimiter)

    def _cut(self, line: str) -> list[str]:
        """Return the cells of a row whose columns have fixed places. One may reach into the gap before its column."""
        if _RULER.fullmatch(line):
            return []
        begins = [line.rfind(" ", 0, start) + 1 if start < len(line) else len(line) for start in self.starts]
        return [line[begin:end].strip() for begin, end in zip(begins, [*begins[1:], len(line)], strict=True)]


def find_delimiter(line: str) -> RowLayout:
    """Return the layout of a table with the delimiter that a line with the names of its columns has most of."""
    return RowLayout(max(DELIMITERS, key=line.count))


def find_ruler(lines: Sequence[str]) -> tuple[int, RowLayout] | None:
    """Return the place of the names of a table with a line of dashes below them, and its layout; None without one."""
    for at, line in enumerate(lines[1:]):
        if line.lstrip().startswith("--") and _RULER.fullmatch(line):
            return at, RowLayout(starts=tuple(found.start() for found in _DASHES.finditer(line)))
    return None


def _split(line: str, delimiter: str) -> list[str]:
    """Return the cells of a row with a delimiter; none if it cannot be a row."""
    quotes = line.count('"')
    if not quotes:
        return [cell.lstrip(" ") for cell in line.split(delimiter)]
    # A single quotation mark is a character that was received.
    if quotes % 2:
        return line.split(delimiter)
    try:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []
    # A spreadsheet keeps a text that looks like a number as `="12"`.
    return [cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell for cell in cells]
