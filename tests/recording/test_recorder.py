"""The recording has all records and notes of the session, whatever the disk does meanwhile."""

import asyncio
import errno
import re
import threading
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.recording import append_file, batch_queue
from sniffer.recording import recorder as module
from sniffer.recording.append_file import AppendFile
from sniffer.recording.destination import RecordingFolder, SingleFile
from sniffer.recording.recorder import Recorder
from tests.recording.helpers import Disk, give, has_written, read, records
from tests.waiting import until


async def test_all_records_are_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    recorder = Recorder(SingleFile(path), "tap", 115200)
    await give(recorder, records(100))
    recorder.set_note(7, "here")
    await recorder.close()
    assert read(path) == (records(100), {7: "here"})
    assert (recorder.state.packets, recorder.state.size) == (100, path.stat().st_size)


async def test_it_is_on_the_disk_before_the_end(tmp_path: Path, hurry: None) -> None:
    path = tmp_path / "a.pcapng"
    recorder = Recorder(SingleFile(path), "tap", 115200)
    recorder.receive(records(10))
    await until(lambda: recorder.state.packets == 10)
    assert read(path)[0] == records(10)
    await recorder.close()


async def test_a_failing_disk_is_reported_and_tried_again(tmp_path: Path, hurry: None) -> None:
    failures: list[str] = []
    disk = Disk(tmp_path / "a.pcapng")
    recorder = Recorder(disk, "tap", 115200, on_failure=failures.append)
    recorder.receive(records(10))
    await until(lambda: recorder.state.packets == 10)
    disk.fails = True
    recorder.receive(records(10, 11))
    await until(lambda: recorder.state.failure == f"no room ({disk.path})")
    recorder.receive(records(10, 21))
    disk.fails = False
    await until(lambda: recorder.state.packets == 30)
    await recorder.close()
    assert failures == [f"no room ({disk.path})", ""]
    assert recorder.state.failure == ""
    assert read(disk.path)[0] == records(30)


