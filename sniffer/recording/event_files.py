"""The destinations of what surrounds an event: the file that the user named, or a file of its own for each event.

All calls may block. They raise `RecordingError`.
"""

import re
from pathlib import Path
from typing import Protocol

from sniffer.base.times import as_datetime, format_file_stamp
from sniffer.recording.append_file import PacketFile
from sniffer.recording.destination import (
    FILE_SIZE,
    SingleFile,
    find_free_name,
    make_room,
    open_packet_file,
    split_name,
)

FILES_IN_TOTAL = 4
"""The least number of files among which a total size is divided."""


class EventDestination(Protocol):
    """The destination of events. `path` is the name that the user gave; `limit` is as in `Destination`."""

    path: Path
    limit: int | None

    def prepare(self) -> None:
        """Report an obstacle before there is an event."""
        ...

    def begin_event(self, time: int) -> None:
        """Begin the files of an event at this time, in nanoseconds since the epoch."""
        ...

    def new_file(self) -> PacketFile:
        """Create the next file of the event."""
        ...

    def close(self) -> None:
        """Remove what was prepared and not used."""
        ...


class OneEventFile:
    """The named file, for one event. It is created at once and empty, so that no other program takes its name."""

    limit: int | None = None

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files = SingleFile(path)
        self._prepared: PacketFile | None = None

    def prepare(self) -> None:
        """Create the file. Raises `RecordingError` if it exists already."""
        self._prepared = self._files.new_file()

    def begin_event(self, time: int) -> None:
        """Do nothing: there is one event."""

    def new_file(self) -> PacketFile:
        """Return the file; if something else has its name by now, a file beside it."""
        file, self._prepared = self._prepared, None
        if file and file.is_intact():
            return file
        if file:
            file.close()
        return self._files.new_file()

    def close(self) -> None:
        """Delete the file if it was not used."""
        if self._prepared:
            self._prepared.close()
            self._prepared = None


class EventFiles:
    """Files with the time of their event in the name: `NAME-20260115-090007.pcapng`.

    `total` is the most bytes of all of them, those of earlier runs included; None for no limit. The oldest are deleted.
    """

    def __init__(self, path: Path, total: int | None = None) -> None:
        self.path = path
        self.limit: int | None = FILE_SIZE if total is None else min(FILE_SIZE, total // FILES_IN_TOTAL)
        self._total = total
        self._stem, self._ending = split_name(path)
        self._names = re.compile(rf"{re.escape(self._stem)}-\d{{8}}-\d{{6}}(-\d+)?{re.escape(self._ending)}")
        self._time = 0

    def prepare(self) -> None:
        """Do nothing: the names are not known before the events."""

    def begin_event(self, time: int) -> None:
        """Name the next files by this time, in the local time zone."""
        self._time = time

    def new_file(self) -> PacketFile:
        """Create the next file, after room was made for it."""
        if self._total is not None:
            make_room(self.path.parent, self._names, self._total - (self.limit or 0))
        stamp = format_file_stamp(as_datetime(self._time))
        return open_packet_file(find_free_name(self.path.with_name(f"{self._stem}-{stamp}{self._ending}")))

    def close(self) -> None:
        """Do nothing: nothing was prepared."""
