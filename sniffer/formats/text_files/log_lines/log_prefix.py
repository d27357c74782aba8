"""Prefixes of other programs before a line of the charger's log, where the log's own time is missing.

In: a line that has no time and process of the charger. Out: the time that a terminal program or a system log printed
before it, the process if the line names it, and the text. The process stands in brackets, as the charger prints it, or
is the tag of a system log (RFC 3164, RFC 5424, journalctl). Nothing is invented: what is not printed is None.

In a log that has times of its own, what stands before them is left out. The further lines of a record have no time, but
the same program printed a prefix before each of them. Its form is known from the prefix of the record (`PrefixForm`).
"""

import re
from typing import NamedTuple

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.printed_time import PrintedTime, search_time

_ARROW = compile_late(r"[=<][=>](?:pwrboard|dbus)\s*:", re.IGNORECASE)
_TAG = compile_late(r"[\s|\])>:,;-]*\[(?P<process>[A-Za-z][\w.-]{0,31})\](?:\s|$)")
_KNOWN_TAG = compile_late(r"\[(?P<process>comproc|ocpp|tap)\](?:\s|$)")
_SYSLOG = compile_late(r"[\]\s]*+\S+\s+(?P<process>[A-Za-z_][\w.-]{0,31})(?:\[\d+\])?:\s")
_SYSLOG_5424 = compile_late(r"\s\S+\s(?P<process>\S+)\s\S+\s\S+\s(?:-|(?:\[[^\]]*+\])++)\s")
_IS_5424 = compile_late(r"<\d{1,3}>1\s")
_SEPARATORS = " \t|]),;:-"

_VARYING = compile_late(
    r"(?P<number>[ \t]*\d+(?:[.,]\d+)?)"
    r"|(?P<name>\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b)"
    r"|(?P<half>\b[AP]M\b)|(?P<level>\b(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL)\b\s*)"
)
"""The parts in which two prefixes differ: numbers, names of days and months, halves of a day and log levels."""

_FORMS = {
    "number": r"[ \t]*+\d++(?:[.,]\d++)?",
    "name": "[A-Z][a-z]{2}",
    "half": "[AP]M",
    "level": r"[A-Z]{4,7}\s*?",
}
"""The pattern of each."""

_MOST_CHANGES = 64
"""The largest number of changes of the form of the prefixes of one log: each change takes as long as some ten lines."""

_TIME_BY = 64
"""A time in a line without process or arrow stands before this place."""


class PrefixedLine(NamedTuple):
    """A line without its prefix. `printed` and `process` are None if the prefix does not hold them."""

    printed: PrintedTime | None
    process: str | None
    text: str


class PrefixForm:
    """The form of the text that another program prints before each line of a log."""

    def __init__(self) -> None:
        self._pattern: re.Pattern[str] | None = None
        self._changes = 0

    def set_prefix(self, prefix: str) -> None:
        """Take the prefix of a record for an example, if it is not empty."""
        is_known = not prefix or (self._pattern is not None and self._pattern.fullmatch(prefix) is not None)
        if not is_known and self._changes < _MOST_CHANGES:
            self._pattern = re.compile(_form_of(prefix))
            self._changes += 1

    def remove_from(self, line: str) -> str:
        """Return a line without a prefix of this form; the line as it is if it has none."""
        found = self._pattern.match(line) if self._pattern else None
        return line[found.end() :] if found else line


def _form_of(prefix: str) -> str:
    """Return a pattern of the prefixes that differ from this one only in what varies.

    The spaces at its end may be missing before an empty text.
    """
    parts, at, printed = list[str](), 0, prefix.rstrip()
    for found in _VARYING.finditer(printed):
        parts += re.escape(printed[at : found.start()]), _FORMS[found.lastgroup or "number"]
        at = found.end()
    spaces = re.escape(prefix[len(printed) :])
    return "".join((*parts, re.escape(printed[at:]), f"(?:{spaces}|\\s*\\Z)"))


def split_prefix(line: str) -> PrefixedLine:
    """Return the parts of a line that has no time of the charger."""
    arrow, known = _ARROW.search(line), _KNOWN_TAG.search(line)
    begin = min((found.start() for found in (arrow, known) if found), default=_TIME_BY)
    printed = search_time(line, begin)
    if known and known.start() == begin:
        return PrefixedLine(printed, known["process"], line[known.end() :])
    process, end = _find_process(line, printed)
    if arrow:
        return PrefixedLine(printed, process, line[arrow.start() :])
    return PrefixedLine(printed, process, line[end:].lstrip(_SEPARATORS) if end else line)


def is_timeless_record(line: str) -> bool:
    """Return True if a line without a time of the charger is still one of its log: it prints a frame, or names a known
    process in brackets.
    """
    return _ARROW.search(line) is not None or _KNOWN_TAG.search(line) is not None


def _find_process(line: str, printed: PrintedTime | None) -> tuple[str | None, int]:
    """Return the process that stands after the time, None without one, and where the text begins."""
    at = printed.end if printed else 0
    syslog = _SYSLOG_5424 if _IS_5424.match(line) else _SYSLOG
    found = _TAG.match(line, at) or (printed and syslog.match(line, at))
    return (found["process"], found.end()) if found else (None, at)
