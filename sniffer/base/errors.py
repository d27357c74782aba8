"""The errors that leave this package, as one small tree.

Every message is one line for the person at the bench: what is wrong and how to correct it. The command line prints the
message as it is and exits with the matching status. No other exception is expected to reach the user.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sniffer.base.type_checking import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Protocol

    class FilePath(Protocol):
        """The path of a file, such as a `pathlib.Path`. Only its text is used here."""

        def __fspath__(self) -> str: ...


class SnifferError(Exception):
    """Anything that stops the tool for a reason that the user can act on."""


class SourceError(SnifferError):
    """A port, file or stream cannot be opened, or ended too early."""


class NothingReadError(SourceError):
    """Nothing in a saved session is of a kind that is read, which shows at its end."""


class CutOffError(SourceError):
    """A saved session ends in the middle of an item. Everything before it was read and is valid."""


class SkippedError(CutOffError):
    """Parts of a saved session are damaged and were skipped. Everything else was read and is valid."""


class EndedError(SourceError):
    """A live session has ended or failed, so what the caller waits for cannot arrive any more."""


class OverrunError(SnifferError):
    """A reader of a live session was too slow and missed records; the message says how many."""


class OutputError(SnifferError):
    """An output cannot be written or created."""


class EndingError(OutputError):
    """The name of an output ends in a way that no format has, which is wrong usage."""


class RecordingError(OutputError):
    """A recording cannot be written at present.

    `why` is the reason without the path, which may be long. With `is_full`, fewer bytes may still fit. `lost` is how
    many packets the disk took before, and does not have.
    """

    def __init__(self, path: "FilePath", why: str, *, is_full: bool = False, lost: int = 0) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why
        self.is_full = is_full
        self.lost = lost


class LakeError(SnifferError):
    """A lake of sessions cannot be read, or a question to it cannot be answered."""


class PublishError(SnifferError):
    """Sessions cannot be published: the broker, the login or the address is wrong, or does not answer."""


class ConfigFileError(SnifferError):
    """A file that keeps settings or history of the user cannot be read or written."""


class DefinitionError(SnifferError):
    """A protocol definition breaks its own rules; the message names the file and the key."""


class EncodeError(SnifferError):
    """A value does not fit into its field."""


class ExplainError(SnifferError):
    """The argument of `explain` is neither a code, nor a name, nor a frame, nor a log line."""


class NotSeenError(SnifferError, TimeoutError):
    """A condition that a test waited for did not occur; the message says what was seen instead."""


class QueryError(SnifferError):
    """A filter that cannot be understood. Its text is wrong from `start` up to `end`, in characters.

    If the text ends too early, both are its length.
    """

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


_WRITE_FAILURES = {
    errno.ENOSPC: "no room is left on the disk: make some",
    errno.EDQUOT: "your share of the disk is used up: make room",
    errno.EFBIG: "the file is as large as it may be here",
    errno.ENOENT: "there is no such folder: make it first",
    errno.ENOTDIR: "there is no such folder: make it first",
    errno.EACCES: "no permission to write there: name another folder",
    errno.EPERM: "no permission to write there: name another folder",
    errno.EROFS: "the disk is read-only: name another folder",
    errno.EEXIST: "it is there already: name another file",
    errno.ENODEV: "this is no file: name another",
    errno.EISDIR: "this is a folder: name a file in it",
}

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def is_full(error: OSError) -> bool:
    """Return True if a write failed for want of space."""
    return error.errno in _FULL


def describe_write_failure(error: OSError, failure: str = "cannot be written") -> str:
    """Return why a file could not be written and what to do, or the system's own text after `failure`."""
    return _WRITE_FAILURES.get(error.errno or 0) or f"{failure}: {error.strerror}"


@contextmanager
def translate_output_errors() -> Iterator[None]:
    """Raise `OutputError` if standard output cannot be written. `BrokenPipeError` passes: the reader has gone."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = _WRITE_FAILURES.get(error.errno or 0) or error.strerror
        raise OutputError(f"standard output cannot be written: {reason}") from error
