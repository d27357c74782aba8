"""The measurements of a session: messages and log lines go in; their last values, and what is implausible, come out.

Values in the calm range of their quantities are kept without being judged, and most messages pass by a shortcut
(`report_source`). Memory is bounded: `QUANTITIES_KEPT` quantities.
"""

from collections.abc import Iterator, Sequence
from operator import attrgetter

from sniffer.base.native import mypyc_attr
from sniffer.core.charger.events import Event
from sniffer.core.charger.measurements.breaches import Breaches
from sniffer.core.charger.measurements.course import PILOT, Course, ValueSeries, build_course
from sniffer.core.charger.measurements.measurement import (
    PHASE_CURRENTS,
    PHASE_VOLTAGES,
    POWER_PARTS,
    QUANTITIES,
    ImplausibleMeasurement,
    Measurement,
    MeasurementReader,
    Measurements,
    Owner,
    ReadingPlan,
    compute_power,
    is_near,
    may_be_missing,
)
from sniffer.core.charger.measurements.plausibility_rules import CURRENTS, NEXT_REPORT, STATUS_VALID, MeasuredSample
from sniffer.core.charger.measurements.quantity import RULES_OF, Quantity
from sniffer.core.charger.measurements.report_source import ReportSource
from sniffer.core.protocol.conversions import RawValues
from sniffer.core.protocol.definition import Command
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message

QUANTITIES_KEPT = 1024
"""The highest number of quantities and their sources together, each of one connector."""

_number = attrgetter("number")

_ORDER = {name: place for place, name in enumerate(QUANTITIES)}


