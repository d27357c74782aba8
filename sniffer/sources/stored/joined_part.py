"""One file of a session that is in several files: read piece by piece, so that its items can be put among others.

In: the source of the file. Out: its items with the time by which they are ordered. Reading is a coroutine that is
advanced by `step` and not by a task of its own, so that no more of a file is held than one turn of its source yields.
"""

import types
from collections import deque
from collections.abc import AsyncIterator, Callable, Generator
from itertools import repeat
from typing import Any

from msgspec import Struct

from sniffer.base.compression import ReadableFile, read_chunks
from sniffer.base.errors import SourceError
from sniffer.base.late_pattern import compile_late
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunks, Note, Segments, Tap
from sniffer.formats.jsonl.reader import is_json_lines
from sniffer.formats.text_files.line_decoder import find_encoding
from sniffer.formats.text_files.text_shape import TextForm, find_text_shape
from sniffer.formats.text_files.transfer_encoding import TransferEncoding
from sniffer.sources.detect import SessionFormat, detect_format
from sniffer.sources.file_options import DEFAULT, FileOptions
from sniffer.sources.source import Item
from sniffer.sources.stored.session_file import create_source, read_head

_TIME_STAMP = compile_late(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_FARTHEST = 200
"""Bytes at the beginning of a line in which the time stamp of the charger is looked for."""

_LONGEST_LINE = 1 << 18

BEGINNING = -1
"""The time of items before the first time of a file. It is before all others."""


class TimedItem(Struct, frozen=True):
    """An item with the time by which it is ordered: its own, or that of the item before it. The notes belong to it."""

    time: int
    item: Item
    notes: tuple[Note, ...] = ()


class JoinedPart:
    """One file. `first` is the time of its first record, None if it has none. Raises `SourceError` if it is no session.

    `latest` is the time of the last item, `longest_pause` the longest time between two items, in nanoseconds. `popped`
    counts the items that were returned. `line_number` is the number that a log printed at its last line, None if it
    prints none. `last_line` is the last line of a log, None if there was none. `error` is why the file ended too early,
    None if it did not.
    """

    def __init__(self, file: ReadableFile, first: int | None, options: FileOptions = DEFAULT) -> None:
        head = read_head(file)
        found = detect_format(file, head)
        self.source = create_source(file, found, options)
        self.first = first
        self.begun = b""
        """The half line that the file before this one ended with."""
        self.hand_over: Callable[[bytes], bool] = lambda rest: False
        """A function that takes the half line at the end. It returns True if the next file goes on with it."""
        if found is SessionFormat.JSON_LINES or _is_log(head):
            self.source.stream = self._read_whole_lines(file)
        self.latest = BEGINNING
        self.longest_pause = 0
        self.line_number: int | None = None
        self.last_line: LogLine | None = None
        self.error: SourceError | None = None
        self.is_done = False
        self.popped = 0
        self._items: deque[TimedItem] = deque()
        self._notes: list[Note] = []
        self._run = self.source.run(self._take)

    @property
    def head(self) -> TimedItem | None:
        """The next item; None if none was read yet, or at the end."""
        return self._items[0] if self._items else None

    @property
    def head_end(self) -> int:
        """The time of the last frame of the next item, or else that of the item."""
        head = self._items[0]
        last = head.item.pieces[-1][1] if isinstance(head.item, Chunks | Segments) else None
        return head.time if last is None else max(head.time, last)

    def pop(self) -> TimedItem:
        """Return the next item, and remove it."""
        taken = self._items.popleft()
        self.popped += 1
        if self.latest >= 0:
            self.longest_pause = max(self.longest_pause, taken.time - self.latest)
        self.latest = taken.time
        if isinstance(taken.item, LogLine):
            self.last_line = taken.item
            if taken.item.number is not None:
                self.line_number = taken.item.number
        return taken

    def split_head(self) -> None:
        """Divide the next item into its single frames, so that those of another file can stand between them."""
        taken = self._items[0]
        item = taken.item
        if not isinstance(item, Chunks | Segments) or len(item.pieces) < 2:
            return
        self._items.popleft()
        latest, divided = taken.time, []
        taps = item.taps if isinstance(item, Segments) else b""
        for piece, tap in zip(item.pieces, taps or repeat(item.tap), strict=False):
            latest = latest if piece[1] is None else max(latest, piece[1])
            single = Chunks((piece,), tap) if isinstance(item, Chunks) else Segments((piece,), (), tap)
            divided.append(TimedItem(latest, single))
        self._items.extendleft(reversed(divided))

    @types.coroutine
    def step(self) -> Generator[Any, Any, None]:
        """Read one more piece of the file."""
        try:
            awaited = self._run.send(None)
        except StopIteration:
            self.is_done = True
        except SourceError as error:
            self.error, self.is_done = error, True
        else:
            yield awaited

    def close(self) -> None:
        """Stop reading."""
        self._run.close()

    async def _read_whole_lines(self, file: ReadableFile) -> AsyncIterator[bytes]:
        """Yield the bytes of a file of lines: with the half line that was begun before it, without that at its end."""
        rest, is_first = b"", True
        for data in read_chunks(file):
            if is_first and self.begun:
                rest = self.begun + (b"\n" if _begins_record(data) else b"")
            is_first = False
            whole, line_end, rest = (rest + data).rpartition(b"\n")
            if line_end:
                yield whole + line_end
            if len(rest) > _LONGEST_LINE:
                yield rest
                rest = b""
        if rest and not self.hand_over(rest):
            yield rest

    def _take(self, item: Item) -> None:
        """Keep an item of the source until it is its turn."""
        if isinstance(item, Note):
            self._notes.append(item)
            return
        time = time_of(item)
        before = self._items[-1].time if self._items else self.latest
        notes, self._notes = tuple(self._notes), []
        self._items.append(TimedItem(before if time is None else max(before, time), item, notes))


def time_of(item: Item) -> int | None:
    """Return the time of the first byte of an item; None if it has none."""
    if isinstance(item, Note | Tap):
        return None
    return item.pieces[0][1] if isinstance(item, Segments) else item.time


def _begins_record(data: bytes) -> bool:
    """Return True if the first line of a file is a record by itself, and not the rest of a line."""
    line = data.partition(b"\n")[0]
    return is_json_lines(line) or _TIME_STAMP.search(line, 0, _FARTHEST) is not None


def _is_log(head: bytes) -> bool:
    """Return True if a text is the charger's log, in an encoding in which a line ends with the byte 0A."""
    shape = find_text_shape(head)
    if shape is None or shape.form is not TextForm.LOG:
        return False
    encoding = find_encoding(head)
    return encoding.transfer is TransferEncoding.NONE and not encoding.codec.startswith("utf-16")
