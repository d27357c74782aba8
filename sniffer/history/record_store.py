"""Store every record of a session in packed form: about fifty bytes a frame beside the frame itself.

In: records, in order and without a gap (`receive`). Out: equal records, by number. What can be computed is not stored:
only the bytes of a frame are, and they are decoded again on request, which takes microseconds. Stored records never
change, so the length of the store at some moment identifies the session as it was then. Records lie in pages of one
size, so that nothing is moved when the store grows.
"""

from collections.abc import Callable, Iterator, Sequence
from struct import Struct

from sniffer.core.charger.events import Event, Reference
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.log_lines import LogLine, LogLineParser, Print, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind, classify_record
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.items import Reception
from sniffer.core.wire.links import Route
from sniffer.history import reception_codec
from sniffer.history.page import NO_RECORD, PAGE_SIZE, REFERENCE_KINDS, UNNUMBERED, UNTIMED, Page

KIND_LIMIT = 256
"""The number of record kinds that one byte can distinguish."""

RARE = 0
"""Stands for every kind that got no number of its own. The kind of such a record is stored separately."""

_MATCH = b"\1"
_REFERENCE_KIND_NUMBERS = {kind: number for number, kind in enumerate(REFERENCE_KINDS, 1)}
_Item = Message | Noise | TextMessage | None