@mypyc_attr(allow_interpreted_subclasses=True)
class MeasurementTracker:
    """The measurements of one session. `apply` appends its events to `events`."""

    def __init__(self, events: list[Event]) -> None:
        self._events = events
        self._reader = MeasurementReader()
        self._places: dict[int | None, _Place] = {}
        self._kept = 0
        self._latest: dict[Owner | None, ReportSource] = {}
        self._pairs: dict[tuple[bool, str], Quantity] = {}
        self._breaches = Breaches()

    def apply(self, message: Message, number: int, line: int | None) -> None:
        """Add the values of a message; append the events of values that are implausible from this message on."""
        source = self._latest.get(message.command)
        if source is None or not source.passes(message, number, line):
            self._events += self._add_item(message.command, message.values, message.frame.time, number, line)

    def add(self, message: Message, number: int, line: int | None) -> Sequence[ImplausibleMeasurement]:
        """Add the values of a message; return the events of values that are implausible from this message on."""
        source = self._latest.get(message.command)
        if source is not None and source.passes(message, number, line):
            return ()
        return self._add_item(message.command, message.values, message.frame.time, number, line)

    def find_source(self, command: Command | None) -> ReportSource | None:
        """Return the source of the last message of a command; None if it measures nothing."""
        return self._latest.get(command)

    def add_line(self, line_message: TextMessage, number: int, line: int | None) -> Sequence[ImplausibleMeasurement]:
        """Add the values of a log line; return the events of values that are implausible from this line on."""
        return self._add_item(line_message.meaning, line_message.values, line_message.time, number, line)

    def _add_item(
        self, owner: Owner | None, values: RawValues, time: int | None, number: int, line: int | None
    ) -> Sequence[ImplausibleMeasurement]:
        """Add values in full, without the shortcut."""
        plan = self._reader.plan_of(owner, values) if owner else None
        if owner is None or plan is None:
            return ()
        if plan.connector is None and plan.role != "voltages":
            self._name_last_connector()
        source = self._find_source(plan, self._reader.find_connector(plan, values, time))
        if source is None:
            return ()
        self._latest[owner] = source
        if plan is not source.plan:
            source.set_plan(plan)
        source.begin_report(values, time, number, line)
        found = self._add_values(source)
        if isinstance(owner, Command) and not owner.parts:
            source.open_shortcut()
        return found

    def _name_last_connector(self) -> None:
        """Let the reader know which connector was named last: messages of the shortcut named one as well."""
        sources = (source for place in self._places.values() for source in place.sources.values())
        last = max((one for one in sources if one.plan.connector is not None), key=_number, default=None)
        if last:
            last.settle()
            self._reader.named = last.connector, last.time

    def snapshot(self) -> Measurements:
        """Return the measurements as they are now."""
        return Measurements(tuple(self._measurements(None)), self._breaches.events)

    def find_recent(self, time: int | None, connector: int | None) -> tuple[Measurement, ...]:
        """Return the values of a connector and of the whole charger that are not older than a report should be.

        `connector` None stands for any.
        """
        found = [*self._measurements(connector)]
        for place in self._find_places(connector):
            found += place.pilots()
        return tuple(one for one in found if is_near(time, one.time, NEXT_REPORT))

    def find_courses(self, time: int | None, connector: int | None) -> tuple[Course, ...]:
        """Return the course of each value of a connector and of the whole charger in the half minute before a time.

        `connector` None stands for any. There are none if the time is not known.
        """
        if time is None:
            return ()
        return tuple(course for place in self._find_places(connector) for course in place.courses(time))

    def _find_places(self, connector: int | None) -> list["_Place"]:
        """Return the place of the whole charger and that of a connector; those of all, in order, if it is None."""
        known = self._places.keys() if connector is None else self._places.keys() & {None, connector}
        return [self._places[number] for number in sorted(known, key=lambda number: (number is not None, number))]

    def _find_source(self, plan: ReadingPlan, connector: int | None) -> ReportSource | None:
        """Return the source of this name and connector; None if there is no room for another one."""
        place = self._places.get(connector)
        source = place.sources.get(plan.source) if place else None
        if source is None and self._kept < QUANTITIES_KEPT:
            place = place or self._places.setdefault(connector, _Place())
            source = place.sources[plan.source] = ReportSource(plan, connector)
            self._kept += 1 + len(plan.quantities)
            for name, _, _ in plan.quantities:
                quantity = place.quantities.setdefault(name, Quantity(name, connector))
                quantity.sources += (plan.source,)
                source.quantities.append(quantity)
                if len(quantity.sources) > 1:
                    # From now on, a value can break a rule by what another source printed.
                    self._end_shortcuts(quantity)
        return source

    def _add_values(self, source: ReportSource) -> Sequence[ImplausibleMeasurement]:
        """Pass the values of a report on to their quantities; return the events of newly implausible ones."""
        name, time, number, line = source.plan.source, source.time, source.number, source.line
        is_judged, found = source.plan.is_judged, list[ImplausibleMeasurement]()
        for quantity, value in zip(source.quantities, source.numbers, strict=False):
            if value is not None:
                is_new = quantity.add_print(value, name, time)
                quantity.time, quantity.number, quantity.line = time, number, line
                if is_judged and not quantity.is_calm(value, is_new=is_new):
                    found += self._judge(quantity, source, is_new=is_new)
                elif quantity.mains:
                    self._pairs[False, quantity.name] = quantity
        return found

    def _judge(self, quantity: Quantity, source: ReportSource, *, is_new: bool) -> list[ImplausibleMeasurement]:
        """Apply the rules of a quantity to its last value, and compute its calm range anew."""
        name, pair, meter = quantity.name, None, quantity.connector
        if name in PHASE_VOLTAGES:
            of_mains = source.plan.role == "voltages"
            if of_mains and (True, name) not in self._pairs:
                self._judge_meters(name)
            self._pairs[of_mains, name] = quantity
            pair = self._pairs.get((not of_mains, name))
            if pair is not None:
                self._places[pair.connector].settle()
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
            status=self._find_status(source) if name in CURRENTS else None,
            by_phase=name in CURRENTS and any(other in PHASE_CURRENTS for other, _, _ in source.plan.quantities),
        )
        found = [*self._breaches.add(RULES_OF[name], sample, is_new=is_new)]
        is_open = self._breaches.concerns(name)
        quantity.set_calm_range(pair.value if pair else None, is_open=is_open)
        if pair and source.plan.role != "voltages":
            # The next report of the mains is judged, as this one may be followed by others that are not.
            quantity.compare_with_mains(pair)
            pair.set_calm_range(None, is_open=True)
            self._end_shortcuts(pair)
        return found

    def _judge_meters(self, name: str) -> None:
        """Let every next voltage of a meter be judged: from now on there are the mains to compare it with."""
        for place in self._places.values():
            if known := place.quantities.get(name):
                known.set_calm_range(None, is_open=True)
                self._end_shortcuts(known)

    def _end_shortcuts(self, quantity: Quantity) -> None:
        """End the shortcut of each source of a quantity, so that its next value is judged in full."""
        sources = self._places[quantity.connector].sources
        for name in quantity.sources:
            sources[name].end_shortcut()

    def _measurements(self, connector: int | None) -> Iterator[Measurement]:
        """Yield the values of a connector and of the whole charger, in the order in which they are shown.

        `connector` None stands for any.
        """
        for place in self._find_places(connector):
            yield from sorted(place.measurements(), key=lambda one: _ORDER[one.name])

    def _find_status(self, source: ReportSource) -> str | None:
        """Return the status of the connector of a source; None if it was not reported, or longer than `STATUS_VALID`
        ago.
        """
        if source.connector is None:
            return None
        sources = self._places[source.connector].sources.values()
        last = max((one for one in sources if one.plan.status), key=_number, default=None)
        if last is None:
            return None
        last.settle()
        return last.status if is_near(source.time, last.time, STATUS_VALID) else None


