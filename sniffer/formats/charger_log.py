"""The lines of the charger's text log (protocol.md, The charger's text log), parsed.

In: a line. Out: a `LogLine`. A line holds an optional line number, a time with a zone offset, the process in
brackets, and the text. Empty brackets name no process. Some texts print a frame in hexadecimal after an arrow that
shows its route. What another program printed before the time is left out. A line that does not have this form belongs
to the record before it, whose time and process it gets (`LogReader`). Before the first record, such a line is kept as
text without a time. In a log without times of its own, those that another program printed before its lines are used
(`sniffer.formats.text_files.log_lines.log_prefix`).
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from msgspec.structs import replace

from sniffer.base.late_pattern import compile_late
from sniffer.base.times import SECOND, nanoseconds_of
from sniffer.core.protocol.log_lines import ARROWS, LogLine
from sniffer.core.protocol.ocpp_message import parse_ocpp
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import find_possible_routes
from sniffer.formats.text_files.line_decoder import clean_line
from sniffer.formats.text_files.log_lines.log_prefix import PrefixForm, split_prefix
from sniffer.formats.text_files.printed_time import TimeReader

_ROUTE_OF_ARROW = {form: route for route, arrow in ARROWS.items() for form in (arrow, arrow.lower())}

_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)"

# Possessive quantifiers keep the time linear: a line can have 65,536 characters.
_RECORD = compile_late(
    rf"\s*(?:(?P<number>\d{{1,18}})\s+)?(?P<time>{_TIME})\s*+\[(?P<process>[^\]]*+)\]\s?(?P<text>.*)",
    re.DOTALL,
)
_USUAL_RECORD = compile_late(rf"({_TIME}) \[([^\]]*+)\]\s?+((?!\d).*)(?<![\r\n])", re.DOTALL)
"""A record without anything before its time, as nearly all are; what `_find_record` returns for it is these parts."""

_PREFIXED = compile_late(rf"(?<![\d.]){_TIME}\s*+\[")
_NUMBER_BEFORE = compile_late(r"(?:^\s*\d+[:|]|(?<![\w.:+/|-])(?<!:\d\d,))\s*(\d{1,18}\s+)\Z")
"""The charger's line number at the end of a prefix. `grep -n` and others count lines of their own before it."""

_NUMBER_OF_PART = compile_late(r"(\d{1,18})\s*\Z")
"""The number at the end of the prefix of a line that has no time."""

_NUMBER_REACH = 40
"""Characters before the time in which the number is looked for, so that a long prefix takes no long time."""

_FRAME = compile_late(r"\s*+(?P<arrow>[=<][=>](?:pwrboard|dbus))\s*+:?\s*+(?P<hex>[0-9a-f\s\[\]]++)", re.IGNORECASE)
_OTHER_FRAME = compile_late(
    r"\s*+(?P<arrow>[=<][=>])\s?(?P<name>pwrboard|dbus)(?P<before>[\s:\[({\"']*+)(?P<hex>(?:0x|\\x|-)?[0-9a-f].*)",
    re.IGNORECASE | re.DOTALL,
)
_BEGINNING = compile_late(r"\s*+[0-9][-0-9T:+.Z\s]*+(?:\[[^\]]*+)?")
"""The beginning of a record that was cut off within its number, time or process."""

_ARROW = compile_late(r"\s*+[=<][=>]")


