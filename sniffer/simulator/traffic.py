"""A scenario as dated bytes: what a tap on the simulated charger would read, and when, without waiting for it.

This is the whole simulator behind one door, still without I/O and without a clock: the live demo and the
pseudo-terminal wait for each chunk's time, tests and screenshots do not.
"""

from collections.abc import Iterator
from random import Random

from sniffer.core.wire.items import Chunk
from sniffer.simulator.line_damage import LineDamage
from sniffer.simulator.line_timing import MILLISECOND, Step, byte_time
from sniffer.simulator.scenarios import find_scenario
from sniffer.simulator.simulated_charger import SimulatedCharger

READ_TIME = 4 * MILLISECOND
"""How much line time one read covers at most: an adapter hands over what came in a few milliseconds."""


def generate_steps(scenario: str, *, baud: int, seed: int | None = None) -> Iterator[Step]:
    """The endless traffic of the scenario of this name. The same `seed` gives the same bytes; None gives new ones.

    Raises `SourceError` for an unknown scenario or an impossible baud rate, at the call.
    """
    told = find_scenario(scenario)
    # Damage has random numbers of its own, so that it does not change what the charger says.
    seeds = Random(seed)
    traffic = SimulatedCharger(told, baud=baud, random=Random(seeds.getrandbits(64))).steps()
    if not (told.hurt or told.bursts):
        return traffic
    return LineDamage(Random(seeds.getrandbits(64)), hurt=told.hurt, bursts=told.bursts).steps(traffic)


def generate_reads(scenario: str, *, baud: int, start_time: int = 0, seed: int | None = None) -> Iterator[Chunk]:
    """The same as reads: bytes, and the nanosecond in which the last of them arrived.

    Times count on from `start_time`, ascend, and are as far apart as `baud` allows. Raises as `generate_steps` does.
    """
    return _reads(generate_steps(scenario, baud=baud, seed=seed), byte_time(baud), start_time)


def _reads(traffic: Iterator[Step], per_byte: int, time: int) -> Iterator[Chunk]:
    size = max(1, READ_TIME // per_byte)
    for step in traffic:
        time += step.silence
        for at in range(0, len(step.data), size):
            data = step.data[at : at + size]
            time += len(data) * per_byte
            yield Chunk(data, time)
