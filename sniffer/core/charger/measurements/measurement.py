"""The measured quantities that messages and log lines carry, and how they are read.

protocol.md describes them (Commands on `pwrboard`).

In: messages and lines of the roles in `MEASURING_ROLES`. Out: numbers by the name of the quantity, which is the name of
the field. The power of a phase is in no frame: it is computed from the voltage and the current of the same message.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from sniffer.base.times import SECOND
from sniffer.core.charger.evidence import FrozenValue
from sniffer.core.charger.measurements.course import PILOT
from sniffer.core.protocol.conversions import Conversion, Number, Numeric, Raw, RawValues
from sniffer.core.protocol.definition import UNSURE_TYPES, Command, Field, LogLinePattern
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.protocol.phases import PHASES
from sniffer.core.wire.links import LINKS

MEASURING_ROLES = frozenset({"voltages", "meter", "status", "fault", "temperatures"})
"""The roles of the commands and log lines that may carry measured quantities."""

PHASE_VOLTAGES = tuple(f"{phase}_voltage" for phase in PHASES)
PHASE_CURRENTS = tuple(f"{phase}_current" for phase in PHASES)
PHASE_POWERS = tuple(f"{phase}_power" for phase in PHASES)
TEMPERATURES = ("board_temperature", "connector_temperature", "temperature")

QUANTITIES: Mapping[str, str] = {
    **dict.fromkeys(PHASE_VOLTAGES, "V"),
    **dict.fromkeys(PHASE_CURRENTS, "A"),
    **dict.fromkeys(PHASE_POWERS, "W"),
    "voltage": "V",
    "current": "A",
    "energy": "Wh",
    **dict.fromkeys(TEMPERATURES, "°C"),
    "power": "W",
    PILOT: "V",
}
"""The unit of each measured quantity, in the order in which they are shown."""

BOARD_QUANTITIES = frozenset({"power", PILOT})
"""Those of boards of other makers only. The power of the charger follows from its voltage and current, and its pilot is
kept beside the state of its connector.
"""

POWER_PARTS = {f"{phase}_power": (f"{phase}_voltage", f"{phase}_current") for phase in PHASES}
"""The two fields whose product is the power of a phase."""

SAME_REPORT = 2 * SECOND
"""The longest time between two prints of one report, in nanoseconds. A text log has whole seconds, and passes a report
on within one second.
"""

OWNERS_KEPT = 256
"""The number of owners for which it is kept whether their quantities vary: every report needs it."""

PLANS_KEPT = 64
"""The number of plans that are kept for commands whose payload has parts."""

STATION = 0
"""The connector number that stands for the whole station."""

Owner = Command | LogLinePattern
"""The owner of a measured field."""


class Measurement(NamedTuple):
    """The last value of one quantity. `number` and `line` are those of the record that reported it.

    `connector` is None if no message named it, as for the phase voltages of the whole charger.
    """

    name: str
    value: float
    unit: str
    connector: int | None
    time: int | None
    number: int
    line: int | None


class ImplausibleMeasurement(FrozenValue, Struct, frozen=True):
    """A measured quantity that breaks the named rule. It is reported once, until the rule holds again.

    `value` and `limit` are in `unit`. `value` is what the rule compares with the limit: the quantity itself, or how
    much it rose or differs. `since` is the time of the first value that broke the rule, or of the earlier one of two
    that do not fit. `connector` is None if the quantity is that of the whole charger.
    """

    time: int | None
    rule: str
    field: str
    value: float
    limit: float
    unit: str
    since: int | None
    about: str
    provenance: Provenance
    connector: int | None


class Measurements(Struct, frozen=True):
    """The last value of each quantity, by connector, and the events of the values that are implausible now."""

    values: tuple[Measurement, ...] = ()
    implausible: tuple[ImplausibleMeasurement, ...] = ()

    def find(self, name: str, connector: int | None = None) -> Measurement | None:
        """Return the latest value of a quantity; None if there is none. `connector` None stands for any."""
        found = [one for one in self.values if one.name == name and connector in (None, one.connector)]
        return max(found, key=lambda one: one.number, default=None)


class ReadingPlan(NamedTuple):
    """The quantities of one owner: the name, the position and the conversion of each.

    `connector`, `status` and `pilot`, the voltage of the control pilot, are the positions of these fields; None if
    there is none. `source` tells owners apart. `has_powers` is True if the power of a phase can be computed.
    `is_judged` is False if the rules of plausibility, which are the charger's, do not apply.
    """

    source: str
    role: str
    quantities: tuple[tuple[str, int, Conversion], ...]
    connector: tuple[int, Field] | None
    status: tuple[int, Conversion] | None
    has_powers: bool
    pilot: tuple[int, Conversion] | None = None
    is_judged: bool = True

    def __deepcopy__(self, memo: dict[int, object]) -> "ReadingPlan":
        return self


class Reading(NamedTuple):
    """The report of one message or line, the power of its phases included."""

    connector: int | None
    values: Mapping[str, Numeric]
    time: int | None


class MeasurementReader:
    """The reader of measured quantities. It also finds the connector of a line that names none.

    Such a line belongs to the report printed just before it, else to the only connector that was named so far. `named`
    is the connector that was named last, and when.
    """

    def __init__(self) -> None:
        self._plans: dict[Owner, ReadingPlan | None] = {}
        self._plans_of_parts: dict[tuple[Owner, tuple[int, ...]], ReadingPlan | None] = {}
        self._only: int | None = None
        self._several = False
        self.named: tuple[int | None, int | None] = (None, None)

    def plan_of(self, owner: Owner, values: RawValues) -> ReadingPlan | None:
        """Return the plan of an owner, which is made once; None if its role does not measure.

        That of an owner that varies depends on which `values` are there.
        """
        if has_varying_quantities(owner):
            fields = [(place, owner.fields[place], raw) for place, raw in enumerate(values) if raw is not None]
            if any(_names_connector(field) and field.number_of(raw) is None for _, field, raw in fields):
                return None
            present = tuple(place for place, field, raw in fields if _is_value(field, raw))
            if (owner, present) not in self._plans_of_parts:
                if len(self._plans_of_parts) >= PLANS_KEPT:
                    self._plans_of_parts.clear()
                self._plans_of_parts[owner, present] = build_plan(owner, present)
            return self._plans_of_parts[owner, present]
        if owner not in self._plans:
            self._plans[owner] = build_plan(owner)
        return self._plans[owner]

    def read(self, item: Message | TextMessage) -> Reading | None:
        """Return the report of an item; None if it is of no role that measures."""
        owner = item.command if isinstance(item, Message) else item.meaning
        plan = self.plan_of(owner, item.values) if owner else None
        if plan is None:
            return None
        raws, count = item.values, len(item.values)
        values: dict[str, Numeric] = {
            name: conversion.value(raws[position])  # type: ignore[misc, arg-type]  # A number, as `build_plan` makes sure.
            for name, position, conversion in plan.quantities
            if position < count
        }
        if plan.has_powers:
            values |= dict(_compute_powers(values))
        time = item.frame.time if isinstance(item, Message) else item.line.time
        return Reading(self.find_connector(plan, raws, time), values, time)

    def find_connector(self, plan: ReadingPlan, raws: RawValues, time: int | None) -> int | None:
        """Return the connector of a report with these raw values; None if it is of the whole charger or not known."""
        if plan.connector is not None:
            if plan.connector[0] >= len(raws):
                return None
            position, field = plan.connector
            raw = raws[position]
            connector = None if raw is None else field.number_of(raw)
            assert connector is not None
            self.named = connector, time
            if connector != STATION:
                self._several = self._several or self._only not in (None, connector)
                self._only = connector
            return connector
        if plan.role == "voltages":
            return None
        named, at = self.named
        if named is not None and is_near(time, at, SAME_REPORT):
            return named
        return None if self._several else self._only


def measures(owner: Owner) -> bool:
    """Return True if an item may carry measured quantities. A report of a fault does if it has a field for one."""
    if owner.role != "fault":
        return owner.role in MEASURING_ROLES
    return any((field.tells or field.name) in QUANTITIES for field in owner.fields)


@lru_cache(OWNERS_KEPT)
def has_varying_quantities(owner: Owner) -> bool:
    """Return True if the values of an item say which quantities it has: those with parts or `UNSURE_TYPES` do."""
    return isinstance(owner, Command) and (
        bool(owner.parts) or any(field.type in UNSURE_TYPES for field in owner.fields)
    )


def _is_of_charger(owner: Owner) -> bool:
    """Return True if an owner reports quantities of a charger: its own links do, and a command that `tells` so.

    Of a board whose fields tell what they are, nobody knows the limits.
    """
    is_apart = isinstance(owner, Command) and owner.route.link.name not in LINKS
    return not is_apart or not any(field.tells for field in owner.fields)


def _is_value(field: Field, raw: Raw) -> bool:
    """Return True unless a field is a number and its bytes are none, as other digits than decimal ones in BCD."""
    return not field.is_numeric or field.number_of(raw) is not None


def _names_connector(field: Field) -> bool:
    return "connector" in (field.tells, field.name) and field.is_numeric


def build_plan(owner: Owner, present: Sequence[int] | None = None) -> ReadingPlan | None:
    """Return the plan by which an owner is read; None if its role does not measure.

    `present` are the positions of the fields that are there; None for all.
    """
    if owner.role not in MEASURING_ROLES:
        return None
    is_judged = _is_of_charger(owner)
    fields = {
        owner.fields[position].tells or owner.fields[position].name: (position, owner.fields[position].conversion)
        for position in (range(len(owner.fields)) if present is None else present)
        if owner.fields[position].is_numeric
    }
    quantities = tuple(
        (name, *fields[name])
        for name in QUANTITIES
        if name in fields and isinstance(fields[name][1], Number) and not (is_judged and name in BOARD_QUANTITIES)
    )
    pilot = fields.get(PILOT) if is_judged else None
    if owner.role == "fault" and not quantities:
        return None
    place = owner.route.link.name if isinstance(owner, Command) else "line"
    if present is not None:
        # Reports with other quantities are another source.
        place += f" {' '.join([*(name for name, _, _ in quantities), *([PILOT] if pilot else [])])}"
    return ReadingPlan(
        source=f"{place} {owner.name}",
        role=owner.role,
        quantities=quantities,
        connector=(fields["connector"][0], owner.fields[fields["connector"][0]]) if "connector" in fields else None,
        status=fields.get("status") if owner.role == "status" else None,
        has_powers=any(fields.keys() >= {*parts} for parts in POWER_PARTS.values()),
        pilot=pilot if pilot and isinstance(pilot[1], Number) else None,
        is_judged=is_judged,
    )


def is_near(one: int | None, other: int | None, within: int) -> bool:
    """Return True if two times are at most `within` nanoseconds apart, or if no time is known."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= within


def may_be_missing(name: str, connector: int | None) -> bool:
    """Return True if a quantity that was always 0 is taken to be not there.

    That holds for the phases, as a one-phase charger reports 0 for the others, and for the whole station.
    """
    return connector == STATION or name.startswith(PHASES)


def _compute_powers(values: Mapping[str, Numeric]) -> Iterator[tuple[str, float]]:
    """Yield the power of each phase whose voltage and current are both there, in watts."""
    for name, (voltage, current) in POWER_PARTS.items():
        if voltage in values and current in values:
            yield name, compute_power(values[voltage], values[current])


def compute_power(volts: float, amperes: float) -> float:
    """Return the apparent power of a phase, in watts with two decimals: the meter reports no power factor."""
    return round(volts * amperes, 2)
