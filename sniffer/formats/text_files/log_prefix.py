"""What other programs print before a line of the charger's log, where the log's own time is missing.

In: a line that has no time and process of the charger. Out: the time that a terminal program or a system log printed
before it, the process if the line names it, and the text. The process stands in brackets, as the charger prints it, or
is the tag of a system log (RFC 3164, RFC 5424, journalctl). Nothing is invented: what is not printed is None.
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

_TIME_BY = 64
"""A time in a line without process or arrow stands before this place."""


class PrefixedLine(NamedTuple):
    """A line without its prefix. `printed` and `process` are None if the prefix does not hold them."""

    printed: PrintedTime | None
    process: str | None
    text: str


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
    """Return the process that stands behind the time, None without one, and where the text begins."""
    at = printed.end if printed else 0
    syslog = _SYSLOG_5424 if _IS_5424.match(line) else _SYSLOG
    found = _TAG.match(line, at) or (printed and syslog.match(line, at))
    return (found["process"], found.end()) if found else (None, at)
