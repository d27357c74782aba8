"""The work of `evse-sniff lake sql`: a question to a lake, and its answer as a table, as CSV or as JSON lines.

Text of the wire is in the answer as it is. It is made safe to show in a table, and in CSV that goes to a terminal; JSON
is ASCII.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from sniffer.base.sanitize import printable
from sniffer.fleet.lake.packages import QUERY_PACKAGES, require_packages

if TYPE_CHECKING:
    from sniffer.fleet.lake.queries.query import LakeAnswer

AnswerForm = Literal["table", "csv", "json"]

MEASURED_ROWS = 1000
"""The number of rows that decide about the widths of the columns of a table."""


def ask(lake: str, question: str, form: AnswerForm, *, is_shown: bool) -> Iterator[str]:
    """Yield the lines of the answer. `is_shown` is True if a terminal shows them.

    Raises `SnifferError` if a package is missing, if the lake cannot be read, or if the question cannot be answered.
    """
    require_packages(QUERY_PACKAGES, "fleet")
    from sniffer.fleet.lake.queries.query import LakeConnection

    with LakeConnection(lake) as connection:
        answer = connection.ask(question)
        if form == "json":
            yield from _format_json(answer)
        elif form == "csv":
            yield from (printable(line) if is_shown else line for line in _format_csv(answer))
        else:
            yield from format_table(answer.names, (row for batch in answer.batches() for row in batch))


def _format_json(answer: "LakeAnswer") -> Iterator[str]:
    """Yield one object a line."""
    for batch in answer.batches():
        for row in batch:
            yield json.dumps(dict(zip(answer.names, row, strict=True)), default=_encode)


def _format_csv(answer: "LakeAnswer") -> Iterator[str]:
    """Yield the line of headings, and a line for each row. A null is empty."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="")
    for row in ([*answer.names], *(row for batch in answer.batches() for row in batch)):
        writer.writerow(["" if value is None else _format_cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def format_table(names: Sequence[str], rows: Iterator[Sequence[Any]]) -> Iterator[str]:
    """Yield the lines of a table. Numbers are aligned to the right; a null is a dash."""
    first: list[list[str]] = []
    numeric = [True] * len(names)
    for row in rows:
        first.append([_format_shown(value) for value in row])
        for at, value in enumerate(row):
            numeric[at] = numeric[at] and (value is None or _is_number(value))
        if len(first) == MEASURED_ROWS:
            break
    widths = [max(map(len, column)) for column in zip([printable(name) for name in names], *first, strict=True)]
    yield _format_line([printable(name) for name in names], widths, numeric)
    yield "  ".join("-" * width for width in widths)
    yield from (_format_line(cells, widths, numeric) for cells in first)
    for row in rows:
        yield _format_line([_format_shown(value) for value in row], widths, numeric)


def _format_line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    parts = (
        f"{cell:>{width}}" if is_number else f"{cell:<{width}}"
        for cell, width, is_number in zip(cells, widths, numeric, strict=True)
    )
    return "  ".join(parts).rstrip()


def _format_shown(value: Any) -> str:
    return "-" if value is None else printable(_format_cell(value))


def _format_cell(value: Any) -> str:
    """Return a value as text; bytes are hexadecimal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | dict):
        return json.dumps(value, default=_encode)
    return str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _encode(value: object) -> str:
    """Return the form of bytes in JSON, the only type that the encoder does not know."""
    return value.hex() if isinstance(value, bytes) else str(value)
