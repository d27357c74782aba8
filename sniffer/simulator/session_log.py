"""The simulated session as the charger's text log: the lines of both links and of all processes, in whole seconds.

In: a scenario. Out: `LogLine`s as the log's reader returns them; `sniffer.formats.charger_log` writes them as text.
"""

from collections.abc import Iterator
from random import Random

from msgspec.structs import replace

from sniffer.base.times import SECOND
from sniffer.core.protocol.log_lines import LogLine
from sniffer.simulator.scenarios import find_scenario
from sniffer.simulator.simulated_charger import SimulatedCharger


def generate_log_lines(scenario: str, *, baud: int, start_time: int = 0, seed: int | None = None) -> Iterator[LogLine]:
    """Return the endless log of a scenario. The same `seed` gives the same lines; None gives new ones.

    Times are in nanoseconds since the epoch, in whole seconds. The log prints no damage of the line. Raises
    `SourceError` at the call for an unknown scenario or an impossible baud rate.
    """
    random = Random(Random(seed).getrandbits(64))
    charger = SimulatedCharger(find_scenario(scenario), baud=baud, random=random, start_time=start_time)
    return map(_cut_to_second, charger.lines())


def _cut_to_second(line: LogLine) -> LogLine:
    return line if line.time is None else replace(line, time=line.time // SECOND * SECOND)
