"""Rules of plausibility for measured values, as one table: each row has its limits and its provenance.

In: samples, each a value with what was known beside it. Out: a `Breach` if the value breaks the rule. A rule flags what
it finds and changes nothing. The limits of the mains are those of the manual (protocol.md, Fault vocabularies); all
others are working guesses.
"""

from collections.abc import Callable
from enum import Enum
from typing import Literal, NamedTuple

from msgspec import Struct

from sniffer.base.times import SECOND
from sniffer.core.charger.measurements.measurement import PHASE_CURRENTS, PHASE_VOLTAGES, TEMPERATURES
from sniffer.core.protocol.conversions import Numeric
from sniffer.core.protocol.enumeration import Provenance

PRESENT_FROM = 50.0
"""A phase whose voltage was never above this, in volts, is not there."""

NEXT_REPORT = 65 * SECOND
"""The longest time between two reports that follow each other: two periods of the slower one, and some seconds."""

PAIRED = 5 * SECOND
"""The longest time between voltages of the meter and of the power board that are compared."""

STATUS_VALID = 300 * SECOND
"""The time for which the status of a connector is known after its last report."""

CHARGING = "Charging"

CURRENTS = (*PHASE_CURRENTS, "current")
"""The quantities whose rule asks for the status of the connector, and for what else the report measures."""


TimedValue = tuple[Numeric, int | None]
"""A value that was reported, and the time of its report."""


class MeasuredSample(NamedTuple):
    """One print of a value.

    `highest` is the highest absolute value so far. `before` is the report before this one, and `pair` what the other
    source of phase voltages reported last, with `meter` as the connector of the one that is a meter; both are None if
    there is none. Of `CURRENTS` alone, `status` is the status of the connector, None if it is not known, and `by_phase`
    is True if the same message has the currents of the phases.
    """

    name: str
    connector: int | None
    value: Numeric
    time: int | None
    highest: Numeric
    before: TimedValue | None = None
    pair: TimedValue | None = None
    pair_highest: Numeric = 0.0
    meter: int | None = None
    status: str | None = None
    by_phase: bool = False


class Judgement(Enum):
    """The verdict of a rule on a sample that does not break it: it keeps the rule, or it does not show it."""

    KEEPS = "keeps"
    UNKNOWN = "unknown"


class Breach(NamedTuple):
    """The way in which a sample breaks a rule. `since` is None if it is the time of the first such sample."""

    value: float
    limit: float
    since: int | None = None


class PlausibilityRule(Struct, frozen=True):
    """One rule for the quantities in `fields`: nothing may be below `low` or above `high`.

    `measures` is what is compared with these limits: the value, its step from the report before, or its difference from
    the other source of phase voltages. `finds` returns whether a sample breaks the rule.

    With `inclusive` no value may be `high` either. The rule is broken if it does not hold for longer than `lasts`
    nanoseconds, and in `reports` reports one after the other. `by_report` is True if only the first print of a report
    counts.
    """

    name: str
    fields: tuple[str, ...]
    measures: Literal["value", "step", "difference"]
    low: float | None
    high: float | None
    unit: str
    provenance: Provenance
    about: str
    finds: Callable[["PlausibilityRule", MeasuredSample], Breach | Judgement]
    lasts: int = 0
    reports: int = 1
    by_report: bool = False
    inclusive: bool = False

    def find_limit(self, value: float) -> float | None:
        """Return the limit that a value breaks; None if it breaks none."""
        if self.low is not None and value < self.low:
            return self.low
        if self.high is not None and (value > self.high or (self.inclusive and value == self.high)):
            return self.high
        return None


def _judge(rule: PlausibilityRule, value: float, since: int | None = None) -> Breach | Judgement:
    """Compare a value with the limits of a rule. `since` is when it may have begun, None for now."""
    # Sums of decimal fractions are not exact: 235.1 V - 230.1 V must be 5 V.
    value = round(value, 6)
    limit = rule.find_limit(value)
    return Judgement.KEEPS if limit is None else Breach(value, limit, since)


