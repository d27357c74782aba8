"""What the recorder saves is what the session was, whatever the disk does meanwhile."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import pytest

from sniffer.errors import OutputError
from sniffer.formats.pcapng.capture import told
from sniffer.formats.pcapng.reader import Reader
from sniffer.note import Note
from sniffer.pipeline import Pipeline, Record
from sniffer.protocol.loader import packaged_definition
from sniffer.recording import recorder as module
from sniffer.recording.growing import GrowingFile
from sniffer.recording.places import Folder, OneFile
from sniffer.recording.recorder import Recorder
from sniffer.wire.frame import Chunk
from tests.tui.bench import status_report

DEFINITION = packaged_definition()


def records(count: int, first: int = 1) -> list[Record]:
    pipeline = Pipeline(DEFINITION)
    found = pipeline.feed(Chunk(status_report("Available") * (first - 1 + count), 1_700_000_000_000_000_000))
    return found[first - 1 :]


def read(path: Path) -> tuple[list[Record], dict[int, str]]:
    """What a capture holds: its records, and its notes."""
    pipeline, found, notes = Pipeline(DEFINITION), [], {}
    for item in told(Reader().feed(path.read_bytes())):
        if isinstance(item, Note):
            notes[item.number or pipeline.next_number] = item.text
        else:
            found += pipeline.feed(item)
    return found, notes


class Disk:
    """A place whose disk fails as long as it is told to."""

    limit = None

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fails = False

    def new_file(self) -> GrowingFile:
        disk = self

        class File(GrowingFile):
            def write(self, data: bytes) -> None:
                if disk.fails:
                    raise OutputError("no room")
                super().write(data)

        return File(self.path)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.01)


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FLUSH", 0.02)
    monkeypatch.setattr(module, "RETRY", 0.02)


async def give(recorder: Recorder, given: Iterable[Record], at_once: int = 3) -> None:
    given = list(given)
    for start in range(0, len(given), at_once):
        recorder.receive(given[start : start + at_once])
        await asyncio.sleep(0)


async def test_what_was_given_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.pcapng"
    recorder = Recorder(OneFile(path), "tap", 115200)
    await give(recorder, records(100))
    recorder.note(7, "here")
    await recorder.close()
    assert read(path) == (records(100), {7: "here"})
    assert (recorder.state.packets, recorder.state.size) == (100, path.stat().st_size)


async def test_it_is_on_the_disk_before_the_end(tmp_path: Path, hurry: None) -> None:
    path = tmp_path / "a.pcapng"
    recorder = Recorder(OneFile(path), "tap", 115200)
    recorder.receive(records(10))
    await until(lambda: recorder.state.packets == 10)
    assert read(path)[0] == records(10)
    await recorder.close()


async def test_a_failing_disk_is_told_and_tried_again(tmp_path: Path, hurry: None) -> None:
    shouted: list[str] = []
    disk = Disk(tmp_path / "a.pcapng")
    recorder = Recorder(disk, "tap", 115200, told=shouted.append)
    recorder.receive(records(10))
    await until(lambda: recorder.state.packets == 10)
    disk.fails = True
    recorder.receive(records(10, 11))
    await until(lambda: recorder.state.failure == "no room")
    recorder.receive(records(10, 21))
    disk.fails = False
    await until(lambda: recorder.state.packets == 30)
    await recorder.close()
    assert shouted == ["no room", ""]
    assert recorder.state.failure == ""
    assert read(disk.path)[0] == records(30)


async def test_too_much_waiting_gives_up_the_oldest_and_leaves_a_gap(
    tmp_path: Path, hurry: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 4000)
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
    assert f"{recorder.state.lost:,} packets were not recorded: no room" in str(gap.events)
    assert len(found) == recorder.state.packets + 1
    assert [record.item for record in found[-3:]] == [record.item for record in records(3, 308)]


async def test_a_deleted_file_is_begun_anew(tmp_path: Path, hurry: None) -> None:
    path = tmp_path / "a.pcapng"
    recorder = Recorder(OneFile(path), "tap", 115200)
    recorder.receive(records(10))
    await until(lambda: recorder.state.packets == 10)
    path.unlink()
    recorder.receive(records(5, 11))
    await until(lambda: recorder.state.packets == 15)
    recorder.note(12, "second of the new file")
    await recorder.close()
    found, notes = read(path)
    assert [record.item for record in found] == [record.item for record in records(5, 11)]
    assert notes == {2: "second of the new file"}


async def test_a_folder_that_goes_and_comes_back(tmp_path: Path, hurry: None) -> None:
    folder = tmp_path / "stick"
    recorder = Recorder(OneFile(folder / "a.pcapng"), "tap", 115200)
    recorder.receive(records(10))
    await until(lambda: "no such folder" in recorder.state.failure)
    folder.mkdir()
    await until(lambda: recorder.state.packets == 10)
    await recorder.close()
    assert read(folder / "a.pcapng")[0] == records(10)


async def test_a_recording_goes_on_in_another_file(tmp_path: Path, hurry: None) -> None:
    folder = Folder("/dev/ttyUSB0", tmp_path, limit=3000, now=lambda: datetime(2026, 1, 15, 9))
    recorder = Recorder(folder, "/dev/ttyUSB0", 115200)
    for start in range(1, 200, 10):
        recorder.receive(records(10, start))
        await until(lambda wanted=start + 9: recorder.state.packets == wanted)
    await recorder.close()
    paths = sorted(tmp_path.iterdir(), key=lambda path: (len(path.name), path.name))
    assert paths[0].name == "ttyUSB0-20260115-090000.pcapng"
    assert len(paths) > 3
    assert all(path.stat().st_size <= 3000 for path in paths)
    items = [record.item for path in paths for record in read(path)[0]]
    assert items == [record.item for record in records(200)]


async def test_what_could_not_be_written_is_told_at_the_end(tmp_path: Path) -> None:
    shouted: list[str] = []
    recorder = Recorder(OneFile(tmp_path / "none" / "a.pcapng"), "tap", None, told=shouted.append)
    recorder.receive(records(10))
    await recorder.close()
    assert recorder.state.lost == 10
    assert shouted[-1] == "10 packets were not recorded"
