"""The files of events: their names, and the room that they may take."""

import gzip
import os
from pathlib import Path

import pytest

from sniffer.base.errors import RecordingError
from sniffer.base.times import SECOND, as_datetime
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording.destination import FILE_SIZE
from sniffer.recording.event_files import EventFiles, OneEventFile
from tests.recording.black_box_helpers import START
from tests.recording.test_destination import names, recording


def name_at(second: int) -> str:
    return f"a-{as_datetime(START + second * SECOND):%Y%m%d-%H%M%S}"


def write_event(files: EventFiles, second: int) -> Path:
    files.begin_event(START + second * SECOND)
    file = files.new_file()
    file.write(b"x")
    file.close()
    return file.path


def test_one_event_takes_the_named_file_which_is_there_from_the_beginning(tmp_path: Path) -> None:
    files = OneEventFile(tmp_path / "a.pcapng")
    files.prepare()
    assert names(tmp_path) == {"a.pcapng"}
    files.begin_event(START)
    file = files.new_file()
    file.write(b"x")
    file.close()
    files.close()
    assert names(tmp_path) == {"a.pcapng"}


def test_the_file_is_not_left_without_an_event(tmp_path: Path) -> None:
    files = OneEventFile(tmp_path / "a.pcapng")
    files.prepare()
    files.close()
    assert names(tmp_path) == set()


def test_a_file_that_is_there_is_an_obstacle_at_the_beginning(tmp_path: Path) -> None:
    (tmp_path / "a.pcapng").write_text("mine")
    with pytest.raises(RecordingError, match="it is there already"):
        OneEventFile(tmp_path / "a.pcapng").prepare()


def test_a_file_that_took_the_name_since_is_kept(tmp_path: Path) -> None:
    files = OneEventFile(tmp_path / "a.pcapng")
    files.prepare()
    (tmp_path / "a.pcapng").unlink()
    (tmp_path / "a.pcapng").write_text("mine")
    files.begin_event(START)
    file = files.new_file()
    file.write(b"x")
    file.close()
    assert file.path == tmp_path / "a-2.pcapng"
    assert (tmp_path / "a.pcapng").read_text() == "mine"


def test_each_event_has_a_file_with_its_time(tmp_path: Path) -> None:
    files = EventFiles(tmp_path / "a.pcapng")
    paths = [write_event(files, second) for second in (1, 2, 2)]
    assert [path.name for path in paths] == [
        f"{name_at(1)}.pcapng",
        f"{name_at(2)}.pcapng",
        f"{name_at(2)}-2.pcapng",
    ]
    assert files.limit == FILE_SIZE


def test_the_oldest_make_room_and_other_files_are_left(tmp_path: Path) -> None:
    for age in range(5):
        recording(tmp_path, f"{name_at(-age)}.pcapng", 1000, age)
    others = {"a-night.pcapng", "b-20260101-000000.pcapng", "a.pcapng", "a.before-1.pcapng"}
    for name in others:
        recording(tmp_path, name, 1000, 99)
    foreign = tmp_path / "a-20250101-000000.pcapng"
    foreign.write_bytes(b"?" * 10)
    os.utime(foreign, (1, 1))
    files = EventFiles(tmp_path / "a.pcapng", total=4000)
    assert files.limit == 1000
    write_event(files, 10)
    # The new file may take 1000 bytes, and so 3000 are left to the others; the file of another program counts as well.
    expected = {f"{name_at(0)}.pcapng", f"{name_at(-1)}.pcapng", f"{name_at(10)}.pcapng", foreign.name}
    assert names(tmp_path) == others | expected


def test_packed_events_make_room_as_well(tmp_path: Path) -> None:
    for age in range(3):
        path = recording(tmp_path, f"{name_at(-age)}.pcapng.gz", 0, age)
        path.write_bytes(gzip.compress(CaptureWriter("tap").encode_header() + os.urandom(1000)))
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    broken = recording(tmp_path, f"{name_at(-9)}.pcapng.gz", 100, 9)
    path = write_event(EventFiles(tmp_path / "a.pcapng.gz", total=2000), 5)
    assert path.name == f"{name_at(5)}.pcapng.gz"
    # What is no packed recording is not deleted, though it has the name of one.
    assert names(tmp_path) == {broken.name, f"{name_at(0)}.pcapng.gz", path.name}
