"""The simulated charger as a source: without hardware and without a port, in real time, until it is cancelled.

Chunks come as the reads of a UART at this baud rate would, each with the arrival time of its last byte. A silence is
reported while it lasts.
"""

from datetime import tzinfo
from functools import partial

from sniffer.core.wire.items import Chunk, TapState
from sniffer.simulator.demo_name import name_demo
from sniffer.simulator.line_timing import Pacer
from sniffer.simulator.scenarios import DEFAULT, find_scenario
from sniffer.simulator.traffic import generate_reads
from sniffer.sources.idle_reports import wait_reporting_idle
from sniffer.sources.source import Take
from sniffer.sources.steady_clock import SteadyClock


class DemoSource:
    """One scenario at `baud` bits per second. The same `seed` gives the same bytes; None gives new ones.

    Raises `SourceError` for an unknown scenario.
    """

    is_live = True
    times_are_first_bytes = False
    about = "the simulated charger"
    needs_merging = False
    zone: tzinfo | None = None
    taps: tuple[TapState, ...] = ()

    def __init__(self, scenario: str = DEFAULT, *, baud: int, seed: int | None = None) -> None:
        find_scenario(scenario)
        self.name = name_demo(scenario)
        self.baud: int | None = baud
        self._generate = partial(generate_reads, scenario, baud=baud, seed=seed)
        self._clock = SteadyClock()

    def now(self) -> int:
        """Return the wall time in nanoseconds."""
        return self._clock.now()

    def close(self) -> None:
        """Do nothing: nothing is open."""

    async def run(self, take: Take) -> None:
        """Play the scenario until cancelled."""
        start = self._clock.now()
        pacer = Pacer(self._clock.now)
        for chunk in self._generate(start_time=start):
            time = await wait_reporting_idle(pacer.until(chunk.time or start), take, self._clock.now)
            take(Chunk(chunk.data, time))
