"""Wire, protocol and charger joined: what a source gives goes in, numbered records come out.

This is the whole core behind one door, without I/O and without a clock: live sessions, replays, scripts and tests all
run it, and differ only in the source before it and the sink behind it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sniffer.charger.charger import Charger
from sniffer.charger.events import Event, Reference
from sniffer.charger.snapshot import Snapshot
from sniffer.protocol.codec import Codec
from sniffer.protocol.definition import Definition
from sniffer.protocol.logline import LineReader, LogLine, Print, TextMessage
from sniffer.protocol.message import Message
from sniffer.wire.frame import Chunk, Frame, Gap, Noise, Pieces
from sniffer.wire.framer import Framer
from sniffer.wire.link import told_apart_by_head

Given = Chunk | Pieces | LogLine | Gap
"""What a source gives."""


@dataclass(frozen=True, slots=True, init=False)
class Record:
    """One entry of a session: what was seen, and what it shows. `item` is None where only events are told.

    `number` counts from 1 and never changes; `line` is the number that a text log printed on it, and `printed` tells
    how it printed bytes. `refers` is the earlier frame that this one answers, repeats or relays. It fills its slots
    itself, as `Frame` does.
    """

    number: int
    item: Message | Noise | TextMessage | None
    events: tuple[Event, ...] = ()
    line: int | None = None
    refers: Reference | None = None
    printed: Print | None = None

    def __init__(
        self,
        number: int,
        item: Message | Noise | TextMessage | None,
        events: tuple[Event, ...] = (),
        line: int | None = None,
        refers: Reference | None = None,
        printed: Print | None = None,
    ) -> None:
        _set_number(self, number)
        _set_item(self, item)
        _set_events(self, events)
        _set_line(self, line)
        _set_refers(self, refers)
        _set_printed(self, printed)

    @property
    def time(self) -> int | None:
        if isinstance(self.item, Message):
            return self.item.frame.time
        if self.item is not None:
            return self.item.time
        return self.events[0].time if self.events else None


_set_number, _set_item, _set_events, _set_line, _set_refers, _set_printed = (
    vars(Record)[name].__set__ for name in ("number", "item", "events", "line", "refers", "printed")
)


class Pipeline:
    """The core of one session. `baud` is the line's rate where it is known."""

    def __init__(self, definition: Definition, *, baud: int | None = None) -> None:
        self._framer = Framer(baud=baud)
        self._codec = Codec(definition)
        self._lines = LineReader(definition)
        self._charger = Charger(definition)
        self._count = 0

    @property
    def waiting(self) -> int:
        """How many bytes wait for more; what they are is known at the latest after `flush`."""
        return self._framer.waiting

    @property
    def next_number(self) -> int:
        """The number of the record that comes next."""
        return self._count + 1

    def feed(self, item: Given) -> list[Record]:
        """Take what a source gave; return the records that it completes."""
        if isinstance(item, Chunk):
            self._charger.read(len(item.data))
            return self._records(self._framer.feed(item.data, item.time))
        if isinstance(item, LogLine):
            return self._log_line(item)
        return self._pieces(item) if isinstance(item, Pieces) else self.lost(item.time, item.reason)

    def flush(self) -> list[Record]:
        """The line is idle or the source has ended: resolve what waits."""
        return self._records(self._framer.flush())

    def lost(self, time: int | None, reason: str) -> list[Record]:
        """The source lost data, or ended before its time."""
        records = self.flush()
        self._count += 1
        return [*records, Record(self._count, None, tuple(self._charger.lost(time, reason)))]

    def snapshot(self) -> Snapshot:
        """The charger as it is now."""
        return self._charger.snapshot()

    def charger(self) -> Charger:
        """A copy of the charger that goes on by itself."""
        return self._charger.fork()

    def _pieces(self, given: Pieces) -> list[Record]:
        framer, whole, decode, record = self._framer, self._framer.whole, self._codec.decode, self._record
        records = self.flush()
        self._charger.read(sum(len(data) for data, _ in given.pieces))
        for data, time in given.pieces:
            frame = whole(data, time)
            if frame:
                records.append(record(decode(frame)))
            else:
                records += self._records([*framer.feed(data, time), *framer.flush()])
        return records

    def _log_line(self, line: LogLine) -> list[Record]:
        if line.frame is None or line.route is None:
            return [self._record(self._lines.read(line), line.number)]
        self._charger.read(len(line.frame))
        framer = Framer(told_apart_by_head(line.route))
        items, printed = [*framer.feed(line.frame, line.time), *framer.flush()], Print(line.process, line.route)
        return [self._record(self._decoded(item), line.number, printed) for item in items]

    def _records(self, items: Iterable[Frame | Noise]) -> list[Record]:
        return [self._record(self._decoded(item)) for item in items]

    def _decoded(self, item: Frame | Noise) -> Message | Noise:
        return self._codec.decode(item) if isinstance(item, Frame) else item

    def _record(
        self, item: Message | Noise | TextMessage, line: int | None = None, printed: Print | None = None
    ) -> Record:
        self._count += 1
        events, refers = self._charger.apply(item, self._count, line)
        return Record(self._count, item, events, line, refers, printed)
