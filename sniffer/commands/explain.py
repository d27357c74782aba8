"""Explain what a code, a name, a frame or a log line means, with the provenance of each fact.

In: the words of the command line and a definition. Out: text that is safe to show. A number is tried as every kind of
code, in decimal and in hexadecimal, because people paste both; nothing is guessed beyond the tables. The rows of the
error table that were named are shown as cards at the end: one row as a full card, several rows as short cards with what
distinguishes them.
"""

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence

from sniffer.base.errors import ExplainError
from sniffer.base.sanitize import printable
from sniffer.core.charger.consistency_rules import NO_ERROR
from sniffer.core.charger.fault_codes import FaultCodes, diagnose
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.conversions import as_number
from sniffer.core.protocol.definition import Definition, ErrorRow
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.loader import find_indexed_row, is_same_row
from sniffer.core.protocol.log_lines import LogLine, LogLineParser, TextMessage
from sniffer.core.protocol.message import FieldValue, Message, framing_fields
from sniffer.core.protocol.ocpp_message import OcppMessage
from sniffer.core.protocol.ocpp_parameters import parameters_of
from sniffer.core.wire.crc import crc16
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.links import CRC_SIZE, PWRBOARD, ROUTES_IN_BYTES, Route, find_possible_routes
from sniffer.formats.charger_log import parse_hex, parse_line
from sniffer.text import fault_card
from sniffer.text.advice import find_line_advice
from sniffer.text.describe import doubts_text, ocpp_name
from sniffer.text.fault_card import wrap_lines
from sniffer.text.nearest import describe_unknown_codes, describe_unknown_number, find_nearest_names

UNKNOWN = "meaning unknown"

_DECIMAL = re.compile(r"[0-9]{1,18}")
_HEXADECIMAL = re.compile(r"(?:0[xX])?[0-9a-fA-F]{1,16}")


def explain(words: Sequence[str], definition: Definition) -> str:
    """Return the meaning of `words`: one frame or log line, or codes and names, each by itself.

    Raises `ExplainError` if a word is none of these.
    """
    explainer = _Explainer(definition)
    whole = explainer.explain_line_or_frame(" ".join(words), shortest=PWRBOARD.overhead)
    parts = [whole] if whole else [list(explainer.explain_word(word)) for word in words]
    parts += explainer.format_cards()
    return "\n\n".join("\n".join(printable(line) for line in part) for part in parts if part)


