"""The temporary file of pages: what is written is read again, also after a disk was full."""

import sqlite3

import pytest

from sniffer.history.records.page_file import BLOCK_SIZE, PageFile


def test_pages_are_read_as_they_were_written() -> None:
    file = PageFile()
    assert file.read("records", 0) is None
    assert file.write("records", 0, b"zero")
    assert file.write("events", 0, b"events")
    assert file.write("records", 0, b"again")
    assert file.read("records", 0) == b"again"
    assert file.read("events", 0) == b"events"
    assert file.read("records", 1) is None
    assert file.error == ""


def test_space_of_removed_pages_is_used_again() -> None:
    file = PageFile(limit=8 * BLOCK_SIZE)
    written = 0
    while file.write("records", written, bytes(BLOCK_SIZE // 2)):
        written += 1
    assert written > 3
    assert "full" in file.error
    assert not file.write("events", 0, bytes(BLOCK_SIZE))
    file.remove_before("records", written)
    assert file.read("records", 0) is None
    assert file.write("records", written, b"more")
    assert file.read("records", written) == b"more"


def test_folder_that_cannot_be_written_is_an_error_and_no_exception(monkeypatch) -> None:
    file = PageFile()
    monkeypatch.setattr("sqlite3.connect", _fail)
    assert not file.write("records", 0, b"x")
    assert file.error == "unable to open database file"
    assert file.read("records", 0) is None
    file.remove_before("records", 5)


def _fail(*_: object, **__: object) -> None:
    raise sqlite3.OperationalError("unable to open database file")


@pytest.mark.parametrize("size", [0, 1, 100_000])
def test_pages_of_any_size_are_read_back(size: int) -> None:
    file = PageFile()
    assert file.write("events", 7, bytes(size))
    assert file.read("events", 7) == bytes(size)
