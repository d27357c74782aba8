"""A packed file that only whole packets are appended to.

In: bytes of whole packets. Out: one stream of gzip that is flushed after each write, so everything that was written can
be unpacked at any time, also after a crash. A write that fails is taken back from the file and from the compressor, so
that it can be tried again. All calls may block, as disks do. They raise `RecordingError`.
"""

import zlib
from contextlib import suppress
from pathlib import Path

from sniffer.base.compression import create_gzip_packer
from sniffer.base.errors import RecordingError
from sniffer.recording.append_file import AppendFile


class PackedFile:
    """One new file for its owner only, which is locked while it is open. `size` is its size in bytes, packed."""

    def __init__(self, path: Path) -> None:
        self._file = AppendFile(path)
        self._packer = create_gzip_packer()
        self.path = path
        self.size = 0

    def write(self, data: bytes) -> None:
        """Append whole packets. Raises `RecordingError`; the file is as before the call then, if the disk allows it."""
        # A compressor cannot forget what it was given: a copy is used, and kept if the write succeeds.
        packer = self._packer.copy()
        self._file.write(packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH))
        self._packer = packer
        self.size = self._file.size

    def sync(self) -> None:
        """Wait until the disk has all bytes. Raises `RecordingError` if it lost some; then the file is not intact."""
        self._file.sync()

    def close(self) -> None:
        """Write the end of the stream, without which a reader reports a cut, and close the file."""
        if self.size:
            with suppress(RecordingError):
                self._file.write(self._packer.flush())
        self._file.close()

    def is_intact(self) -> bool:
        """Return True if the file still has its name and all bytes that were written to it."""
        return self._file.is_intact()
