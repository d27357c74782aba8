"""Wire, protocol and charger joined: what a source gives goes in, numbered records come out.

This is the whole core behind one door, without I/O and without a clock: live sessions, replays, scripts and tests all
run it, and differ only in the source before it and the sink behind it.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from sniffer.core.charger.charger import Charger
from sniffer.core.charger.events import Event
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import LogLine, LogLineParser, Print, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.tap_merger import LATE, ArrivedItem, TapMerger, TapOrdering
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.items import (
    BaudChange,
    Chunk,
    LatencyBound,
    LineErrorMark,
    Reception,
    Segments,
    Tap,
    TapGap,
    TapRestored,
)
from sniffer.core.wire.links import told_apart_by_head
from sniffer.core.wiring_monitor import WiringMonitor

Given = Chunk | Segments | LogLine | Tap | TapGap | TapRestored | BaudChange | LatencyBound
"""What a source gives."""


class Pipeline:
    """The core of one session. `baud` is the line's rate where it is known.

    `merging`: several taps tell at the same time, and are put in order here; what was saved is in order already.
    """

    def __init__(self, definition: Definition, *, baud: int | None = None, merging: bool = False) -> None:
        self._wires: dict[int, _Wire] = {}
        self._apart = Framer()
        """Frames pieces, which are told apart and dated already."""
        self._only = self._wires[0] = _Wire(Framer(baud=baud))
        self._taps: dict[int, Tap] = {}
        self._baud = baud
        self._codec = Codec(definition)
        self._lines = LogLineParser(definition)
        self._charger = Charger(definition)
        self._installation = WiringMonitor()
        self._ordering = TapOrdering()
        self._merger = TapMerger(self._waits_since) if merging else None
        self._count = 0

    @property
    def waiting(self) -> int:
        """How many bytes wait for more, or for another tap's; what they are is known at the latest after `flush`."""
        merging = self._merger.waiting if self._merger else 0
        return merging + sum(wire.framer.waiting for wire in self._wires.values())

    @property
    def next_number(self) -> int:
        """The number of the record that comes next."""
        return self._count + 1

    def feed(self, item: Given) -> list[Record]:
        """Take what a source gave; return the records that it completes."""
        match item:
            case Chunk():
                return self._chunk(item)
            case Segments():
                return self._pieces(item)
            case LogLine():
                return self._log_line(item)
            case Tap():
                return self._tap(item)
            case TapGap():
                return [*self._all_of(item.tap), self._told(item.tap, self._charger.apply_gap(item))]
            case TapRestored():
                return [*self._all_of(item.tap), self._told(item.tap, self._charger.apply_restored(item))]
            case BaudChange():
                # What waits may be the beginning of a frame that was read at this rate already.
                self._wire(item.tap).framer.set_baud(item.baud)
                return [self._told(item.tap, self._charger.apply_baud(item))]
            case LatencyBound():
                self._late(item.tap, item.late)
                return [self._told(item.tap, self._charger.apply_lateness(item))]

    def flush(self) -> list[Record]:
        """The line is idle or the source has ended: resolve what waits."""
        records = [record for tap in self._wires for record in self._flush(tap)]
        return [*records, *self._merged(self._merger.rest())] if self._merger else records

    def snapshot(self) -> Snapshot:
        """The charger as it is now."""
        return self._charger.snapshot()

    def charger(self) -> Charger:
        """A copy of the charger that goes on by itself."""
        return self._charger.fork()

    def _wire(self, tap: int) -> "_Wire":
        wire = self._wires.get(tap)
        if wire is None:
            wire = self._wires[tap] = _Wire(Framer(baud=self._baud))
        return wire

    def _tap(self, told: Tap) -> list[Record]:
        """There is such a tap; a capture says so again and again."""
        if self._taps.get(told.tap) == told:
            return []
        self._taps[told.tap] = told
        self._wire(told.tap).framer.set_baud(told.baud or self._baud)
        self._late(told.tap, LATE if told.late is None else told.late)
        self._installation.tap(told.tap, told.name)
        return []

    def _late(self, tap: int, late: int) -> None:
        self._ordering.tap(tap, late)
        if self._merger:
            self._merger.tap(tap, late)

    def _waits_since(self, tap: int) -> int | None:
        return self._wire(tap).framer.waits_since

    def _chunk(self, chunk: Chunk) -> list[Record]:
        self._charger.count_read(len(chunk.data))
        wire = self._only if not chunk.tap else self._wire(chunk.tap)
        if chunk.marks:
            wire.mark(chunk.marks)
        items = wire.framer.feed(chunk.data, chunk.time)
        if wire is self._only and not wire.marks:
            return self._records(items)
        records = self._heard(chunk.tap, items)
        if self._merger and chunk.time is not None:
            records += self._merged(self._merger.due(chunk.time))
        return records

    def _flush(self, tap: int) -> list[Record]:
        """Resolve what waits of one tap."""
        wire = self._wire(tap)
        items = wire.framer.flush()
        return self._heard(tap, items) if tap or wire.marks else self._records(items)

    def _all_of(self, tap: int) -> list[Record]:
        """Resolve all that a tap that is lost gave, and what waits for it."""
        records = self._flush(tap)
        return [*records, *self._merged(self._merger.rest())] if self._merger else records

    def _told(self, tap: int, events: tuple[Event, ...]) -> Record:
        """What a tap tells of itself."""
        self._count += 1
        return Record(self._count, None, events, heard=Reception(tap) if tap else None)

    def _pieces(self, given: Segments) -> list[Record]:
        tap, framer, whole = given.tap, self._apart, self._apart.whole
        decode, alone = self._codec.decode, self._alone
        records = self._flush(tap)
        self._charger.count_read(sum(len(data) for data, _ in given.pieces))
        if tap or given.marks:
            self._wire(tap).mark(given.marks)
            for data, time in given.pieces:
                records += self._heard(tap, [*framer.feed(data, time), *framer.flush()])
            return records
        for data, time in given.pieces:
            frame = whole(data, time)
            if frame:
                records.append(alone(decode(frame)))
            else:
                records += self._records([*framer.feed(data, time), *framer.flush()])
        return records

    def _log_line(self, line: LogLine) -> list[Record]:
        if line.frame is None or line.route is None:
            return [self._printed(self._lines.read(line), line.number)]
        self._charger.count_read(len(line.frame))
        framer = Framer(told_apart_by_head(line.route))
        items, printed = [*framer.feed(line.frame, line.time), *framer.flush()], Print(line.process, line.route)
        return [self._printed(self._decoded(item), line.number, printed) for item in items]

    def _heard(self, tap: int, items: Iterable[Frame | Noise]) -> list[Record]:
        """The records of what a wire gave; of several wires, they wait until their place is known."""
        wire, records = self._wire(tap), list[Record]()
        for item in items:
            marks = wire.marks_of(len(item.raw))
            if self._merger and item.time is not None:
                self._merger.add(ArrivedItem(tap, item.time, self._decoded(item), marks))
            else:
                records.append(self._placed(tap, self._decoded(item), marks))
        return records

    def _merged(self, arrived: Iterable[ArrivedItem]) -> list[Record]:
        return [self._placed(one.tap, one.item, one.marks) for one in arrived]

    def _placed(self, tap: int, item: Message | Noise, marks: tuple[LineErrorMark, ...]) -> Record:
        """A record whose place is known, with what that rests on."""
        if marks:
            self._charger.count_line_errors(marks)
        self._count += 1
        events, refers = self._charger.apply(item, self._count, None)
        if wired := self._installation.heard(self._count, tap, item, marks):
            events += self._wired(wired)
        time = item.frame.time if isinstance(item, Message) else item.time
        order = self._ordering.of(tap, self._count, time, refers) if tap else None
        heard = Reception(tap, marks, order) if tap or marks else None
        return Record(self._count, item, events, refers=refers, heard=heard)

    def _records(self, items: Iterable[Frame | Noise]) -> list[Record]:
        return [self._alone(self._decoded(item)) for item in items]

    def _alone(self, item: Message | Noise) -> Record:
        """A record of the only tap, which found nothing wrong with the bytes."""
        self._count += 1
        events, refers = self._charger.apply(item, self._count, None)
        if wired := self._installation.heard(self._count, 0, item, ()):
            events += self._wired(wired)
        return Record(self._count, item, events, None, refers)

    def _wired(self, events: Sequence[Event]) -> tuple[Event, ...]:
        self._charger.apply_wiring(events)
        return tuple(events)

    def _decoded(self, item: Frame | Noise) -> Message | Noise:
        return self._codec.decode(item) if isinstance(item, Frame) else item

    def _printed(self, item: Message | Noise | TextMessage, line: int | None, printed: Print | None = None) -> Record:
        """A record of a text log."""
        self._count += 1
        events, refers = self._charger.apply(item, self._count, line)
        return Record(self._count, item, events, line, refers, printed)


class _Wire:
    """One tap's framer, and which of its bytes the receiver found an error in.

    Marks wait in the order of their bytes, counted from where nothing was marked.
    """

    __slots__ = ("_given", "framer", "marks")

    def __init__(self, framer: Framer) -> None:
        self.framer = framer
        self.marks: deque[LineErrorMark] = deque()
        self._given = 0

    def mark(self, marks: Sequence[LineErrorMark]) -> None:
        """Take the marks of the bytes that the framer is given next."""
        if not self.marks:
            self._given = 0
        before = self._given + self.framer.waiting
        self.marks.extend(LineErrorMark(before + mark.at, mark.error) for mark in marks)

    def marks_of(self, size: int) -> tuple[LineErrorMark, ...]:
        """The marks of the next bytes that the framer gave, counted from the first of them."""
        start = self._given
        self._given = end = start + size
        return tuple(self._take(start, end)) if self.marks else ()

    def _take(self, start: int, end: int) -> Iterator[LineErrorMark]:
        while self.marks and self.marks[0].at < end:
            mark = self.marks.popleft()
            yield LineErrorMark(mark.at - start, mark.error)
