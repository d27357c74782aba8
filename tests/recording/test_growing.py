"""A file that grows holds whole packets only."""

import resource
import signal
from pathlib import Path

import pytest

from sniffer.errors import OutputError
from sniffer.recording.growing import GrowingFile, is_written


def test_a_write_that_fails_in_its_middle_leaves_nothing(tmp_path: Path) -> None:
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    file = GrowingFile(tmp_path / "a")
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


def test_a_file_that_was_taken_away_is_told(tmp_path: Path) -> None:
    file = GrowingFile(tmp_path / "a")
    file.write(b"x")
    (tmp_path / "a").rename(tmp_path / "b")
    with pytest.raises(OutputError, match="moved or deleted"):
        file.write(b"y")
    file.close()


def test_an_empty_file_is_not_left_behind(tmp_path: Path) -> None:
    GrowingFile(tmp_path / "a").close()
    assert not (tmp_path / "a").exists()


def test_whether_it_is_written(tmp_path: Path) -> None:
    file = GrowingFile(tmp_path / "a")
    file.write(b"x")
    assert is_written(tmp_path / "a")
    file.close()
    assert not is_written(tmp_path / "a")


@pytest.mark.parametrize("name", ["no/such/folder", "\0", "x" * 300])
def test_a_name_that_cannot_be(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError):
        GrowingFile(tmp_path / name)
