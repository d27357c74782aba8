"""What another program made of the lines of the charger's log: JSON, CSV, HTML, or marks before and behind each line.

In: the first lines of a text. Out: a `LogCarrier`, or None if the lines stand there as the charger printed them, with
nothing but a prefix, which `sniffer.formats.charger_log` leaves out. `unwrap` returns a line as the charger printed it.

A mark behind the lines, such as `^M`, is one only if a frame is valid without it.
"""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto
from html import unescape
from itertools import islice

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.formats.charger_log import is_whole_line, zone_of
from sniffer.formats.text_files.log_prefix import is_timeless_record
from sniffer.formats.text_files.plain_characters import to_plain

_FRAME = compile_late(r"[=<][=>](?:pwrboard|dbus)\s{0,8}:(?P<hex>[0-9A-F\s\[\]]*+)", 2)
_CELL = compile_late(r'(?:^|[,;\t])\s?"((?:[^"]|"")*+)"(?=\s?[,;\t]|\s*$)')
_ESCAPED = compile_late(r"&[lg]t;=?(?:pwrboard|dbus)", 2)
_TAG = compile_late(r"</?[A-Za-z][^<>]{0,200}>")
_QUOTED = compile_late(r"\s*>(?:\s?>)*\s?")
_COLOR_REST = compile_late(r"(?:\^\[|#033|\\(?:e|x1b|033|u001b))?\[[0-9;]{0,20}[mK]")
_TIME_KEYS = ("time", "timestamp", "@timestamp", "ts", "t")
_MOST_TRIED = 50


class CarrierForm(Enum):
    """How another program carries the lines of a log."""

    LINE = auto()
    """As lines."""
    JSON = auto()
    """As a text in a JSON object, one a line."""
    CSV = auto()
    """In a quoted cell of a table."""
    HTML = auto()
    """With characters escaped, and between tags."""
    QUOTE = auto()
    """Behind the `>` of an answered mail, which wraps lines."""
    COLOR = auto()
    """With what is left of colour codes where their first character was escaped or lost."""
    CHARACTERS = auto()
    """With similar characters, which a web page or a word processor put in place of those of ASCII."""


class LogCarrier(Struct, frozen=True):
    """The carrier of a log. `mark` is what stands behind each line."""

    form: CarrierForm
    mark: str = ""

    def unwrap(self, line: str) -> str:
        """Return a line as the charger printed it; as it is if this program did not print it."""
        text = _UNWRAP[self.form](line)
        text = line if text is None else text
        return text.removesuffix(self.mark) if self.mark else text


def find_carrier(lines: Sequence[str]) -> LogCarrier | None:
    """Return the carrier of these lines of a log; None if they are as the charger printed them."""
    records = list(islice(filter(_may_hold_record, lines), _MOST_TRIED))
    for form in (CarrierForm.JSON, CarrierForm.CSV):
        if any(_UNWRAP[form](line) is not None for line in records):
            return LogCarrier(form)
    if any(map(_ESCAPED.search, records)):
        return LogCarrier(CarrierForm.HTML)
    filled = [line for line in lines if line.strip()]
    if len(filled) > 1 and all(map(_QUOTED.match, filled)):
        return LogCarrier(CarrierForm.QUOTE)
    if any(not line.isascii() and is_whole_line(to_plain(line)) and not is_whole_line(line) for line in records):
        return LogCarrier(CarrierForm.CHARACTERS)
    if any(is_whole_line(_remove_colors(line)) for line in records if _COLOR_REST.search(line)):
        return LogCarrier(CarrierForm.COLOR)
    mark = _find_mark(records)
    return LogCarrier(CarrierForm.LINE, mark) if mark else None


def _find_mark(records: Iterable[str]) -> str:
    """Return what stands behind the frames of most lines that print one, if they are valid without it; else nothing."""
    frames = [(line, match) for line in records if (match := _FRAME.search(line))]
    found = [(line, line[match.start("hex") + len(match["hex"].rstrip()) :]) for line, match in frames]
    if not found:
        return ""
    mark, count = Counter(mark for _, mark in found).most_common(1)[0]
    if not mark.strip():
        return ""
    fits = any(is_whole_line(line.removesuffix(mark)) for line, its in found if its == mark)
    return mark if fits and 2 * count >= len(found) else ""


def _may_hold_record(line: str) -> bool:
    return zone_of(line) is not None or is_timeless_record(line) or _ESCAPED.search(line) is not None


def _unwrap_json(line: str) -> str | None:
    """Return the text of an object that holds a record, behind its time; None if there is none."""
    if not line.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(line)
    except ValueError:
        return None
    texts = [text for text in found.values() if isinstance(text, str)]
    text = next((text for text in texts if _may_hold_record(text)), texts[0] if texts else None)
    if text is None:
        return None
    text = text.rstrip("\r\n")
    time = next((found[key] for key in _TIME_KEYS if isinstance(found.get(key), str)), None)
    return f"{time} {text}" if time and zone_of(text) is None else text


def _unwrap_csv(line: str) -> str | None:
    """Return the quoted cell that holds a record, behind the cells before it; None if there is none."""
    for cell in _CELL.finditer(line):
        text = cell[1].replace('""', '"')
        if _may_hold_record(text):
            before = next(csv.reader([line[: cell.start()]]), []) if zone_of(text) is None else []
            return " ".join([*before, text])
    return None


def _remove_colors(line: str) -> str:
    return _COLOR_REST.sub("", line)


_UNWRAP: dict[CarrierForm, Callable[[str], str | None]] = {
    CarrierForm.LINE: lambda line: line,
    CarrierForm.JSON: _unwrap_json,
    CarrierForm.CSV: _unwrap_csv,
    CarrierForm.HTML: lambda line: unescape(_TAG.sub("", line)),
    CarrierForm.QUOTE: lambda line: _QUOTED.sub("", line, count=1),
    CarrierForm.COLOR: _remove_colors,
    CarrierForm.CHARACTERS: to_plain,
}
