"""Ratios that hold on a noisy machine: both sides run in turn, many times, and the medians are compared."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Ratio:
    """How often `ours` fits into `reference`; `at_least` is what must hold."""

    what: str
    value: float
    at_least: float
    ours: float
    reference: float

    def __str__(self) -> str:
        verdict = "ok " if self.value >= self.at_least else "LOW"
        times = f"{self.ours * 1e3:9.1f} ms   reference {self.reference * 1e3:9.1f} ms"
        return f"{verdict} {self.what:<58} {self.value:6.2f} (at least {self.at_least:.2f})   ours {times}"


def ratio(
    what: str, ours: Callable[[], object], reference: Callable[[], object], *, at_least: float, rounds: int
) -> Ratio:
    """The median time of `reference` over that of `ours`: above 1, ours is the faster."""
    times: dict[Callable[[], object], list[float]] = {ours: [], reference: []}
    for _ in range(rounds):
        for side in (ours, reference):
            begin = perf_counter()
            side()
            times[side].append(perf_counter() - begin)
    mine, other = statistics.median(times[ours]), statistics.median(times[reference])
    return Ratio(what, other / mine, at_least, mine, other)
