"""Kept files: read whole, replaced whole, and every failure is one line."""

import os

import pytest

from sniffer.errors import KeepingError
from sniffer.keeping import read_text, replace_text


def test_what_was_written_is_read(tmp_path):
    path = tmp_path / "new" / "folder" / "kept.toml"
    replace_text(path, "a = 'ü'\r\n")
    assert read_text(path) == "a = 'ü'\r\n"
    replace_text(path, "b")
    assert read_text(path) == "b"
    assert os.listdir(path.parent) == ["kept.toml"]


def test_no_file_is_an_empty_text(tmp_path):
    assert read_text(tmp_path / "none") == ""


def test_the_mark_of_other_editors_is_no_text(tmp_path):
    (tmp_path / "kept").write_bytes(b"\xef\xbb\xbfa = 1")
    assert read_text(tmp_path / "kept") == "a = 1"


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "mine").write_text("old")
    (tmp_path / "link").symlink_to("mine")
    replace_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "mine").read_text() == "new"


def test_what_cannot_be_read_is_told(tmp_path):
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(KeepingError, match="binary: not text in UTF-8"):
        read_text(tmp_path / "binary")
    with pytest.raises(KeepingError, match="cannot be read: Is a directory"):
        read_text(tmp_path)


def test_what_cannot_be_written_is_told_and_leaves_nothing(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(KeepingError, match="cannot be written: "):
        replace_text(tmp_path / "file" / "kept", "text")
    (tmp_path / "folder").mkdir()
    with pytest.raises(KeepingError, match="cannot be written: Is a directory"):
        replace_text(tmp_path / "folder", "text")
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]
