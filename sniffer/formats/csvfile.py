"""The table of a session as CSV: UTF-8, commas, one line for each record, the names of the columns in the first.

A spreadsheet takes a cell that begins with = + - or @ for a formula, and a log can hold anything; so such a text has an
apostrophe before it, and so has one that begins with an apostrophe: who takes one away has the text back. Control
characters are escapes, so each record is one line and a terminal that shows it takes it as text. Times are ISO 8601
with microseconds and zone, bytes are hexadecimal, and what is not there is an empty cell.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from io import StringIO

from sniffer.formats.entry import Entry, Origin
from sniffer.formats.table import Cell, Kind, Table
from sniffer.printable import printable
from sniffer.times import iso

FORMULA = ("=", "+", "-", "@", "'")


def pieces(given: Iterable[Entry], origin: Origin) -> Iterator[bytes]:
    """The file, line by line."""
    table, zone = Table(origin.definition), origin.zone
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    kinds = [column.kind for column in table.columns]
    for entry in given:
        writer.writerow(map(lambda cell, kind: _cell(cell, kind, zone), table.row(entry), kinds))
        yield _taken(out)
    yield _taken(out)


def _cell(cell: Cell, kind: Kind, zone: tzinfo | None) -> Cell:
    if cell is None:
        return None
    if isinstance(cell, str):
        text = printable(cell)
        return f"'{text}" if text.startswith(FORMULA) else text
    if isinstance(cell, bytes):
        return cell.hex()
    return iso(cell, zone) if kind is Kind.TIME and isinstance(cell, int) else cell


def _taken(out: StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()
