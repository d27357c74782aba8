"""Lines of the charger's text log: their parts, and their meaning by the patterns of the definition.

A `LogLine` is one line in its parts (`sniffer.formats.charger_log` reads them), with the bytes and route of the frame
if it prints one, as `format_frame` writes it. `LogLineParser` gives the other lines their meaning (protocol.md, The
charger's text log).
"""

import re

from msgspec import Struct
from msgspec.structs import astuple

from sniffer.base.late_pattern import compile_late
from sniffer.core.protocol.conversions import Number, Raw, Value
from sniffer.core.protocol.definition import Definition, Field, LogLinePattern
from sniffer.core.protocol.ocpp_message import OcppMessage, parse_ocpp
from sniffer.core.protocol.ocpp_parameters import format_ocpp
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, OCPP_TO_COM, PWR_TO_COM
from sniffer.core.wire.mended import Mended

ARROWS = {COM_TO_PWR: "=>pwrboard", PWR_TO_COM: "<=pwrboard", OCPP_TO_COM: "=>Dbus", COM_TO_OCPP: "<=Dbus"}
"""The words of the log for each route."""

MOST_KEPT = 1024
LONGEST_KEPT = 200
"""The number of texts that are kept with their meaning, and the longest one in characters."""

PRINTS_KEPT = 64
"""The number of ways to print a frame that are kept; the usual log has four."""

PLACEHOLDER = compile_late(r"\{(\w+)\}")
"""The name of a field in the pattern of a line."""

_WHITE_SPACE = compile_late(r"\s+")
_DIGITS = 20
"""Digits in a number, at most; far more than any code in the log has."""

_DECIMAL = rf"[0-9]{{{{1,{_DIGITS}}}}}(?:\.[0-9]{{{{1,{{}}}}}})?"
"""A number with a decimal point; to be formatted with its highest number of decimals."""


class LogLine(Struct, frozen=True, gc=False, eq=False):
    """One line of a text log. `number` is printed on the line; `process` is None if the line is not a record.

    `time` is in nanoseconds since the epoch. `frame` and `route` are None unless the line prints a frame. With
    `continues`, the line has no time stamp and belongs to the record before it, whose time and process it has. `zone`
    is that of the time stamp, in seconds east of UTC; it says how the time was printed, and is not compared. `mended`
    is None unless the line was read wrongly and mended.
    """

    time: int | None
    process: str | None
    text: str
    number: int | None = None
    frame: bytes | None = None
    route: Route | None = None
    continues: bool = False
    mended: Mended | None = None
    zone: int | None = None

    def __eq__(self, other: object) -> bool:
        """Return True if all is equal but the zone."""
        return isinstance(other, LogLine) and astuple(self)[:-1] == astuple(other)[:-1]

    def __ne__(self, other: object) -> bool:
        """Return True unless all is equal but the zone. The base class has a comparison of its own here."""
        return not self == other

    def __hash__(self) -> int:
        return hash(astuple(self)[:-1])


class Print(Struct, frozen=True, gc=False):
    """The print of bytes in a log: the process that printed them, None if it is not named, and the route.

    `continues` and `mended` are those of the `LogLine`.
    """

    process: str | None
    route: Route
    continues: bool = False
    mended: Mended | None = None


class PrintCache:
    """The prints of one log. Most of its lines share one of a few values."""

    def __init__(self) -> None:
        self._prints: dict[tuple[str | None, Route, bool], Print] = {}

    def find(self, line: LogLine, route: Route) -> Print:
        """Return how a line printed its bytes."""
        if line.mended is not None:
            return Print(line.process, route, line.continues, line.mended)
        key = line.process, route, line.continues
        printed = self._prints.get(key)
        if printed is None:
            if len(self._prints) >= PRINTS_KEPT:
                self._prints.clear()
            printed = self._prints[key] = Print(*key)
        return printed


class TextMessage(Struct, frozen=True, gc=False):
    """A log line without a frame, and its meaning. `meaning` is None if the line fits no pattern.

    `ocpp` is the OCPP message that the line prints, or None.
    """

    line: LogLine
    meaning: LogLinePattern | None
    values: tuple[Raw, ...]
    ocpp: OcppMessage | None = None

    @property
    def time(self) -> int | None:
        """The time of the line, in nanoseconds; None if it has none."""
        return self.line.time

    @property
    def is_known(self) -> bool:
        """True if the line fits a pattern or prints an OCPP message."""
        return self.meaning is not None or self.ocpp is not None

    @property
    def is_blank(self) -> bool:
        """True for a line without text that is not a record. A log is kept with such lines, and they are not shown."""
        return (self.line.continues or self.line.process is None) and not self.line.text.strip()

    @property
    def fields(self) -> dict[str, tuple[Field, Raw]]:
        """The fields of the line by name, each with its raw value."""
        return {one.name: (one, raw) for one, raw in zip(self._defined, self.values, strict=True)}

    def raw(self, name: str) -> Raw | None:
        """Return the raw value of a field; None if the line has no field of that name."""
        found = self._find(name)
        return found[1] if found else None

    def number(self, name: str) -> int | None:
        """Return the number that a numeric field stands for; None if the line has no field of that name."""
        found = self._find(name)
        return found[0].number_of(found[1]) if found else None

    def value(self, name: str) -> Value | None:
        """Return the value of a field for scripts; None if the line has no field of that name."""
        found = self._find(name)
        return found[0].conversion.value(found[1]) if found else None

    @property
    def summary(self) -> str:
        """The text of the line and what is known of its numbers, or the parameters of an OCPP message that matter."""
        if self.ocpp:
            return format_ocpp(self.ocpp)
        known = [
            f"{name} {field.conversion.text(raw)}" for name, (field, raw) in self.fields.items() if field.provenance
        ]
        return f"{self.line.text}  ({', '.join(known)})" if known else self.line.text

    def _find(self, name: str) -> tuple[Field, Raw] | None:
        """Return a field by its name, with its raw value; None if the line has no field of that name."""
        for field, raw in zip(self._defined, self.values, strict=True):
            if field.name == name:
                return field, raw
        return None

    @property
    def _defined(self) -> tuple[Field, ...]:
        return self.meaning.fields if self.meaning else ()


