"""A growing file contains whole packets only."""

import errno
import fcntl
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from sniffer.base.errors import OutputError, RecordingError
from sniffer.recording import append_file
from sniffer.recording.append_file import AppendFile, is_being_written


def test_a_write_that_fails_in_its_middle_leaves_nothing(tmp_path: Path) -> None:
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    file = AppendFile(tmp_path / "a")
    try:
        file.write(b"whole" * 10)
        resource.setrlimit(resource.RLIMIT_FSIZE, (80, before[1]))
        with pytest.raises(OutputError, match="as large as it may be"):
            file.write(b"too much" * 10)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (tmp_path / "a").read_bytes() == b"whole" * 10
    file.write(b"goes on")
    file.close()
    assert (tmp_path / "a").read_bytes() == b"whole" * 10 + b"goes on"


def test_a_file_that_was_taken_away_is_reported(tmp_path: Path) -> None:
    file = AppendFile(tmp_path / "a")
    file.write(b"x")
    (tmp_path / "a").rename(tmp_path / "b")
    with pytest.raises(OutputError, match="moved, deleted or shortened"):
        file.write(b"y")
    file.close()


def test_an_empty_file_is_not_left_behind(tmp_path: Path) -> None:
    AppendFile(tmp_path / "a").close()
    assert not (tmp_path / "a").exists()


def test_whether_it_is_written(tmp_path: Path) -> None:
    file = AppendFile(tmp_path / "a")
    file.write(b"x")
    assert is_being_written(tmp_path / "a")
    file.close()
    assert not is_being_written(tmp_path / "a")


@pytest.mark.parametrize("name", ["no/such/folder", "\0", "x" * 300])
def test_a_name_that_cannot_be(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError):
        AppendFile(tmp_path / name)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_what_is_no_file_is_refused_and_stays(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "a")
    with pytest.raises(OutputError, match="this is"):
        AppendFile(tmp_path / "a")
    assert os.listdir(tmp_path) == ["a"]


def test_a_device_is_refused_and_stays() -> None:
    with pytest.raises(OutputError, match="this is no file"):
        AppendFile(Path("/dev/full"))
    assert Path("/dev/full").is_char_device()


def test_what_a_link_points_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    file = AppendFile(tmp_path / "a")
    file.write(b"x")
    file.close()
    assert (tmp_path / "b").read_bytes() == b"x"


def test_what_a_failing_disk_left_behind_is_taken_away_before_more_is_written(tmp_path: Path) -> None:
    file = AppendFile(tmp_path / "a")
    file.write(b"whole")
    with (tmp_path / "a").open("ab") as other:
        other.write(b"half a pack")
    file.write(b"more")
    file.close()
    assert (tmp_path / "a").read_bytes() == b"wholemore"


def test_a_file_that_was_shortened_is_reported(tmp_path: Path) -> None:
    file = AppendFile(tmp_path / "a")
    file.write(b"whole")
    os.truncate(tmp_path / "a", 2)
    with pytest.raises(OutputError, match="shortened"):
        file.write(b"more")
    file.close()


def test_a_disk_without_locks_is_written_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    file = AppendFile(tmp_path / "a")
    file.write(b"x")
    file.close()
    assert (tmp_path / "a").read_bytes() == b"x"
    with pytest.raises(OSError, match="no locks"):
        is_being_written(tmp_path / "a")


@pytest.mark.parametrize(("mask", "mode"), [(0, 0o600), (0o022, 0o600), (0o277, 0o400)])
def test_it_is_for_its_owner_and_the_umask_can_only_narrow_that(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        file = AppendFile(tmp_path / "a")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == mode
    file.close()


def test_a_disk_that_lost_what_it_took_is_reported_and_gets_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_file: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    file = AppendFile(tmp_path / "a")
    file.write(b"x")
    file.sync()
    assert file.is_intact()
    monkeypatch.setattr(append_file, "sync_file", fail)
    with pytest.raises(RecordingError, match="the disk lost what it took: is it still plugged in"):
        file.sync()
    monkeypatch.undo()
    assert not file.is_intact()
    with pytest.raises(RecordingError):
        file.write(b"y")
    file.close()


@pytest.mark.parametrize(("number", "is_full"), [(errno.ENOSPC, True), (errno.EDQUOT, True), (errno.EIO, False)])
def test_an_error_says_whether_less_may_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, is_full: bool
) -> None:
    def fail(*_: object) -> int:
        raise OSError(number, "cannot")

    file = AppendFile(tmp_path / "a")
    monkeypatch.setattr(os, "write", fail)
    with pytest.raises(RecordingError) as caught:
        file.write(b"x")
    assert caught.value.is_full == is_full
    file.close()
