"""Lines of the charger's text log: as they were read, and what is understood of them.

A `LogLine` is one line with its parts told apart (`sniffer.formats.charger_log` reads them); where it carries a frame in
hex, that frame's bytes and route. `LogLineParser` gives the meaning of the others by the patterns of the definition
(protocol.md, The charger's text log).
"""

import re
from dataclasses import dataclass

from sniffer.core.protocol.conversions import Number, Raw, Value
from sniffer.core.protocol.definition import Definition, Field, LogLinePattern
from sniffer.core.wire.links import Route

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_DIGITS = 20
"""Longest number that a line is searched for: no code in the log comes near it."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a text log. `number` is the one printed on it; `process` is None where the line is no record.

    `frame` and `route` are given where the line prints a frame.
    """

    time: int | None
    process: str | None
    text: str
    number: int | None = None
    frame: bytes | None = None
    route: Route | None = None


@dataclass(frozen=True, slots=True)
class Print:
    """How a log printed bytes: by which process, None where it names none, and as of which route."""

    process: str | None
    route: Route


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A log line that carries no frame, and what it says. `meaning` is None where it is not understood."""

    line: LogLine
    meaning: LogLinePattern | None
    values: tuple[Raw, ...]

    @property
    def time(self) -> int | None:
        return self.line.time

    @property
    def fields(self) -> dict[str, tuple[Field, Raw]]:
        return {field.name: (field, raw) for field, raw in zip(self._defined, self.values, strict=True)}

    def raw(self, name: str) -> Raw | None:
        """The raw value of a field; None where this line has none of that name."""
        found = self.fields.get(name)
        return found[1] if found else None

    def value(self, name: str) -> Value | None:
        """The value of a field as scripts read it; None where this line has none of that name."""
        found = self.fields.get(name)
        return found[0].conversion.value(found[1]) if found else None

    @property
    def summary(self) -> str:
        """The line's text, and what its numbers mean where that is known."""
        told = [
            f"{name} {field.conversion.text(raw)}" for name, (field, raw) in self.fields.items() if field.provenance
        ]
        return f"{self.line.text}  ({', '.join(told)})" if told else self.line.text

    @property
    def _defined(self) -> tuple[Field, ...]:
        return self.meaning.fields if self.meaning else ()


class LogLineParser:
    """Understands log lines by a definition's patterns."""

    def __init__(self, definition: Definition) -> None:
        self._patterns = [(line, _compiled(line)) for line in definition.lines]

    def read(self, line: LogLine) -> TextMessage:
        """What this line says; a line that fits no pattern is kept as text."""
        text = line.text.strip()
        for meaning, pattern in self._patterns:
            if found := pattern.fullmatch(text):
                values = tuple(_raw(field, found[field.name]) for field in meaning.fields)
                return TextMessage(line, meaning, values)
        return TextMessage(line, None, ())


def _compiled(line: LogLinePattern) -> re.Pattern[str]:
    fields = {field.name: field for field in line.fields}
    code = rf"0[xX][0-9a-fA-F]{{1,{_DIGITS}}}|[0-9]{{1,{_DIGITS}}}"
    parts = _PLACEHOLDER.split(line.pattern)
    pattern = ""
    for index, part in enumerate(parts):
        if index % 2 == 0:
            pattern += re.escape(part)
            continue
        field = fields[part]
        # A quantity may be negative, as the control pilot's -12 V; a code may not.
        sign = "-?" if isinstance(field.conversion, Number) and field.conversion.unit else ""
        pattern += f"(?P<{part}>{sign}(?:{code}))" if field.numeric else f"(?P<{part}>[^,]*)"
    return re.compile(pattern)


def _raw(field: Field, found: str) -> Raw:
    if not field.numeric:
        return found.encode("utf-8", "backslashreplace")
    return int(found, 16) if "x" in found.lower() else int(found)
