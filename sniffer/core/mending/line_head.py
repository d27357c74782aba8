"""The beginning of a log line that text recognition printed wrongly: number, time and process.

In: a line that does not begin as a record of the log does. Out: a `LineHead`, or None. Only marks and spaces between
the digits of a time are mended, never a digit. Without a readable time, the line has none of its own.
"""

import re
from datetime import datetime

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.base.times import nanoseconds_of
from sniffer.core.mending.word_mender import WordMender
from sniffer.core.wire.mended import MendedCharacter

_HEAD = compile_late(
    r"[^\w\[({|]{0,4}+(?:(?P<number>\d{1,18})[:.]?\s++)?[^\w\[({|]{0,4}+"
    r"(?:(?P<stamp>\d{4}\s?-\s?(?:[^\s\[({|]\s?){11,23}[^\s\[({|])\s*+(?=[\[({|]))?"
    r"(?P<name>[\[({|]{1,2}(?P<process>\w{2,16})[\])}|]{1,2})\s?(?P<text>.*)",
    re.DOTALL,
)
_STAMP = compile_late(
    r"(?P<date>\d{4}-\d\d-\d\d)[T1I7t](?P<clock>\d\d[:.;]\d\d[:.;]\d\d)[.,]?(?P<sign>[-+4])(?P<zone>\d\d:?\d\d)"
)
_NAME_AFTER_STAMP = compile_late(r"(?<!\S)[\[({|]{0,2}(?P<process>\w{2,16})[\])}|]{1,2}(?=[\s<=>]|\Z)\s?")
"""The name of a process after a time stamp, with a bracket that was read as a letter or lost."""

_STAMP_REACH = 48
"""Characters of a line in which that name begins, at most."""

_LONGEST_NAME, _SHORTEST_STAMP = 20, 12

_OF_STAMP = frozenset("0123456789-:+.;, T")
_SPACES = compile_late(r"\s+")


class LineHead(Struct, frozen=True):
    """The beginning of a line. `start` is the offset of the text after it; `time` is None if it is not readable.

    `mended` are the parts that were read otherwise.
    """

    number: int | None
    time: int | None
    process: str
    start: int
    mended: tuple[MendedCharacter, ...]


def read_head(line: str, words: WordMender) -> LineHead | None:
    """Return the beginning of a line; None if it names no process of the charger."""
    found = _HEAD.match(line)
    process = words.find_process(found["process"]) if found else None
    if found is None or process is None:
        return _read_damaged(line, words)
    time, mended = None, list[MendedCharacter]()
    stamp = found["stamp"]
    if stamp and (moment := _read_time(stamp)):
        text = moment.strftime("%Y-%m-%dT%H:%M:%S%z")
        time = nanoseconds_of(moment)
        if text != stamp:
            mended.append(MendedCharacter(found.start("stamp"), stamp, text))
    if found["name"] != f"[{process}]":
        mended.append(MendedCharacter(found.start("name"), found["name"], f"[{process}]"))
    number = int(found["number"]) if found["number"] else None
    return LineHead(number, time, process, found.start("text"), tuple(mended))


def _read_damaged(line: str, words: WordMender) -> LineHead | None:
    """Return the beginning of a line whose time stamp is not readable, or whose name lost its bracket; None without."""
    for found in _NAME_AFTER_STAMP.finditer(line[: _STAMP_REACH + _LONGEST_NAME]):
        stamp, process = line[: found.start()].strip(), words.find_process(found["process"])
        if process is None or found.start() > _STAMP_REACH:
            continue
        if 2 * sum(character in _OF_STAMP for character in stamp) < len(stamp) or len(stamp) < _SHORTEST_STAMP:
            continue
        moment, name = _read_time(stamp), found[0].rstrip()
        mended = [MendedCharacter(found.start(), name, f"[{process}]")] if name != f"[{process}]" else []
        if moment and (text := moment.strftime("%Y-%m-%dT%H:%M:%S%z")) != stamp:
            mended.insert(0, MendedCharacter(line.index(stamp), stamp, text))
        return LineHead(None, nanoseconds_of(moment) if moment else None, process, found.end(), tuple(mended))
    return None


def _read_time(stamp: str) -> datetime | None:
    """Return the time of a stamp; None if its digits are not certain."""
    found = _STAMP.fullmatch(_SPACES.sub("", stamp))
    if found is None:
        return None
    clock = re.sub("[.;]", ":", found["clock"])
    sign = "+" if found["sign"] == "4" else found["sign"]
    try:
        moment = datetime.fromisoformat(f"{found['date']}T{clock}{sign}{found['zone']}")
    except ValueError:
        return None
    return None if nanoseconds_of(moment) is None else moment