class _Explainer:
    """The explainer of one command line. It remembers the rows of the error table that were named."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._codec = Codec(definition)
        self._lines = LogLineParser(definition)
        self._named: list[ErrorRow] = []

    def format_cards(self) -> list[list[str]]:
        """Return the cards of all rows that were named so far, each once."""
        cards = [fault_card.build_fault_card(row, self._definition) for row in self._named]
        if len(cards) == 1:
            return [fault_card.format_card(cards[0])]
        short = [fault_card.format_short_card(card, self._named) for card in cards]
        more = [f"A full card: evse-sniff explain {shlex.quote(self._named[0].meaning)}"] if short else []
        return [*short, more]

    def explain_word(self, word: str) -> Iterator[str]:
        """Yield the lines on one word of the command line."""
        if found := self.explain_line_or_frame(word, shortest=2):
            yield from found
        elif numbers := _parse_numbers(word.split(",")):
            yield from self._explain_numbers(word, numbers)
        else:
            yield from self._explain_name(word)

    def explain_line_or_frame(self, text: str, *, shortest: int) -> list[str]:
        """Return the lines on a log line or a frame, an empty list if the text is neither.

        Bytes that do not begin like a frame are explained as one if there are `shortest` or more: fewer can be codes.
        """
        line = parse_line(text)
        if line.frame is not None and line.route is not None:
            return list(self._explain_frame(line.frame, find_possible_routes(line.route)))
        understood = self._lines.read(line)
        if line.process is not None or understood.meaning or understood.ocpp or find_line_advice(text):
            return list(self._explain_log_line(line, understood))
        data = parse_hex(text) or b""
        has_head = len(data) > 1 and any(data.startswith(route.head) for route in ROUTES_IN_BYTES)
        is_hex_dump = " " in text.strip() and len(data) >= shortest
        return list(self._explain_frame(data, ROUTES_IN_BYTES)) if has_head or is_hex_dump else []

    def _explain_frame(self, data: bytes, routes: Iterable[Route]) -> Iterator[str]:
        """Yield the lines on the frames of these routes in `data`, and on the bytes outside of frames."""
        framer = Framer(routes)
        for item in [*framer.feed(data), *framer.flush()]:
            if isinstance(item, Noise):
                yield from _explain_noise(item)
                continue
            message = self._codec.decode(item)
            direction = message.direction or "either direction"
            yield f"{message.name}  ({item.link.name}, {direction}, sequence {item.sequence:04X})"
            if message.command and message.command.about:
                yield from wrap_lines(message.command.about, "  ")
            yield f"  {message.summary}"
            yield from _format_field_table(item, message.fields)
            yield from self._list_rows_of_message(message)

    def _explain_log_line(self, line: LogLine, message: TextMessage) -> Iterator[str]:
        """Yield the lines on a log line, or that the definition does not describe it."""
        if message.ocpp:
            yield from _explain_ocpp(message.ocpp)
        elif message.meaning is None:
            yield f"log line of {line.process or 'an unnamed process'}: the protocol definition does not describe it"
        if advice := find_line_advice(line.text):
            yield from wrap_lines(advice, "  ")
        if message.meaning is None:
            return
        yield f"{message.meaning.name}  (log line, {message.meaning.provenance})"
        width = max(18, *map(len, message.fields), 0)
        for name, (field, raw) in message.fields.items():
            yield f"  {name:<{width}} {field.conversion.text(raw):<22} {field.provenance_of(raw) or UNKNOWN}"
        yield from self._list_rows_of_message(message)
        index = message.raw("index")
        if message.meaning.role == "fault" and isinstance(index, int):
            yield from self._explain_index(index)

    def _explain_index(self, index: int) -> Iterator[str]:
        """Yield the row of the packaged error table that an index names (protocol.md, Error table: `assumed`)."""
        row = find_indexed_row(index)
        if row:
            known = next((one for one in self._definition.errors if is_same_row(one, row)), row)
            self._remember([known])
            yield f"  by its index: row {index} of the error table, {known.meaning}  ({Provenance.ASSUMED})"
        elif index == 0:
            yield f"  by its index: no fault  ({Provenance.ASSUMED})"
        else:
            yield "  by its index: a row that the error table does not have"

    def _explain_numbers(self, word: str, numbers: list[list[int]]) -> Iterator[str]:
        """Yield the lines on numbers joined by commas, as a log line prints them, or on one number alone.

        Raises `ExplainError` if there are more than three numbers.
        """
        values = [readings[0] for readings in numbers]
        if len(numbers) == 2:
            yield from self._explain_as_line(f"ocpp error Code :{values[0]},{values[1]}")
        elif len(numbers) == 3:
            yield from self._explain_as_line(f"pwrCom error Code vol:{values[0]},{values[1]},{values[2]}")
        elif len(numbers) == 1:
            lines = [line for number in numbers[0] for line in self._explain_code(number)]
            yield from lines
            if not lines:
                yield f"{word}: this code is in no table"
                yield from describe_unknown_number(numbers[0], self._definition)
        else:
            raise ExplainError(f"{word}: expected one code, OCPP,VENDOR or M4,STATUS,VOLTAGE, as the log prints them")

    def _explain_as_line(self, text: str) -> Iterator[str]:
        """Yield the lines on a text as if the log had printed it."""
        line = parse_line(text)
        yield from self._explain_log_line(line, self._lines.read(line))

    def _explain_code(self, number: int) -> Iterator[str]:
        """Yield the lines on one number in every table that has it; none if no table has it."""
        if meanings := list(self._list_meanings(number)):
            yield f"{number} = 0x{number:02X}"
            yield from meanings

    def _list_meanings(self, number: int) -> Iterator[str]:
        """Yield a line for each kind of code that the number can be, each followed by the rows of the error table."""
        rows = self._definition.errors
        if by_vendor := [row for row in rows if row.vendor == number]:
            yield from self._list_rows_of_code("vendor error code", [(row, row.provenance) for row in by_vendor])
        for label, enumeration in (
            ("OCPP error code", self._definition.ocpp_errors),
            ("connector status", self._definition.statuses),
        ):
            if number in enumeration.names:
                meaning = enumeration.meanings[number]
                suffix = f", {meaning}" if meaning and meaning != enumeration.names[number] else ""
                yield f"  as {label}: {enumeration.names[number]}{suffix}  ({enumeration.provenance[number]})"
                if enumeration is self._definition.ocpp_errors:
                    yield from self._list_rows((row for row in rows if row.ocpp == number), indent="    ")
        if by_m4 := [row for row in rows if number in row.m4]:
            yield from self._list_rows_of_code("M4 error code", [(row, row.m4[number]) for row in by_m4])

    def _list_rows_of_code(self, label: str, rows: Sequence[tuple[ErrorRow, Provenance]]) -> Iterator[str]:
        """Yield the rows of a code of this kind, with one provenance for all, or that of each if they differ."""
        words = {word for _, word in rows}
        yield f"  as {label}  ({', '.join(word for word in Provenance if word in words)})"
        yield from self._list_rows(
            (row for row, _ in rows), "    ", [word for _, word in rows] if len(words) > 1 else []
        )

    def _list_rows_of_message(self, message: Message | TextMessage) -> Iterator[str]:
        """Yield the rows of the error table that the error codes of a message mean, with what contradicts, and what is
        unknown.

        Their cards are shown at the end.
        """
        raws = {name: message.raw(f"{name}_error") for name in ("ocpp", "vendor", "m4")}
        numbers = {name: as_number(raw) for name, raw in raws.items() if raw is not None}
        ocpp = numbers.get("ocpp")
        if ocpp == self._definition.ocpp_errors.number_of(NO_ERROR):
            ocpp = None
        codes = FaultCodes(ocpp, numbers.get("vendor") or None, numbers.get("m4") or None)
        diagnosis = diagnose(codes, self._definition.errors)
        if diagnosis.agree is False:
            for row in self._remember(diagnosis.rows):
                yield f"  error table: {row.meaning}"
            yield from wrap_lines(doubts_text(diagnosis, self._definition)[0], "  ", "  ")
        else:
            yield from self._list_rows(diagnosis.rows)
        yield from describe_unknown_codes(codes, self._definition)

    def _list_rows(self, rows: Iterable[ErrorRow], indent: str = "  ", words: Iterable[str] = ()) -> Iterator[str]:
        """Yield the rows that one code means, each followed by its word in `words`. Their cards are shown at the
        end.
        """
        found = self._remember(rows)
        suffixes = [f"  ({word})" for word in words] or [""] * len(found)
        for row, word in zip(found, suffixes, strict=True):
            yield f"{indent}error table: {row.meaning}{word}"
        if len(found) > 1:
            yield f"{indent}  the code alone does not show which of the {len(found)} it is"

    def _remember(self, rows: Iterable[ErrorRow]) -> list[ErrorRow]:
        """Return the rows as a list, and remember them, so that each gets its card."""
        found = list(rows)
        self._named += [row for row in found if row not in self._named]
        return found

    def _explain_name(self, word: str) -> Iterator[str]:
        """Yield the lines on a name. Raises `ExplainError` with the nearest names if no table has it.

        The cards of its rows are shown at the end.
        """
        folded = word.casefold()
        status, error = (
            next((number for number, name in enumeration.names.items() if name.casefold() == folded), None)
            for enumeration in (self._definition.statuses, self._definition.ocpp_errors)
        )
        rows = [
            row
            for row in self._definition.errors
            if folded in (row.meaning.casefold(), row.meaning.casefold().replace(" ", ""), row.stop_reason.casefold())
            or (error is not None and row.ocpp == error)
        ]
        if status is None and error is None and not rows:
            near = ", ".join(find_nearest_names(word, self._definition))
            hint = f"; nearest names: {near}" if near else ""
            shown = word if word.strip() else "an empty word"
            raise ExplainError(f"{shown}: neither a code, nor a name, nor a frame in hex, nor a line of the log{hint}")
        if status is not None:
            yield f"{self._definition.statuses.name_of(status)} = connector status {status}"
            yield f"  {self._definition.statuses.meanings[status]}  ({self._definition.statuses.provenance[status]})"
        if error is not None:
            provenance = self._definition.ocpp_errors.provenance[error]
            yield f"{self._definition.ocpp_errors.name_of(error)} = OCPP error code {error}  ({provenance})"
            yield from self._list_rows(row for row in rows if row.ocpp == error)
        self._remember(rows)


def _format_field_table(frame: Frame, fields: Iterable[FieldValue]) -> Iterator[str]:
    """Yield the fields of a frame in the order of its bytes: name, bytes, text, provenance and description."""
    rows = sorted([*framing_fields(frame), *fields], key=lambda field: field.start)
    width = max(16, *(len(row.name) for row in rows))
    for field in rows:
        shown = frame.raw[field.start : field.end].hex(" ").upper()
        about = f"  {field.about}" if field.about else ""
        provenance = field.provenance or UNKNOWN
        if len(shown) > 24:
            yield f"  {field.name:<{width}} {shown}"
            yield f"  {'':<{width}} {'':<24} {field.text:<20} {provenance}{about}"
        else:
            yield f"  {field.name:<{width}} {shown:<24} {field.text:<20} {provenance}{about}"


def _explain_ocpp(message: OcppMessage) -> Iterator[str]:
    """Yield the lines on an OCPP message: what it is, and its parameters."""
    sent = "the charger" if message.direction == "ocpp>csms" else "the central system"
    yield f"{ocpp_name(message, None)}  (OCPP 1.6, from {sent}, id {message.id})"
    for name, text in parameters_of(message):
        yield f"  {name:<24} {text}"
    if not message.complete:
        yield "  the message is cut off"


def _explain_noise(noise: Noise) -> Iterator[str]:
    """Yield a line on bytes outside of frames: why they are no frame; for a wrong CRC also the right one."""
    shown = noise.raw.hex(" ").upper()
    if noise.reason is Reason.GARBAGE:
        yield f"no frame: {shown}"
    elif noise.reason is Reason.TRUNCATED:
        yield f"a frame that was cut off: {shown}"
    else:
        checked = next(route.link.checked_from for route in ROUTES_IN_BYTES if noise.raw.startswith(route.head))
        right = crc16(noise.raw[checked:-CRC_SIZE])
        sent = noise.raw[-CRC_SIZE:].hex().upper()
        yield f"a frame with a wrong CRC: it holds {sent}, its bytes give {right:04X}: {shown}"


def _parse_numbers(parts: Sequence[str]) -> list[list[int]]:
    """Return the numbers that each part can be, decimal before hexadecimal. Returns an empty list if a part is no
    number.
    """
    found = []
    for part in parts:
        text = part.strip()
        readings = [int(text)] if _DECIMAL.fullmatch(text) else []
        if _HEXADECIMAL.fullmatch(text) and int(text, 16) not in readings:
            readings.append(int(text, 16))
        if not readings:
            return []
        found.append(readings)
    return found
