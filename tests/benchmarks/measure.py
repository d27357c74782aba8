"""Figures and ratios, and the lines in which they are printed.

Ratios hold on a noisy machine: both sides run in turn, many times, and the medians of their processor time are
compared, so that the time of other programs does not count. A limit on a time, a share or a size is printed as it is; a
machine that is busy with other work may miss it.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from time import process_time
from typing import Any

SMALL = 2
"""Values below this are printed with two digits after the point."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """The time of `reference` divided by that of `ours`; it must be `at_least` so much."""

    what: str
    value: float
    at_least: float
    ours: float
    reference: float

    @property
    def holds(self) -> bool:
        return self.value >= self.at_least

    def to_json(self) -> dict[str, Any]:
        """Return the ratio as the history keeps it."""
        return {"what": self.what, "value": self.value, "unit": "times", "limit": self.at_least, "holds": self.holds}

    def __str__(self) -> str:
        times = f"ours {self.ours * 1e3:9.1f} ms   reference {self.reference * 1e3:9.1f} ms"
        bar = f"at least {self.at_least:.2f}"
        return _line(self.holds, self.what, f"{self.value:.2f}", bar, times)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value in `unit`; it must be `at_most` so much, None if there is no limit."""

    what: str
    value: float
    unit: str
    at_most: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool:
        return self.at_most is None or self.value <= self.at_most

    def to_json(self) -> dict[str, Any]:
        """Return the figure as the history keeps it."""
        return {"what": self.what, "value": self.value, "unit": self.unit, "limit": self.at_most, "holds": self.holds}

    def __str__(self) -> str:
        bar = "" if self.at_most is None else f"at most {_number(self.at_most)}"
        return _line(self.holds, self.what, f"{_number(self.value)} {self.unit}", bar, self.note)


def ratio(
    what: str,
    ours: Callable[[], object],
    reference: Callable[[], object],
    *,
    at_least: float,
    rounds: int,
    clock: Callable[[], float] = process_time,
) -> Ratio:
    """Return the median time of `reference` divided by that of `ours`: above 1, ours is faster.

    `clock` returns the seconds that count, also those of other processes if a side waits for them.
    """
    times: dict[Callable[[], object], list[float]] = {ours: [], reference: []}
    for _ in range(rounds):
        for side in (ours, reference):
            begin = clock()
            side()
            times[side].append(clock() - begin)
    mine, other = statistics.median(times[ours]), statistics.median(times[reference])
    return Ratio(what, other / mine, at_least, mine, other)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed. Raises `ValueError` without
    values.
    """
    if not values:
        raise ValueError("nothing was measured")
    return sorted(values)[max(0, ceil(len(values) * share) - 1)]


def _number(value: float) -> str:
    if value == int(value) or value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= SMALL else f"{value:.2f}"


def _line(holds: bool, what: str, value: str, bar: str, note: str) -> str:
    return f"{'ok ' if holds else 'LOW'} {what:<58} {value:>12} {f'({bar})' if bar else '':<17} {note}".rstrip()