class RecordStore:
    """The records of one session. `began` is the first known time in nanoseconds; `frames` is the number of frames.

    `before` is the number of earlier records that are not in this store. `record_kinds` holds the kinds by their
    number.
    """

    def __init__(self, definition: Definition, before: int = 0) -> None:
        self.before = before
        self.frames = 0
        self.began: int | None = None
        self.pages: list[Page] = []
        self.record_kinds: list[RecordKind | None] = [None]
        self.events: dict[int, tuple[Event, ...]] = {}
        self._codec = Codec(definition)
        self._lines = LogLineParser(definition)
        self._count = before
        self._numbers: dict[RecordKind, int] = {}
        self._numbers_of_commands: dict[tuple[Route, Command | None], int] = {}
        self._rare: dict[int, RecordKind] = {}

    def __len__(self) -> int:
        """Return the number of the last record, which is also the number of records, those of `before` included."""
        return self._count

    def receive(self, records: Sequence[Record]) -> None:
        """Store the next records of the session.

        Raises `ValueError` if a number is not the next one. The store must not be used after that.
        """
        for record in records:
            index = (self._count - self.before) % PAGE_SIZE
            if not index:
                self._begin_page()
            self._count += 1
            if record.number != self._count:
                raise ValueError(f"record {record.number} is not the next one, {self._count}")
            self._append(self.pages[-1], index, record)

    def record(self, number: int) -> Record:
        """Return the record of this number. Raises `IndexError` if there is none."""
        return Record(
            number,
            self.item(number),
            self.events.get(number, ()),
            self.line(number),
            self.refers(number),
            self.printed(number),
            self.reception(number),
        )

    def item(self, number: int) -> _Item:
        """Return the frame's message, the noise or the log text of a record; None if the record consists of events
        only.
        """
        page, index = self._locate(number)
        shape = self.kind_of(number)
        time, raw = page.times[index], page.bytes_at(index)
        known = None if time == UNTIMED else time
        if shape.route is not None:
            return self._codec.decode(Frame(shape.route, known, raw))
        if shape.reason is not None:
            return Noise(shape.reason, known, raw)
        if shape.kind in ("text", "ocpp"):
            process, text, continues = _unpack_line(raw)
            return self._lines.read(LogLine(known, process, text, self.line(number), continues=continues))
        return None

    def kind_of(self, number: int) -> RecordKind:
        """Return the kind of a record."""
        page, index = self._locate(number)
        return self.record_kinds[page.kind_numbers[index]] or self._rare[number]

    def time(self, number: int) -> int | None:
        """Return the time of a record in nanoseconds; None if the time is unknown or there is no such record."""
        if not self.before < number <= self._count:
            return None
        page, index = self._locate(number)
        time = page.times[index]
        return None if time == UNTIMED else time

    def time_before(self, number: int) -> int | None:
        """Return the time of the last earlier record that has one; None if there is none."""
        while number > self.before + 1:
            number -= 1
            time = self.time(number)
            if time is not None:
                return time
        return None

    def raw(self, number: int) -> bytes:
        """Return the bytes that were received on the line; the result is empty for a log text or an event."""
        page, index = self._locate(number)
        return page.bytes_at(index) if self.kind_of(number).kind in ("frame", "noise") else b""

    def line(self, number: int) -> int | None:
        """Return the line number that a text log gives the record; None if there is none."""
        page, index = self._locate(number)
        line = UNNUMBERED if page.lines is None else page.lines[index]
        return None if line == UNNUMBERED else line

    def printed(self, number: int) -> Print | None:
        """Return how a text log printed the bytes of the record; None for other sources."""
        page, index = self._locate(number)
        return reception_codec.unpack_print(page.extra_at(index))

    def reception(self, number: int) -> Reception | None:
        """Return how a tap received the record; None if there is nothing to say beside its bytes."""
        page, index = self._locate(number)
        return reception_codec.unpack_reception(page.extra_at(index))

    def refers(self, number: int) -> Reference | None:
        """Return the reference to the frame that this one answers, repeats or relays; None if there is none."""
        page, index = self._locate(number)
        if (
            page.reference_kinds is None
            or page.targets is None
            or page.delays is None
            or not page.reference_kinds[index]
        ):
            return None
        target, after = page.targets[index], page.delays[index]
        kind = REFERENCE_KINDS[page.reference_kinds[index] - 1]
        # The name is not stored: it is that of the call.
        call = self.item(target) if self.kind_of(target).kind == "ocpp" else None
        name = call.ocpp.action if isinstance(call, TextMessage) and call.ocpp else None
        return Reference(kind, target, self.line(target), None if after == UNTIMED else after, name)

    def partner(self, number: int) -> int | None:
        """Return the number of the answer to a request, else of the record to which this one refers; None if there is
        none.
        """
        page, index = self._locate(number)
        if page.answers is not None and page.answers[index] != NO_RECORD:
            return page.answers[index]
        refers = self.refers(number)
        return refers.number if refers else None

    def numbers_of(self, matches: Callable[[RecordKind], bool], start: int, step: int) -> Iterator[int]:
        """Yield the numbers of the records whose kind matches, from `start` on, forward or backward (`step` 1 or -1).

        Records that arrive during the iteration are found as well.
        """
        number = start
        while self.before < number <= self._count:
            page, index = self._locate(number)
            mask = page.kind_numbers.translate(self._build_mask(matches))
            base = number - index
            while index >= 0:
                index = mask.find(_MATCH, index) if step > 0 else mask.rfind(_MATCH, 0, index + 1)
                if index < 0:
                    break
                if page.kind_numbers[index] != RARE or matches(self._rare[base + index]):
                    yield base + index
                index += step
            number = base + len(mask) if step > 0 else base - 1

    def _build_mask(self, matches: Callable[[RecordKind], bool]) -> bytes:
        """Return one byte for each kind number: 1 if the kind matches. A rare kind counts as a possible match."""
        known = bytes(shape is None or matches(shape) for shape in self.record_kinds)
        return known + bytes(KIND_LIMIT - len(known))

    def _locate(self, number: int) -> tuple[Page, int]:
        """Return the page of a record, and its index there. Raises `IndexError` if there is no such record."""
        if not self.before < number <= self._count:
            raise IndexError(f"no record {number}")
        page, index = divmod(number - 1 - self.before, PAGE_SIZE)
        return self.pages[page], index

    def _begin_page(self) -> None:
        if self.pages:
            self.pages[-1].close()
        self.pages.append(Page())

    def _append(self, page: Page, index: int, record: Record) -> None:
        """Append a record to the columns of a page, and its events and kind to the tables of the store."""
        item = record.item
        if isinstance(item, Message):
            frame = item.frame
            time, raw = frame.time, frame.raw
            kind = self._numbers_of_commands.get((frame.route, item.command)) or self._assign_kind_number(record)
            self.frames += 1
        else:
            time = record.time
            raw = b"" if item is None else _pack_line(item.line) if isinstance(item, TextMessage) else item.raw
            kind = self._assign_kind_number(record)
        page.times.append(UNTIMED if time is None else time)
        page.blob += raw
        if record.printed or record.heard:
            data = reception_codec.pack_extra(record)
            page.blob += data
            page.set_extra_size(index, len(data))
        page.ends.append(len(page.blob))
        page.kind_numbers.append(kind)
        if time is not None and self.began is None:
            self.began = time
        if record.line is not None:
            page.set_line(index, record.line)
        if record.events:
            self.events[record.number] = record.events
        if record.refers:
            self._add_reference(page, index, record.number, record.refers)

    def _add_reference(self, page: Page, index: int, number: int, refers: Reference) -> None:
        """Store the record to which this one refers. If it answers that record, the answer is stored there as well."""
        page.set_reference(index, _REFERENCE_KIND_NUMBERS[refers.kind], refers.number, refers.after)
        if refers.kind == "answers":
            asked, at = self._locate(refers.number)
            asked.set_answer(at, number)

    def _assign_kind_number(self, record: Record) -> int:
        """Return the number of the record's kind. A new kind gets a new number as long as one is left.

        If none is left, the result is `RARE`, and the kind is stored by the number of the record.
        """
        shape = classify_record(record)
        number = self._numbers.get(shape)
        if number is None:
            if len(self.record_kinds) >= KIND_LIMIT:
                self._rare[record.number] = shape
                return RARE
            number = self._numbers[shape] = len(self.record_kinds)
            self.record_kinds.append(shape)
            if shape.route is not None:
                self._numbers_of_commands[shape.route, shape.command] = number
        return number