@mypyc_attr(allow_interpreted_subclasses=True)
class _Place:
    """The quantities and the sources of one connector, by name."""

    __slots__ = ("quantities", "sources")

    def __init__(self) -> None:
        self.quantities: dict[str, Quantity] = {}
        self.sources: dict[str, ReportSource] = {}

    def settle(self) -> None:
        """Pass the values of skipped messages on to the quantities."""
        for source in self.sources.values():
            source.settle()

    def measurements(self) -> Iterator[Measurement]:
        """Yield the last values of the quantities that are there, and the powers that follow from them."""
        self.settle()
        quantities = self.quantities
        for name, quantity in quantities.items():
            if self._is_there(name, quantity):
                yield quantity.measurement
        for power, (volts_name, amperes_name) in POWER_PARTS.items():
            volts, amperes = quantities.get(volts_name), quantities.get(amperes_name)
            # Only a voltage and a current of the same record belong together.
            if volts and amperes and volts.number == amperes.number and self._is_there(volts_name, volts):
                watts = compute_power(volts.value, amperes.value)
                yield volts.measurement._replace(name=power, value=watts, unit=QUANTITIES[power])

    def pilots(self) -> Iterator[Measurement]:
        """Yield the last voltage of the control pilot of each source that reports one."""
        self.settle()
        for source in self.sources.values():
            volts = source.pilot
            if volts is not None:
                yield Measurement(PILOT, volts, "V", source.connector, source.time, source.number, source.line)

    def courses(self, until: int) -> Iterator[Course]:
        """Yield the course of each value that is there, in the order in which they are shown, and of the pilot."""
        found: dict[str, list[ValueSeries]] = {}
        connector = None
        for source in self.sources.values():
            connector = source.connector
            for name, series in source.list_series(until):
                found.setdefault(name, []).append(series)
        for name in sorted(found, key=lambda name: _ORDER.get(name, len(_ORDER))):
            quantity = self.quantities.get(name)
            if quantity is None or self._is_there(name, quantity):
                course = build_course(name, QUANTITIES.get(name, "V"), connector, found[name], until)
                if course:
                    yield course

    def _is_there(self, name: str, quantity: Quantity) -> bool:
        """Return True if a quantity is there. That of a phase is if its voltage or its current was ever above 0."""
        if quantity.report is None or not may_be_missing(name, quantity.connector):
            return quantity.report is not None
        phase = name.partition("_")[0]
        of_phase = (self.quantities.get(other) for other in (name, f"{phase}_voltage", f"{phase}_current"))
        return any(other is not None and other.highest > 0 for other in of_phase)