def _find_phase_voltage(rule: PlausibilityRule, sample: MeasuredSample) -> Breach | Judgement:
    return _judge(rule, sample.value) if sample.highest > PRESENT_FROM else Judgement.UNKNOWN


def _find_value(rule: PlausibilityRule, sample: MeasuredSample) -> Breach | Judgement:
    return _judge(rule, sample.value)


def _find_rise(rule: PlausibilityRule, sample: MeasuredSample) -> Breach | Judgement:
    """Judge the step of a value from the report before; `UNKNOWN` if that is too long ago."""
    before = sample.before
    if before is None or _elapsed(before[1], sample.time) > NEXT_REPORT:
        return Judgement.UNKNOWN
    return _judge(rule, sample.value - before[0], before[1])


def _find_decrease(rule: PlausibilityRule, sample: MeasuredSample) -> Breach | Judgement:
    """Judge whether a counter went back since the report before."""
    before = sample.before
    if before is None:
        return Judgement.UNKNOWN
    if rule.find_limit(sample.value - before[0]) is None:
        return Judgement.KEEPS
    return Breach(sample.value, before[0], before[1])


def _find_current(rule: PlausibilityRule, sample: MeasuredSample) -> Breach | Judgement:
    """Judge whether a current flows although the connector is not charging."""
    if sample.name not in PHASE_CURRENTS and sample.by_phase:
        return Judgement.UNKNOWN
    return Judgement.KEEPS if sample.status in (None, CHARGING) else _judge(rule, sample.value)


def _find_difference(rule: PlausibilityRule, sample: MeasuredSample) -> Breach | Judgement:
    """Judge how far a value is from that of the other source of the same quantity, such as the mains and the meter.

    Returns `UNKNOWN` if the other one has no value or none near in time.
    """
    pair = sample.pair
    if pair is None or sample.time is None or pair[1] is None or not (sample.highest and sample.pair_highest):
        return Judgement.UNKNOWN
    if _elapsed(pair[1], sample.time) > PAIRED:
        return Judgement.UNKNOWN
    before = sample.before
    if before is not None and before[1] is not None and before[1] > pair[1]:
        # The report before this one was nearer in time. Mains that change since then are no difference of the sources.
        return Judgement.UNKNOWN
    return _judge(rule, abs(sample.value - pair[0]), min(pair[1], sample.time))


def _elapsed(one: int | None, other: int | None) -> int:
    """Return the time between two moments; 0 if it is not known."""
    return 0 if one is None or other is None else abs(other - one)


RULES = (
    PlausibilityRule(
        "phase-voltage",
        PHASE_VOLTAGES,
        "value",
        165.0,
        269.0,
        "V",
        Provenance.DOCUMENTED,
        "outside 165 to 269 V for over 6 s",
        _find_phase_voltage,
        lasts=6 * SECOND,
    ),
    PlausibilityRule(
        "temperature-high",
        TEMPERATURES,
        "value",
        None,
        85.0,
        "°C",
        Provenance.ASSUMED,
        "above 85 °C",
        _find_value,
    ),
    PlausibilityRule(
        "temperature-rise",
        TEMPERATURES,
        "step",
        None,
        5.0,
        "K",
        Provenance.ASSUMED,
        "rises by more than 5 K from one report to the next",
        _find_rise,
        by_report=True,
    ),
    PlausibilityRule(
        "energy-backwards",
        ("energy",),
        "step",
        0.0,
        None,
        "Wh",
        Provenance.INFERRED,
        "goes backwards",
        _find_decrease,
        by_report=True,
    ),
    PlausibilityRule(
        "current-without-charging",
        CURRENTS,
        "value",
        None,
        1.0,
        "A",
        Provenance.ASSUMED,
        "flows in two reports while the connector is not Charging: a relay may be welded, take the output as live",
        _find_current,
        reports=2,
        by_report=True,
        inclusive=True,
    ),
    PlausibilityRule(
        "voltages-differ",
        PHASE_VOLTAGES,
        "difference",
        None,
        5.0,
        "V",
        Provenance.ASSUMED,
        "differs by more than 5 V between the meter and the phase voltages",
        _find_difference,
    ),
)
"""All rules."""
