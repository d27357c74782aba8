"""A full disk keeps every packet that fits, and takes the others once there is room."""

import asyncio
import errno
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.core.record import Record
from sniffer.core.wire.items import Tap
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording import recorder as module
from sniffer.recording.capture_files import Batch
from sniffer.recording.destination import SingleFile
from sniffer.recording.recorder import Recorder
from tests.recording.helpers import read, records
from tests.waiting import until


class SmallDisk:
    """A disk with room for `room` bytes. A write of more bytes writes those that fit, and fails, as in a system."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
        self.room = room
        self._write = os.write
        monkeypatch.setattr(os, "write", self.write)

    def write(self, file: int, data: bytes | memoryview) -> int:
        left = self.room - os.fstat(file).st_size
        if left <= 0:
            raise OSError(errno.ENOSPC, "full")
        return self._write(file, bytes(data)[:left])


def offsets(count: int) -> list[int]:
    """Return the size of the capture after its preamble and after each packet, as a disk with room has it."""
    writer = CaptureWriter("tap", 115200)
    sizes = [len(writer.encode_preamble())]
    for record in records(count):
        sizes.append(sizes[-1] + len(writer.encode_record(record)))
    return sizes


@given(count=st.integers(1, 40), share=st.floats(0, 1), at_once=st.integers(1, 50))
@settings(deadline=None, max_examples=25)
def test_every_packet_that_fits_is_saved(
    tmp_path_factory: pytest.TempPathFactory, count: int, share: float, at_once: int
) -> None:
    path = tmp_path_factory.mktemp("disk") / "a.pcapng"
    sizes = offsets(count)
    room = round(share * sizes[-1])
    fitting = sum(size <= room for size in sizes) - 1

    async def run(monkeypatch: pytest.MonkeyPatch) -> Recorder:
        monkeypatch.setattr(module, "RECORDS_PER_BATCH", at_once)
        SmallDisk(monkeypatch, room)
        recorder = Recorder(SingleFile(path), "tap", 115200)
        for start in range(0, count, at_once):
            recorder.receive(records(count)[start : start + at_once])
        await recorder.close()
        return recorder

    with pytest.MonkeyPatch.context() as monkeypatch:
        recorder = asyncio.run(run(monkeypatch))
    if fitting < 1:
        assert recorder.state.packets == 0
    else:
        assert path.stat().st_size == sizes[fitting]
        assert read(path)[0] == records(count)[:fitting]
    assert (recorder.state.packets, recorder.state.lost) == (max(0, fitting), count - max(0, fitting))
    assert bool(recorder.state.failure) == (fitting < count)


async def test_the_others_are_saved_once_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hurry: None
) -> None:
    path = tmp_path / "a.pcapng"
    disk = SmallDisk(monkeypatch, 2000)
    failures: list[str] = []
    recorder = Recorder(SingleFile(path), "tap", 115200, on_failure=failures.append)
    recorder.receive(records(100))
    recorder.set_note(90, "here")
    await until(lambda: bool(recorder.state.failure))
    assert 0 < recorder.state.packets < 100
    assert read(path)[0] == records(recorder.state.packets)
    disk.room = 1 << 20
    await until(lambda: recorder.state.packets == 100)
    await recorder.close()
    assert read(path) == (records(100), {90: "here"})
    assert (failures[-1], recorder.state.lost) == ("", 0)


async def test_a_file_that_another_program_shortens_is_begun_anew_beside_it(tmp_path: Path, hurry: None) -> None:
    path = tmp_path / "a.pcapng"
    failures: list[str] = []
    recorder = Recorder(SingleFile(path), "tap", 115200, on_failure=failures.append)
    recorder.receive(records(10))
    await until(lambda: recorder.state.packets == 10)
    os.truncate(path, path.stat().st_size // 2)
    recorder.receive(records(10, 11))
    await until(lambda: recorder.state.packets == 20)
    await recorder.close()
    assert "shortened" in failures[0]
    assert failures[-1] == ""
    assert recorder.state.path == tmp_path / "a-2.pcapng"
    assert len(read(recorder.state.path)[0]) == 10
    assert os.path.getsize(path) > 0


def batch_of(writer: CaptureWriter, given: list[Record]) -> Batch:
    preamble = writer.encode_preamble()
    data = b"".join([writer.encode_record(record) for record in given])
    described = len(writer.encode_preamble()) - len(preamble)
    return Batch(preamble, data, len(given), described, given[0].number, given[-1].time, ((1, "note"),))


@pytest.mark.parametrize("count", [2, 3, 10, 101])
def test_halves_of_a_batch_are_batches(count: int) -> None:
    writer = CaptureWriter("tap", 9600)
    writer.encode_tap(Tap(1, "one"))
    batch = batch_of(writer, records(count))
    assert batch.described
    first, second = batch.split()
    assert first.data + second.data == batch.data
    assert (first.packets, second.packets) == (count // 2, count - count // 2)
    assert (first.first, second.first) == (1, 1 + count // 2)
    assert (first.notes, second.notes) == ((), batch.notes)
    assert (first.described, second.described) == (batch.described, 0)
    assert second.preamble == writer.encode_preamble()
    assert first.preamble == batch.preamble
