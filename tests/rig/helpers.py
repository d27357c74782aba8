"""A source that a test drives by hand, in the place of what `sniffer.tap` would open."""

import asyncio
from collections.abc import Sequence
from datetime import tzinfo

import pytest

from sniffer.core.wire.items import Chunk, TapState
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD
from sniffer.rig import tap as tapping
from sniffer.sources.source import Item, Take


class Script:
    """A source that a test drives with `give` and `end`. `closes` is how many seconds it takes to close."""

    name = "script"
    is_live = True
    times_are_first_bytes = False
    about = "a made-up session"
    needs_merging = False
    baud: int | None = None
    zone: tzinfo | None = None
    taps: tuple[TapState, ...] = ()

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.closes = 0.0
        self.opens = 0
        self.runs = 0
        self.closed = 0
        self._items: asyncio.Queue[Item | Exception | None] = asyncio.Queue()
        monkeypatch.setattr(tapping, "open_sources", self._open)

    def _open(self, names: Sequence[str], *, line_options: object, file_options: object) -> "Script":
        self.opens += 1
        return self

    def now(self) -> int | None:
        return None

    def close(self) -> None:
        self.closed += 1

    def give(self, *data: bytes) -> None:
        """Hand over these bytes, each as one read."""
        for one in data:
            self._items.put_nowait(Chunk(one))

    def end(self, error: Exception | None = None) -> None:
        """End the source, because of this error if there is one."""
        self._items.put_nowait(error)

    async def run(self, take: Take) -> None:
        self.runs += 1
        try:
            while (item := await self._items.get()) is not None:
                if isinstance(item, Exception):
                    raise item
                take(item)
        finally:
            self.closed += 1
            if self.closes:
                await asyncio.sleep(self.closes)
                self.closed += 1


def report(status: int, sequence: int = 1, *, connector: int = 1, ocpp: int = 6, m4: int = 0) -> bytes:
    """Return a status report of the power board."""
    payload = bytes([connector, status, ocpp, 0, 0, 0, m4, 0, 9, 0, 0])
    return PWRBOARD.build(PWR_TO_COM.head, sequence, 0x01, payload)


def answer(sequence: int = 1) -> bytes:
    return PWRBOARD.build(COM_TO_PWR.head, sequence, 0x01, bytes([1, 3, 0xE7, 0]))


AVAILABLE, PREPARING, CHARGING, FAULTED = 0, 1, 2, 8
UNDER_VOLTAGE, M4_UNDER_VOLTAGE = 14, 4
