"""Store every record of a session in packed form: about ninety bytes a frame, in memory and then on the disk.

In: records, in order and without a gap (`receive`). Out: equal records, by number. What can be computed is not stored:
only the bytes of a frame are, and they are decoded again on request, which takes microseconds. Stored records never
change, so the length of the store at some moment identifies the session as it was then. Records lie in pages of one
size (`sniffer.history.records.record_pages`): memory is bounded, except for one byte a record. If the disk is full, the
oldest records leave the store.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from sniffer.core.charger.events import Event, Reference
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import LogLineParser, Print, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.items import Reception
from sniffer.history.records import reception_codec
from sniffer.history.records.kind_span import YES, KindSpan, build_table
from sniffer.history.records.landmarks import LANDMARK_BITS
from sniffer.history.records.line_codec import unpack_line
from sniffer.history.records.page import NO_RECORD, PAGE_SIZE, REFERENCE_KINDS, UNNUMBERED, UNTIMED, Page
from sniffer.history.records.page_file import PageFile
from sniffer.history.records.record_pages import RecordPages
from sniffer.history.records.record_writer import RecordWriter

_Item = Message | Noise | TextMessage | None


class RecordStore:
    """The records of one session. `before` is the number of earlier records that are not in this store.

    `record_kinds` holds the kinds by their number. `definition` decodes the frames. `file` is where pages are written;
    by default a temporary file of this store.
    """

    def __init__(self, definition: Definition, before: int = 0, file: PageFile | None = None) -> None:
        self.definition = definition
        self.before = before
        self._pages = RecordPages(definition, before, file)
        self._writer = RecordWriter(self._pages)
        self.record_kinds = self._writer.kinds
        self._codec = Codec(definition)
        self._lines = LogLineParser(definition)

    def __len__(self) -> int:
        """Return the number of the last record, which is also the number of records, those of `before` included."""
        return self._pages.count

    @property
    def frames(self) -> int:
        """The number of frames."""
        return self._writer.frames

    @property
    def began(self) -> int | None:
        """The first known time in nanoseconds; None if no record has one."""
        return self._writer.began

    @property
    def lines(self) -> tuple[int, int] | None:
        """The least and the greatest line number that a text log printed; None if it printed none."""
        return self._writer.lines

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
            self._writer.append(record)

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
        """Return the item of a record at its place in a page; None if the record consists of events only."""
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

        Returns None if there is none. `name` is a key of `sniffer.history.records.landmarks.LANDMARKS`.
        """
        return self._pages.find_landmark(LANDMARK_BITS[name], number, step)

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
