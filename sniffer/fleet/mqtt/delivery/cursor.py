"""The cursors: up to which record the broker has confirmed each session, in small files in the user's state folder.

In: the confirmations of a publisher. Out: after a restart, the sessions that are not complete. There is one file for
each recording. It is replaced as a whole, so it is never half written. Cursors belong to one broker, prefix and bench.
A cursor that is some messages behind does no harm: they are sent again.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict
from platformdirs import user_state_path

from sniffer.base.atomic_file import PRIVATE, read_text, replace_text
from sniffer.base.errors import ConfigFileError, PublishError
from sniffer.base.platform import lock_file

KEPT_COMPLETE = 1000
"""The number of cursors of complete sessions that are kept, so that these are not sent again without need."""

_DIGITS = 16


class Cursor(Struct, frozen=True):
    """The progress of the confirmation of one session.

    `capture` is its file, and `session` its name, empty before its first record. `began` orders the sessions: the time
    at which the cursor was made. `is_saved` is True for a file that was published by name: nothing else continues it.
    `lost` is why the rest of the session can never be published; empty in all other cases.
    """

    to: str
    bench: str
    capture: str
    began: int
    session: str = ""
    confirmed: int = 0
    is_complete: bool = False
    is_saved: bool = False
    lost: str = ""


class CursorFolder:
    """The cursors for one broker, prefix and bench, in `path` or in the user's state folder."""

    def __init__(self, to: str, bench: str, path: Path | None = None) -> None:
        self.to = to
        self.bench = bench
        self._path = path or user_state_path("evse-sniff", appauthor=False) / "publish"
        self._target = _digest(f"{to}\n{bench}")
        self._lock: int | None = None

    def lock(self) -> None:
        """Take the bench for this process. Raises `PublishError` if another one publishes as the same bench."""
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self._path / f"{self._target}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
            lock_file(self._lock)
        except BlockingIOError as error:
            self.release()
            raise PublishError(
                f"another evse-sniff on this machine publishes as bench {self.bench}: give this one another name by "
                "--bench"
            ) from error
        except OSError as error:
            why = f"the cursors cannot be kept: {error.strerror}"
            raise PublishError(f"{self._path}: {why}: let this user write there") from error

    def release(self) -> None:
        """Let another process have the bench."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def find(self, capture: str) -> Cursor | None:
        """Return the cursor of a capture; None if there is none that can be read."""
        return self._read(self._file_of(capture))

    def save(self, cursor: Cursor) -> None:
        """Write a cursor. Raises `ConfigFileError`."""
        replace_text(self._file_of(cursor.capture), json.dumps(asdict(cursor)))

    def list_unfinished(self) -> list[Cursor]:
        """Return the cursors of recordings that are not complete, the oldest first. Old complete ones are deleted."""
        found = [(path, cursor) for path in self._list_files() if (cursor := self._read(path))]
        complete = sorted(((path, one) for path, one in found if one.is_complete), key=lambda pair: pair[1].began)
        for path, _ in complete[:-KEPT_COMPLETE]:
            with suppress(OSError):
                path.unlink()
        waiting = [one for _, one in found if not (one.is_complete or one.is_saved)]
        return sorted(waiting, key=lambda one: (one.began, one.capture))

    def set_damaged_aside(self) -> list[Path]:
        """Rename the files of cursors that cannot be read, so that they are left alone; return the new names."""
        aside = []
        for path in self._list_files():
            if self._read(path) is None:
                # A file that cannot be renamed is found again by the next run.
                with suppress(OSError):
                    aside.append(path.rename(path.with_suffix(".damaged")))
        return aside

    def _list_files(self) -> Iterator[Path]:
        """Yield the files of the cursors for this target."""
        yield from sorted(self._path.glob(f"{self._target}-*.json"))

    def _file_of(self, capture: str) -> Path:
        return self._path / f"{self._target}-{_digest(capture)}.json"

    def _read(self, path: Path) -> Cursor | None:
        """Return the cursor in a file; None if there is none, or if the file is damaged: then all is sent again."""
        try:
            cursor = Cursor(**json.loads(read_text(path)))
        except (ConfigFileError, ValueError, TypeError):
            return None
        is_ours = cursor.to == self.to and cursor.bench == self.bench
        return cursor if is_ours and isinstance(cursor.confirmed, int) and isinstance(cursor.capture, str) else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:_DIGITS]
