"""The sink that makes the rows of a session: records in, rows into the files of the lake's tables.

No I/O of its own: the rows go to `TableFiles`. Memory does not grow with the session, as each row is passed on at once.
What is not in the lake: the bytes of noise and the texts of a log, which `sessions` counts. The captures have them.
"""

from collections.abc import Sequence
from typing import Protocol

from sniffer._version import __version__
from sniffer.core.charger.health.link_health import assess_link
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Reason
from sniffer.fleet.lake.schema import SCHEMA_VERSION
from sniffer.fleet.lake.tables.event_rows import EventRows
from sniffer.fleet.lake.tables.frame_rows import FrameRows, MeasureRows, Row
from sniffer.text.describe import find_ocpp_action

OCPP = "ocpp"
"""The link of exchanges by OCPP calls that a text log printed."""


class RowTaker(Protocol):
    """A consumer of the rows of a session."""

    def extend(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows to a table."""
        ...


class SessionTables:
    """The sink of one session. `began` is the first time in it, None until there is one.

    `has_read` is True as soon as one record held data.
    """

    def __init__(self, definition: Definition, taker: RowTaker) -> None:
        self.began: int | None = None
        self.has_read = False
        self._ended: int | None = None
        self._records = 0
        self._taker = taker
        self._definition = definition
        self._measures = MeasureRows()
        self._rows = FrameRows(definition, self._measures)
        self._events = EventRows(definition)

    def receive(self, records: Sequence[Record]) -> None:
        """Pass the rows of these records on."""
        self._records += len(records)
        rows, time = self._rows, None
        for record in records:
            item = record.item
            self.has_read |= item is not None
            if isinstance(item, Message):
                time = item.frame.time
                rows.add(record, item)
            elif isinstance(item, TextMessage):
                time = item.time
                if row := self._measures.build_row(record.number, time, item):
                    rows.measures.append(row)
                if item.ocpp and (row := _build_call(record, item)):
                    rows.exchanges.append(row)
            else:
                time = record.time
            if time is not None:
                if self.began is None:
                    self.began = time
                self._ended = time
            for event in record.events:
                for table, row in self._events.build_rows(record.number, event):
                    self._taker.extend(table, (row,))
        for table, found in (("frames", rows.frames), ("measures", rows.measures), ("exchanges", rows.exchanges)):
            if found:
                self._taker.extend(table, found)
                found.clear()

    def finish(self, snapshot: Snapshot, source: str, size: int, read_error: str | None) -> None:
        """Pass the rows on that are known at the end of the session: active faults, and the session itself.

        `size` is that of the content in bytes. `read_error` is why the reading ended too early, None if it did not.
        """
        for fault in snapshot.faults:
            self._taker.extend("faults", [self._events.build_fault(fault, self._records)])
        board, ledger = snapshot.registration.announcement, snapshot.ledger
        health = assess_link(snapshot.link, snapshot.link.last)
        row = (
            source,
            self.began,
            self._ended,
            snapshot.charge_point_id or (board.serial if board else None) or None,
            *((board.vendor, board.model, board.serial, board.firmware) if board else (None,) * 4),
            size,
            ledger.read,
            ledger.frames,
            ledger.frame_bytes,
            *(ledger.noise_bytes[reason] for reason in (Reason.CRC, Reason.TRUNCATED, Reason.GARBAGE)),
            ledger.lines,
            self._records,
            health.health.value,
            snapshot.exchanges.is_coarse,
            read_error,
            __version__,
            SCHEMA_VERSION,
            _name_definition(self._definition),
        )
        self._taker.extend("sessions", [tuple(None if value == "" else value for value in row)])


def _name_definition(definition: Definition) -> str:
    """Return the known boards and own files that a definition was made with; empty for the packaged one alone."""
    used = [origin for origin in definition.origins if origin not in definition.unused_origins]
    return ", ".join(f"{origin.name} {origin.digest}" for origin in used)


def _build_call(record: Record, item: TextMessage) -> Row | None:
    """Return the row of an answered OCPP call; None if the message is no answer to a known call."""
    refers = record.refers
    if item.ocpp is None or refers is None or refers.kind != "answers":
        return None
    action = find_ocpp_action(item.ocpp, refers)
    return (record.number, item.time, refers.number, OCPP, None, action, True, refers.after)
