"""Several taps on one charger, one wire each, as one source (contract.md, Sources).

In: open taps. Out: what each gives, told apart by the number of its tap, which counts from 1, as on the command line.
Nothing is put in order here: that takes what the frames say, and is done behind the framing (`sniffer.core.tap_merger`).
"""

import asyncio
from collections.abc import Sequence
from datetime import tzinfo

from sniffer.base.errors import SourceError
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.frame import BaudChange, Chunk, LatencyBound, Segments, Tap, TapGap, TapRestored
from sniffer.core.wire.items import Note, TapState
from sniffer.sources.open import open_source
from sniffer.sources.source import Item, Source, Take, let_go

MOST = 2
"""A link has two wires (protocol.md)."""


class MultiTap:
    """Taps that are open, as one source. `baud` is the rate that all are known to have."""

    is_live = True
    times_are_first_bytes = False
    needs_merging = True
    zone: tzinfo | None = None

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = tuple(sources)
        self.name = " + ".join(source.name for source in sources)

    @property
    def baud(self) -> int | None:
        rates = {source.baud for source in self._sources}
        return rates.pop() if len(rates) == 1 else None

    @property
    def taps(self) -> tuple[TapState, ...]:
        return tuple(tap for source in self._sources for tap in source.taps)

    def now(self) -> int | None:
        return self._sources[0].now()

    def close(self) -> None:
        for source in self._sources:
            let_go(source)

    async def run(self, take: Take) -> None:
        """Read all of them until one ends. Raises what ended it."""
        for number, source in enumerate(self._sources, 1):
            late = source.taps[0].late if source.taps else None
            take(Tap(number, source.name, late, source.baud))
        readings = [
            asyncio.ensure_future(source.run(_numbered(take, number))) for number, source in enumerate(self._sources, 1)
        ]
        try:
            done, _ = await asyncio.wait(readings, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for reading in readings:
                reading.cancel()
            await asyncio.gather(*readings, return_exceptions=True)
        for reading in done:
            reading.result()


def open_sources(names: Sequence[str], *, baud: int | None, follow: bool = False) -> Source:
    """The source of these names: the only one, or two taps. Raises `SourceError`."""
    if len(names) == 1:
        return open_source(names[0], baud=baud, follow=follow)
    if len(names) > MOST:
        raise SourceError(f"{len(names)} sources: at most two taps make one session, one on each wire")
    if len(set(names)) < len(names):
        raise SourceError(f"{names[0]}: two taps need two ports: name the one on the other wire")
    sources: list[Source] = []
    try:
        for name in names:
            sources.append(open_source(name, baud=baud))
            if not sources[-1].taps:
                raise SourceError(f"{name}: two sources are two taps, one on each wire: this one is no port")
    except SourceError:
        for source in sources:
            let_go(source)
        raise
    return MultiTap(sources)


def _numbered(take: Take, number: int) -> Take:
    """Hands on what a tap gives, with its number."""

    def told(item: Item) -> None:
        match item:
            case Chunk():
                take(Chunk(item.data, item.time, item.marks, number))
            case TapGap():
                take(TapGap(item.time, item.reason, number))
            case TapRestored():
                take(TapRestored(item.time, item.how, number))
            case BaudChange():
                take(BaudChange(item.time, item.baud, item.evidence, number))
            case LatencyBound():
                take(LatencyBound(item.time, item.late, number))
            case Segments() | LogLine() | Tap() | Note():
                raise TypeError(f"a tap gives no {type(item).__name__}")

    return told
