"""Errors: their messages name the file, the reason and what to do."""

import errno
from pathlib import Path

import pytest

from sniffer.base.errors import (
    OutputError,
    QueryError,
    RecordingError,
    describe_write_failure,
    translate_output_errors,
)


def test_recording_error_has_path_and_reason() -> None:
    error = RecordingError(Path("a.pcapng"), "no room")
    assert (str(error), error.path, error.why) == ("a.pcapng: no room", Path("a.pcapng"), "no room")


def test_query_error_has_its_position() -> None:
    error = QueryError("wrong", 3, 5)
    assert (str(error), error.message, error.start, error.end) == ("wrong", "wrong", 3, 5)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (errno.ENOSPC, "no room is left on the disk: make some"),
        (errno.EDQUOT, "your share of the disk is used up: make room"),
        (errno.ENOENT, "there is no such folder: make it first"),
        (errno.ENOTDIR, "there is no such folder: make it first"),
        (errno.EACCES, "no permission to write there: name another folder"),
        (errno.EROFS, "the disk is read-only: name another folder"),
        (errno.EEXIST, "it is there already: name another file"),
        (errno.EISDIR, "this is a folder: name a file in it"),
        (errno.EIO, "cannot be written: the system's text"),
    ],
)
def test_a_write_failure_has_advice(number: int, text: str) -> None:
    assert describe_write_failure(OSError(number, "the system's text")) == text


def test_write_failure_without_advice_names_what_failed() -> None:
    assert describe_write_failure(OSError(errno.EIO, "broken"), "cannot be created") == "cannot be created: broken"
    assert describe_write_failure(OSError("no number")) == "cannot be written: None"


def test_full_disk_behind_standard_output_is_an_output_error() -> None:
    with (
        pytest.raises(OutputError, match="standard output cannot be written: no room is left"),
        translate_output_errors(),
    ):
        raise OSError(errno.ENOSPC, "full")


def test_reader_that_has_gone_is_no_output_error() -> None:
    with pytest.raises(BrokenPipeError), translate_output_errors():
        raise BrokenPipeError


def test_nothing_is_raised_if_writing_works() -> None:
    with translate_output_errors():
        pass
