"""The traffic of a scenario as a tap on the power board's link would read it: bytes with their times, without waiting.

These functions are the interface of the whole simulator, without I/O and without a clock. The live demo and the
pseudo-terminal wait for the time of each chunk; tests and screenshots do not.
"""

from collections.abc import Iterable, Iterator
from random import Random

from sniffer.base.times import MILLISECOND
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM
from sniffer.simulator.line_damage import LineDamage
from sniffer.simulator.line_timing import Step, byte_time
from sniffer.simulator.scenarios import find_scenario
from sniffer.simulator.simulated_charger import SimulatedCharger

READ_TIME = 4 * MILLISECOND
"""Nanoseconds of line time in one read, at most: an adapter delivers the bytes of a few milliseconds."""


def generate_steps(scenario: str, *, baud: int, start_time: int = 0, seed: int | None = None) -> Iterator[Step]:
    """Return the endless traffic of a scenario. The same `seed` gives the same bytes; None gives new ones.

    The traffic begins at `start_time`, in nanoseconds since the epoch: some frames follow the clock. Raises
    `SourceError` at the call for an unknown scenario or an impossible baud rate.
    """
    found = find_scenario(scenario)
    # Damage has its own random numbers, so that it does not change the frames that the charger sends.
    seeds = Random(seed)
    charger = SimulatedCharger(found, baud=baud, random=Random(seeds.getrandbits(64)), start_time=start_time)
    traffic = _select_steps(charger.lines(), byte_time(baud), start_time)
    if not (found.damage_rate or found.burst_rate):
        return traffic
    damage = LineDamage(Random(seeds.getrandbits(64)), damage_rate=found.damage_rate, burst_rate=found.burst_rate)
    return damage.damage_steps(traffic)


def generate_reads(scenario: str, *, baud: int, start_time: int = 0, seed: int | None = None) -> Iterator[Chunk]:
    """Return the traffic of `generate_steps` as chunks: the bytes of one read, and when the last of them arrived.

    Times are in nanoseconds, begin at `start_time` and ascend as `baud` allows. Raises the errors of `generate_steps`.
    """
    steps = generate_steps(scenario, baud=baud, start_time=start_time, seed=seed)
    return _split_into_reads(steps, byte_time(baud), start_time)


def _select_steps(lines: Iterable[LogLine], per_byte: int, end: int) -> Iterator[Step]:
    """Yield the frames of the power board's link. `end` is the time at which the silence before the first begins."""
    for line in lines:
        if line.time is not None and line.frame is not None and line.route in (COM_TO_PWR, PWR_TO_COM):
            yield Step(line.time - end, line.frame)
            end = line.time + len(line.frame) * per_byte


def _split_into_reads(traffic: Iterator[Step], per_byte: int, time: int) -> Iterator[Chunk]:
    """Yield the traffic in pieces as reads would return it. `per_byte` and `time`, its start, are in nanoseconds."""
    size = max(1, READ_TIME // per_byte)
    for step in traffic:
        time += step.silence
        for at in range(0, len(step.data), size):
            data = step.data[at : at + size]
            time += len(data) * per_byte
            yield Chunk(data, time)
