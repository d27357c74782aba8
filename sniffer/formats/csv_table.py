"""The table of a session as CSV: UTF-8, commas, one line for each record, the names of the columns in the first.

A spreadsheet takes a cell that begins with = + - or @ for a formula, and a log can hold anything; so such a text has an
apostrophe before it, and so has one that begins with an apostrophe: who takes one away has the text back. Control
characters are escapes, so each record is one line and a terminal that shows it takes it as text. Times are ISO 8601
with microseconds and zone, bytes are hexadecimal, and what is not there is an empty cell.
"""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from sniffer.base.sanitize import printable
from sniffer.base.times import iso
from sniffer.formats.entry import Origin, RecordEntry
from sniffer.formats.record_table import BEFORE_FIELDS, TIME_COLUMN, Cell, RecordTable

HEADER_START = ",".join(column.name for column in BEFORE_FIELDS)
"""How each of these files begins."""

FORMULA = ("=", "+", "-", "@", "'")


def encode_table(given: Iterable[RecordEntry], origin: Origin) -> Iterator[bytes]:
    """The file, line by line."""
    table = RecordTable(origin.definition)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    for entry in given:
        row = table.row(entry)
        row[TIME_COLUMN] = iso(entry.record.time, origin.zone)
        writer.writerow([None if cell is None else _cell(cell) for cell in row])
        yield _taken(out)
    yield _taken(out)


def _cell(cell: Cell) -> Cell:
    if isinstance(cell, str):
        text = printable(cell)
        return f"'{text}" if text.startswith(FORMULA) else text
    return cell.hex() if isinstance(cell, bytes) else cell


def _taken(out: StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()