class LogReader:
    """The reader of one log from its first line on. It remembers the last record.

    `has_own_times` is False for a log of which no line has a time of the charger. `zone` is that of the first time;
    None before it.
    """

    def __init__(self, *, has_own_times: bool = True) -> None:
        self._has_own_times = has_own_times
        self._record: LogLine | None = None
        self._clock = TimeReader()
        self._prefix_form = PrefixForm()
        self._number: int | None = None
        """The last number that was printed before a line; None before the first."""
        self.zone: tzinfo | None = None

    def read_lines(self, lines: Iterable[str]) -> list[LogLine]:
        """Return the parts of the next lines, which may have line ends."""
        found: list[LogLine] = []
        head, time, zone = "", None, 0
        for line in lines:
            if head and line.startswith(head):
                # Most lines have the time of the one before: what follows is what `_USUAL_RECORD` does.
                end = line.find("] ", len(head))
                process, text = line[len(head) : end], line[end + 2 :]
                if end > 0 and "]" not in process and not text[:1].isdecimal() and line[-1] not in "\r\n":
                    self._record = record = _build_line(time, process or None, text, None, zone)
                    found.append(record)
                    continue
            elif match := _USUAL_RECORD.fullmatch(line):
                moment, process, text = match.groups()
                if parsed := _parse_time(moment):
                    head = f"{moment} ["
                    time, zone = parsed
                    self._record = record = _build_line(time, process or None, text, None, zone)
                    if self.zone is None:
                        self.zone = _zone_of_seconds(zone)
                    found.append(record)
                    continue
            found.append(self.read(line))
        return found

    def read(self, line: str) -> LogLine:
        """Return the parts of the next line, which may have a line end."""
        line = line.rstrip("\r\n")
        match = _find_record(line)
        parsed = _build_record(match) if match else None
        if match and parsed:
            self._prefix_form.set_prefix(line[: len(line) - len(match.string) + match.start("time")])
        elif self._has_own_times:
            parsed = self._read_part(line)
        else:
            parsed = self._read_prefixed(line)
        if parsed.number is not None:
            self._number = parsed.number
        if not _is_record(parsed):
            return continue_record(self._record, parsed) if self._record else parsed
        self._record = parsed
        if self.zone is None and parsed.zone is not None:
            self.zone = _zone_of_seconds(parsed.zone)
        return parsed

    def _read_part(self, line: str) -> LogLine:
        """Return the parts of a line without a time: its number if that is the next one, and its text.

        A prefix like that of its record is removed.
        """
        text = self._prefix_form.remove_from(line)
        if self._number is None:
            return _build_line(None, None, text)
        found = _NUMBER_OF_PART.search(line, 0, len(line) - len(text))
        # After the number of a record that was misread stands its time: the record can be mended as a whole only.
        if found and int(found[1]) == self._number + 1 and not text[:1].isdigit():
            return _build_line(None, None, text, int(found[1]))
        return _build_line(None, None, line)

    def _read_prefixed(self, line: str) -> LogLine:
        """Return the parts of a line whose time, if it has one, another program printed."""
        printed, process, text = split_prefix(line)
        time = self._clock.read(printed) if printed else None
        zone = (printed.zone or 0) if printed else None
        return _build_line(time, process, text, zone=zone)


def continue_record(record: LogLine, line: LogLine) -> LogLine:
    """Return a line without a time stamp as a part of this record."""
    return replace(line, time=record.time, process=record.process, continues=True, zone=record.zone)


def decode_line(line: bytes) -> str:
    """Return the bytes of a line as text, cleaned as in a file; what is not UTF-8 becomes escapes."""
    return clean_line(line.decode("utf-8", "backslashreplace"))


def parse_line(line: str) -> LogLine:
    """Return the parts of a line, which may have a line end."""
    line = line.rstrip("\r\n")
    match = _find_record(line)
    return (_build_record(match) if match else None) or _build_line(None, None, line)


def zone_of(line: str) -> tzinfo | None:
    """Return the time zone of a line, or None if the line has no time."""
    match = _find_record(line.rstrip("\r\n"))
    parsed = _parse_time(match["time"]) if match else None
    return _zone_of_seconds(parsed[1]) if parsed else None


def _zone_of_seconds(seconds: int) -> tzinfo:
    return timezone(timedelta(seconds=seconds))


def zone_seconds_of(moment: datetime) -> int:
    """Return the zone of a time in seconds east of UTC."""
    return int((moment.utcoffset() or timedelta()).total_seconds())


def is_cut_off(line: str) -> bool:
    """Return True if the last line of a log, which has no line end, is visibly incomplete.

    It is incomplete if it has no time and process but may have begun with them, or if the frame that it prints is
    shorter than its length field says, or if its OCPP message ends too early. Any other text that ends too early looks
    like a complete one.
    """
    parsed = parse_line(line)
    begins_record = not _is_record(parsed) and _BEGINNING.fullmatch(line) is not None
    return begins_record or _is_open(parsed)


def is_open_line(line: str) -> bool:
    """Return True if a record prints a frame or an OCPP message that is not complete."""
    parsed = parse_line(line)
    return _is_record(parsed) and _is_open(parsed)


