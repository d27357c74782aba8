"""The core of one session: source items in, numbered records out.

It joins framing, decoding and the charger's state, without I/O and without a clock. Live sessions, replays, scripts and
tests all run it. They differ only in the source before it and the sinks behind it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import cast

from sniffer.core.charger.charger import Charger
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.charger.tap_tracker import TapItem
from sniffer.core.line.tap_framers import TapFramers
from sniffer.core.log_decoder import LogDecoder
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.decoded_frames import DecodedFrames
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.record_builder import RecordBuilder
from sniffer.core.tap_merger import DEFAULT_LATENESS, ArrivedItem, TapMerger
from sniffer.core.wire.direction_finder import find_directions
from sniffer.core.wire.frame import Frame, Noise
from sniffer.core.wire.framer import Framer, LiveLimits
from sniffer.core.wire.items import (
    BaudChange,
    Chunk,
    Chunks,
    Idle,
    LatencyBound,
    Segments,
    Tap,
    TapGap,
    TapRestored,
)

SourceItem = Chunk | Chunks | Segments | DecodedFrames | LogLine | Tap | TapItem
"""The items of a source that the core takes."""


class Pipeline:
    """The core of one session. `baud` is the rate of the line, or None if it is not known.

    `merging` is True if several taps deliver at the same time and have to be merged into one order. Saved sessions are
    in order already. `live` are the limits of a live line; None for a source that has to be exact. With `mending`,
    lines of a text log that were read wrongly are mended; without, they are only looked for (`is_mendable`).
    """

    def __init__(
        self,
        definition: Definition,
        *,
        baud: int | None = None,
        merging: bool = False,
        live: LiveLimits | None = None,
        mending: bool = False,
    ) -> None:
        self._baud = baud
        self._live = live
        self._framers = TapFramers(definition.links.routes_in_bytes, baud=baud, live=live)
        self._single = self._framers.single
        self._segment_framer = Framer(definition.links.routes_in_bytes)
        """The framer of segments. It needs no rate because segments have the times of their first bytes."""
        self._taps: dict[int, Tap] = {}
        self._codec = Codec(definition)
        self._directions = find_directions(definition.links)
        self._log_decoder = LogDecoder(self._codec, mending=mending)
        self._charger = Charger(definition)
        self._records = RecordBuilder(self._charger)
        self._merger = TapMerger(self._framers.pending_since) if merging else None

    @property
    def waiting(self) -> int:
        """The number of bytes that are in no record yet, because more bytes or those of another tap may follow."""
        merging = self._merger.waiting if self._merger else 0
        return merging + self._framers.waiting

    @property
    def is_mendable(self) -> bool:
        """True if a line of a text log was found that would be mended, but was not."""
        return self._log_decoder.is_mendable

    @property
    def next_number(self) -> int:
        """The number of the next record."""
        return self._records.count + 1

    def feed(self, item: SourceItem) -> list[Record]:
        """Process an item of the source and return the records that it completes."""
        match item:
            case Chunk():
                return self._feed_chunk(item)
            case Chunks():
                return self._feed_chunks(item)
            case Segments():
                return self._feed_segments(item)
            case DecodedFrames():
                return self._feed_decoded(item)
            case LogLine():
                return self._feed_log_lines((item,))
            case Tap():
                self._add_tap(item)
                return []
        return self._feed_tap_item(item)

    def feed_all(self, items: Iterable[SourceItem]) -> list[Record]:
        """Process a batch of items and return the records that they complete.

        Lines of a log, and chunks of a session of one tap, are processed together where they stand together. On a busy
        line this halves the cost of a frame.
        """
        records = list[Record]()
        for kind, group in groupby(items, type):
            if kind is LogLine:
                records += self._feed_log_lines(cast("list[LogLine]", [*group]))
            elif kind is Chunk:
                for is_plain, chunks in groupby(cast("Iterator[Chunk]", group), _is_plain):
                    if is_plain:
                        records += self._feed_chunks(Chunks([(chunk.data, chunk.time) for chunk in chunks]))
                    else:
                        records += [record for chunk in chunks for record in self._feed_chunk(chunk)]
            else:
                records += [record for item in group for record in self.feed(item)]
        return records

    def flush(self) -> list[Record]:
        """Return the records of all waiting bytes: the line is idle or the source has ended."""
        records = [record for tap in self._framers for record in self._flush_framer(tap)]
        return [*records, *self._ordered_records(self._merger.take_all())] if self._merger else records

    def snapshot(self) -> Snapshot:
        """Return the present state of the charger."""
        return self._charger.snapshot()

    def charger(self) -> Charger:
        """Return a copy of the charger, which no longer follows the session."""
        return self._charger.fork()

    # Taps

    def _add_tap(self, tap: Tap) -> None:
        """Apply the description of a tap. A capture repeats it in each of its files."""
        if self._taps.get(tap.tap) == tap:
            return
        self._taps[tap.tap] = tap
        self._framers.get(tap.tap).framer.set_baud(tap.baud or self._baud)
        self._set_lateness(tap.tap, DEFAULT_LATENESS if tap.late is None else tap.late)
        self._records.add_tap(tap.tap, tap.name)

    def _set_lateness(self, tap: int, late: int) -> None:
        """Use a new lateness of a tap from now on, in nanoseconds: how long its adapter may hold bytes back."""
        self._records.set_lateness(tap, late)
        if self._merger:
            self._merger.set_lateness(tap, late)

    # Source items

    def _feed_chunk(self, chunk: Chunk) -> list[Record]:
        """Return the records of the frames and noise that this chunk completes."""
        self._charger.count_read(len(chunk.data))
        tap = self._single if not chunk.tap else self._framers.get(chunk.tap)
        if chunk.marks:
            tap.add_marks(chunk.marks)
        framer = tap.framer
        is_whole = self._live is None and self._baud is None and not framer.waiting
        frame = framer.parse_whole(chunk.data, chunk.time) if is_whole else None
        items = [frame] if frame else framer.feed(chunk.data, chunk.time)
        if tap is self._single and not tap.marks:
            return self._single_tap_records(items)
        records = self._tap_records(chunk.tap, items)
        if self._merger and chunk.time is not None:
            records += self._ordered_records(self._merger.take_due(chunk.time))
        return records

    def _feed_chunks(self, chunks: Chunks) -> list[Record]:
        """Return the records that these chunks complete."""
        pieces, tap = chunks.pieces, self._framers.get(chunks.tap)
        if tap is not self._single or tap.marks:
            return [one for data, time in pieces for one in self._feed_chunk(Chunk(data, time, (), chunks.tap))]
        self._charger.count_read(sum([len(data) for data, _ in pieces]))
        framer, parse_whole, is_saved = tap.framer, tap.framer.parse_whole, self._live is None and self._baud is None
        is_empty = is_saved and not framer.waiting
        items: list[Frame | Noise] = []
        for data, time in pieces:
            frame = parse_whole(data, time) if is_empty else None
            if frame:
                items.append(frame)
            else:
                items += framer.feed(data, time)
                is_empty = is_saved and not framer.waiting
        return self._single_tap_records(items)

    def _feed_segments(self, segments: Segments) -> list[Record]:
        """Return the records of saved pieces. Each piece is framed by itself, as it was one frame or noise before."""
        self._charger.count_read(sum([len(data) for data, _ in segments.pieces]))
        if segments.tap or segments.taps or segments.marks:
            return self._feed_tap_segments(segments)
        framer, parse_whole = self._segment_framer, self._segment_framer.parse_whole
        items: list[Frame | Noise] = []
        for data, time in segments.pieces:
            frame = parse_whole(data, time)
            if frame:
                items.append(frame)
            else:
                items += framer.feed(data, time)
                items += framer.flush()
        return [*self._flush_framer(0), *self._single_tap_records(items)]

    def _feed_tap_segments(self, segments: Segments) -> list[Record]:
        """Return the records of saved pieces of several taps, or of pieces with line errors."""
        framer, pieces, marks = self._segment_framer, segments.pieces, segments.marks
        taps = segments.taps or [segments.tap] * len(pieces)
        frames = [framer.parse_whole(data, time) for data, time in pieces]
        whole = [frame for frame in frames if frame]
        if len(whole) == len(pieces) and not marks and not self._framers.waiting:
            messages = map(self._decode, whole, taps) if self._directions else map(self._codec.decode, whole)
            return self._records.build_of_taps([*messages], taps)
        records, resumed = list[Record](), set[int]()
        for frame, (data, time), tap in zip(frames, pieces, taps, strict=True):
            if tap not in resumed:
                resumed.add(tap)
                records += self._flush_framer(tap)
                self._framers.get(tap).add_marks(marks)
            if frame and not marks:
                records.append(self._records.build(tap, self._decode(frame, tap), ()))
            else:
                records += self._tap_records(tap, (frame,) if frame else [*framer.feed(data, time), *framer.flush()])
        return records

    def _feed_decoded(self, frames: DecodedFrames) -> list[Record]:
        """Return the records of frames that were decoded already."""
        self._charger.count_read(frames.size)
        before = [record for tap in {*frames.taps} for record in self._flush_framer(tap)]
        if any(frames.taps):
            return [*before, *self._records.build_of_taps(frames.messages, frames.taps)]
        return [*before, *self._records.build_single(frames.messages)]

    def _feed_log_lines(self, lines: Sequence[LogLine]) -> list[Record]:
        """Process lines of a text log. Return the records of the frames and noise in their bytes, or of their texts."""
        return self._records.build_lines(self._log_decoder.decode_all(lines))

    def _feed_tap_item(self, item: TapItem) -> list[Record]:
        """Return the record of an event of a tap, after the records of the bytes that cannot go on after it."""
        records: list[Record] = []
        match item:
            case TapGap() | TapRestored():
                records = self._resolve_tap(item.tap)
            case BaudChange():
                # Waiting bytes are kept: they may be the beginning of a frame that was read at the new rate already.
                self._framers.get(item.tap).framer.set_baud(item.baud)
            case LatencyBound():
                self._set_lateness(item.tap, item.late)
            case _:
                pass
        events = self._charger.apply_tap(item)
        is_silent = isinstance(item, Idle) and not events
        return records if is_silent else [*records, self._records.build_event(item.tap, events)]

    def _flush_framer(self, tap: int) -> list[Record]:
        """Return the records of the bytes that wait in a tap's framer."""
        framer = self._framers.get(tap)
        if not framer.framer.waiting:
            return []
        items = framer.framer.flush()
        return self._tap_records(tap, items) if tap or framer.marks else self._single_tap_records(items)

    def _resolve_tap(self, tap: int) -> list[Record]:
        """Return the records of all bytes of a lost tap, and of the items of other taps that wait for it."""
        records = self._flush_framer(tap)
        return [*records, *self._ordered_records(self._merger.take_all())] if self._merger else records

    # Records

    def _decode(self, item: Frame | Noise, tap: int = 0) -> Message | Noise:
        """Return a frame with its meaning, or the noise. The tap or the frames before it may say its direction."""
        frame = self._directions.resolve(item, tap) if self._directions and isinstance(item, Frame) else item
        return self._codec.decode(frame) if isinstance(frame, Frame) else frame

    def _tap_records(self, tap: int, items: Iterable[Frame | Noise]) -> list[Record]:
        """Return the records of a tap's items. While taps are merged, items wait until their place is known."""
        framer, records = self._framers.get(tap), list[Record]()
        for item in items:
            marks = framer.take_marks(len(item.raw))
            if self._merger and item.time is not None:
                self._merger.add(ArrivedItem(tap, item.time, self._decode(item, tap), marks))
            else:
                records.append(self._records.build(tap, self._decode(item, tap), marks))
        return records

    def _ordered_records(self, arrived: Iterable[ArrivedItem]) -> list[Record]:
        return [self._records.build(one.tap, one.item, one.marks) for one in arrived]

    def _single_tap_records(self, items: Sequence[Frame | Noise]) -> list[Record]:
        """Return the records of items without line errors in a session of one tap."""
        decode: Callable[[Frame], Message | Noise] = self._decode if self._directions else self._codec.decode
        return self._records.build_single([decode(item) if isinstance(item, Frame) else item for item in items])


def _is_plain(chunk: Chunk) -> bool:
    """Return True for a chunk without line errors that is not of one of several taps: it may be joined with others."""
    return not chunk.tap and not chunk.marks
