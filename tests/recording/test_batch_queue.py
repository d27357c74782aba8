"""The queue of batches: in order, joined up to the size of one write, bounded, and notes are never dropped."""

import pytest

from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording import batch_queue
from sniffer.recording.batch_queue import BatchQueue
from sniffer.recording.capture_files import Batch
from tests.recording.black_box_helpers import batches_of, timed_records


def batch(number: int, size: int = 5, note: str = "") -> Batch:
    """Return a batch of one packet with this number."""
    return Batch(b"", bytes(size), 1, 1, number, time=number, began=number, notes=((number, note),) if note else ())


def queue_of(*batches: Batch) -> BatchQueue:
    queue = BatchQueue()
    assert [queue.add(one) for one in batches] == [0] * len(batches)
    return queue


def test_batches_are_joined_up_to_the_size_of_one_write() -> None:
    queue = queue_of(*(batch(number, note="x") for number in (1, 2, 3)))
    joined = queue.join(10)
    assert joined == Batch(b"", bytes(10), 2, 2, 1, time=2, began=1, notes=((1, "x"), (2, "x")))
    assert (len(queue), queue.packets, queue.notes, queue.began) == (2, 3, 3, 1)
    assert queue.remove(joined)
    assert (len(queue), queue.packets, queue.began) == (1, 1, 3)


def test_a_batch_that_is_too_large_is_joined_with_none() -> None:
    first = batch(1, size=20)
    assert queue_of(first, batch(2)).join(10) is first


def test_the_oldest_leave_a_queue_that_is_too_long_and_their_notes_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_queue, "MAX_WAITING", 12)
    queue = queue_of(batch(1, note="first"), batch(2))
    assert queue.add(batch(3, note="third")) == 1
    assert (queue.packets, queue.began) == (2, 2)
    assert queue.join(100).notes == ((1, "first"), (3, "third"))
    assert queue.add(batch(4, size=100)) == 2
    assert (queue.packets, queue.notes) == (1, 2)


def test_a_batch_that_has_left_the_queue_is_neither_removed_nor_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_queue, "MAX_WAITING", 12)
    queue = queue_of(batch(1), batch(2))
    writing = queue.join(100)
    assert queue.add(batch(3)) == 2
    assert not queue.remove(writing)
    assert queue.split(writing) is None
    assert queue.packets == 1


def test_a_batch_is_split_into_halves_that_keep_its_place() -> None:
    (whole,) = batches_of(CaptureWriter("tap", 115200), timed_records(range(5)), iter([100]))
    queue = queue_of(whole, batch(6))
    half = queue.split(whole)
    first = queue.join(half or 0)
    assert (first.packets, len(first.data)) == (2, half)
    assert (len(queue), queue.packets) == (3, 6)


def test_a_single_packet_cannot_be_split() -> None:
    single = batch(1)
    assert queue_of(single).split(single) is None
