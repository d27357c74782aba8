"""A file that is there as a whole, or not at all.

In: bytes. Out: the file under its name, once it is complete; until then they stand in a hidden file beside it, which is
gone when the writing is given up. A file that is there already is replaced only where that is asked for. What fails
raises `OutputError`, one line with the name. All calls may block, as disks do.

MERGED:
Small text files that are kept for the user from one start to the next: read whole, replaced whole.

A file is replaced in one step, so that neither a crash nor a second program that starts leaves half of one. All raise
`ConfigFileError`, whose message is one line with the file's name.
"""

import errno
import os
import tempfile
from contextlib import suppress
from io import BufferedWriter
from pathlib import Path
from secrets import token_hex

from sniffer.base.compression import Compression
from sniffer.base.errors import ConfigFileError, OutputError, describe_write_failure


class NewFile:
    """One file on its way: `open`, `write` as often as needed, then `keep` or, after any failure, `give_up`."""

    def __init__(self, path: Path, *, packing: Compression | None = None, replace: bool = False) -> None:
        self._path = path
        self._replace = replace
        self._packer = packing.packer() if packing else None
        self._target = path
        self._part: Path | None = None
        self._file: BufferedWriter | None = None

    def open(self) -> None:
        """Begin, so that what stands in the way is told before the work is done."""
        try:
            # What a link points to is written, and the link stays.
            self._target = Path(os.path.realpath(self._path))
            if os.path.isdir(self._target):
                raise OSError(errno.EISDIR, "")
            if os.path.lexists(self._target) and not (self._replace and os.path.isfile(self._target)):
                raise OSError(errno.EEXIST, "")
            part = self._target.with_name(f".evse-sniff-{token_hex(4)}.part")
            self._file = part.open("xb")
            self._part = part
        except (OSError, ValueError) as error:
            raise self._failure(error) from error

    def write(self, data: bytes) -> None:
        """More of it."""
        if self._file is None:
            raise ValueError("the file is not open")
        try:
            self._file.write(self._packer.compress(data) if self._packer else data)
        except OSError as error:
            raise self._failure(error) from error

    def keep(self) -> None:
        """It is complete: let it stand under its name, on the disk and not just on its way there."""
        if self._file is None or self._part is None:
            raise ValueError("the file is not open")
        try:
            if self._packer:
                self._file.write(self._packer.flush())
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._name(self._part)
            self._part = None
        except OSError as error:
            raise self._failure(error) from error

    def give_up(self) -> None:
        """Leave nothing of it. What was kept stays."""
        if self._file:
            # What could not be written before cannot be written now either, and is not wanted any more.
            with suppress(OSError):
                self._file.close()
        if self._part:
            with suppress(FileNotFoundError):
                self._part.unlink()

    def _name(self, part: Path) -> None:
        if self._replace:
            os.replace(part, self._target)
            return
        try:
            # Unlike a rename, this never takes the place of a file that came meanwhile.
            os.link(part, self._target)
        except FileExistsError:
            raise
        except OSError:
            # A memory stick knows no links.
            if os.path.lexists(self._target):
                raise FileExistsError(errno.EEXIST, "") from None
            os.rename(part, self._target)
        else:
            part.unlink()

    def _failure(self, error: Exception) -> OutputError:
        if not isinstance(error, OSError):
            return OutputError(f"{self._path}: this cannot be the name of a file")
        return OutputError(f"{self._path}: {describe_write_failure(error)}")


def write_whole(path: Path, data: bytes) -> None:
    """Write a new file in one go."""
    file = NewFile(path)
    try:
        file.open()
        file.write(data)
        file.keep()
    except BaseException:
        file.give_up()
        raise


def read_text(path: Path) -> str:
    """What stands in the file; nothing where there is none."""
    try:
        # Editors on Windows put a mark before UTF-8.
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise ConfigFileError(f"{path}: not text in UTF-8: mend it or delete it") from error
    except OSError as error:
        raise ConfigFileError(f"{path}: cannot be read: {error.strerror}") from error


def replace_text(path: Path, text: str) -> None:
    """Let this stand in the file. A link stays a link: what it points to is replaced."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        target = Path(os.path.realpath(path))
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode())
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise ConfigFileError(f"{path}: cannot be written: {error.strerror}") from error
