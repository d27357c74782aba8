"""The forms in which other programs carry the lines of the charger's log: JSON, CSV, HTML, or marks around each.

In: the first lines of a text. Out: a `LogCarrier`, or None if the lines stand there as the charger printed them, with
nothing but a prefix, which `sniffer.formats.charger_log` leaves out. `unwrap` returns them as the charger printed them.

A mark after the lines, such as `^M`, is one only if a frame is valid without it.
"""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum, auto
from html import unescape
from itertools import islice

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.formats.charger_log import is_whole_line, zone_of
from sniffer.formats.text_files.carriers.json_texts import decode_text
from sniffer.formats.text_files.log_lines.log_prefix import is_timeless_record
from sniffer.formats.text_files.plain_characters import to_plain

_FRAME = compile_late(r"[=<][=>](?:pwrboard|dbus)\s{0,8}:(?P<hex>[0-9A-F\s\[\]]*+)", 2)
_CELL = compile_late(r'(?:^|[,;\t])\s?"((?:[^"]|"")*+)"(?=\s?[,;\t]|\s*$)')
_ESCAPED = compile_late(r"&[lg]t;=?(?:pwrboard|dbus)", 2)
_TAG = compile_late(r"</?[A-Za-z][^<>]{0,200}>|<!\[CDATA\[|\]\]>")
_BREAK = compile_late(r"<br\b[^<>]{0,99}>|</(?:p|div|tr|li|pre)>", 2)
_NEXT_CELL = compile_late(r"</t[dh]>\s*(?=<t[dh])", 2)
_ENCODED = compile_late(r"\"[A-Za-z0-9+/]{40,}={0,2}\"")
_CODED_END = compile_late(r"(?:\\r)?\\n(?=\s*(?:\d{1,18}\s+)?\d{4}-\d\d-\d\dT)")
_ROW = compile_late(r"\s*\|(?P<cells>.*)\|\s*")
_BORDER = compile_late(r"\s*\|\s*")
_QUOTED = compile_late(r"\A\s*>(?:\s?>)*\s?")
_COLOR_REST = compile_late(
    r"(?:\^\[|#033|\\(?:e|x1b|033|u001b))\[[0-9;]{0,20}[mK]|\[[0-9;]{0,20}[mK](?![^\[\]]{0,99}\])"
)
"""The rest of a colour code. Without any trace of its first character, it is none in brackets, as in `[main]`."""

_TIME_KEYS = ("time", "timestamp", "@timestamp", "ts", "t")
_MOST_TRIED = 50
_MOST_DEPTH = 8


class CarrierForm(Enum):
    """A form in which another program carries the lines of a log."""

    LINE = auto()
    """As lines."""
    JSON = auto()
    """As a text in a JSON object, one a line."""
    CSV = auto()
    """In a quoted cell of a table."""
    HTML = auto()
    """With characters escaped, and between tags."""
    QUOTE = auto()
    """After the `>` of an answered mail, which wraps lines."""
    COLOR = auto()
    """With what is left of colour codes where their first character was escaped or lost."""
    CODES = auto()
    """With codes (`\\n`) for the ends of lines."""
    TABLE = auto()
    """In the cells of a row between bars."""
    CHARACTERS = auto()
    """With similar characters, which a web page or a word processor put in place of those of ASCII."""


class LogCarrier(Struct, frozen=True):
    """The carrier of a log. `mark` is the text after each line."""

    form: CarrierForm
    mark: str = ""

    def unwrap(self, line: str) -> list[str]:
        """Return the lines that a line holds as the charger printed them; as it is if this program did not print it."""
        text = _UNWRAP[self.form](line)
        lines = [line] if text is None else text.split("\n")
        return [one.removesuffix(self.mark) for one in lines] if self.mark else lines


