"""The rules of plausibility that do not hold now, and the event of each, which is reported once.

In: samples. Out: the events of the rules that a sample breaks, if they were not reported yet. Memory is bounded by the
number of quantities.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sniffer.core.charger.measurements.measurement import ImplausibleMeasurement
from sniffer.core.charger.measurements.plausibility_rules import Breach, Judgement, MeasuredSample, PlausibilityRule


@dataclass(slots=True)
class _Open:
    """A rule that does not hold: since when, in how many reports, and the event if it was reported."""

    since: int | None
    reports: int = 0
    event: ImplausibleMeasurement | None = None


class Breaches:
    """The rules that do not hold now, by rule and quantity, then by connector."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], dict[int | None, _Open]] = {}

    @property
    def events(self) -> tuple[ImplausibleMeasurement, ...]:
        """The events of the rules that do not hold and were reported."""
        return tuple(found.event for group in self._open.values() for found in group.values() if found.event)

    def concerns(self, name: str) -> bool:
        """Return True if a rule does not hold for this quantity, of any connector."""
        return any(group and key[1] == name for key, group in self._open.items())

    def add(
        self, rules: Sequence[PlausibilityRule], sample: MeasuredSample, *, is_new: bool
    ) -> Iterator[ImplausibleMeasurement]:
        """Yield an event for each of the rules that is broken from this sample on.

        `is_new` is True if the sample is the first print of a report.
        """
        for rule in rules:
            if rule.by_report and not is_new:
                continue
            judgement = rule.finds(rule, sample)
            if judgement is Judgement.UNKNOWN:
                continue
            connector = sample.meter if rule.measures == "difference" else sample.connector
            key = rule.name, sample.name
            if isinstance(judgement, Breach):
                if event := _add_breach(self._open.setdefault(key, {}), rule, connector, judgement, sample):
                    yield event
            elif group := self._open.get(key):
                group.pop(connector, None)


def _add_breach(
    group: dict[int | None, _Open],
    rule: PlausibilityRule,
    connector: int | None,
    breach: Breach,
    sample: MeasuredSample,
) -> ImplausibleMeasurement | None:
    """Add a breach of a rule to those of its group.

    Returns its event if it is reported now. Returns None if it has not lasted long enough, or was reported before.
    """
    time = sample.time
    found = group.setdefault(connector, _Open(time))
    if time is not None and (found.since is None or time < found.since):
        # The clock was set back, or there was none.
        found.since = time
    found.reports += 1
    lasted = 0 if found.since is None or time is None else time - found.since
    is_short = found.reports < rule.reports or (rule.lasts and lasted <= rule.lasts)
    if found.event or is_short or _is_reported(group, connector):
        return None
    found.event = ImplausibleMeasurement(
        time=time,
        rule=rule.name,
        field=sample.name,
        value=breach.value,
        limit=breach.limit,
        unit=rule.unit,
        since=found.since if breach.since is None else breach.since,
        about=rule.about,
        provenance=rule.provenance,
        connector=connector,
    )
    return found.event


def _is_reported(group: dict[int | None, _Open], connector: int | None) -> bool:
    """Return True if the same is reported of the whole charger already, or of a connector of it."""
    if connector is None:
        return any(found.event for found in group.values())
    whole = group.get(None)
    return whole is not None and whole.event is not None
