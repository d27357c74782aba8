"""The errors that leave this package, as one small tree.

Every message is one line for the person at the bench: what is wrong and how to mend it. The command line
prints it as it is and exits with the status that contract demands; nothing else is expected to escape.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class SnifferError(Exception):
    """Anything that stops the tool for a reason that the user can act on."""


class SourceError(SnifferError):
    """A port, file or stream cannot be opened, or ended before its time."""


class CutOffError(SourceError):
    """A saved session stops in the middle of something; all before it was read, and is as good as ever."""


class EndedError(SourceError):
    """A live session has ended, or failed, so what is waited for cannot come any more."""


class OverrunError(SnifferError):
    """A reader of a live session was too slow to be given everything; the message says what it misses."""


class OutputError(SnifferError):
    """What was to be written cannot be, or finds no place."""


class RecordingError(OutputError):
    """A recording cannot be written for now. `why` is the reason alone, for where a long path would hide it."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why


class ConfigFileError(SnifferError):
    """What is kept for the user from one start to the next cannot be read or written."""


class DefinitionError(SnifferError):
    """A protocol definition breaks its own rules; the message names the file and the key."""


class EncodeError(SnifferError):
    """A value does not fit the field that it is meant for."""


class ExplainError(SnifferError):
    """What was handed to `explain` is neither a code, nor a name, nor a frame, nor a log line."""


class NotSeenError(SnifferError, TimeoutError):
    """What a test waited for did not happen; the message says what did."""


class QueryError(SnifferError):
    """A filter that cannot be understood. `start` and `end` are the place in its text that is wrong.

    At the end of the text both are its length.
    """

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


@contextmanager
def translate_output_errors() -> Iterator[None]:
    """Around writing to standard output: a full disk becomes an `OutputError`; a reader that went away does not."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"standard output cannot be written: {error.strerror}") from error