async def test_packets_that_an_unplugged_disk_lost_are_counted_and_recording_goes_on_beside_them(
    tmp_path: Path, hurry: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[str] = []
    monkeypatch.setattr(module, "SYNC_INTERVAL", 0.02)
    recorder = Recorder(SingleFile(tmp_path / "a.pcapng"), "tap", 115200, on_failure=failures.append)
    recorder.receive(records(10))
    await until(lambda: recorder.state.packets == 10 and recorder._is_confirmed)
    with monkeypatch.context() as patch:
        patch.setattr(append_file, "sync_file", lose)
        recorder.receive(records(5, 11))
        await until(lambda: bool(recorder.state.failure))
    assert (recorder.state.packets, recorder.state.lost) == (10, 5)
    recorder.receive(records(10, 16))
    await until(lambda: recorder.state.packets == 20)
    await recorder.close()
    reason = f"the disk lost what it took: is it still plugged in? (Input/output error) ({tmp_path / 'a.pcapng'})"
    assert failures == [reason, ""]
    assert recorder.state.is_incomplete
    gap, *others = read(tmp_path / "a-2.pcapng")[0]
    assert f"5 packets not recorded: {reason}" in str(gap.events)
    assert [one.item for one in others] == [one.item for one in records(10, 16)]


async def test_what_the_disk_lost_is_reported_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(append_file, "sync_file", lose)
    recorder = Recorder(SingleFile(tmp_path / "a.pcapng"), "tap", 115200)
    recorder.receive(records(10))
    await recorder.close()
    assert (recorder.state.packets, recorder.state.lost) == (0, 10)


async def test_a_disk_that_is_slow_to_confirm_is_no_failure_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = threading.Event()
    monkeypatch.setattr(module, "CLOSE_TIMEOUT", 0.2)
    monkeypatch.setattr(append_file, "sync_file", lambda _: hanging.wait(20))
    recorder = Recorder(SingleFile(tmp_path / "a.pcapng"), "tap", 115200)
    recorder.receive(records(10))
    await recorder.close()
    hanging.set()
    assert not recorder.state.is_incomplete


def lose(_file: int) -> None:
    raise OSError(errno.EIO, "Input/output error")


async def test_too_much_waiting_gives_up_the_oldest_and_leaves_a_gap(
    tmp_path: Path, hurry: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_queue, "MAX_WAITING", 4000)
    disk = Disk(tmp_path / "a.pcapng")
    recorder = Recorder(disk, "tap", 115200)
    await give(recorder, records(10))
    await until(lambda: recorder.state.packets == 10)
    disk.fails = True
    await give(recorder, records(300, 11))
    await until(lambda: bool(recorder.state.failure))
    disk.fails = False
    await until(lambda: not recorder.state.failure)
    await recorder.close()
    found = read(disk.path)[0]
    (gap,) = [record for record in found if record.item is None]
    assert recorder.state.lost + recorder.state.packets == 310
    assert f"{recorder.state.lost:,} packets not recorded: no room" in str(gap.events)
    assert len(found) == recorder.state.packets + 1
    assert [record.item for record in found[-3:]] == [record.item for record in records(3, 308)]


async def test_a_deleted_file_is_begun_anew(tmp_path: Path, hurry: None) -> None:
    path = tmp_path / "a.pcapng"
    recorder = Recorder(SingleFile(path), "tap", 115200)
    recorder.receive(records(10))
    await until(lambda: recorder.state.packets == 10)
    path.unlink()
    recorder.receive(records(5, 11))
    await until(lambda: recorder.state.packets == 15)
    recorder.set_note(12, "second of the new file")
    await recorder.close()
    found, notes = read(path)
    assert [record.item for record in found] == [record.item for record in records(5, 11)]
    assert notes == {2: "second of the new file"}


async def test_a_folder_that_goes_and_comes_back(tmp_path: Path, hurry: None) -> None:
    folder = tmp_path / "stick"
    recorder = Recorder(SingleFile(folder / "a.pcapng"), "tap", 115200)
    recorder.receive(records(10))
    await until(lambda: "no such folder" in recorder.state.failure)
    folder.mkdir()
    await until(lambda: recorder.state.packets == 10)
    await recorder.close()
    assert read(folder / "a.pcapng")[0] == records(10)


async def test_a_recording_goes_on_in_another_file(tmp_path: Path, hurry: None) -> None:
    folder = RecordingFolder("/dev/ttyUSB0", tmp_path, limit=3000, now=lambda: datetime(2026, 1, 15, 9))
    recorder = Recorder(folder, "/dev/ttyUSB0", 115200)
    for start in range(1, 200, 10):
        recorder.receive(records(10, start))
        await until(partial(has_written, recorder, start + 9))
    await recorder.close()
    paths = sorted(tmp_path.iterdir(), key=lambda path: (len(path.name), path.name))
    assert paths[0].name == "ttyUSB0-20260115-090000.pcapng"
    assert len(paths) > 3
    assert all(path.stat().st_size <= 3000 for path in paths)
    items = [record.item for path in paths for record in read(path)[0]]
    assert items == [record.item for record in records(200)]


async def test_what_could_not_be_written_is_reported_at_the_end(tmp_path: Path) -> None:
    failures: list[str] = []
    recorder = Recorder(SingleFile(tmp_path / "none" / "a.pcapng"), "tap", None, on_failure=failures.append)
    recorder.receive(records(10))
    await recorder.close()
    assert recorder.state.lost == 10
    assert failures[-1].startswith("10 packets not recorded: ")
    assert "there is no such folder" in failures[-1]


class Stuck:
    """A destination whose disk answers on demand."""

    limit: int | None = None

    def __init__(self, path: Path) -> None:
        self._path = path
        self.answers = threading.Event()

    def new_file(self) -> AppendFile:
        self.answers.wait(60)
        return AppendFile(self._path)


async def test_a_disk_that_hangs_is_reported_and_nothing_waits_for_it(
    tmp_path: Path, hurry: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SLOW_AFTER", 0.05)
    disk = Stuck(tmp_path / "a.pcapng")
    recorder = Recorder(disk, "tap", None)
    recorder.receive(records(10))
    await until(lambda: recorder.state.failure == module.NO_ANSWER)
    recorder.receive(records(10, 11))
    disk.answers.set()
    await until(lambda: recorder.state.packets == 20)
    await recorder.close()
    assert recorder.state.failure == ""
    assert read(tmp_path / "a.pcapng")[0] == records(20)


async def test_a_disk_that_hangs_does_not_keep_anybody_from_leaving(
    tmp_path: Path, hurry: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CLOSE_TIMEOUT", 0.05)
    failures: list[str] = []
    disk = Stuck(tmp_path / "a.pcapng")
    recorder = Recorder(disk, "tap", None, on_failure=failures.append)
    recorder.receive(records(10))
    await recorder.close()
    assert failures == [module.NO_ANSWER, f"10 packets not recorded: {module.NO_ANSWER}"]
    assert recorder.state.lost == 10
    disk.answers.set()


async def test_who_is_cancelled_while_it_closes_has_saved_all(tmp_path: Path) -> None:
    disk = Stuck(tmp_path / "a.pcapng")
    recorder = Recorder(disk, "tap", None)
    recorder.receive(records(10))
    closing = asyncio.create_task(recorder.close())
    for _ in range(3):
        await asyncio.sleep(0.01)
        closing.cancel()
    disk.answers.set()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert recorder.state.packets == 10
    assert read(tmp_path / "a.pcapng")[0] == records(10)


class Step(NamedTuple):
    """The next step: some records, a note, or a pause for the disk; `fails` is True if the disk fails from then on."""

    records: int
    note: bool
    waits: bool
    fails: bool


STEPS = st.lists(st.builds(Step, st.integers(0, 8), st.booleans(), st.booleans(), st.booleans()), max_size=25)


@given(steps=STEPS, limit=st.sampled_from([None, 600, 2000]))
@settings(deadline=None, max_examples=60)
def test_all_records_and_notes_are_read_back_whenever_they_are_written(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step], limit: int | None
) -> None:
    async def run() -> None:
        folder = tmp_path_factory.mktemp("recordings")
        disk = Disk(folder / "a.pcapng")
        disk.limit = limit
        recorder, count, noted = Recorder(disk, "tap", 115200), 0, dict[int, str]()
        for step in steps:
            if step.records:
                recorder.receive(EVERYTHING[count : count + step.records])
                count += step.records
            if step.note and count:
                noted[count] = f"at {count}"
                recorder.set_note(count, noted[count])
            disk.fails = step.fails
            if step.waits:
                await recorder._write()
        disk.fails = False
        await recorder.close()
        items: list[object] = []
        noted_in_files: dict[int, str] = {}
        for path in sorted(folder.iterdir(), key=lambda path: (len(path.name), path.name)):
            found, notes = read(path)
            for number, line in ((number, line) for number, text in notes.items() for line in text.splitlines()):
                elsewhere = re.fullmatch("at record ([0-9]+) of the session, which is not in this file: (.*)", line)
                where = int(elsewhere[1]) if elsewhere else number + len(items)
                noted_in_files[where] = elsewhere[2] if elsewhere else line
            items += [record.item for record in found]
        assert items == [record.item for record in EVERYTHING[:count]]
        assert noted_in_files == noted

    asyncio.run(run())


EVERYTHING = records(200)
