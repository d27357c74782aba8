"""The plots of the timeline. A column of a plot is a column of the axis, so that both show the same moment.

In: the buckets of each column. Out: one row of block characters, with a text for the last value and the range. A plot
of voltages shows the voltage of each column that is furthest from the mean, so that a short dip is visible in an hour.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from sniffer.base.sanitize import printable
from sniffer.core.charger.measurements.course import PILOT
from sniffer.core.charger.measurements.measurement import PHASE_CURRENTS, PHASE_POWERS, PHASE_VOLTAGES
from sniffer.core.protocol.definition import Definition
from sniffer.history.timeline.buckets import Bucket
from sniffer.history.timeline.measured_ranges import SeriesKey, ValueRange, merge_ranges, select_series
from sniffer.text.quantities import format_quantity

BARS = "▁▂▃▄▅▆▇█"

_frames = attrgetter("frames")


class Plot(NamedTuple):
    """A row: a bar or a blank for each column, with its name before and a note after it."""

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


def make_measured_plots(
    columns: Sequence[Sequence[Bucket]],
    silent: Sequence[bool],
    rows: int,
    present: Collection[SeriesKey] = (),
    kinds: Sequence["PlotKind"] | None = None,
) -> list[Plot]:
    """Return the plots of the measured values that fit in this number of rows: the phase voltages first.

    The voltages have one row for each phase if there is room for all plots, else one row for all. `present` are the
    series of the session that ever had another value than 0. `kinds` are the kinds of plots; None for those of a
    charger.
    """
    series = select_series(merge_ranges(bucket.ranges for buckets in columns for bucket in buckets), present)
    groups = [*_group_series(series, KINDS if kinds is None else kinds)]
    plots: list[Plot] = []
    for group in groups:
        if len(plots) < rows:
            is_apart = group.kind is VOLTAGE and rows >= len(groups) - 1 + len(group.keys)
            plots += _draw_group(group, columns, silent, is_apart=is_apart)
    return plots[: max(0, rows)]


class PlotKind(NamedTuple):
    """A kind of plot: its name, its quantities and their unit, and the least span in units."""

    name: str
    quantities: tuple[str, ...]
    unit: str
    least_span: float


VOLTAGE = PlotKind("L", PHASE_VOLTAGES, "V", 10.0)
ENERGY = PlotKind("Wh", ("energy",), "Wh", 100.0)
KINDS = (
    VOLTAGE,
    PlotKind("A", PHASE_CURRENTS, "A", 1.0),
    PlotKind("W", PHASE_POWERS, "W", 100.0),
    ENERGY,
    PlotKind("board", ("board_temperature",), "°C", 5.0),
    PlotKind("conn", ("connector_temperature",), "°C", 5.0),
    PlotKind("meter", ("temperature",), "°C", 5.0),
)
"""The kinds of plots in their order. On a smaller span than the least one, a ripple would look like a dip."""

OTHER_KINDS = (
    PlotKind("V", ("voltage",), "V", 10.0),
    PlotKind("A", ("current",), "A", 1.0),
    PlotKind("W", ("power",), "W", 100.0),
    PlotKind("CP", (PILOT,), "V", 1.0),
)
"""Further kinds of plots of the boards of other makers. A charger reports these values by phase as well."""


def list_kinds(definition: Definition) -> tuple[PlotKind, ...]:
    """Return the kinds of plots of a definition.

    A quantity that only a field of another board has is called as that field is.
    """
    if definition.is_charger:
        return KINDS
    return tuple(
        kind._replace(name=printable(format_quantity(kind.quantities[0], definition)))
        if len(kind.quantities) == 1
        else kind
        for kind in (*KINDS, *OTHER_KINDS)
    )


class Group(NamedTuple):
    """The series of one plot, with the ranges over all columns."""

    kind: PlotKind
    connector: int | None
    keys: tuple[SeriesKey, ...]
    whole: tuple[ValueRange, ...]


def _group_series(series: Mapping[SeriesKey, ValueRange], kinds: Sequence[PlotKind]) -> Iterator[Group]:
    """Yield the series in groups that share a scale: the phases of one kind and connector."""
    connectors = [*dict.fromkeys(connector for connector, _ in series)]
    for kind in kinds:
        for connector in connectors:
            keys = tuple((connector, name) for name in kind.quantities if (connector, name) in series)
            if keys:
                yield Group(kind, connector, keys, tuple(series[key] for key in keys))


def _draw_group(
    group: Group, columns: Sequence[Sequence[Bucket]], silent: Sequence[bool], *, is_apart: bool
) -> Iterator[Plot]:
    """Yield one plot of a group, or one for each of its series on the same scale."""
    low, high = min(whole.low for whole in group.whole), max(whole.high for whole in group.whole)
    margin = max(0.0, group.kind.least_span - (high - low)) / 2
    is_mixed = group.connector is None
    for keys, whole in (
        zip(((key,) for key in group.keys), ((one,) for one in group.whole), strict=True)
        if is_apart
        else ((group.keys, group.whole),)
    ):
        names = {name for _, name in keys}
        ranges = [
            [
                measured
                for bucket in buckets
                for (connector, name), measured in bucket.ranges.items()
                if name in names and (is_mixed or connector == group.connector)
            ]
            for buckets in columns
        ]
        values = [_find_extreme(group, here) for here in ranges]
        bars = draw_bars(_fill_missing(values, silent), low - margin, high + margin)
        yield Plot(_format_name(group, keys), bars, _format_note(group.kind, whole), "$quiet")


def _find_extreme(group: Group, ranges: Sequence[ValueRange]) -> float | None:
    """Return the value of a column: the voltage furthest from the mean, otherwise the highest value.

    None without values.
    """
    if not ranges:
        return None
    low, high = min(one.low for one in ranges), max(one.high for one in ranges)
    if group.kind.unit != VOLTAGE.unit:
        return high
    usual = sum(one.mean for one in group.whole) / len(group.whole)
    return low if 2 * usual > low + high else high


def _format_name(group: Group, keys: Sequence[SeriesKey]) -> str:
    place = "" if group.connector is None else f"C{group.connector} "
    if group.kind is not VOLTAGE:
        return place + group.kind.name
    phases = [name.partition("_")[0].removeprefix("l") for _, name in keys]
    return f"{place}L{phases[0]}" if len(phases) == 1 else f"{place}L{phases[0]}-{phases[-1]}"


def _format_note(kind: PlotKind, whole: Sequence[ValueRange]) -> str:
    """Return the last value, the mean of the phases, and the range."""
    low, high = min(one.low for one in whole), max(one.high for one in whole)
    last = sum(one.last for one in whole) / len(whole)
    if kind.unit == ENERGY.unit:
        return f"{last / 1000:.2f} kWh +{(high - low) / 1000:.2f}"
    decimals = 1 if kind.unit in ("V", "A") else 0
    return f"{last:.{decimals}f} {kind.unit} {low:.{decimals}f}-{high:.{decimals}f}"


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
