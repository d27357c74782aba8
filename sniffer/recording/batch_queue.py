"""The batches of a recording that wait for the disk: in order, joined for one write, and bounded.

In: batches of packets, as they are encoded. Out: the next batch to write, which stays in the queue until it is written.
When too many bytes wait, the oldest batches leave the queue, also one that is being written. Their notes stay: they
were typed by a person and are short.
"""

from collections import deque

from msgspec.structs import replace

from sniffer.recording.capture_files import Batch

MAX_WAITING = 16 << 20
"""Bytes that may wait for a failing disk."""


class BatchQueue:
    """The queue of one recording."""

    def __init__(self) -> None:
        self._batches: deque[Batch] = deque()
        self._size = 0

    def __len__(self) -> int:
        return len(self._batches)

    @property
    def packets(self) -> int:
        """The number of packets that wait."""
        return sum(batch.packets for batch in self._batches)

    @property
    def notes(self) -> int:
        """The number of notes that wait."""
        return sum(len(batch.notes) for batch in self._batches)

    @property
    def began(self) -> int | None:
        """The time of the oldest packet that waits, in nanoseconds; None if there is none, or if it has no time."""
        return next((batch.began for batch in self._batches if batch.packets), None)

    def add(self, batch: Batch) -> int:
        """Add a batch, and return how many packets left the queue because more than `MAX_WAITING` bytes wait."""
        self._batches.append(batch)
        self._size += len(batch.data)
        notes: list[tuple[int, str]] = []
        dropped = 0
        while self._size > MAX_WAITING and len(self._batches) > 1:
            oldest = self._batches.popleft()
            self._size -= len(oldest.data)
            dropped += oldest.packets
            notes += oldest.notes
        if notes:
            last = self._batches.pop()
            self._batches.append(replace(last, notes=(*notes, *last.notes)))
        return dropped

    def join(self, most: int) -> Batch:
        """Replace the first batches by one of up to `most` bytes, and return it: there may be hundreds.

        The queue must not be empty.
        """
        size, batches = 0, list[Batch]()
        while self._batches and (not batches or size + len(self._batches[0].data) <= most):
            batches.append(self._batches.popleft())
            size += len(batches[-1].data)
        joined = batches[0]
        if len(batches) > 1:
            joined = replace(
                joined,
                data=b"".join([batch.data for batch in batches]),
                packets=sum(batch.packets for batch in batches),
                described=sum(batch.described for batch in batches),
                time=batches[-1].time,
                notes=tuple(note for batch in batches for note in batch.notes),
            )
        self._batches.appendleft(joined)
        return joined

    def split(self, batch: Batch) -> int | None:
        """Replace the first batch by its halves, and return the size of the first one in bytes.

        Returns None if this batch is no longer the first one, or has one packet only.
        """
        if batch.packets < 2 or not self._is_first(batch):
            return None
        first, rest = batch.split()
        self._batches[0] = rest
        self._batches.appendleft(first)
        return len(first.data)

    def remove(self, batch: Batch) -> bool:
        """Remove the first batch. Return False if this batch has left the queue meanwhile."""
        if not self._is_first(batch):
            return False
        self._batches.popleft()
        self._size -= len(batch.data)
        return True

    def _is_first(self, batch: Batch) -> bool:
        return bool(self._batches) and self._batches[0] is batch
