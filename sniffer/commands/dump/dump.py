"""The sink behind `dump`: records as plain lines, or as one JSON object a line, each written as it happens."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from sniffer.base.phrasing import format_count
from sniffer.commands import summary
from sniffer.commands.dump.line_output import LineOutput, Overrun
from sniffer.commands.dump.terminal_colors import color_line
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.filter.predicates import Filter
from sniffer.formats import plain_text
from sniffer.formats.jsonl import writer
from sniffer.formats.jsonl.definition_line import format_definition_lines
from sniffer.sources.source import Source
from sniffer.text.ranks import Rank

NO_NOTES: Mapping[int, str] = MappingProxyType({})


class DumpSink:
    """A sink that writes records to `out`, and raises the errors of that.

    `in_color`: lines have the colours of their ranks; JSON has none. With `record_filter`, only matching records are
    written; times between records stay those of the whole session. `notes` are the notes of the session by record
    number, as far as it is read.
    """

    def __init__(
        self,
        source: Source,
        definition: Definition,
        out: LineOutput,
        *,
        as_json: bool,
        in_color: bool = False,
        record_filter: Filter | None = None,
        notes: Mapping[int, str] = NO_NOTES,
    ) -> None:
        self._source = source
        self._definition = definition
        self._out = out
        self._as_json = as_json
        self._filter = record_filter
        self._notes = notes
        self._in_color = in_color and not as_json
        in_lines = self._format_colored if in_color else self._format_plain
        self._format_record: Callable[[Record], Iterable[str]] = self._format_json if as_json else in_lines
        self._format_late_note = writer.format_late_note if as_json else plain_text.format_late_note
        self._head = [*format_definition_lines(definition)] if as_json else []
        self._before: int | None = None

    def receive(self, records: Sequence[Record]) -> None:
        """Write the lines of the records that match the filter."""
        if self._as_json and self._filter is None:
            # The usual way of all records of a large capture: their times are of no use here.
            shown: Sequence[Record] = records
            lines: Sequence[str] = [line for record in records for line in self._format_json(record)]
        else:
            shown, lines = self._format_matching_records(records)
        if lines:
            # One write for all lines: each line by itself would cost more than its text.
            self._out.write("\n".join([*self._take_head(), *lines, ""]), shown[0].number, shown[-1].number, len(shown))

    def note(self, number: int, text: str) -> None:
        """Write a note at a record that is written already, whether the filter matches it or not."""
        line = self._format_late_note(number, text)
        self._out.write(f"{color_line(line, Rank.NOTE) if self._in_color else line}\n", number, number)

    def summarize(self, snapshot: Snapshot) -> None:
        """Write the summary of the session to `out`, as JSON objects or as lines that begin with `===`."""
        zone = self._source.zone
        if self._as_json:
            lines = (json.dumps(entry) for entry in summary.format_objects(snapshot, self._definition, zone))
        else:
            lines = (f"=== {line}" for line in summary.format_lines(snapshot, self._definition, zone))
        self._out.write("".join(f"{line}\n" for line in lines))

    def _take_head(self) -> list[str]:
        """Return the lines before the first record, once."""
        head, self._head = self._head, []
        return head

    def _format_matching_records(self, records: Sequence[Record]) -> tuple[Sequence[Record], Sequence[str]]:
        """Return the records that match the filter, and their lines.

        The time of the last record is remembered for the next call.
        """
        lines: list[str] = []
        shown: list[Record] = []
        for record in records:
            if self._filter is None or self._filter.matches(record, self._before):
                lines += self._format_record(record)
                shown.append(record)
            time = record.time
            if time is not None:
                self._before = time
        return shown, lines

    def _format_json(self, record: Record) -> Sequence[str]:
        return writer.format_lines(record, self._definition, self._source.zone, self._notes.get(record.number, ""))

    def _format_plain(self, record: Record) -> Iterator[str]:
        note = self._notes.get(record.number, "")
        yield from plain_text.format_lines(record, self._before, self._definition, self._source.zone, note)

    def _format_colored(self, record: Record) -> Iterator[str]:
        note = self._notes.get(record.number, "")
        lines = plain_text.format_ranked_lines(record, self._before, self._definition, self._source.zone, note)
        return (color_line(line, rank) for rank, line in lines)


def format_overrun(overrun: Overrun, *, as_json: bool, in_color: bool = False) -> str:
    """Return the line about records that were left out, as their reader was too slow."""
    if as_json:
        keys = {"first": overrun.first, "last": overrun.last, "records": overrun.records}
        return json.dumps({"type": "event", "time": None, "event": "overrun"} | keys)
    count = format_count(overrun.records, "record")
    line = f"=== {count} left out, from #{overrun.first} to #{overrun.last}: the reader of this output is too slow"
    return color_line(line, Rank.WARNING) if in_color else line
