"""A tap that a test drives."""

import asyncio
from collections.abc import Iterable
from datetime import tzinfo

from sniffer.core.wire.items import TapState
from sniffer.core.wire.link import Route
from sniffer.sources.source import Item, Take


class FakeTap:
    """A tap that hands over these items, then ends with `error`, or waits until it is cancelled if `ends` is False."""

    is_live = True
    about = "a tap that tests read"
    needs_merging = False
    zone: tzinfo | None = None

    def __init__(
        self,
        name: str,
        baud: int | None,
        *items: Item,
        has_taps: bool = True,
        routes: Iterable[Route] = (),
        ends: bool = True,
        error: Exception | None = None,
        late: int | None = None,
        share: bool = False,
    ) -> None:
        self.name = name
        self.baud = baud
        self.times_are_first_bytes = False
        self.taps = (TapState(name, baud, late=late),) if has_taps else ()
        self.is_shared = share
        self.routes = routes
        self.closed = 0
        self._items = items
        self._ends = ends
        self._error = error

    def now(self) -> int | None:
        return 5

    def close(self) -> None:
        self.closed += 1

    async def run(self, take: Take) -> None:
        try:
            for item in self._items:
                take(item)
                await asyncio.sleep(0)
            if self._error:
                raise self._error
            if not self._ends:
                await asyncio.Event().wait()
        finally:
            self.closed += 1
