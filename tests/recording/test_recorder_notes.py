"""Notes of a recording: each is at its record, or names it where the record is not in the file."""

from datetime import datetime
from pathlib import Path

import pytest

from sniffer.recording import batch_queue
from sniffer.recording.destination import RecordingFolder, SingleFile
from sniffer.recording.recorder import Recorder
from tests.recording.helpers import Disk, give, read, records
from tests.waiting import until


async def test_a_note_is_at_its_record_in_the_file_that_comes_next(tmp_path: Path, hurry: None) -> None:
    folder = RecordingFolder("tap", tmp_path, limit=700, now=lambda: datetime(2026, 1, 15, 9))
    recorder = Recorder(folder, "tap", None)
    recorder.receive(records(5))
    await until(lambda: recorder.state.packets == 5)
    # Both wait together for a file that has no room for them, so that another is begun.
    recorder.receive(records(5, 6))
    recorder.set_note(7, "second of the second file")
    recorder.set_note(2, "second of the first")
    await recorder.close()
    _, second = sorted(tmp_path.iterdir(), key=lambda path: (len(path.name), path.name))
    assert read(second)[1] == {
        1: "at record 2 of the session, which is not in this file: second of the first",
        2: "second of the second file",
    }


async def test_notes_survive_a_gap_and_stand_at_their_records(
    tmp_path: Path, hurry: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_queue, "MAX_WAITING", 4000)
    disk = Disk(tmp_path / "a.pcapng")
    recorder = Recorder(disk, "tap", 115200)
    recorder.receive(records(10))
    await until(lambda: recorder.state.packets == 10)
    disk.fails = True
    recorder.set_note(3, "before the gap")
    await give(recorder, records(20, 11))
    recorder.set_note(12, "in the gap")
    await give(recorder, records(270, 31))
    recorder.set_note(300, "after the gap")
    await until(lambda: bool(recorder.state.failure))
    disk.fails = False
    await until(lambda: not recorder.state.failure)
    await recorder.close()
    found, notes = read(disk.path)
    assert recorder.state.lost > 20
    assert notes == {
        1: "at record 12 of the session, which is not in this file: in the gap",
        3: "before the gap",
        len(found): "after the gap",
    }


async def test_a_note_that_comes_before_its_record_is_written_with_it(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    recorder = Recorder(SingleFile(path), "tap", None)
    recorder.set_note(2, "early")
    recorder.receive(records(3))
    await recorder.close()
    assert read(path) == (records(3), {2: "early"})


async def test_a_note_that_is_taken_away_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    recorder = Recorder(SingleFile(path), "tap", None)
    recorder.receive(records(3))
    recorder.set_note(2, "wrong")
    recorder.set_note(2, "")
    await recorder.close()
    assert read(path) == (records(3), {})