_SIZE = Struct(">I")
_NO_PROCESS = 0x7FFF_FFFF
_CONTINUES = 0x8000_0000


def _pack_line(line: LogLine) -> bytes:
    """Return a log line's process and text as bytes, with the length of the process and `continues` first."""
    text = line.text.encode("utf-8", "surrogatepass")
    flag = _CONTINUES if line.continues else 0
    if line.process is None:
        return _SIZE.pack(_NO_PROCESS | flag) + text
    process = line.process.encode("utf-8", "surrogatepass")
    return _SIZE.pack(len(process) | flag) + process + text


def _unpack_line(raw: bytes) -> tuple[str | None, str, bool]:
    """Return a log line's process, text and `continues`."""
    (head,) = _SIZE.unpack_from(raw)
    size, continues = head & ~_CONTINUES, bool(head & _CONTINUES)
    start = _SIZE.size
    if size == _NO_PROCESS:
        return None, raw[start:].decode("utf-8", "surrogatepass"), continues
    end = start + size
    return raw[start:end].decode("utf-8", "surrogatepass"), raw[end:].decode("utf-8", "surrogatepass"), continues


SEARCH_LIMIT = 10_000
"""The number of frames that are searched: all unknown commands of a side share one kind, and each step of the cursor
searches.
"""


def find_previous_frame(store: RecordStore, record: Record) -> Record | None:
    """Return the last frame of the same route and command before this one.

    Return None if there is none among the last `SEARCH_LIMIT` frames of its kind, or if the record is no frame.
    """
    if not isinstance(record.item, Message):
        return None
    shape, command = classify_record(record), record.item.frame.command
    alike = store.numbers_of(lambda other: other == shape, record.number - 1, -1)
    for number, _ in zip(alike, range(SEARCH_LIMIT), strict=False):
        item = store.item(number)
        if isinstance(item, Message) and item.frame.command == command:
            return store.record(number)
    return None
