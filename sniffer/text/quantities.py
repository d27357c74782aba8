"""The names and values of measured quantities, in one wording for the screen, `dump` and the report.

In: names and values of the core. Out: short texts in ASCII, except for the degree sign.
"""

from collections.abc import Iterable, Sequence

from sniffer.core.charger.measurements.measurement import (
    PHASE_CURRENTS,
    PHASE_POWERS,
    PHASE_VOLTAGES,
    PHASES,
    Measurement,
)
from sniffer.core.protocol.definition import Definition

SHORT_NAMES = {
    "energy": "energy",
    "board_temperature": "board",
    "connector_temperature": "connector",
    "temperature": "meter",
}
"""The short names of quantities that need one beside their unit; the temperature without a name is the meter's."""

_DECIMALS = 2


def format_quantity(name: str, definition: Definition) -> str:
    """Return the name of a quantity for people, as `L1 voltage`. The temperature without a name is the meter's.

    What the field of another board tells has the name of that field.
    """
    if label := definition.label_of(name):
        return label.rpartition(".")[2].replace("_", " ")
    if name == "temperature" and definition.is_charger:
        return "meter temperature"
    first, _, rest = name.partition("_")
    return f"{first.upper()} {rest}" if first in PHASES else name.replace("_", " ")


def format_short_name(name: str, definition: Definition) -> str:
    """Return the short name of a quantity that needs one beside its unit; empty for others."""
    if name not in SHORT_NAMES or definition.is_charger:
        return SHORT_NAMES.get(name, "")
    return format_quantity(name, definition)


def format_number(value: float) -> str:
    """Return a number with at most two decimals, and commas between the thousands."""
    text = f"{value:,.{_DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def format_value(value: float, unit: str) -> str:
    """Return a value with its unit."""
    return f"{format_number(value)} {unit}"


def format_measured(measured: Iterable[Measurement]) -> str:
    """Return the latest values in one line, as `196.2 V, 31.8 A, board 45 °C`; the text is empty if there is none.

    The values of several phases stand together, in the order of the phases.
    """
    latest: dict[str, Measurement] = {}
    for one in sorted(measured, key=lambda one: one.number):
        latest[one.name] = one
    parts = [
        _format_phases([latest[name].value for name in names if name in latest], unit, latest.get(instead))
        for names, unit, instead in (
            (PHASE_VOLTAGES, "V", "voltage"),
            (PHASE_CURRENTS, "A", "current"),
            (PHASE_POWERS, "W", ""),
        )
    ]
    parts += [
        f"{short} {format_value(latest[name].value, latest[name].unit)}"
        for name, short in SHORT_NAMES.items()
        if name in latest
    ]
    return ", ".join(filter(None, parts))


def _format_phases(values: Sequence[float], unit: str, instead: Measurement | None) -> str:
    """Return the values of the phases; without any, the value of the quantity that stands for all."""
    shown = values or ([instead.value] if instead else [])
    return f"{' / '.join(map(format_number, shown))} {unit}" if shown else ""