def is_whole_line(line: str) -> bool:
    """Return True if a record prints exactly one valid frame, or a complete OCPP message."""
    parsed = parse_line(line)
    if not _is_record(parsed):
        return False
    if parsed.frame is not None and parsed.route is not None:
        from sniffer.core.wire.framer import Framer

        framer = Framer(find_possible_routes(parsed.route))
        return [type(item) for item in [*framer.feed(parsed.frame), *framer.flush()]] == [Frame]
    ocpp = parse_ocpp(parsed.text)
    return ocpp is not None and ocpp.complete


def _is_record(line: LogLine) -> bool:
    """Return True if a line has a time or a process: it is no part of the record before it."""
    return line.time is not None or line.process is not None


def _is_open(line: LogLine) -> bool:
    if line.frame is not None and line.route is not None:
        return line.route.link.frame_end(line.frame, 0, len(line.frame)) > len(line.frame)
    if ocpp := parse_ocpp(line.text):
        return not ocpp.complete
    return _ARROW.match(line.text) is not None


def parse_hex(text: str) -> bytes | None:
    """Return bytes printed as in the log: two digits each, brackets allowed; None if the text is anything else."""
    try:
        return bytes.fromhex(text.replace("[", " ").replace("]", " ") if "[" in text or "]" in text else text) or None
    except ValueError:
        return None


def _find_record(line: str) -> re.Match[str] | None:
    """Return the parts of the record that a line prints, whatever stands before it; None if it prints none."""
    match = _RECORD.fullmatch(line)
    if match and not match["text"][:1].isdigit():
        return match
    # A prefix may look like a record itself.
    text = match["text"] if match else line
    if match and not _RECORD.match(text):
        return match
    found = _PREFIXED.search(text)
    if found is None:
        return match
    number = _NUMBER_BEFORE.search(text, max(0, found.start() - _NUMBER_REACH), found.start())
    return _RECORD.fullmatch(text, number.start(1) if number else found.start()) or match


@lru_cache(maxsize=256)
def _parse_time(text: str) -> tuple[int | None, int] | None:
    """Return a time in ISO 8601 in nanoseconds and its zone in seconds; None if the text is not a time.

    The nanoseconds are None if only damage explains the time. Many lines of a log share their second, and more of them
    their minute.
    """
    seconds = text[17:19]
    if text[19] == "." or not seconds.isascii() or seconds >= "60":
        return _parse_moment(text)
    minute = _parse_moment(f"{text[:17]}00{text[19:]}")
    if minute is None or minute[0] is None:
        return minute
    return minute[0] + int(seconds) * SECOND, minute[1]


@lru_cache(maxsize=16)
def _parse_moment(text: str) -> tuple[int | None, int] | None:
    """Return the time that a whole text is, and the seconds of its zone; None if it is no time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return nanoseconds_of(moment), zone_seconds_of(moment)


def _build_record(match: re.Match[str]) -> LogLine | None:
    """Return the record that a line prints; None if its time is not one."""
    number, moment, process, text = match.groups()
    parsed = _parse_time(moment)
    if parsed is None:
        return None
    time, zone = parsed
    return _build_line(time, process or None, text, int(number) if number else None, zone)


def _build_line(
    time: int | None, process: str | None, text: str, number: int | None = None, zone: int | None = None
) -> LogLine:
    """Return a line of these parts, with the frame that its text prints."""
    if "=" not in text:
        # All arrows have this sign.
        return LogLine(time, process, text, number, None, None, False, None, zone)
    arrow, _, digits = text.partition(":")
    route = _ROUTE_OF_ARROW.get(arrow)
    data = parse_hex(digits) if route else None
    if data is None:
        if match := _FRAME.fullmatch(text):
            route = _ROUTE_OF_ARROW.get(match["arrow"].lower())
            data = parse_hex(match["hex"]) if route else None
        if data is None and (match := _OTHER_FRAME.fullmatch(text)):
            from sniffer.formats.text_files.printed_frame import parse_printed_frame

            route = _ROUTE_OF_ARROW.get(f"{match['arrow']}{match['name'].lower()}")
            data = parse_printed_frame(match["hex"], match["before"]) if route else None
    if data and route and not data.startswith(route.head) and len(data) > 1:
        from sniffer.formats.text_files.printed_frame import drop_count

        data = drop_count(data)
    return LogLine(time, process, text, number, data, route if data else None, False, None, zone)
