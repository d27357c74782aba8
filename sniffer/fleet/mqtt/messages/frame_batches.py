"""Frames, noise and lines of a log as messages: many in one, as lines of JSON, packed by zstd where that is installed.

In: the line of each record. Out: messages of bounded size, whose properties name the first and the last record.
"""

from importlib import import_module
from typing import Any

from sniffer.fleet.mqtt.messages.message import FRAMES, OutboxMessage, SessionKey

MOST_LINES = 256
"""The most records in one message."""

MOST_BYTES = 1 << 16
"""The bytes of lines after which a message is complete. Brokers limit the size of messages."""

PLAIN, PACKED = "application/jsonl", "application/jsonl+zstd"


class FrameBatches:
    """The batches of one session."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._size = 0
        self._numbers: list[int] = []
        self._packer = _find_packer()

    @property
    def first_waiting(self) -> int | None:
        """The number of the first record that is in no message yet; None if there is none."""
        return self._numbers[0] if self._numbers else None

    @property
    def is_full(self) -> bool:
        """True if the next message is complete."""
        return len(self._lines) >= MOST_LINES or self._size >= MOST_BYTES

    def add(self, number: int, line: str) -> None:
        """Add the line of a record, or that of a note on a record."""
        self._lines.append(line)
        self._numbers.append(number)
        self._size += len(line) + 1

    def take(self, key: SessionKey) -> OutboxMessage:
        """Return the waiting lines as one message. There must be at least one line."""
        payload = "".join([f"{line}\n" for line in self._lines]).encode()
        numbers = ("first", str(self._numbers[0])), ("last", str(self._numbers[-1]))
        self._lines, self._numbers, self._size = [], [], 0
        content_type = PLAIN
        if self._packer:
            payload, content_type = self._packer.compress(payload), PACKED
        return OutboxMessage(FRAMES, payload, (*key.properties, *numbers), content_type)


def _find_packer() -> Any:
    """Return the compressor of zstd, or None if its library is not installed."""
    try:
        return import_module("zstandard").ZstdCompressor()
    except ImportError:
        return None
