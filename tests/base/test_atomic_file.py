"""Files that appear or change in one step: whole or not at all, and every failure is one line."""

import errno
import gzip
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sniffer.base.atomic_file import NewFile, read_text, replace_text, write_whole
from sniffer.base.compression import COMPRESSIONS, GZIP, Compression
from sniffer.base.errors import ConfigFileError, OutputError


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


def test_what_cannot_be_read_is_reported(tmp_path):
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigFileError, match="binary: not text in UTF-8"):
        read_text(tmp_path / "binary")
    with pytest.raises(ConfigFileError, match="cannot be read: Is a directory"):
        read_text(tmp_path)


def test_content_that_cannot_be_written_is_reported_and_leaves_nothing(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigFileError, match="cannot be written: "):
        replace_text(tmp_path / "file" / "kept", "text")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigFileError, match="cannot be written: Is a directory"):
        replace_text(tmp_path / "folder", "text")
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]


NOBODY = 65534


@contextmanager
def full_at(size: int) -> Iterator[None]:
    """Let the kernel refuse to let any file grow past this size, as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Permissions hold: for the superuser they would not."""
    if os.geteuid():
        yield
        return
    try:
        os.seteuid(NOBODY)
    except OSError:
        pytest.skip("the superuser cannot become anybody else here")
    try:
        yield
    finally:
        os.seteuid(0)


def test_it_is_there_when_it_is_complete_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    file = NewFile(path)
    file.open()
    file.write(b"one ")
    assert not path.exists()
    file.write(b"two")
    file.keep()
    file.give_up()
    assert path.read_bytes() == b"one two"
    assert os.listdir(tmp_path) == ["a.bin"]


def test_a_discarded_file_leaves_nothing(tmp_path: Path) -> None:
    file = NewFile(tmp_path / "a.bin")
    file.open()
    file.write(b"x" * 100_000)
    file.give_up()
    assert os.listdir(tmp_path) == []


def test_a_file_discarded_before_it_began_leaves_nothing(tmp_path: Path) -> None:
    NewFile(tmp_path / "a.bin").give_up()
    assert os.listdir(tmp_path) == []


def test_packed_it_unpacks_to_what_was_written(tmp_path: Path) -> None:
    file = NewFile(tmp_path / "a.bin.gz", packing=GZIP)
    file.open()
    for _ in range(1000):
        file.write(b"again ")
    file.keep()
    assert gzip.decompress((tmp_path / "a.bin.gz").read_bytes()) == b"again " * 1000
    assert (tmp_path / "a.bin.gz").stat().st_size < 1000


def test_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("mine")
    with pytest.raises(OutputError, match="a: it is there already"):
        write_whole(path, b"yours")
    assert path.read_text() == "mine"
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.parametrize("has_links", [True, False])
def test_file_that_came_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    if not has_links:
        monkeypatch.setattr(os, "link", refused)
    path = tmp_path / "a"
    file = NewFile(path)
    file.open()
    path.write_text("mine")
    with pytest.raises(OutputError, match="a: it is there already"):
        file.keep()
    file.give_up()
    assert path.read_text() == "mine"
    assert os.listdir(tmp_path) == ["a"]


def refused(*_: object) -> None:
    raise OSError(errno.EPERM, "no links on a memory stick")


def test_disk_without_links_takes_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", refused)
    write_whole(tmp_path / "a", b"here")
    assert (tmp_path / "a").read_bytes() == b"here"
    assert os.listdir(tmp_path) == ["a"]


def test_file_is_replaced_where_that_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    file = NewFile(path, replace=True)
    file.open()
    file.write(b"new")
    assert path.read_text() == "old"
    file.keep()
    assert path.read_text() == "new"
    assert os.listdir(tmp_path) == ["a"]


def test_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    file = NewFile(tmp_path / "link", replace=True)
    file.open()
    file.write(b"new")
    file.keep()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


@pytest.mark.parametrize("replace", [True, False])
def test_what_is_no_file_is_never_replaced(tmp_path: Path, replace: bool) -> None:
    os.mkfifo(tmp_path / "pipe")
    file = NewFile(tmp_path / "pipe", replace=replace)
    with pytest.raises(OutputError, match="it is there already"):
        file.open()
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone/a", "there is no such folder"),
        ("", "this is a folder"),
        ("a\0b", "this cannot be the name of a file"),
        ("a\ud800", "this cannot be the name of a file"),
        ("x" * 300, "cannot be written: File name too long"),
    ],
)
def test_name_that_cannot_be_is_reported_in_one_line(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(OutputError, match=message):
        write_whole(tmp_path / name, b"")
    assert os.listdir(tmp_path) == []


def test_file_in_the_place_of_a_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(OutputError, match="there is no such folder"):
        write_whole(tmp_path / "a" / "b", b"")


def test_folder_that_may_not_be_written_is_reported(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with unprivileged(), pytest.raises(OutputError, match="no permission to write there"):
            write_whole(tmp_path / "a", b"")
    finally:
        tmp_path.chmod(0o755)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("packing", [None, *COMPRESSIONS], ids=lambda packing: packing.name if packing else "plain")
def test_disk_that_fills_up_leaves_nothing(tmp_path: Path, packing: Compression | None) -> None:
    file = NewFile(tmp_path / "a", packing=packing)

    def write_and_keep() -> None:
        # Some compressors write nothing before they have a megabyte.
        file.write(os.urandom(400_000))
        file.keep()

    with full_at(50_000):
        file.open()
        with pytest.raises(OutputError, match="a: the file is as large as it may be here"):
            write_and_keep()
        file.give_up()
    assert os.listdir(tmp_path) == []


def test_disk_that_fills_up_at_the_end_leaves_nothing(tmp_path: Path) -> None:
    file = NewFile(tmp_path / "a")
    with full_at(10):
        file.open()
        file.write(b"more than ten bytes")
        with pytest.raises(OutputError, match="as large as it may be"):
            file.keep()
        file.give_up()
    assert os.listdir(tmp_path) == []


def test_full_disk_is_reported_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="no room is left on the disk: make some"):
        write_whole(tmp_path / "a", b"x")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(("mask", "mode"), [(0, 0o600), (0o022, 0o600), (0o277, 0o400)])
def test_a_new_file_is_for_its_owner_and_the_umask_can_only_narrow_that(tmp_path, mask, mode):
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "a", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == mode


def test_a_file_that_is_replaced_is_for_its_owner_from_then_on(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o644)
    file = NewFile(tmp_path / "a", replace=True)
    file.open()
    file.write(b"new")
    file.keep()
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