def format_frame(route: Route, data: bytes) -> str:
    """Return bytes as a log prints them: the arrow of the route, then hexadecimal, a two-byte command in brackets."""
    pairs = [f"{byte:02X}" for byte in data]
    first, end = route.command_place
    last = end - 1
    if first < last < len(pairs):
        pairs[first], pairs[last] = f"[{pairs[first]}", f"{pairs[last]}]"
    return f"{ARROWS[route]}:{' '.join(pairs)}"


class LogLineParser:
    """The parser of log lines, by the patterns of a definition."""

    def __init__(self, definition: Definition) -> None:
        self._starts = [(_find_start(line.pattern), line) for line in definition.lines]
        self._patterns: dict[str, re.Pattern[str]] = {}
        """The patterns of the lines of which a text had the beginning: a short session has few."""
        self._known: dict[str, tuple[LogLinePattern | None, tuple[Raw, ...], OcppMessage | None]] = {}
        """The meaning of texts that were read, as a log repeats most of them."""

    def read(self, line: LogLine) -> TextMessage:
        """Return the message of a line. A line that fits no pattern keeps its text only."""
        text = line.text.strip()
        known = self._known.get(text)
        if known is None:
            known = self._parse(text)
            if len(text) <= LONGEST_KEPT:
                if len(self._known) >= MOST_KEPT:
                    self._known.clear()
                self._known[text] = known
        return TextMessage(line, *known)

    def _parse(self, text: str) -> tuple[LogLinePattern | None, tuple[Raw, ...], OcppMessage | None]:
        """Return the pattern that a text fits, or None, its values, and its OCPP message or None."""
        ocpp = parse_ocpp(text)
        for start, meaning in self._starts:
            if text.startswith(start) and (found := self._compile(meaning).fullmatch(text)):
                return meaning, tuple(_parse_raw(field, found[field.name]) for field in meaning.fields), ocpp
        return None, (), ocpp

    def _compile(self, line: LogLinePattern) -> re.Pattern[str]:
        """Return the compiled pattern, which is kept."""
        found = self._patterns.get(line.pattern)
        if found is None:
            found = self._patterns[line.pattern] = _compile(line)
        return found


def _find_start(pattern: str) -> str:
    """Return the characters that each text of a pattern begins with: its first word, up to a field."""
    words = pattern.partition("{")[0].split(maxsplit=1)
    return words[0] if words else ""


def _compile(line: LogLinePattern) -> re.Pattern[str]:
    """Return a pattern of a definition as a regular expression with a group for each field."""
    fields = {field.name: field for field in line.fields}
    code = rf"0[xX][0-9a-fA-F]{{1,{_DIGITS}}}|[0-9]{{1,{_DIGITS}}}"
    parts = PLACEHOLDER.split(line.pattern)
    pattern = ""
    for index, part in enumerate(parts):
        if index % 2 == 0:
            pattern += _escape_literal(part)
            continue
        field = fields[part]
        # Only a quantity can be negative, such as the -12 V of the control pilot.
        sign = "-?" if isinstance(field.conversion, Number) and field.conversion.unit else ""
        number = _DECIMAL.format(_count_decimals(field)) if field.type == "decimal" else code
        pattern += f"(?P<{part}>{sign}(?:{number}))" if field.is_numeric else f"(?P<{part}>[^,]*)"
    return re.compile(pattern)


def _escape_literal(part: str) -> str:
    """Return the expression of a part without fields. A run of white space in it stands for any run."""
    return r"\s+".join(re.escape(word) for word in _WHITE_SPACE.split(part))


def _count_decimals(field: Field) -> int:
    """Return the number of decimals that a decimal field holds."""
    return field.conversion.decimals if isinstance(field.conversion, Number) else 0


def _parse_raw(field: Field, found: str) -> Raw:
    """Return the raw value of a field from its text in a line; a decimal number is one without its point."""
    if not field.is_numeric:
        return found.encode("utf-8", "backslashreplace")
    if field.type == "decimal":
        whole, _, decimals = found.partition(".")
        return int(whole + decimals.ljust(_count_decimals(field), "0"))
    return int(found, 16) if "x" in found.lower() else int(found)
