"""The files of one recording: what each begins with, when the next one begins, and the numbers of its records."""

import errno
from pathlib import Path

import pytest

from sniffer.base.errors import RecordingError
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording import append_file
from sniffer.recording.append_file import AppendFile
from sniffer.recording.capture_files import Batch, CaptureFiles, Numbering


def test_a_file_that_begins_with_the_session_counts_like_it() -> None:
    numbering = Numbering().with_more(1, 5, gap=False).with_more(6, 2, gap=False)
    assert [numbering.find(number) for number in range(9)] == [None, 1, 2, 3, 4, 5, 6, 7, None]


def test_a_later_file_begins_at_one() -> None:
    numbering = Numbering().with_more(101, 2, gap=False)
    assert [numbering.find(number) for number in (100, 101, 102, 103)] == [None, 1, 2, None]


def test_a_gap_is_one_record_and_what_it_stands_for_is_none() -> None:
    numbering = Numbering().with_more(1, 2, gap=False).with_more(100, 2, gap=True)
    assert [numbering.find(number) for number in (2, 3, 99, 100, 101)] == [2, None, None, 4, 5]


def test_the_place_in_a_file_leads_back_to_the_number() -> None:
    numbering = Numbering().with_more(5, 2, gap=False).with_more(100, 2, gap=True)
    assert [numbering.number_at(place) for place in range(7)] == [None, 5, 6, None, 100, 101, None]


def test_notes_between_records_change_nothing() -> None:
    numbering = Numbering().with_more(1, 2, gap=False).with_more(3, 0, gap=False).with_more(3, 1, gap=False)
    assert numbering.find(3) == 3
    assert len(numbering.runs) == 1


class NoteWriter(CaptureWriter):
    """A writer whose notes are easy to read."""

    def encode_note(self, number: int, text: str) -> bytes:
        return f"<{number}:{text}>".encode()


class NumberedFiles:
    """A destination with the files 0, 1, 2 ... in a folder."""

    def __init__(self, folder: Path, limit: int | None = None) -> None:
        self.limit = limit
        self._folder = folder

    def new_file(self) -> AppendFile:
        return AppendFile(self._folder / str(len(list(self._folder.iterdir()))))


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.iterdir())]


@pytest.fixture
def files(tmp_path: Path) -> CaptureFiles:
    return CaptureFiles(NumberedFiles(tmp_path), NoteWriter("tap", 9600))


def test_a_file_is_begun_with_its_preamble(files: CaptureFiles, tmp_path: Path) -> None:
    assert (files.path, files.size) == (None, 0)
    files.begin(b"PRE")
    assert (files.path, files.size) == (tmp_path / "0", 3)
    files.close()
    assert (files.path, files.size) == (None, 0)


def test_a_batch_adds_only_what_the_file_lacks_of_the_preamble(files: CaptureFiles, tmp_path: Path) -> None:
    files.write(Batch(b"P", b"i1", 1, 1, 1), b"")
    files.write(Batch(b"Pi", b"2", 1, 0, 2), b"")
    files.write(Batch(b"Pij", b"3", 1, 0, 3), b"gap")
    assert contents(tmp_path) == [b"Pi12jgap3"]


def test_a_full_file_is_followed_by_another_with_the_whole_preamble(tmp_path: Path) -> None:
    files = CaptureFiles(NumberedFiles(tmp_path, limit=6), NoteWriter("tap", 9600))
    for number in (1, 2, 3):
        files.write(Batch(b"PP", b"dd", 1, 0, number), b"")
    assert contents(tmp_path) == [b"PPdddd", b"PPdd"]


def test_a_batch_above_the_limit_gets_a_file_of_its_own(tmp_path: Path) -> None:
    files = CaptureFiles(NumberedFiles(tmp_path, limit=3), NoteWriter("tap", 9600))
    files.begin(b"PP")
    files.write(Batch(b"PP", b"dddd", 1, 0, 1), b"")
    files.write(Batch(b"PP", b"d", 1, 0, 2), b"g")
    assert contents(tmp_path) == [b"PPdddd", b"PPgd"]


def test_a_deleted_file_is_reported_and_followed_by_another(files: CaptureFiles, tmp_path: Path) -> None:
    files.write(Batch(b"P", b"1", 1, 0, 1), b"")
    (tmp_path / "0").unlink()
    with pytest.raises(RecordingError, match="the file was moved, deleted or shortened while it was written"):
        files.write(Batch(b"P", b"2", 1, 0, 2), b"")
    files.write(Batch(b"P", b"2", 1, 0, 2), b"")
    assert contents(tmp_path) == [b"P2"]


def test_packets_that_the_disk_lost_are_counted_and_another_file_follows(
    files: CaptureFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.write(Batch(b"P", b"1", 1, 0, 1), b"")
    files.sync()
    files.write(Batch(b"P", b"23", 2, 0, 2), b"")
    files.write(Batch(b"P", b"4", 1, 0, 4), b"")
    with monkeypatch.context() as patch:
        patch.setattr(append_file, "sync_file", lose)
        with pytest.raises(RecordingError) as caught:
            files.sync()
    assert caught.value.lost == 3
    files.sync()
    files.write(Batch(b"P", b"5", 1, 0, 5), b"gap")
    assert contents(tmp_path) == [b"P1234", b"Pgap5"]


def test_a_full_file_is_confirmed_before_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = CaptureFiles(NumberedFiles(tmp_path, limit=6), NoteWriter("tap", 9600))
    files.write(Batch(b"PP", b"dddd", 2, 0, 1), b"")
    monkeypatch.setattr(append_file, "sync_file", lose)
    with pytest.raises(RecordingError) as caught:
        files.write(Batch(b"PP", b"d", 1, 0, 3), b"")
    assert caught.value.lost == 2


def lose(_file: int) -> None:
    raise OSError(errno.EIO, "Input/output error")


def test_notes_have_the_numbers_of_the_file_and_replace_earlier_ones(files: CaptureFiles, tmp_path: Path) -> None:
    files.write(Batch(b"P", b"d", 2, 0, 11, notes=((12, "a"), (12, "b"))), b"")
    files.write(Batch(b"P", b"", 0, 0, 13, notes=((11, "c"),)), b"")
    assert contents(tmp_path) == [b"Pd<2:a><2:b><1:c>"]


def test_a_note_of_a_record_in_another_file_is_put_at_the_first_record(files: CaptureFiles, tmp_path: Path) -> None:
    elsewhere = "at record 3 of the session, which is not in this file: x"
    files.write(Batch(b"P", b"", 2, 0, 11, notes=((3, "x"), (11, "y"), (4, ""))), b"")
    assert contents(tmp_path) == [f"P<1:{elsewhere}><1:{elsewhere}\ny>".encode()]


def test_a_file_that_could_not_be_begun_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_file: AppendFile, _data: bytes) -> None:
        raise OSError

    monkeypatch.setattr(AppendFile, "write", fail)
    files = CaptureFiles(NumberedFiles(tmp_path), NoteWriter("tap", 9600))
    with pytest.raises(OSError):  # noqa: PT011
        files.begin(b"P")
    assert files.path is None
    assert contents(tmp_path) == []


def test_every_gap_counts_as_one_record() -> None:
    numbering = Numbering().with_more(1, 2, gap=True).with_more(100, 2, gap=True)
    assert numbering.count == 6
    assert [numbering.find(number) for number in (1, 2, 100, 101)] == [2, 3, 5, 6]
