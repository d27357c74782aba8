"""The plots of the timeline. A column of a plot is a column of the axis, so that both show the same moment.

In: the buckets of each column. Out: one row of block characters, with a text for the last value and the range. A plot
of voltages shows the voltage of each column that is furthest from the mean, so that a short dip is visible in an hour.
"""

from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from sniffer.history.buckets import Bucket, VoltageRange

BARS = "▁▂▃▄▅▆▇█"

PHASES = 3

_frames, _low, _high = attrgetter("frames"), attrgetter("low"), attrgetter("high")

SMALLEST_SPAN = 10.0
"""How many volts a plot spans at least: on a smaller span a ripple would look like a dip."""


class Plot(NamedTuple):
    """A row: a bar or a blank for each column, with its name before and a note behind it."""

    name: str
    bars: str
    note: str
    style: str


def make_rate_plot(columns: Sequence[Sequence[Bucket]], seconds: float | None) -> Plot:
    """Return the plot of frames per second, or of frames per column if the source has no times.

    `seconds` is how long a column lasts, or None if the source has no times.
    """
    rates = [sum(map(_frames, buckets)) / (seconds or 1) for buckets in columns]
    highest, mean = max(rates, default=0.0), sum(rates) / max(1, len(rates))
    note = f"avg {_format_count(mean)} max {_format_count(highest)}{'/s' if seconds else ''}"
    return Plot("rate", draw_bars([rate or None for rate in rates], 0, highest), note, "$primary")


def make_voltage_plots(columns: Sequence[Sequence[Bucket]], silent: Sequence[bool], *, apart: bool) -> list[Plot]:
    """Return the plots of the three phases: one row for each, or one row for all if not `apart`, on the same scale.

    A column without a report repeats the voltage before it, except in a silence and after the last report.
    """
    voltages = [[bucket.phases for bucket in buckets if bucket.phases] for buckets in columns]
    if not any(voltages):
        return []
    rows = {"L1-3": [[*chain.from_iterable(here)] for here in voltages]}
    if apart:
        rows = {f"L{phase + 1}": [[volts[phase] for volts in here] for here in voltages] for phase in range(PHASES)}
    spans = {name: [*map(_span, row)] for name, row in rows.items()}
    everything = [span for row in spans.values() for span in row if span]
    usual = sum(map(sum, everything)) / len(everything) / 2
    low, high = min(everything)[0], max(top for _, top in everything)
    margin = max(0.0, SMALLEST_SPAN - (high - low)) / 2
    plots = []
    for name, row in spans.items():
        latest = next(here for here in reversed(rows[name]) if here)[-1 if apart else -PHASES :]
        mean = sum(volts.mean for volts in latest) / len(latest)
        own = [span for span in row if span]
        note = f"{mean:.1f} V {min(own)[0]:.1f}-{max(top for _, top in own):.1f}"
        furthest = [span and (span[0] if 2 * usual > span[0] + span[1] else span[1]) for span in row]
        plots.append(
            Plot(name, draw_bars(_fill_missing(furthest, silent), low - margin, high + margin), note, "$quiet")
        )
    return plots


def _span(voltages: Sequence[VoltageRange]) -> tuple[float, float] | None:
    """Return the lowest and the highest voltage, or None if none was reported."""
    return (min(map(_low, voltages)), max(map(_high, voltages))) if voltages else None


def _fill_missing(values: Sequence[float | None], silent: Sequence[bool]) -> list[float | None]:
    """Return the values with missing ones filled by the value before."""
    last = max((column for column, value in enumerate(values) if value is not None), default=0)
    filled: list[float | None] = []
    before = None
    for column, value in enumerate(values):
        before = value if value is not None else None if silent[column] or column > last else before
        filled.append(before)
    return filled


def draw_bars(values: Sequence[float | None], low: float, high: float) -> str:
    """Return a bar for each value between `low` and `high`, and a blank for each missing value."""
    span, top = high - low, len(BARS) - 1
    return "".join(
        " " if value is None else BARS[min(top, max(0, round((value - low) / span * top))) if span else top]
        for value in values
    )


def _format_count(count: float) -> str:
    if count >= 10_000:
        return f"{count / 1000:.0f}k"
    return f"{count:.0f}" if count >= 10 or count == int(count) else f"{count:.1f}"