def find_carrier(lines: Sequence[str]) -> LogCarrier | None:
    """Return the carrier of these lines of a log; None if they are as the charger printed them."""
    records = list(islice(filter(_may_hold_record, lines), _MOST_TRIED))
    for form in (CarrierForm.JSON, CarrierForm.CSV):
        if any(_UNWRAP[form](line) is not None for line in records):
            return LogCarrier(form)
    if any(_ESCAPED.search(line) or _BREAK.search(line) or "<![CDATA[" in line for line in records):
        return LogCarrier(CarrierForm.HTML)
    if any(map(_CODED_END.search, records)):
        return LogCarrier(CarrierForm.CODES)
    if any(_ROW.fullmatch(line) and zone_of(line) is None and zone_of(_join_cells(line)) for line in records):
        return LogCarrier(CarrierForm.TABLE)
    # The head of a mail and what else is in it has no mark.
    quoted = records if len(records) > 1 else [line for line in lines if line.strip()]
    if len(quoted) > 1 and all(map(_QUOTED.match, quoted)):
        return LogCarrier(CarrierForm.QUOTE)
    if any(not line.isascii() and is_whole_line(to_plain(line)) and not is_whole_line(line) for line in records):
        return LogCarrier(CarrierForm.CHARACTERS)
    if any(is_whole_line(_remove_colors(line)) for line in records if _COLOR_REST.search(line)):
        return LogCarrier(CarrierForm.COLOR)
    mark = _find_mark(records)
    return LogCarrier(CarrierForm.LINE, mark) if mark else None


def hold_encoded_records(lines: Sequence[str]) -> bool:
    """Return True if objects of JSON hold records in Base64, as message queues pass them on."""
    texts = (text for line in islice(filter(_ENCODED.search, lines), _MOST_TRIED) if (text := _unwrap_json(line)))
    return any(zone_of(text) is not None for text in texts)


def _find_mark(records: Iterable[str]) -> str:
    """Return what stands after the frames of most lines that print one, if they are valid without it; else nothing."""
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
    if zone_of(line) is not None or is_timeless_record(line) or _ESCAPED.search(line) is not None:
        return True
    return _ENCODED.search(line) is not None and hold_encoded_records([line])


def _unwrap_json(line: str) -> str | None:
    """Return the text of an object that holds a record, after its time, or the texts of a list; None without one."""
    if line.lstrip()[:1] not in ("{", "["):
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    members = found if isinstance(found, dict) else {}
    texts = [decode_text(text) or text for text in members.values() if isinstance(text, str)]
    text = next((text for text in texts if _may_hold_record(text)), None)
    if text is None:
        records = [text for text in _find_texts(found) if _may_hold_record(text)]
        text = "\n".join(records) if records else texts[0] if texts else None
    if text is None:
        return None
    text = text.rstrip("\r\n")
    time = next((members[key] for key in _TIME_KEYS if isinstance(members.get(key), str)), None)
    return f"{time} {text}" if time and zone_of(text) is None else text


def _find_texts(value: object, depth: int = 0) -> Iterator[str]:
    """Yield all texts within lists and objects."""
    if isinstance(value, str):
        yield decode_text(value) or value
    elif isinstance(value, dict | list) and depth < _MOST_DEPTH:
        for member in value.values() if isinstance(value, dict) else value:
            yield from _find_texts(member, depth + 1)


def _unwrap_csv(line: str) -> str | None:
    """Return the quoted cell that holds a record; None if there is none.

    The parts of a record in several cells are joined.
    """
    texts = [cell[1].replace('""', '"') for cell in _CELL.finditer(line)]
    if whole := next((text for text in texts if zone_of(text) is not None), None):
        return whole
    if not any(map(_may_hold_record, texts)):
        return None
    return " ".join(next(csv.reader([line], delimiter=_find_delimiter(line)), []))


def _find_delimiter(line: str) -> str:
    """Return the text between the quoted cells of a row."""
    return max(",;\t", key=lambda one: line.count(f'"{one}'))


def _join_cells(line: str) -> str:
    """Return the cells of a row between bars as one line."""
    row = _ROW.fullmatch(line)
    return _BORDER.sub(" ", row["cells"]).strip() if row else line


def _unwrap_html(line: str) -> str:
    """Return a line of a page without its tags. Cells have a space between them."""
    text = unescape(_TAG.sub("", _NEXT_CELL.sub(" ", _BREAK.sub("\n", line))))
    return text.replace("\xa0", " ").removesuffix("\n")


def _remove_colors(line: str) -> str:
    return _COLOR_REST.sub("", line)


_UNWRAP: dict[CarrierForm, Callable[[str], str | None]] = {
    CarrierForm.LINE: lambda line: line,
    CarrierForm.JSON: _unwrap_json,
    CarrierForm.CSV: _unwrap_csv,
    CarrierForm.HTML: lambda line: _unwrap_html(line),
    CarrierForm.CODES: lambda line: _CODED_END.sub("\n", line),
    CarrierForm.TABLE: _join_cells,
    CarrierForm.QUOTE: lambda line: _QUOTED.sub("", line, count=1),
    CarrierForm.COLOR: _remove_colors,
    CarrierForm.CHARACTERS: to_plain,
}
