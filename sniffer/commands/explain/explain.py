"""Explain what a code, a name, a frame, a log line or a message of a backend means, with the provenance of each fact.

In: the words of the command line and a definition. Out: text that is safe to show. A number is tried as every kind of
code, in decimal and in hexadecimal, because people paste both; nothing is guessed beyond the tables. The rows of the
error table that were named are shown as cards at the end: one as a full card, several as short ones. What only frames,
log lines or messages need is imported when there is one, as somebody waits at a prompt.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from sniffer.base.errors import ExplainError
from sniffer.base.sanitize import printable
from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.commands.explain.frame_text import format_field_table, is_without_head, order_routes, parse_frames
from sniffer.commands.explain.named_rows import NamedRows
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.enumeration import MEANING_UNKNOWN, Provenance
from sniffer.core.protocol.fault_rows import list_fault_rows
from sniffer.core.protocol.loader import find_indexed_row, is_same_row
from sniffer.core.protocol.log_lines import LogLine, LogLineParser, TextMessage
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import find_possible_routes
from sniffer.formats.charger_log import LogReader, parse_hex, parse_line
from sniffer.formats.text_files.log_lines.log_prefix import is_timeless_record
from sniffer.text.code_numbers import read_numbers
from sniffer.text.faults import fault_card
from sniffer.text.faults.advice import find_line_advice
from sniffer.text.faults.fault_card import FaultCard, wrap_lines
from sniffer.text.faults.fault_vocabularies import find_rows_called, split_names
from sniffer.text.faults.near_codes import (
    OCPP_ERROR,
    describe_unknown_name,
    describe_unknown_number,
    find_codes_named,
    list_code_tables,
)

if TYPE_CHECKING:
    from sniffer.commands.explain.backend_messages import BackendMessage
    from sniffer.commands.explain.backend_text import MessagePart
    from sniffer.core.wire.mended import Mended

_VENDOR_BYTES = 3
"""The bytes of a vendor error code in a status notification on dbus."""

NO_MESSAGE = (
    'no OCPP message: expected [2,"id","StatusNotification",{...}], its payload, or a NotifyEvent, '
    "in single quotation marks, so that the shell leaves it as it is"
)
"""The error for JSON that is no message, and for JSON whose quotation marks the shell has removed."""


class Explanation(Struct, frozen=True):
    """The meaning of words: lines in parts, and the cards of all rows of the error table that were named."""

    parts: tuple[tuple[str, ...], ...]
    cards: tuple[FaultCard, ...]


def explain(words: Sequence[str], definition: Definition) -> str:
    """Return the meaning of `words` as a text. Raises `ExplainError` if one of them has none."""
    explanation = find_explanation(words, definition)
    parts = [*explanation.parts, *fault_card.format_cards(explanation.cards)]
    return "\n\n".join("\n".join(printable(line) for line in part) for part in parts if part)


def explain_json(words: Sequence[str], definition: Definition, mended: "Mended | None" = None) -> str:
    """Return the meaning of `words` as a JSON object of one line. Raises `ExplainError` if one of them has none.

    `mended` says how they were mended; None if they were read as they are.
    """
    import json

    from sniffer.formats.jsonl.card_keys import build_card_object
    from sniffer.formats.jsonl.mended_keys import build_mended_object

    explanation = find_explanation(words, definition)
    how = {} if mended is None else {"mended": build_mended_object(mended)}
    return json.dumps(
        {
            "type": "explanation",
            "of": list(words),
            "text": [list(part) for part in explanation.parts],
            "faults": [build_card_object(card) for card in explanation.cards],
            **how,
        }
    )


def find_explanation(words: Sequence[str], definition: Definition) -> Explanation:
    """Return the meaning of `words`: one frame, log line or message, or codes and names, each by itself.

    Raises `ExplainError` if a word is none of these.
    """
    explainer = _Explainer(definition)
    text = " ".join(words)
    # The shell may have split a message at its spaces: all words together are whole again.
    is_cut = not any(map(_find_messages, words))
    whole = explainer.explain_messages(text) if is_cut else []
    whole = whole or explainer.explain_line_or_frame(text, shortest=explainer.shortest)
    parts = (
        [whole] if whole else [explainer.explain_word(one) for word in words for one in split_names(word, definition)]
    )
    return Explanation(tuple(map(tuple, parts)), explainer.rows.cards)


class _Explainer:
    """The explainer of one command line. `rows` are the rows of the error table that it named."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._lines = LogLineParser(definition)
        self.rows = NamedRows(definition)
        self._routes = order_routes(definition)
        self.shortest = min(route.link.overhead for route in self._routes)

    def explain_messages(self, text: str) -> list[str]:
        """Return the lines on the messages of a backend in a text, an empty list if there are none.

        A line of the charger's own log is none: its arrow shows who sent it.
        """
        messages = _find_messages(text)
        if not messages or self._lines.read(parse_line(text)).ocpp:
            return []
        from sniffer.commands.explain.backend_text import explain_message

        parts = [part for message in messages for part in explain_message(message, self._definition)]
        return [line for part in parts for line in (*part.lines, *self._list_rows_of_part(part))]

    def _list_rows_of_part(self, part: "MessagePart") -> Iterator[str]:
        """Yield the rows of the error table that a part of an OCPP message names, by a word or by codes."""
        for rows, codes in [(part.rows, part.codes), *((one.rows, one.codes) for one in part.further)]:
            yield from self.rows.format_rows(rows)
            yield from self.rows.format_rows_of_codes(codes)

    def explain_word(self, word: str) -> Iterator[str]:
        """Yield the lines on one word of the command line."""
        if found := self.explain_messages(word) or self.explain_line_or_frame(word, shortest=2):
            yield from found
        elif numbers := read_numbers(word):
            yield from self._explain_numbers(word, numbers)
        else:
            yield from self._explain_name(word)

    def explain_line_or_frame(self, text: str, *, shortest: int) -> list[str]:
        """Return the lines on a log line or a frame, an empty list if the text is neither.

        Bytes that do not begin like a frame are explained as one if there are `shortest` or more: fewer can be codes.
        """
        line = LogReader(has_own_times=not is_timeless_record(text)).read(text)
        if line.frame is not None and line.route is not None:
            return list(self._explain_frame(line.frame, find_possible_routes(line.route)))
        understood = self._lines.read(line)
        if line.process is not None or understood.meaning or understood.ocpp or find_line_advice(text):
            return list(self._explain_log_line(line, understood))
        data = parse_hex(text) or b""
        # Each byte has one digit at least, and something between it and the next one, or two digits.
        if not data and len(text) >= 2 * self.shortest - 1:
            from sniffer.formats.text_files.text_reader import parse_hex_text

            if len(other := parse_hex_text(text) or b"") >= self.shortest:
                data, shortest = other, self.shortest
        number = int.from_bytes(data)
        if len(data) == _VENDOR_BYTES and any(row.vendor == number for row in list_fault_rows(self._definition)):
            return list(self._explain_code(number))
        has_head = len(data) > 1 and any(route.head and data.startswith(route.head) for route in self._routes)
        is_hex_dump = not text.strip().isalnum() and len(data) >= shortest
        is_frame = has_head or is_hex_dump or is_without_head(data, self._routes)
        return list(self._explain_frame(data, self._routes)) if is_frame else []

    def _explain_frame(self, data: bytes, routes: Sequence[Route]) -> Iterator[str]:
        """Yield the lines on the frames of these routes in `data`, and on the bytes outside of frames."""
        from sniffer.core.protocol.codec import Codec
        from sniffer.text.describe import UNCHECKED

        codec = Codec(self._definition)
        for item in parse_frames(data, routes):
            if isinstance(item, str):
                yield item
                continue
            message = codec.decode(item)
            direction = message.direction or "either direction"
            key = f", {'sequence' if item.link.sequence else 'address'} {item.key_text}" if item.key_text else ""
            yield f"{message.name}  ({item.link.name}, {direction}{key})"
            if message.command and message.command.about:
                yield from wrap_lines(message.command.about, "  ")
            yield f"  {message.summary}{'' if item.link.is_checked else UNCHECKED}"
            yield from format_field_table(item, message.fields)
            yield from self.rows.format_rows_of_message(message)

    def _explain_log_line(self, line: LogLine, message: TextMessage) -> Iterator[str]:
        """Yield the lines on a log line, or that the definition does not describe it."""
        if message.ocpp:
            from sniffer.commands.explain.backend_text import explain_message, explain_ocpp

            yield from explain_ocpp(message.ocpp)
            for found in _find_messages(line.text):
                for part in explain_message(found, self._definition):
                    yield from self._list_rows_of_part(part)
        elif message.meaning is None:
            yield f"log line of {line.process or 'an unnamed process'}: the protocol definition does not describe it"
        if advice := find_line_advice(line.text):
            yield from wrap_lines(advice, "  ")
        if message.meaning is None:
            return
        yield f"{message.meaning.name}  (log line, {message.meaning.provenance})"
        width = max(18, *map(len, message.fields), 0)
        for name, (field, raw) in message.fields.items():
            yield f"  {name:<{width}} {field.conversion.text(raw):<22} {field.provenance_of(raw) or MEANING_UNKNOWN}"
        yield from self.rows.format_rows_of_message(message)
        index = message.raw("index")
        if message.meaning.role == "fault" and isinstance(index, int):
            yield from self._explain_index(index)

    def _explain_index(self, index: int) -> Iterator[str]:
        """Yield the row of the packaged error table that an index names (protocol.md, Error table: `assumed`)."""
        row = find_indexed_row(index)
        if row:
            known = next((one for one in self._definition.errors if is_same_row(one, row)), row)
            self.rows.remember([known])
            yield f"  by its index: row {index} of the error table, {known.meaning}  ({Provenance.ASSUMED})"
        elif index == 0:
            yield f"  by its index: no fault  ({Provenance.ASSUMED})"
        else:
            yield "  by its index: a row that the error table does not have"

    def _explain_numbers(self, word: str, numbers: list[list[int]]) -> Iterator[str]:
        """Yield the lines on one to three numbers, as a log line prints them. Raises `ExplainError` if more."""
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
        rows = list_fault_rows(self._definition)
        if by_vendor := [row for row in rows if row.vendor == number]:
            yield from self.rows.format_rows_of_code("vendor error code", [(row, row.provenance) for row in by_vendor])
        for label, enumeration in list_code_tables(self._definition):
            if number in enumeration.names:
                meaning = enumeration.meanings[number]
                suffix = f", {meaning}" if meaning and meaning != enumeration.names[number] else ""
                yield f"  as {label}: {enumeration.names[number]}{suffix}  ({enumeration.provenance[number]})"
                if enumeration is self._definition.ocpp_errors:
                    yield from self.rows.format_rows((row for row in rows if row.ocpp == number), indent="    ")
        if by_m4 := [row for row in rows if number in row.m4]:
            yield from self.rows.format_rows_of_code("M4 error code", [(row, row.m4[number]) for row in by_m4])

    def _explain_name(self, word: str) -> Iterator[str]:
        """Yield the lines on a name. Raises `ExplainError` with the nearest names if no table has it.

        The cards of its rows are shown at the end.
        """
        folded = word.casefold()
        named = find_codes_named(word, self._definition)
        errors = {number for label, _, number in named if label == OCPP_ERROR}
        rows = [
            row
            for row in list_fault_rows(self._definition)
            if folded in (row.meaning.casefold(), row.meaning.casefold().replace(" ", ""), row.stop_reason.casefold())
            or row.ocpp in errors
        ]
        called = find_rows_called(word, self._definition) if self._definition.is_charger else []
        if not (named or rows or called):
            from sniffer.commands.explain.backend_messages import is_json

            if is_json(word):
                raise ExplainError(NO_MESSAGE)
            raise ExplainError(describe_unknown_name(word, self._definition))
        for label, table, number in reversed(named):
            name, meaning, provenance = table.names[number], table.meanings[number], table.provenance[number]
            if label == OCPP_ERROR or not meaning:
                yield f"{name} = {label} {number}  ({provenance})"
                yield from self.rows.format_rows(row for row in rows if label == OCPP_ERROR and row.ocpp == number)
            else:
                yield from (f"{name} = {label} {number}", f"  {meaning}  ({provenance})")
        self.rows.remember(rows)
        for vocabulary in dict.fromkeys(entry.vocabulary for _, entry in called):
            found = [(row, entry.provenance) for row, entry in called if entry.vocabulary == vocabulary]
            yield f"{word} = {vocabulary}"
            yield from self.rows.format_rows((row for row, _ in found), words=[provenance for _, provenance in found])


def _find_messages(text: str) -> "list[BackendMessage]":
    """Return the messages of a backend in a text; empty if it holds none."""
    if not any(mark in text for mark in "{[=:<"):
        return []
    from sniffer.commands.explain.backend_messages import find_messages

    return find_messages(text)
