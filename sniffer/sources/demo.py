"""The simulated charger as a source: no hardware, no port, in real time, until cancelled.

Chunks come as reads of a UART at that baud rate would, each with the time at which its last byte arrived.
"""

from datetime import tzinfo
from functools import partial

from sniffer.core.wire.frame import Chunk
from sniffer.core.wire.items import TapState
from sniffer.simulator.line_timing import Pacer
from sniffer.simulator.scenarios import DEFAULT, find_scenario
from sniffer.simulator.traffic import generate_reads
from sniffer.sources.source import SteadyClock, Take


class DemoSource:
    """The scenario of this name at `baud` bits a second. The same `seed` gives the same bytes; None gives new ones.

    Raises `SourceError` for an unknown scenario.
    """

    is_live = True
    times_are_first_bytes = False
    needs_merging = False
    zone: tzinfo | None = None
    taps: tuple[TapState, ...] = ()

    def __init__(self, scenario: str = DEFAULT, *, baud: int, seed: int | None = None) -> None:
        find_scenario(scenario)
        self.name = "demo" if scenario == DEFAULT else f"demo:{scenario}"
        self.baud: int | None = baud
        self._play = partial(generate_reads, scenario, baud=baud, seed=seed)
        self._clock = SteadyClock()

    def now(self) -> int | None:
        return self._clock.now()

    async def run(self, take: Take) -> None:
        start = self._clock.now()
        pace = Pacer(self._clock.now)
        for chunk in self._play(start_time=start):
            take(Chunk(chunk.data, await pace.until(chunk.time or start)))
