"""Ranges of measured values over a span of a session, by connector and quantity.

In: values as they are read from messages and log lines. Out: for each series the first and last, the lowest and highest
value, and the mean. A value that is printed several times is counted each time.
"""

from collections.abc import Collection, Iterable, Mapping

from sniffer.core.charger.measurements.measurement import QUANTITIES, STATION, may_be_missing
from sniffer.core.protocol.conversions import Numeric

SeriesKey = tuple[int | None, str]
"""The connector and the quantity of a series. The connector is None if no message named it."""

SERIES_KEPT = 64
"""The highest number of series in a session: those of four connectors. Further ones are left out."""

_ORDER = {name: place for place, name in enumerate(QUANTITIES)}


class ValueRange:
    """The values of one series: their number, first and last, lowest and highest, and sum.

    `first_number` and `last_number` are the records that reported the first and the last one.
    """

    __slots__ = ("count", "first", "first_number", "high", "last", "last_number", "low", "total")

    def __init__(self, value: Numeric, number: int) -> None:
        self.count = 1
        self.first = self.last = self.low = self.high = self.total = value
        self.first_number = self.last_number = number

    def add(self, value: Numeric, number: int) -> None:
        """Count one more value, of a later record."""
        self.count += 1
        self.total += value
        self.last = value
        self.last_number = number
        if value < self.low:
            self.low = value
        elif value > self.high:
            self.high = value

    def merge(self, other: "ValueRange") -> None:
        """Add all values of another range."""
        self.count += other.count
        self.total += other.total
        self.low = min(self.low, other.low)
        self.high = max(self.high, other.high)
        if other.first_number < self.first_number:
            self.first, self.first_number = other.first, other.first_number
        if other.last_number > self.last_number:
            self.last, self.last_number = other.last, other.last_number

    @property
    def mean(self) -> float:
        """The mean of the values."""
        return self.total / self.count

    def copy(self) -> "ValueRange":
        """Return a range of the same values that goes on by itself."""
        copy = ValueRange(self.first, self.first_number)
        copy.count, copy.last, copy.last_number = self.count, self.last, self.last_number
        copy.low, copy.high, copy.total = self.low, self.high, self.total
        return copy


class SeriesRanges(dict[SeriesKey, ValueRange]):
    """The ranges of several series."""

    __slots__ = ()

    def add(self, key: SeriesKey, value: Numeric, number: int) -> None:
        """Count one more value of a series."""
        if known := self.get(key):
            known.add(value, number)
        else:
            self[key] = ValueRange(value, number)

    def merge(self, others: Mapping[SeriesKey, ValueRange]) -> None:
        """Add all values of other ranges."""
        for key, more in others.items():
            if known := self.get(key):
                known.merge(more)
            else:
                self[key] = more.copy()


def merge_ranges(parts: Iterable[Mapping[SeriesKey, ValueRange]]) -> SeriesRanges:
    """Return the ranges over all of these parts."""
    merged = SeriesRanges()
    for part in parts:
        merged.merge(part)
    return merged


def select_series(
    ranges: Mapping[SeriesKey, ValueRange], present: Collection[SeriesKey] = ()
) -> dict[SeriesKey, ValueRange]:
    """Return the series that are there, in the order in which they are shown.

    A phase whose voltage and current were always 0 is not there, unless it is among the `present` ones of the session.
    If the ranges name at most one connector, all series are of it, and the result names none.
    """
    found = fold_connectors(ranges, find_connectors(ranges))
    nonzero = {key for key, measured in ranges.items() if measured.low or measured.high} | {*present}
    there = [key for key in found if _is_there(key, nonzero)]
    return {key: found[key] for key in sorted(there, key=_place)}


def find_connectors(ranges: Mapping[SeriesKey, ValueRange]) -> frozenset[int]:
    """Return the connectors that have series, without the station."""
    return frozenset(connector for connector, _ in ranges if connector not in (None, STATION))


def fold_connectors(ranges: Mapping[SeriesKey, ValueRange], connectors: Collection[int]) -> SeriesRanges:
    """Return the ranges by quantity alone if the session has at most one connector; otherwise as they are."""
    folded = SeriesRanges()
    for (connector, name), measured in ranges.items():
        is_only = len(connectors) < 2 and connector != STATION
        folded.merge({(None if is_only else connector, name): measured})
    return folded


def _place(key: SeriesKey) -> tuple[int, int]:
    connector, name = key
    return -1 if connector is None else connector, _ORDER[name]


def _is_there(key: SeriesKey, nonzero: Collection[SeriesKey]) -> bool:
    """Return True if a series exists: that of a phase does if the phase ever had a voltage or current above 0."""
    connector, name = key
    if not may_be_missing(name, connector):
        return True
    phase = name.partition("_")[0]
    names = (name, f"{phase}_voltage", f"{phase}_current")
    return any(other in names and connector in (None, place) for place, other in nonzero)
