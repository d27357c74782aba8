"""Store every record of a session in packed form: about ninety bytes a frame, in memory and then on the disk.

In: records, in order and without a gap (`receive`). Out: equal records, by number. What can be computed is not stored:
only the bytes of a frame are, and they are decoded again on request, which takes microseconds. Stored records never
change, so the length of the store at some moment identifies the session as it was then. Records lie in pages of one
size (`sniffer.history.records.record_pages`): memory is bounded, except for one byte a record. If the disk is full, the
oldest records leave the store.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from sniffer.core.charger.events import (
    Contradicted,
    Disagreed,
    Event,
    FaultChanged,
    FaultRaised,
    Reference,
    StatusChanged,
    Warned,
)
from sniffer.core.charger.startup.registration_events import Booted, BootLoop, Restarted
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.log_lines import LogLineParser, Print, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record, is_blank
from sniffer.core.record_kind import RecordKind, classify_record
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.items import Reception
from sniffer.core.wire.link import Route
from sniffer.history.records import reception_codec
from sniffer.history.records.kind_span import KIND_LIMIT, RARE, YES, KindSpan, build_table
from sniffer.history.records.line_codec import pack_line, unpack_line
from sniffer.history.records.page import NO_RECORD, PAGE_SIZE, REFERENCE_KINDS, UNNUMBERED, UNTIMED, Page
from sniffer.history.records.page_file import PageFile
from sniffer.history.records.record_pages import RecordPages

LANDMARKS: dict[str, tuple[type[Event], ...]] = {
    "fault": (FaultRaised, FaultChanged),
    "move": (StatusChanged,),
    "boot": (Booted, Restarted, BootLoop),
    "contradiction": (Contradicted, Warned, Disagreed),
}
"""The landmarks that a key jumps to, and the events that make a record such a landmark."""

_LANDMARK_BITS = {name: 1 << place for place, name in enumerate(LANDMARKS)}
_BITS_OF_EVENTS = {kind: _LANDMARK_BITS[name] for name, kinds in LANDMARKS.items() for kind in kinds}
_REFERENCE_KIND_NUMBERS = {kind: number for number, kind in enumerate(REFERENCE_KINDS, 1)}
_Item = Message | Noise | TextMessage | None


class RecordStore:
    """The records of one session. `began` is the first known time in nanoseconds; `frames` is the number of frames.

    `lines` are the least and the greatest line number that a text log printed; None if it printed none. `before` is the
    number of earlier records that are not in this store. `record_kinds` holds the kinds by their number. `definition`
    decodes the frames. `file` is where pages are written; by default a temporary file of this store.
    """

    def __init__(self, definition: Definition, before: int = 0, file: PageFile | None = None) -> None:
        self.definition = definition
        self.before = before
        self.frames = 0
        self.began: int | None = None
        self.lines: tuple[int, int] | None = None
        self.record_kinds: list[RecordKind | None] = [None]
        self._pages = RecordPages(definition, before, file)
        self._codec = Codec(definition)
        self._lines = LogLineParser(definition)
        self._numbers: dict[RecordKind, int] = {}
        self._numbers_of_commands: dict[tuple[Route, Command | None], int] = {}

    def __len__(self) -> int:
        """Return the number of the last record, which is also the number of records, those of `before` included."""
        return self._pages.count

    @property
    def first(self) -> int:
        """The number of the first record that is kept. Earlier ones left the store because the disk was full."""
        return self._pages.first

    @property
    def disk_error(self) -> str:
        """The reason why the oldest records left the store; empty if all are there."""
        return self._pages.error

    def receive(self, records: Sequence[Record]) -> None:
        """Store the next records of the session.

        Raises `ValueError` if a number is not the next one. The store must not be used after that.
        """
        for record in records:
            if record.number != self._pages.count + 1:
                raise ValueError(f"record {record.number} is not the next one, {self._pages.count + 1}")
            self._append(record)

    def record(self, number: int) -> Record:
        """Return the record of this number. Raises `IndexError` if there is none."""
        page, index = self._pages.locate(number)
        extra = page.extra_at(index)
        return Record(
            number,
            self._unpack_item(page, index, number),
            self._pages.events_of(number) if page.has_events(index) else (),
            self.line(number) if page.lines else None,
            self.refers(number) if page.reference_kinds else None,
            reception_codec.unpack_print(extra) if extra else None,
            reception_codec.unpack_reception(extra) if extra else None,
        )

    def item(self, number: int) -> _Item:
        """Return the frame's message, the noise or the log text of a record.

        Returns None if the record consists of events only.
        """
        return self._unpack_item(*self._pages.locate(number), number)

    def _unpack_item(self, page: Page, index: int, number: int) -> _Item:
        shape = self.kind_of(number)
        time, raw = page.times[index], page.bytes_at(index)
        known = None if time == UNTIMED else time
        if shape.route is not None:
            return self._codec.decode(Frame(shape.route, known, raw))
        if shape.reason is not None:
            return Noise(shape.reason, known, raw)
        if shape.kind in ("text", "ocpp"):
            return self._lines.read(replace(unpack_line(raw), time=known, number=self.line(number)))
        return None

    def kind_of(self, number: int) -> RecordKind:
        """Return the kind of a record."""
        kind = self.record_kinds[self._pages.kind_number(number)]
        return kind or self._find_rare_kind(number)

    def events_of(self, number: int) -> tuple[Event, ...]:
        """Return the events of a record; empty if it has none, or if they are not kept."""
        page, index = self._pages.locate(number)
        return self._pages.events_of(number) if page.has_events(index) else ()

    def time(self, number: int) -> int | None:
        """Return the time of a record in nanoseconds; None if the time is unknown or there is no such record."""
        if not self._pages.holds(number):
            return None
        page, index = self._pages.locate(number)
        time = page.times[index]
        return None if time == UNTIMED else time

    def time_before(self, number: int) -> int | None:
        """Return the time of the last earlier record that has one; None if there is none."""
        while number > self.first:
            page, index = self._pages.locate(number - 1)
            for place in range(index, -1, -1):
                if page.times[place] != UNTIMED:
                    return page.times[place]
            number -= index + 1
        return None

    def raw(self, number: int) -> bytes:
        """Return the bytes that were received on the line; the result is empty for a log text or an event."""
        page, index = self._pages.locate(number)
        return page.bytes_at(index) if self.kind_of(number).kind in ("frame", "noise") else b""

    def line(self, number: int) -> int | None:
        """Return the line number that a text log gives the record; None if there is none."""
        page, index = self._pages.locate(number)
        line = UNNUMBERED if page.lines is None else page.lines[index]
        return None if line == UNNUMBERED else line

    def printed(self, number: int) -> Print | None:
        """Return the form in which a text log printed the bytes of the record; None for other sources."""
        page, index = self._pages.locate(number)
        return reception_codec.unpack_print(page.extra_at(index))

    def reception(self, number: int) -> Reception | None:
        """Return the reception of the record by a tap; None if there is none beside its bytes."""
        page, index = self._pages.locate(number)
        return reception_codec.unpack_reception(page.extra_at(index))

    def refers(self, number: int) -> Reference | None:
        """Return the reference to the frame that this one answers, repeats or relays; None if there is none."""
        page, index = self._pages.locate(number)
        if (
            page.reference_kinds is None
            or page.targets is None
            or page.delays is None
            or not page.reference_kinds[index]
        ):
            return None
        target, after = page.targets[index], page.delays[index]
        kind = REFERENCE_KINDS[page.reference_kinds[index] - 1]
        is_kept = self._pages.holds(target)
        # The name is not stored: it is that of the call.
        call = self.item(target) if is_kept and self.kind_of(target).kind == "ocpp" else None
        name = call.ocpp.action if isinstance(call, TextMessage) and call.ocpp else None
        line = self.line(target) if is_kept else None
        return Reference(kind, target, line, None if after == UNTIMED else after, name)

    def partner(self, number: int) -> int | None:
        """Return the number of the answer to a request, else of the record to which this one refers.

        Return None if there is none, or if it is not kept.
        """
        page, index = self._pages.locate(number)
        if page.answers is not None and page.answers[index] != NO_RECORD:
            return page.answers[index]
        refers = self.refers(number)
        return refers.number if refers and self._pages.holds(refers.number) else None

    # The entries of the list

    def entries_of(self, span: KindSpan, step: int) -> Iterable[int]:
        """Return the entries of the selected records of a span that is decided, forward or backward (`step` 1 or -1).

        Raises `IndexError` if the records are not kept.
        """
        return self._pages.entries_of(span.first, span.answers, step)

    @property
    def entry_count(self) -> int:
        """The number of entries: one for each record that is shown, and one for each event."""
        return self._pages.entry_count

    def first_entry_of(self, number: int) -> int:
        """Return the first entry of a record; if it has none, that of the next one."""
        return self._pages.first_entry_of(number)

    def number_at(self, entry: int) -> int:
        """Return the number of the record that an entry belongs to."""
        return self._pages.number_at(entry)

    def find_landmark(self, name: str, number: int, step: int) -> int | None:
        """Return the number of the next record after `number` with this landmark, or before it if `step` is -1.

        Returns None if there is none. `name` is a key of `LANDMARKS`.
        """
        return self._pages.find_landmark(_LANDMARK_BITS[name], number, step)

    def numbers_of(self, matches: Callable[[RecordKind], bool], start: int, step: int) -> Iterator[int]:
        """Yield the numbers of the records whose kind matches, from `start` on, forward or backward (`step` 1 or -1).

        Records that arrive during the iteration are found as well.
        """
        for span in self.kind_spans(matches, start, step):
            for number in span.numbers(step):
                if span.answers[number - span.first] == YES or matches(self._find_rare_kind(number)):
                    yield number

    def kind_spans(self, matches: Callable[[RecordKind], bool | None], start: int, step: int) -> Iterator[KindSpan]:
        """Yield the answers of `matches` for the records from `start` on, a page at a time.

        `step` is 1 for forward and -1 for backward. `matches` is called once for each kind. Records that arrive
        during the iteration are found as well.
        """
        pages, number, table, known = self._pages, start, b"", 0
        while pages.holds(number):
            if known != len(self.record_kinds):
                table, known = build_table(self.record_kinds, matches), len(self.record_kinds)
            place, index = divmod(number - 1 - self.before, PAGE_SIZE)
            kinds = pages.kinds[place]
            part = kinds[index:] if step > 0 else kinds[: index + 1]
            first = number if step > 0 else number - index
            yield KindSpan(first, bytes(part.translate(table)))
            number = first + len(part) if step > 0 else first - 1

    def _find_rare_kind(self, number: int) -> RecordKind:
        """Return the kind of a record whose kind is so rare that its page holds it."""
        page, index = self._pages.locate(number)
        kind = self.record_kinds[page.rare_kinds[index]] if page.rare_kinds else None
        assert kind is not None
        return kind

    def _append(self, record: Record) -> None:
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
            self._add_events(page, index, record.events)
        self._pages.add_entries(entries)
        if record.refers:
            self._add_reference(page, index, record.number, record.refers)

    def _add_events(self, page: Page, index: int, events: tuple[Event, ...]) -> None:
        """Keep that a record has events, and of which kinds."""
        bits = 0
        for event in events:
            bits |= _BITS_OF_EVENTS.get(type(event), 0)
        page.set_events(index)
        self._pages.add_events(events, bits)

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
            number = self._numbers[shape] = len(self.record_kinds)
            self.record_kinds.append(shape)
            if shape.route is not None:
                self._numbers_of_commands[shape.route, shape.command] = number
        return number
