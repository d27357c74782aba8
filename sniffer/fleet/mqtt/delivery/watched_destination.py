"""The files of a recording that is published while it is written: which there are, and how much of them is settled.

In: the files that a recorder creates. Out: the same files for the recorder; their paths and settled sizes for the
publisher, in another thread. A file has settled when the next one is begun, or when the recording has ended.
"""

from collections.abc import Callable
from pathlib import Path

from sniffer.recording.append_file import PacketFile
from sniffer.recording.destination import Destination


class WatchedDestination:
    """A destination whose files are known. `on_file` is called with the path of each, before it is written to."""

    def __init__(self, destination: Destination, on_file: Callable[[Path], None]) -> None:
        self.limit = destination.limit
        self._destination = destination
        self._on_file = on_file
        self._files: list[PacketFile] = []
        self._has_ended = False

    def new_file(self) -> PacketFile:
        """Create the next file. Raises `RecordingError`."""
        file = self._destination.new_file()
        self._on_file(file.path)
        self._files.append(file)
        return file

    def end(self) -> None:
        """Note that the recording has ended, so that no file grows any more."""
        self._has_ended = True

    @property
    def has_ended(self) -> bool:
        """True if no file follows the present ones."""
        return self._has_ended

    def path_at(self, place: int) -> Path | None:
        """Return the path of the file at this place, from 0; None if there is none yet."""
        files = self._files
        return files[place].path if place < len(files) else None

    def find_settled(self, place: int) -> tuple[int, bool]:
        """Return the number of settled bytes of the file at this place, and whether no more will come."""
        is_final = self._has_ended or place + 1 < len(self._files)
        # The size is read after that: what was written before the end counts.
        return self._files[place].size, is_final
