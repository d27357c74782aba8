"""The table of a session as CSV: UTF-8, commas, one line for each record, the names of the columns in the first line.

A spreadsheet takes a cell that begins with = + - or @ for a formula, and a log can contain anything. So a text that
begins with one of these gets an apostrophe before it, and so does one that begins with an apostrophe: removing one
apostrophe always gives the text back. Control characters are written as escapes, so that each record is one line and
a terminal shows it as text. Times are in ISO 8601 with microseconds and zone, bytes are in hexadecimal, and a missing
value is an empty cell.
"""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from sniffer.base.sanitize import printable
from sniffer.base.times import format_iso
from sniffer.formats.entry import Origin, RecordEntry
from sniffer.formats.record_table import BEFORE_FIELDS, TIME_COLUMN, Cell, RecordTable

HEADER_START = ",".join(column.name for column in BEFORE_FIELDS)
"""The text that each of these files begins with."""

FORMULA = ("=", "+", "-", "@", "'")
"""The characters at the start of a text that get an apostrophe before them."""


def encode_table(entries: Iterable[RecordEntry], origin: Origin) -> Iterator[bytes]:
    """Yield the file line by line."""
    table = RecordTable(origin.definition)
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    for entry in entries:
        row = table.build_row(entry)
        row[TIME_COLUMN] = format_iso(entry.record.time, origin.zone)
        writer.writerow([None if cell is None else _format_cell(cell) for cell in row])
        yield _take(buffer)
    yield _take(buffer)


def _format_cell(cell: Cell) -> Cell:
    """Return a cell as CSV has it: texts are escaped and never begin a formula, bytes are in hexadecimal."""
    if isinstance(cell, str):
        text = printable(cell)
        return f"'{text}" if text.startswith(FORMULA) else text
    return cell.hex() if isinstance(cell, bytes) else cell


def _take(buffer: StringIO) -> bytes:
    """Return the text of the buffer and empty it."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
