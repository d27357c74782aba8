"""The reads that a thread makes: each with its time, in order, until it is stopped or the port gives nothing."""

import asyncio
import math
import os
import threading
import time
from collections.abc import Iterator

import pytest

from sniffer.base.times import SECOND
from sniffer.sources.serial import held_reads
from sniffer.sources.serial.held_reads import MOST_HELD, HeldReads
from tests.live.helpers import Line
from tests.waiting import until


class Held:
    """The held reads of a line, and how often they were announced as full and as ended."""

    def __init__(self) -> None:
        self.line = Line()
        self.full = self.ended = 0
        self.taken: list[tuple[bytes, int]] = []
        self.reads: HeldReads | None = None

    def start(self) -> HeldReads:
        self.reads = HeldReads(self.line.descriptor, time.time_ns, self._note_full, self._note_end)
        return self.reads

    @property
    def data(self) -> bytes:
        assert self.reads
        self.taken += self.reads.take(math.inf)
        return b"".join(data for data, _ in self.taken)

    def _note_full(self) -> None:
        self.full += 1

    def _note_end(self) -> None:
        self.ended += 1


@pytest.fixture
def held() -> Iterator[Held]:
    made = Held()
    yield made
    if made.reads:
        made.reads.stop()
    made.line.unplug()
    assert "port" not in {thread.name for thread in threading.enumerate()}


async def test_each_read_has_the_time_at_which_its_bytes_arrived(held: Held) -> None:
    held.start()
    sent = list[int]()
    for data in (b"first", b"second"):
        sent.append(time.time_ns())
        held.line.write(data)
        await asyncio.sleep(0.3)
    sent.append(time.time_ns())
    assert held.data == b"firstsecond"
    times = [time for _, time in held.taken]
    assert times == sorted(times)
    assert sent[0] < times[0] < sent[1] < times[-1] < sent[2]


async def test_silence_counts_from_the_last_read(held: Held) -> None:
    reads = held.start()
    await asyncio.sleep(0.1)
    before = reads.silence
    assert before >= 0.09
    held.line.write(b"x")
    await asyncio.sleep(0.1)
    assert reads.silence == 0
    await until(lambda: held.data == b"x")
    assert reads.silence == pytest.approx((time.time_ns() - held.taken[-1][1]) / SECOND, abs=0.05)


async def test_the_loop_is_called_once_when_many_bytes_wait(held: Held) -> None:
    held.start()
    held.line.write(bytes(MOST_HELD // 2))
    await asyncio.sleep(0.1)
    assert held.full == 0
    for _ in range(3):
        held.line.write(bytes(MOST_HELD // 2))
        await asyncio.sleep(0.1)
    assert held.full == 1
    assert len(held.data) == 2 * MOST_HELD
    held.line.write(bytes(MOST_HELD))
    await until(lambda: held.full == 2)
    await until(lambda: len(held.data) == 3 * MOST_HELD)


async def test_of_many_bytes_only_some_are_taken_at_a_turn_of_the_loop(held: Held) -> None:
    reads = held.start()
    for _ in range(4):
        held.line.write(bytes(MOST_HELD // 2))
        await asyncio.sleep(0.1)
    assert held.full == 1
    for calls in (2, 2):
        taken = [*reads.take()]
        await asyncio.sleep(0)
        assert sum(len(data) for data, _ in taken) == MOST_HELD
        assert held.full == calls
    assert not [*reads.take()]


async def test_a_loop_that_takes_nothing_leaves_bytes_to_the_driver(
    held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_reads, "LIMIT", 2 * MOST_HELD)
    reads = held.start()
    for _ in range(6):
        held.line.write(bytes(MOST_HELD // 2))
        await asyncio.sleep(0.05)
    first = sum(len(data) for data, _ in reads.take(math.inf))
    assert 2 * MOST_HELD <= first < 3 * MOST_HELD
    await until(lambda: len(held.data) == 3 * MOST_HELD - first)


async def test_a_reading_that_waits_for_the_loop_can_be_stopped(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_reads, "LIMIT", MOST_HELD)
    reads = held.start()
    held.line.write(bytes(MOST_HELD))
    await until(lambda: held.full == 1)
    await asyncio.sleep(0.05)
    reads.stop()
    assert len(held.data) == MOST_HELD
    held.reads = None


async def test_a_port_that_is_gone_ends_the_reading_with_all_bytes_before(held: Held) -> None:
    reads = held.start()
    held.line.write(b"the last")
    await until(lambda: held.data == b"the last")
    # The reader has a descriptor of its own in a tap; here both ends are ours, so only the other one is closed.
    os.close(held.line._master)
    held.line._master = -1
    await until(lambda: held.ended == 1)
    reads.stop()
    held.reads = None


async def test_bytes_that_were_read_can_be_taken_after_the_end(held: Held) -> None:
    reads = held.start()
    held.line.write(b"kept")
    await asyncio.sleep(0.1)
    reads.stop()
    assert held.data == b"kept"
    held.reads = None
