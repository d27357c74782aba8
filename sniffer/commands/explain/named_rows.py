"""The rows of the error table that an explanation names: each is a line where it is named, and a card at the end."""

from collections.abc import Iterable, Iterator, Sequence

from sniffer.core.charger.consistency_rules import NO_ERROR
from sniffer.core.charger.fault_codes import FaultCodes, codes_of, diagnose
from sniffer.core.protocol.definition import Definition, ErrorRow
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.fault_rows import list_fault_rows
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.text.faults import fault_card
from sniffer.text.faults.fault_card import FaultCard, wrap_lines
from sniffer.text.faults.near_codes import describe_unknown_codes


class NamedRows:
    """The rows that the explanation of one command line has named so far."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._named: list[ErrorRow] = []

    @property
    def cards(self) -> tuple[FaultCard, ...]:
        """The cards of all rows that were named so far, each once."""
        return tuple(fault_card.build_fault_card(row, self._definition) for row in self._named)

    def remember(self, rows: Iterable[ErrorRow]) -> list[ErrorRow]:
        """Return the rows as a list, and remember them, so that each gets its card."""
        found = list(rows)
        self._named += [row for row in found if row not in self._named]
        return found

    def format_rows(self, rows: Iterable[ErrorRow], indent: str = "  ", words: Iterable[str] = ()) -> Iterator[str]:
        """Yield a line for each row that one code means, with its word of `words`, and remember the rows.

        If there are several, a last line says that the code alone does not show which one it is.
        """
        found = self.remember(rows)
        suffixes = [f"  ({word})" for word in words] or [""] * len(found)
        for row, word in zip(found, suffixes, strict=True):
            yield f"{indent}error table: {row.meaning}{word}"
        if len(found) > 1:
            yield f"{indent}  the code alone does not show which of the {len(found)} it is"

    def format_rows_of_code(self, label: str, rows: Sequence[tuple[ErrorRow, Provenance]]) -> Iterator[str]:
        """Yield lines for the rows of a code of this kind: one provenance for all, or that of each if they differ."""
        words = {word for _, word in rows}
        yield f"  as {label}  ({', '.join(word for word in Provenance if word in words)})"
        yield from self.format_rows(
            (row for row, _ in rows), "    ", [word for _, word in rows] if len(words) > 1 else []
        )

    def format_rows_of_codes(self, codes: FaultCodes) -> Iterator[str]:
        """Yield lines for the rows that these codes mean together, with what contradicts, and what is unknown."""
        diagnosis = diagnose(codes, list_fault_rows(self._definition))
        if diagnosis.agree is False:
            from sniffer.text.describe import list_doubts

            for row in self.remember(diagnosis.rows):
                yield f"  error table: {row.meaning}"
            yield from wrap_lines(list_doubts(diagnosis, self._definition)[0], "  ", "  ")
        else:
            yield from self.format_rows(diagnosis.rows)
        yield from describe_unknown_codes(codes, self._definition)

    def format_rows_of_message(self, message: Message | TextMessage) -> Iterator[str]:
        """Yield lines for the rows of the error table that the error codes of a message mean."""
        yield from self.format_rows_of_codes(codes_of(message, self._definition.ocpp_errors.number_of(NO_ERROR)))
