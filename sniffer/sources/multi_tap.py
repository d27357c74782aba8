"""Several taps on one charger, one on each wire, as one source.

In: open taps. Out: the items of all taps as they come, each with the number of its tap. Taps count from 1, in the order
of the command line. Frames are not put in order here: that needs their content, so it is done after the framing
(`sniffer.core.tap_merger`).
"""

import asyncio
from collections.abc import Sequence
from datetime import tzinfo

from msgspec.structs import replace

from sniffer.core.wire.items import (
    BaudChange,
    Chunk,
    Idle,
    LatencyBound,
    Note,
    Tap,
    TapGap,
    TapRestored,
    TapShared,
    TapState,
)
from sniffer.sources.source import Item, Source, Take


class MultiTap:
    """Open taps as one source."""

    is_live = True
    times_are_first_bytes = False
    about = "two taps of one charger"
    needs_merging = True
    zone: tzinfo | None = None

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = tuple(sources)
        self.name = " + ".join(source.name for source in sources)

    @property
    def baud(self) -> int | None:
        """The rate of all taps; None if it is not known of all of them, or if they differ."""
        rates = {source.baud for source in self._sources}
        return rates.pop() if len(rates) == 1 else None

    @property
    def taps(self) -> tuple[TapState, ...]:
        """The state of each tap, in order of their numbers."""
        return tuple(tap for source in self._sources for tap in source.taps)

    def now(self) -> int | None:
        """Return the time on the clock of the first tap, in nanoseconds; None if it has no times."""
        return self._sources[0].now()

    def close(self) -> None:
        """Close all taps."""
        for source in self._sources:
            source.close()

    async def run(self, take: Take) -> None:
        """Read all taps until one of them ends, then stop the others. Raises what ended it."""
        for number, source in enumerate(self._sources, 1):
            late = source.taps[0].late if source.taps else None
            take(Tap(number, source.name, late, source.baud))
        readers = [
            asyncio.ensure_future(source.run(_add_tap_number(take, number)))
            for number, source in enumerate(self._sources, 1)
        ]
        try:
            ended, _ = await asyncio.wait(readers, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for reader in readers:
                reader.cancel()
            await asyncio.gather(*readers, return_exceptions=True)
        for reader in ended:
            reader.result()


def _add_tap_number(take: Take, number: int) -> Take:
    """Return a callback that passes the items of one tap on to `take`, with the number of the tap."""

    def take_numbered(item: Item) -> None:
        match item:
            case Chunk() | TapGap() | TapRestored() | BaudChange() | LatencyBound() | TapShared() | Idle():
                take(replace(item, tap=number))
            case Note():
                take(item)
            case _:
                raise TypeError(f"a tap gives no {type(item).__name__}")

    return take_numbered
