"""Write the records of a session to the columns of its pages.

In: records, in order and without a gap. Out: the columns of `RecordPages`, and the kinds of records by their number.
Filters and finds ask about each kind once, and skip the records of kinds that cannot match.
"""

from sniffer.core.charger.events import Reference
from sniffer.core.protocol.definition import Command
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record, is_blank
from sniffer.core.record_kind import RecordKind, classify_record
from sniffer.core.wire.link import Route
from sniffer.history.records import reception_codec
from sniffer.history.records.kind_span import KIND_LIMIT, RARE
from sniffer.history.records.landmarks import find_landmarks
from sniffer.history.records.line_codec import pack_line
from sniffer.history.records.page import REFERENCE_KINDS, UNTIMED, Page
from sniffer.history.records.record_pages import RecordPages

_REFERENCE_KIND_NUMBERS = {kind: number for number, kind in enumerate(REFERENCE_KINDS, 1)}


class RecordWriter:
    """The writer of the records of one session.

    `began` is the first known time in nanoseconds; `frames` is the number of frames. `lines` are the least and the
    greatest line number that a text log printed; None if it printed none. `kinds` holds the kinds by their number.
    """

    def __init__(self, pages: RecordPages) -> None:
        self.frames = 0
        self.began: int | None = None
        self.lines: tuple[int, int] | None = None
        self.kinds: list[RecordKind | None] = [None]
        self._pages = pages
        self._numbers: dict[RecordKind, int] = {}
        self._numbers_of_commands: dict[tuple[Route, Command | None], int] = {}

    def append(self, record: Record) -> None:
        """Append a record to the columns of the newest page."""
        page, kinds, index = self._pages.begin_record()
        item = record.item
        if isinstance(item, Message):
            frame = item.frame
            time, raw = frame.time, frame.raw
            kind = self._numbers_of_commands.get((frame.route, item.command)) or self._assign_kind_number(record)
            entries = 1
            self.frames += 1
        else:
            time = record.time
            raw = b"" if item is None else pack_line(item.line) if isinstance(item, TextMessage) else item.raw
            kind = self._assign_kind_number(record)
            # The first event of a record without an item stands in place of the item.
            entries = 0 if is_blank(record) or (item is None and record.events) else 1
        page.times.append(UNTIMED if time is None else time)
        page.blob += raw
        if record.printed or record.reception:
            data = reception_codec.pack_extra(record)
            page.blob += data
            page.set_extra_size(index, len(data))
        page.ends.append(len(page.blob))
        if kind < KIND_LIMIT:
            kinds.append(kind)
        else:
            kinds.append(RARE)
            page.set_rare_kind(index, kind)
        if time is not None and self.began is None:
            self.began = time
        if record.line is not None:
            page.set_line(index, record.line)
            least, greatest = self.lines or (record.line, record.line)
            self.lines = min(least, record.line), max(greatest, record.line)
        if record.events:
            entries += len(record.events)
            page.set_events(index)
            self._pages.add_events(record.events, find_landmarks(record.events))
        self._pages.add_entries(entries)
        if record.refers:
            self._add_reference(page, index, record.number, record.refers)

    def _add_reference(self, page: Page, index: int, number: int, refers: Reference) -> None:
        """Store the record to which this one refers. If it answers that record, the answer is stored there as well."""
        page.set_reference(index, _REFERENCE_KIND_NUMBERS[refers.kind], refers.number, refers.after)
        if refers.kind == "answers" and self._pages.holds(refers.number):
            asked, at = self._pages.locate_to_change(refers.number)
            asked.set_answer(at, number)

    def _assign_kind_number(self, record: Record) -> int:
        """Return the number of the record's kind. A new kind gets the next number."""
        shape = classify_record(record)
        number = self._numbers.get(shape)
        if number is None:
            number = self._numbers[shape] = len(self.kinds)
            self.kinds.append(shape)
            if shape.route is not None:
                self._numbers_of_commands[shape.route, shape.command] = number
        return number
