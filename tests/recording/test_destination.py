"""Recordings get new files, and the oldest are deleted: none in use, and no file of another program."""

import gzip
import os
from datetime import datetime
from pathlib import Path

import pytest

from sniffer.base.errors import OutputError
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording import destination
from sniffer.recording.append_file import AppendFile
from sniffer.recording.destination import FILE_SIZE, TOTAL_SIZE, RecordingFolder, SingleFile


def recording(folder: Path, name: str, size: int, age: int) -> Path:
    """Create a recording of this size in bytes and this age in seconds."""
    path = folder / name
    path.write_bytes(CaptureWriter("tap").encode_header().ljust(size, b"\0"))
    os.utime(path, (1_000_000 - age, 1_000_000 - age))
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def at(second: int) -> datetime:
    return datetime(2026, 1, 15, 9, 0, second)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("/dev/ttyUSB0", "ttyUSB0-20260115-090007.pcapng"),
        ("COM5", "COM5-20260115-090007.pcapng"),
        ("socket://bench:4000", "bench_4000-20260115-090007.pcapng"),
        ("/dev/../..", "tap-20260115-090007.pcapng"),
        ("\x1b[31m/é\n", "tap-20260115-090007.pcapng"),
    ],
)
def test_files_are_named_by_port_and_time(tmp_path: Path, source: str, name: str) -> None:
    file = RecordingFolder(source, tmp_path / "state", now=lambda: at(7)).new_file()
    assert file.path == tmp_path / "state" / name
    file.close()


def test_two_within_a_second_have_two_names(tmp_path: Path) -> None:
    folder = RecordingFolder("tap", tmp_path, now=lambda: at(7))
    first, second = folder.new_file(), folder.new_file()
    assert second.path.name == "tap-20260115-090007-2.pcapng"
    first.close()
    second.close()


def test_the_oldest_make_room(tmp_path: Path) -> None:
    for age in range(5):
        recording(tmp_path, f"tap-20260101-00000{age}.pcapng", 1000, age)
    RecordingFolder("tap", tmp_path, limit=1000, total=3000, now=lambda: at(7)).new_file().write(b"x")
    assert names(tmp_path) == {
        "tap-20260101-000000.pcapng",
        "tap-20260101-000001.pcapng",
        "tap-20260115-090007.pcapng",
    }


def test_what_is_written_or_not_ours_stays(tmp_path: Path) -> None:
    writing = AppendFile(tmp_path / "tap-20260101-000000.pcapng")
    writing.write(CaptureWriter("tap").encode_header().ljust(5000, b"\0"))
    os.utime(writing.path, (1, 1))
    foreign = tmp_path / "tap-20260101-000001.pcapng"
    foreign.write_bytes(b"my own" * 1000)
    os.utime(foreign, (2, 2))
    other = recording(tmp_path, "thesis.pcapng", 5000, 900)
    old = recording(tmp_path, "tap-20260101-000002.pcapng", 5000, 0)
    RecordingFolder("tap", tmp_path, limit=1000, total=3000, now=lambda: at(7)).new_file().write(b"x")
    assert {writing.path, foreign, other} <= set(tmp_path.iterdir())
    assert not old.exists()
    writing.close()


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    path.write_bytes(b"precious")
    with pytest.raises(OutputError, match="it is there already"):
        SingleFile(path).new_file()
    assert path.read_bytes() == b"precious"


def test_two_programs_do_not_write_one_file(tmp_path: Path) -> None:
    first = SingleFile(tmp_path / "a.pcapng").new_file()
    with pytest.raises(OutputError, match="another program"):
        SingleFile(tmp_path / "a.pcapng").new_file()
    first.close()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="no such folder"):
        RecordingFolder("tap", tmp_path / "file" / "folder").new_file()


def test_a_file_has_64_mib_and_all_recordings_one_gib() -> None:
    assert FILE_SIZE == 64 * 1024 * 1024
    assert TOTAL_SIZE == 1024 * 1024 * 1024


@pytest.mark.parametrize("left", [b"", b"some of it"])
def test_a_file_that_was_shortened_is_kept_and_recording_goes_on_beside_it(tmp_path: Path, left: bytes) -> None:
    place = SingleFile(tmp_path / "a.pcapng")
    first = place.new_file()
    first.write(b"some of it, and more")
    (tmp_path / "a.pcapng").write_bytes(left)
    first.close()
    second = place.new_file()
    second.write(b"the rest")
    second.close()
    assert (tmp_path / "a.pcapng").read_bytes() == (left or b"the rest")
    assert names(tmp_path) == ({"a.pcapng", "a-2.pcapng"} if left else {"a.pcapng"})
    third = place.new_file()
    assert third.path == tmp_path / ("a-3.pcapng" if left else "a-2.pcapng")
    third.close()


def test_there_is_an_end_to_the_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(destination, "MOST_NAMES", 3)
    place = SingleFile(tmp_path / "a.pcapng")
    for _ in range(2):
        file = place.new_file()
        file.write(b"x")
        file.close()
    with pytest.raises(OutputError, match="too many files of this name"):
        place.new_file()


@pytest.mark.parametrize("ending", [".pcapng.gz", ".PCAPNG.GZ"])
def test_a_packed_recording_goes_on_beside_a_file_that_took_its_name(tmp_path: Path, ending: str) -> None:
    destination = SingleFile(tmp_path / f"a.b{ending}")
    for content in (b"first", b"second"):
        file = destination.new_file()
        file.write(content)
        file.close()
        assert gzip.decompress(file.path.read_bytes()) == content
    assert names(tmp_path) == {f"a.b{ending}", f"a.b-2{ending}"}
