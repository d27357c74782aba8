"""The meanings that commands, log lines and fields may have for the charger (`tells`), and what each requires.

The charger model reads such fields by name: codes as numbers, quantities as numbers with a unit.
"""

from collections.abc import Mapping
from typing import get_args

from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.conversions import Float, Number, SignMagnitude
from sniffer.core.protocol.definition import Field, Role
from sniffer.core.protocol.digit_conversions import BcdDigits
from sniffer.core.protocol.phases import PHASES

CODES = ("connector", "status", "ocpp_error", "vendor_error", "m4_error")
QUANTITIES = {
    "cp_voltage": "a voltage",
    "voltage": "a voltage",
    "current": "a current",
    **{f"{phase}_voltage": "a voltage" for phase in PHASES},
    **{f"{phase}_current": "a current" for phase in PHASES},
    "energy": "an energy",
    "power": "a power",
    "temperature": "a temperature",
    "board_temperature": "a temperature",
    "connector_temperature": "a temperature",
    "hours": "a time",
    "minutes": "a time",
}
"""The fields that the charger model reads as numbers with a unit, and what each is."""

UNITS = {"a voltage": "V", "a current": "A", "an energy": "Wh", "a power": "W", "a temperature": "°C"}
"""The unit of each kind of quantity."""

FIELD_TELLS = {word: word for word in (*CODES, *QUANTITIES)}
"""The values of `tells` for a field of any name."""

ROLES: Mapping[str, Role] = {word: word for word in get_args(Role)}
"""The values of `tells` for a command or log line."""

ROLES_WITH_NUMBERS = ("status", "fault", "voltages", "meter", "temperatures", "uptime", "availability")
"""The roles for which the charger model reads the fields in `CODES` and `QUANTITIES` as numbers."""


def check_number(table: TomlTable, field: Field, role: Role | None) -> None:
    """Check that a field which the charger model reads as a number is one."""
    name = field.tells or field.name
    if name in (*CODES, *QUANTITIES) and isinstance(field.conversion, BcdDigits):
        raise table.wrong("show", f'left out, as {name} is a number where tells = "{role or name}"')
    if name in CODES and (not field.is_numeric or isinstance(field.conversion, SignMagnitude | Float)):
        raise table.wrong("type", f'"uint", as {name} is a number where tells = "{role or name}"')
    if name in QUANTITIES and not isinstance(field.conversion, Number):
        quantity = QUANTITIES[name]
        raise table.wrong("type", f'"uint" in decimal, as {name} is {quantity} where tells = "{role or name}"')
    unit = UNITS.get(QUANTITIES.get(field.tells, ""))
    if unit and isinstance(field.conversion, Number) and field.conversion.unit != unit:
        raise table.wrong("unit", f'"{unit}", as the field tells {QUANTITIES[name]}')
