"""One measured quantity of one connector: its last value, its last two reports, and its calm range.

In the calm range no rule can break, whatever the status of the connector is: values in it need not be judged.
"""

from math import inf, nan, nextafter

from sniffer.base.native import mypyc_attr
from sniffer.core.charger.measurements.measurement import (
    PHASE_VOLTAGES,
    QUANTITIES,
    SAME_REPORT,
    Measurement,
    is_near,
    may_be_missing,
)
from sniffer.core.charger.measurements.plausibility_rules import PRESENT_FROM, RULES, PlausibilityRule, TimedValue
from sniffer.core.protocol.conversions import Numeric

RULES_OF = {name: tuple(rule for rule in RULES if name in rule.fields) for name in QUANTITIES}
"""The rules of each quantity."""


@mypyc_attr(allow_interpreted_subclasses=True)
class Quantity:
    """One quantity of one connector. `highest` is the highest absolute value so far.

    `report` is the last report, `before` the one before it. `sources` are the names of all that print the quantity. A
    value from `low` to `high` is calm if it is at most `rise` above and `fall` below the report before.
    That of a voltage of a meter is for the last report of the mains that it was compared with, `mains`; None without.
    """

    __slots__ = (
        "_mains_number",
        "_printed_by",
        "before",
        "connector",
        "fall",
        "high",
        "highest",
        "line",
        "low",
        "mains",
        "name",
        "number",
        "report",
        "rise",
        "sources",
        "time",
        "value",
    )

    def __init__(self, name: str, connector: int | None) -> None:
        self.name = name
        self.connector = connector
        self.value: Numeric = 0.0
        self.time: int | None = None
        self.number = 0
        self.line: int | None = None
        self.highest: Numeric = 0.0
        self.report: TimedValue | None = None
        self.before: TimedValue | None = None
        self.sources: tuple[str, ...] = ()
        self.low = self.high = nan
        self.mains: Quantity | None = None
        self._mains_number = 0
        steps = [rule for rule in RULES_OF[name] if rule.measures == "step"]
        self.rise = min((rule.high for rule in steps if rule.high is not None), default=inf)
        self.fall = min((-rule.low for rule in steps if rule.low is not None), default=inf)
        self._printed_by: tuple[str, ...] = ()

    @property
    def measurement(self) -> Measurement:
        """The last value with its unit and its place."""
        unit = QUANTITIES[self.name]
        return Measurement(self.name, self.value, unit, self.connector, self.time, self.number, self.line)

    def add_print(self, value: Numeric, source: str, time: int | None) -> bool:
        """Add a print of the value; return True if it is the first one of a report."""
        self.value = value
        if not -self.highest <= value <= self.highest:
            self.highest = abs(value)
        report = self.report
        if report and source not in self._printed_by and is_near(report[1], time, SAME_REPORT):
            self._printed_by += (source,)
            return False
        self.before, self.report = report, (value, time)
        self._printed_by = (source,)
        return True

    def is_calm(self, value: Numeric, *, is_new: bool) -> bool:
        """Return True if no rule can break by this value, which was added last. `is_new`: it began a report."""
        if not self.low <= value <= self.high or (self.mains and self.mains.number != self._mains_number):
            return False
        return not is_new or self.before is None or -self.fall <= value - self.before[0] <= self.rise

    def set_calm_range(self, pair: Numeric | None, *, is_open: bool) -> None:
        """Compute the calm range; it is empty if `is_open`, so that all values are judged.

        `pair` is the value of the other source of phase voltages; None if there is none.
        """
        self.low, self.high = (nan, nan) if is_open else self._find_calm_range(pair)

    def compare_with_mains(self, mains: "Quantity") -> None:
        """Note that the calm range of this voltage of a meter is for the last report of the mains."""
        self.mains, self._mains_number = mains, mains.number

    def _find_calm_range(self, pair: Numeric | None) -> tuple[float, float]:
        """Return the lowest and the highest value that break no rule.

        `pair` is the value of the other source, or None.
        """
        if may_be_missing(self.name, self.connector) and not self.highest:
            return 0.0, 0.0
        low, high = -inf, inf
        for rule in RULES_OF[self.name]:
            if rule.measures == "value":
                lowest, highest = self._find_limits(rule)
            elif rule.measures == "difference" and rule.high is not None and pair is not None:
                lowest, highest = pair - rule.high, pair + rule.high
            else:
                continue
            low, high = max(low, lowest), min(high, highest)
        return low, high

    def _find_limits(self, rule: PlausibilityRule) -> tuple[float, float]:
        """Return the lowest and the highest value that a rule for the value itself allows."""
        if self.name in PHASE_VOLTAGES and self.highest <= PRESENT_FROM:
            return -PRESENT_FROM, PRESENT_FROM
        low = -inf if rule.low is None else rule.low
        high = inf if rule.high is None else rule.high
        return low, nextafter(high, low) if rule.inclusive else high
