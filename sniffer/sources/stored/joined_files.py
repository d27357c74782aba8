"""Several files as one session in time order: the parts of a rotated log, or files that the user joins.

Each file is read when the time of its first record has come, so that a file without an overlap is read alone. Where
two files overlap, their records are merged by time, and records that both hold are given once. A note says so, and
where one file begins long after the other has ended. Where lines or whole files are missing, there is a gap.
"""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from sniffer.base.compression import ReadableFile
from sniffer.base.errors import CutOffError, SkippedError, SourceError
from sniffer.base.phrasing import format_count
from sniffer.base.times import SECOND, format_duration
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Note, TapGap, TapRestored
from sniffer.formats.charger_log import continue_record
from sniffer.sources.file_options import DEFAULT, FileOptions
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Item, Take
from sniffer.sources.stored.joined_part import BEGINNING, JoinedPart, TimedItem, time_of
from sniffer.sources.stored.rotation import find_missing, part_of
from sniffer.sources.stored.session_file import open_file

SHORTEST_PAUSE = 60 * SECOND
"""Nanoseconds between two files that are always passed over in silence."""

_SEVERAL = 2
"""A pause between two files is reported if it is this many times as long as any pause within the first one."""


class JoinedFiles(SavedSource):
    """Several files as one session. `files` has them in time order. `unread` are notes on what is not read.

    Raises `SourceError` if one of them is no saved session.
    """

    about = "several files as one session"
    times_are_first_bytes = True

    def __init__(
        self, files: Sequence[ReadableFile], options: FileOptions = DEFAULT, unread: Sequence[str] = ()
    ) -> None:
        self._unread = unread
        ordered = sorted(files, key=lambda file: part_of(str(file)).place)
        found = [(_find_first_time(file, options), file) for file in ordered]
        if all(first is not None for first, _ in found):
            found.sort(key=lambda one: one[0] or 0)
        self.files = [file for _, file in found]
        self._options = options
        self._firsts = [first for first, _ in found]
        super().__init__(self.files[0])
        bases = {part_of(str(file)).base for file in files}
        counted = f" ({format_count(len(files), 'file')})" if len(files) > 1 else ""
        self.name = f"{bases.pop() if len(bases) == 1 else self.files[0]}{counted}"
        self._parts: list[JoinedPart] = []
        self._active: list[JoinedPart] = []
        self._time = BEGINNING
        self._alone: JoinedPart | None = None
        """The file whose items at the present time cannot stand in another one."""
        self._is_merged = False
        self._overlapping: list[JoinedPart] = []
        self._given: Counter[Item] = Counter()
        self._seen: Counter[tuple[int, Item]] = Counter()

    async def run(self, take: Take) -> None:
        """Read all files.

        Raises `CutOffError` after the last one if one was cut off, and `SourceError` if one was damaged.
        """
        self._parts = [
            JoinedPart(file, first, self._options) for file, first in zip(self.files, self._firsts, strict=True)
        ]
        for text in self._unread:
            take(Note(text))
        for part, following in pairwise(self._parts):
            part.hand_over = partial(self._hand_over, part, following)
        waiting = list(self._parts)
        try:
            while waiting or self._active:
                await self._fill()
                if len(self._active) == 1 and self._pass_alone(self._active[0], waiting, take):
                    continue
                self._divide(waiting)
                heads = [(part.head.time, place) for place, part in enumerate(self._active) if part.head]
                time, place = min(heads, default=(None, 0))
                if waiting and (time is None or (waiting[0].first is not None and waiting[0].first < time)):
                    self._active.append(waiting.pop(0))
                elif time is not None:
                    self._give(self._active[place], take)
        finally:
            for part in self._parts:
                part.close()
        self._raise_errors()

    def now(self) -> int | None:
        """Return the time of the latest record; None before the first time was read."""
        return None if self._time == BEGINNING else self._time

    def _hand_over(self, part: JoinedPart, following: JoinedPart, rest: bytes) -> bool:
        """Return True if the next file goes on with the half line that a file ends with: both are parts of one log."""
        if following in self._active or not _are_of_one_log(part, following):
            return False
        following.begun = rest
        return True

    async def _fill(self) -> None:
        """Read each file that is due until its next item is known, and drop those that have ended."""
        for part in self._active:
            while not part.head and not part.is_done:
                await part.step()
            self.zone = self.zone or part.source.zone
            self.baud = part.source.baud or self.baud
        self._active = [part for part in self._active if part.head]

    def _divide(self, waiting: Sequence[JoinedPart]) -> None:
        """Divide the items of which another file may have a part in between."""
        following = waiting[0].first if waiting else None
        for part in self._active:
            if len(self._active) > 1 or (following is not None and part.head_end > following):
                part.split_head()

    def _connect(self, part: JoinedPart, taken: TimedItem, take: Take) -> None:
        """Report, at the first item of a file, what is missing between it and the file before it."""
        place = self._parts.index(part)
        if not place or part.begun or len(self._active) > 1:
            return
        before, name = self._parts[place - 1], Path(part.source.name).name
        if before.line_number is not None and isinstance(taken.item, LogLine) and taken.item.number is not None:
            missing = taken.item.number - before.line_number - 1
            if missing >= 0:
                if missing:
                    lines = f"{before.line_number + 1} to {taken.item.number - 1}"
                    reason = f"{format_count(missing, 'line')} missing between two files ({lines})"
                    self._report_gap(take, taken.time, reason, name)
                return
        old, new = (part_of(one.source.name) for one in (before, part))
        if old.base == new.base and (numbers := find_missing([new.number, old.number])):
            names = ", ".join(f"{Path(old.base).name}.{number}" for number in reversed(numbers))
            self._report_gap(take, taken.time, f"{names} is missing", name)
            return
        pause = taken.time - before.latest
        if before.latest >= 0 and pause > max(SHORTEST_PAUSE, _SEVERAL * before.longest_pause):
            take(Note(f"{name} begins here, {format_duration(pause)} after {Path(before.source.name).name} ends"))

    def _report_overlap(self, part: JoinedPart, take: Take) -> None:
        """Note, once for each file, that it begins before another one ends."""
        if part is self._parts[0] or part in self._overlapping:
            return
        self._overlapping.append(part)
        self._is_merged = True
        name = Path(part.source.name).name
        take(Note(f"{name} overlaps the file before it: what both hold is shown once"))

    def _report_gap(self, take: Take, until: int, reason: str, name: str) -> None:
        """Report that records are missing in front of a file."""
        take(TapGap(self.now(), reason))
        take(TapRestored(until, f"{name} begins"))

    def _pass_alone(self, part: JoinedPart, waiting: Sequence[JoinedPart], take: Take) -> bool:
        """Pass on the items of the only file that is read, as far as no other file can hold them.

        Returns False if there is none. Nearly all items of rotated logs take this way, as comparing costs more.
        """
        limit, before = waiting[0].first if waiting else None, part.popped
        while before and (head := part.head):
            is_shared = head.time == part.first or (head.time == self._time and self._alone is not part)
            if is_shared or (limit is not None and part.head_end >= limit):
                break
            part.pop()
            self._time, self._alone = head.time, part
            for note in head.notes:
                take(self._translate(note, part))
            take(head.item)
        return part.popped > before

    def _give(self, part: JoinedPart, take: Take) -> None:
        """Pass the next item of a file on, unless another file has given it."""
        is_first = not part.popped
        taken = part.pop()
        if taken.time != self._time or self._alone:
            self._time, self._alone = taken.time, None
            self._given.clear()
            self._seen.clear()
        overlapping = next((one for one in self._active if one.first is not None and one.first < taken.time), None)
        if overlapping and overlapping is not part:
            self._report_overlap(overlapping, take)
        if self._is_given(part, taken):
            self._report_overlap(part, take)
            return
        if is_first:
            self._connect(part, taken, take)
        for note in taken.notes:
            take(self._translate(note, part))
        take(self._continue_line(part, taken.item))

    def _continue_line(self, part: JoinedPart, item: Item) -> Item:
        """Return an item; a line at the beginning of a file that is a part of the record before it gets its time."""
        place = self._parts.index(part)
        if not place or not isinstance(item, LogLine) or item.time is not None or item.process is not None:
            return item
        before = self._parts[place - 1]
        record = before.last_line if len(self._active) == 1 and _are_of_one_log(before, part) else None
        return item if record is None or record.time is None else continue_record(record, item)

    def _is_given(self, part: JoinedPart, taken: TimedItem) -> bool:
        """Return True if another file has given the same item at the same time already. Count the item otherwise."""
        try:
            self._seen[id(part), taken.item] += 1
        except TypeError:
            return False
        # At the very boundary of two logs the same text may stand in both by right, unless its line number is the same.
        has_number = isinstance(taken.item, LogLine) and taken.item.number is not None
        is_certain = len(self._active) > 1 or part in self._overlapping or has_number
        if is_certain and self._seen[id(part), taken.item] <= self._given[taken.item]:
            return True
        self._given[taken.item] += 1
        return False

    def _translate(self, note: Note, part: JoinedPart) -> Note:
        """Return a note as one of this session: the records of the first file only keep their numbers."""
        if note.number is None or (part is self._parts[0] and not self._is_merged):
            return note
        return Note(f"on record {note.number} of {Path(part.source.name).name}: {note.text}")

    def _raise_errors(self) -> None:
        """Raise the first error of a file: that of a damaged file before that of one that was cut off."""
        errors = [part.error for part in self._parts if part.error]
        for kind in (SourceError, CutOffError, SkippedError):
            found = [error for error in errors if type(error) is kind]
            if found:
                more = f" (and {format_count(len(errors) - 1, 'more file')})" if len(errors) > 1 else ""
                raise kind(f"{found[0]}{more}")
        if errors:
            raise errors[0]


def _are_of_one_log(part: JoinedPart, following: JoinedPart) -> bool:
    """Return True if two files are parts of one rotated log."""
    return part_of(part.source.name).base == part_of(following.source.name).base


class _TimeFound(Exception):  # noqa: N818
    """Ends the reading as soon as the first time of a file is known."""

    def __init__(self, time: int) -> None:
        super().__init__()
        self.time = time


def _find_first_time(file: ReadableFile, options: FileOptions) -> int | None:
    """Return the time of the first record of a file; None if its records have no times.

    Raises `SourceError` if it is no saved session.
    """

    def stop(item: Item) -> None:
        if (time := time_of(item)) is not None:
            raise _TimeFound(time)

    reading = open_file(file, options).run(stop)
    try:
        while True:
            reading.send(None)
    except _TimeFound as found:
        return found.time
    except (StopIteration, SourceError):
        return None
    finally:
        reading.close()
