"""Files that appear or change in one step, so that nobody ever sees half of one.

`NewFile` and `write_whole` make a new file. In: bytes. Out: the complete file under its name. Until it is complete, the
bytes are in a hidden file in the same folder, which is removed if writing is given up. A file that exists is replaced
only on request. Failures raise `OutputError`.

`read_text` and `replace_text` keep small text files of the user from one start to the next. Failures raise
`ConfigFileError`.

The message of both errors is one line with the name of the file. All calls may block, as disks do.
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

PRIVATE = 0o600
"""The permissions of a new file: a session tells who charged, when and where. The umask can only narrow them."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class NewFile:
    """A new file: `open`, `write` any number of times, then `keep` or `give_up` after a failure.

    It is for its owner only, unless `mode` says otherwise.
    """

    def __init__(
        self, path: Path, *, packing: Compression | None = None, replace: bool = False, mode: int = PRIVATE
    ) -> None:
        self._path = path
        self._replace = replace
        self._mode = mode
        self._packer = packing.packer() if packing else None
        self._target = path
        self._part: Path | None = None
        self._file: BufferedWriter | None = None

    def open(self) -> None:
        """Create the hidden file, so that an obstacle is reported before any work. Raises `OutputError`."""
        try:
            # The target of a symbolic link is replaced, and the link stays.
            self._target = Path(os.path.realpath(self._path))
            if os.path.isdir(self._target):
                raise OSError(errno.EISDIR, "")
            if os.path.lexists(self._target) and not (self._replace and os.path.isfile(self._target)):
                raise OSError(errno.EEXIST, "")
            part = self._target.with_name(f".evse-sniff-{token_hex(4)}.part")
            self._file = os.fdopen(os.open(part, _NEW, self._mode), "wb")
            self._part = part
        except (OSError, ValueError) as error:
            raise self._build_error(error) from error

    def write(self, data: bytes) -> None:
        """Append bytes. Raises `OutputError`, or `ValueError` if the file is not open."""
        if self._file is None:
            raise ValueError("the file is not open")
        try:
            self._file.write(self._packer.compress(data) if self._packer else data)
        except OSError as error:
            raise self._build_error(error) from error

    def keep(self) -> None:
        """Give the complete file its name, after its content is on the disk. Raises `OutputError`."""
        if self._file is None or self._part is None:
            raise ValueError("the file is not open")
        try:
            if self._packer:
                self._file.write(self._packer.flush())
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._link_to_name(self._part)
            self._part = None
        except OSError as error:
            raise self._build_error(error) from error

    def give_up(self) -> None:
        """Remove the hidden file. After `keep` this does nothing."""
        if self._file:
            # Closing flushes the buffer, which fails again on a full disk; its content is not needed.
            with suppress(OSError):
                self._file.close()
        if self._part:
            with suppress(FileNotFoundError):
                self._part.unlink()

    def _link_to_name(self, part: Path) -> None:
        """Give the complete file its name. Raises `FileExistsError` if another file has it and must not be replaced."""
        if self._replace:
            os.replace(part, self._target)
            return
        try:
            # Unlike a rename, a hard link never replaces a file that was created meanwhile.
            os.link(part, self._target)
        except FileExistsError:
            raise
        except OSError:
            # The file system has no hard links, as on a memory stick.
            if os.path.lexists(self._target):
                raise FileExistsError(errno.EEXIST, "") from None
            os.rename(part, self._target)
        else:
            part.unlink()

    def _build_error(self, error: Exception) -> OutputError:
        if not isinstance(error, OSError):
            return OutputError(f"{self._path}: this cannot be the name of a file")
        return OutputError(f"{self._path}: {describe_write_failure(error)}")


def write_whole(path: Path, data: bytes) -> None:
    """Write a new file with this content. Raises `OutputError`, also if the file exists already."""
    file = NewFile(path)
    try:
        file.open()
        file.write(data)
        file.keep()
    except BaseException:
        file.give_up()
        raise


def read_text(path: Path) -> str:
    """Return the content of the file; the text is empty if there is no file. Raises `ConfigFileError`."""
    try:
        # Editors on Windows begin UTF-8 files with a byte order mark.
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise ConfigFileError(f"{path}: not text in UTF-8: mend it or delete it") from error
    except OSError as error:
        raise ConfigFileError(f"{path}: cannot be read: {error.strerror}") from error


def replace_text(path: Path, text: str) -> None:
    """Replace the content of the file. The target of a symbolic link is replaced. Raises `ConfigFileError`."""
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
