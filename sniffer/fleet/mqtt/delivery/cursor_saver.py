"""Save the cursors of a publisher from time to time.

In: cursors that have moved. Out: their files, each written at most once a second. A cursor that cannot be saved is kept
and tried again: it is some messages behind then, which are sent again after a restart.
"""

import time
from contextlib import suppress

from sniffer.base.errors import ConfigFileError
from sniffer.fleet.mqtt.delivery.cursor import Cursor, CursorFolder

SAVE_INTERVAL = 1.0
"""Seconds between two saves: after a kill, the messages of this time are sent again."""


class CursorSaver:
    """The cursors that have moved since they were saved."""

    def __init__(self, folder: CursorFolder) -> None:
        self._folder = folder
        self._moved: dict[str, Cursor] = {}
        self._saved_at = 0.0

    @property
    def is_due(self) -> bool:
        """True if the last save is `SAVE_INTERVAL` ago."""
        return time.monotonic() - self._saved_at >= SAVE_INTERVAL

    def keep(self, cursor: Cursor) -> None:
        """Keep a cursor that has moved for the next save."""
        self._moved[cursor.capture] = cursor

    def save(self) -> None:
        """Save the cursors that have moved."""
        self._saved_at = time.monotonic()
        for capture, cursor in [*self._moved.items()]:
            # A full disk is reported by the recording.
            with suppress(ConfigFileError):
                self._folder.save(cursor)
                del self._moved[capture]
