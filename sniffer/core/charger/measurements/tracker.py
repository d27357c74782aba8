"""The measurements of a session: messages and log lines go in; their last values, and what is implausible, come out.

Most reports equal the one before, or differ little. Their values are in the calm range of their quantities, and are kept
without being judged. Memory is bounded: `QUANTITIES_KEPT` quantities.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sniffer.core.charger.measurements.breaches import Breaches
from sniffer.core.charger.measurements.measurement import (
    PHASE_CURRENTS,
    PHASE_VOLTAGES,
    POWER_PARTS,
    QUANTITIES,
    ImplausibleMeasurement,
    Measurement,
    MeasurementReader,
    Owner,
    ReadingPlan,
    compute_power,
    is_near,
    may_be_missing,
)
from sniffer.core.charger.measurements.plausibility_rules import NEXT_REPORT, STATUS_VALID, MeasuredSample
from sniffer.core.charger.measurements.quantity import RULES_OF, Quantity
from sniffer.core.protocol.conversions import Raw
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message

QUANTITIES_KEPT = 1024
"""The highest number of quantities and their sources together, each of one connector."""

_ORDER = {name: place for place, name in enumerate(QUANTITIES)}


@dataclass(frozen=True, slots=True)
class Measurements:
    """The last value of each quantity, by connector, and the events of what is implausible now."""

    values: tuple[Measurement, ...] = ()
    implausible: tuple[ImplausibleMeasurement, ...] = ()

    def find(self, name: str, connector: int | None = None) -> Measurement | None:
        """Return the latest value of a quantity; None if there is none. `connector` None stands for any."""
        found = [one for one in self.values if one.name == name and connector in (None, one.connector)]
        return max(found, key=lambda one: one.number, default=None)


class MeasurementTracker:
    """The measurements of one session."""

    def __init__(self) -> None:
        self._reader = MeasurementReader()
        self._quantities: dict[tuple[int | None, str], Quantity] = {}
        self._sources: dict[tuple[str, int | None], _Source] = {}
        self._latest: dict[Owner, _Source] = {}
        self._statuses: dict[int, _Source] = {}
        self._pairs: dict[tuple[bool, str], Quantity] = {}
        self._breaches = Breaches()

    def add(self, item: Message | TextMessage, number: int, line: int | None) -> Sequence[ImplausibleMeasurement]:
        """Add the values of an item; return what is implausible from here on."""
        if isinstance(item, Message):
            owner: Owner | None = item.command
            time = item.frame.time
        else:
            owner, time = item.meaning, item.line.time
        if owner is None:
            return ()
        source = self._latest.get(owner)
        if source is not None and source.is_calm and source.values == item.values:
            source.time, source.number, source.line = time, number, line
            source.is_repeated = True
            if source.connector is not None:
                self._reader.named = source.connector, time
            return ()
        plan = self._reader.plan_of(owner)
        if plan is None:
            return ()
        source = self._find_source(plan, self._reader.find_connector(plan, item.values, time))
        if source is None:
            return ()
        self._latest[owner] = source
        source.begin_report(item.values, time, number, line)
        if source.status is not None and source.connector is not None:
            self._statuses[source.connector] = source
        return self._add_values(source)

    def snapshot(self) -> Measurements:
        """Return the measurements as they are now."""
        return Measurements(tuple(self._measurements()), self._breaches.events)

    def find_recent(self, time: int | None, connector: int | None) -> tuple[Measurement, ...]:
        """Return the values of a connector and of the whole charger that are not older than a report should be.

        `connector` None stands for any.
        """
        return tuple(
            found
            for found in self._measurements()
            if (connector is None or found.connector in (None, connector)) and is_near(time, found.time, NEXT_REPORT)
        )

    def _find_source(self, plan: ReadingPlan, connector: int | None) -> "_Source | None":
        """Return the source of this name and connector; None if there is no room for another one."""
        key = plan.source, connector
        source = self._sources.get(key)
        if source is None and len(self._quantities) + len(self._sources) < QUANTITIES_KEPT:
            source = self._sources[key] = _Source(plan, connector)
            for name, _, _ in plan.quantities:
                quantity = self._quantities.setdefault((connector, name), Quantity(name, connector))
                quantity.sources += (plan.source,)
                source.quantities.append(quantity)
                if len(quantity.sources) > 1:
                    # From now on, a value can break a rule by what another source printed.
                    for other in quantity.sources:
                        self._sources[other, connector].end_repeats()
        return source

    def _add_values(self, source: "_Source") -> Sequence[ImplausibleMeasurement]:
        plan, raws, time = source.plan, source.values, source.time
        found: list[ImplausibleMeasurement] = []
        # The connector of a report that names none depends on the report before it.
        is_calm, count = plan.connector is not None or plan.role == "voltages", len(raws)
        for quantity, (_, position, conversion) in zip(source.quantities, plan.quantities, strict=True):
            if position >= count:
                continue
            value = conversion.value(raws[position])
            assert not isinstance(value, str)
            is_new = True
            if len(quantity.sources) == 1:
                before = quantity.before = quantity.report
                quantity.report = value, time
                quantity.value = value
                if before is None or not (
                    quantity.low <= value <= quantity.high and -quantity.fall <= value - before[0] <= quantity.rise
                ):
                    quantity.highest = max(quantity.highest, abs(value))
                    found += self._judge(quantity, source, is_new=True)
            else:
                is_new = quantity.add_print(value, plan.source, time)
                if not quantity.is_calm(value, is_new=is_new):
                    found += self._judge(quantity, source, is_new=is_new)
                is_calm = False
            quantity.time, quantity.number, quantity.line = time, source.number, source.line
            is_calm = is_calm and quantity.low <= value <= quantity.high
        source.is_calm = is_calm
        return found

    def _judge(self, quantity: Quantity, source: "_Source", *, is_new: bool) -> list[ImplausibleMeasurement]:
        """Apply the rules of a quantity to its last value, and compute its calm range anew."""
        name, pair, meter = quantity.name, None, quantity.connector
        if name in PHASE_VOLTAGES:
            of_mains = source.plan.role == "voltages"
            self._pairs[of_mains, name] = quantity
            pair = self._pairs.get((not of_mains, name))
            if pair is not None:
                self._settle()
                meter = pair.connector if of_mains else quantity.connector
        sample = MeasuredSample(
            name=name,
            connector=quantity.connector,
            value=quantity.value,
            time=source.time,
            highest=quantity.highest,
            before=quantity.before,
            pair=(pair.value, pair.time) if pair else None,
            pair_highest=pair.highest if pair else 0.0,
            meter=meter,
            status=self._find_status(source),
            by_phase=any(current in PHASE_CURRENTS for current, _, _ in source.plan.quantities),
        )
        found = [*self._breaches.add(RULES_OF[name], sample, is_new=is_new)]
        is_open = self._breaches.concerns(name)
        # The mains may change without being judged, so a meter that has them beside it is always judged.
        if source.plan.role == "voltages":
            quantity.set_calm_range(pair.value if pair else None, is_open=is_open)
        else:
            quantity.set_calm_range(None, is_open=is_open or pair is not None)
            if pair:
                pair.set_calm_range(quantity.value, is_open=is_open)
                self._end_repeats(pair)
        return found

    def _end_repeats(self, quantity: Quantity) -> None:
        for name in quantity.sources:
            self._sources[name, quantity.connector].end_repeats()

    def _settle(self) -> None:
        for source in self._sources.values():
            source.settle()

    def _measurements(self) -> Iterator[Measurement]:
        self._settle()
        found = [quantity.measurement for quantity in self._quantities.values() if self._is_there(quantity)]
        found += self._compute_powers()
        yield from sorted(found, key=lambda one: (-1 if one.connector is None else one.connector, _ORDER[one.name]))

    def _compute_powers(self) -> Iterator[Measurement]:
        """Yield the power of each phase whose voltage and current are of the same record."""
        connectors = {connector for connector, _ in self._quantities}
        for connector in connectors:
            for power, names in POWER_PARTS.items():
                volts, amperes = (self._quantities.get((connector, name)) for name in names)
                if volts and amperes and volts.number == amperes.number and self._is_there(volts):
                    watts = compute_power(volts.value, amperes.value)
                    yield volts.measurement._replace(name=power, value=watts, unit=QUANTITIES[power])

    def _is_there(self, quantity: Quantity) -> bool:
        """Return True if a quantity is there. That of a phase is if its voltage or its current was ever above 0."""
        if quantity.report is None:
            return False
        name, connector = quantity.name, quantity.connector
        if not may_be_missing(name, connector):
            return True
        phase = name.partition("_")[0]
        names = (name, f"{phase}_voltage", f"{phase}_current")
        of_phase = [self._quantities.get((connector, other)) for other in names]
        return any(other is not None and other.highest > 0 for other in of_phase)

    def _find_status(self, source: "_Source") -> str | None:
        """Return the status of the connector of a source if it was reported not long ago."""
        known = None if source.connector is None else self._statuses.get(source.connector)
        return known.status if known and is_near(source.time, known.time, STATUS_VALID) else None


class _Source:
    """One command or log line that reports quantities of one connector, with its last report.

    `is_calm` is True if the same values again can break no rule. Such repeats only count their time and place, which
    `settle` passes on to the quantities.
    """

    __slots__ = (
        "connector",
        "is_calm",
        "is_repeated",
        "line",
        "number",
        "plan",
        "quantities",
        "status",
        "time",
        "values",
    )

    def __init__(self, plan: ReadingPlan, connector: int | None) -> None:
        self.plan = plan
        self.connector = connector
        self.quantities: list[Quantity] = []
        self.values: tuple[Raw, ...] = ()
        self.time: int | None = None
        self.number = 0
        self.line: int | None = None
        self.status: str | None = None
        self.is_calm = False
        self.is_repeated = False

    def begin_report(self, values: tuple[Raw, ...], time: int | None, number: int, line: int | None) -> None:
        """Begin a report with other values than the last one."""
        self.settle()
        self.values, self.time, self.number, self.line = values, time, number, line
        place = self.plan.status
        self.status = str(place[1].value(values[place[0]])) if place and place[0] < len(values) else None

    def settle(self) -> None:
        """Pass the time and place of repeated values on to their quantities."""
        if self.is_repeated:
            self.is_repeated = False
            for quantity, (_, position, _) in zip(self.quantities, self.plan.quantities, strict=True):
                if position < len(self.values):
                    quantity.time, quantity.number, quantity.line = self.time, self.number, self.line
                    quantity.report = quantity.value, self.time

    def end_repeats(self) -> None:
        """Let the next report be added in full, even if its values are the same."""
        self.settle()
        self.is_calm = False
