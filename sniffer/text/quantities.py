"""The names and values of measured quantities, in one wording for the screen, `dump` and the report.

In: names and values of the core. Out: short texts in ASCII, except for the degree sign.
"""

from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.phases import PHASES

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

    A quantity that only a field of another board has is called as that field is.
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
