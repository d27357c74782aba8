"""The rules of plausibility that do not hold now, and the event of each, which is reported once.

In: samples. Out: the events of the rules that a sample breaks, if they were not reported yet. Memory is bounded by the
number of quantities.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sniffer.core.charger.measurements.measurement import ImplausibleMeasurement
from sniffer.core.charger.measurements.plausibility_rules import Breach, Judgement, MeasuredSample, PlausibilityRule

_Key = tuple[str, str, int | None]
"""The rule, the quantity and the connector."""


@dataclass(slots=True)
class _Open:
    """A rule that does not hold: since when, in how many reports, and the event if it was reported."""

    since: int | None
    reports: int = 0
    event: ImplausibleMeasurement | None = None


class Breaches:
    """The rules that do not hold now."""

    def __init__(self) -> None:
        self._open: dict[_Key, _Open] = {}

    @property
    def events(self) -> tuple[ImplausibleMeasurement, ...]:
        """The events of the rules that do not hold and were reported."""
        return tuple(found.event for found in self._open.values() if found.event)

    def concerns(self, name: str) -> bool:
        """Return True if a rule does not hold for this quantity, of any connector."""
        return any(key[1] == name for key in self._open)

    def add(
        self, rules: Sequence[PlausibilityRule], sample: MeasuredSample, *, is_new: bool
    ) -> Iterator[ImplausibleMeasurement]:
        """Yield an event for each of the rules that is broken from this sample on.

        `is_new` is True if the sample is the first print of a report.
        """
        for rule in rules:
            if rule.by_report and not is_new:
                continue
            verdict = rule.finds(rule, sample)
            if verdict is Judgement.UNKNOWN:
                continue
            key = rule.name, sample.name, sample.meter if rule.measures == "difference" else sample.connector
            if not isinstance(verdict, Breach):
                self._open.pop(key, None)
            elif event := self._add_breach(rule, key, verdict, sample.time):
                yield event

    def _add_breach(
        self, rule: PlausibilityRule, key: _Key, breach: Breach, time: int | None
    ) -> ImplausibleMeasurement | None:
        found = self._open.setdefault(key, _Open(time))
        if time is not None and (found.since is None or time < found.since):
            # The clock was set back, or there was none.
            found.since = time
        found.reports += 1
        lasted = 0 if found.since is None or time is None else time - found.since
        if found.event or found.reports < rule.reports or (rule.lasts and lasted <= rule.lasts) or self._is_known(key):
            return None
        found.event = ImplausibleMeasurement(
            time=time,
            rule=rule.name,
            field=key[1],
            value=breach.value,
            limit=breach.limit,
            unit=rule.unit,
            since=found.since if breach.since is None else breach.since,
            about=rule.about,
            provenance=rule.provenance,
            connector=key[2],
        )
        return found.event

    def _is_known(self, key: _Key) -> bool:
        """Return True if the same is reported of the whole charger already, or of a connector of it."""
        return any(
            found.event is not None and key[:2] == other[:2] and None in (key[2], other[2])
            for other, found in self._open.items()
        )
