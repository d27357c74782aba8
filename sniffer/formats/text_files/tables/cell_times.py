"""The times in the cells of a table: as a clock shows them, or as numbers with or without a unit.

In: the text of a cell. Out: the time as hex text prints it. Times before a trigger are negative, so they count from the
first of them.
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from msgspec import Struct

from sniffer.base.late_pattern import compile_late

_UNIT = compile_late(r"[\[(](s|ms|us|µs|μs|ns)[\])]", 2)
_UNIT_AFTER = compile_late(r"(?P<number>-?[0-9.]+(?:e[+-]?[0-9]+)?) ?(?P<unit>ms|us|µs|μs|ns|s)", 2)
_COMMA_BEFORE_FRACTION = compile_late(r"-?[0-9]+,[0-9]+")
_SECONDS = compile_late(r"[0-9]{1,10}\.[0-9]{3,9}")
"""A number that hex text reads as seconds."""

_EPOCH = compile_late(r"1[4-9][0-9]{8}(?:[0-9]{3}){1,3}")
"""A time since the epoch in thousandths, millionths or billionths of a second."""

_SECONDS_DIGITS = 10
_EXPONENTS = {"s": 0, "ms": -3, "us": -6, "µs": -6, "μs": -6, "ns": -9}


class TimeColumn(Struct, frozen=True):
    """The column with the times of a table. `date` is that of their days, None if they are not in one of their own.

    `exponent` is that of the unit of its numbers in seconds, and `origin` what is subtracted of them, in seconds.
    """

    at: int
    date: int | None = None
    exponent: int = 0
    origin: str = ""

    def format(self, cells: list[str]) -> str:
        """Return the time of a row as it was printed, or its number in seconds since the origin, without what is finer
        than a nanosecond. A row may have none.
        """
        text = cells[self.at].strip()
        if not (self.exponent or self.origin) and _SECONDS.fullmatch(text):
            return text
        seconds = _read_seconds(text, self.exponent)
        if seconds is not None:
            return f"{seconds - Decimal(self.origin or 0):.9f}"
        return f"{cells[self.date].strip()} {text}".strip() if self.date is not None else text

    def starting_at(self, cells: Iterable[str]) -> "TimeColumn":
        """Return the column with the first of these times as its origin, if that is negative."""
        first = next((cell.strip() for cell in cells if cell.strip()), "")
        seconds = _read_seconds(first, self.exponent) if first.startswith("-") else None
        return self if seconds is None else TimeColumn(self.at, self.date, self.exponent, str(seconds))


def exponent_of(name: str) -> int:
    """Return the exponent of the unit in seconds that the name of a column says; that of seconds without one."""
    unit = _UNIT.search(name)
    return _EXPONENTS[unit[1].lower()] if unit else 0


def _read_seconds(text: str, exponent: int) -> Decimal | None:
    """Return the seconds that a number with or without a unit says; None for anything else."""
    if not exponent and _EPOCH.fullmatch(text):
        exponent = _SECONDS_DIGITS - len(text)
    unit = _UNIT_AFTER.fullmatch(text)
    number = unit["number"] if unit else text.replace(",", ".") if _COMMA_BEFORE_FRACTION.fullmatch(text) else text
    try:
        return Decimal(number).scaleb(_EXPONENTS[unit["unit"].lower()] if unit else exponent)
    except InvalidOperation:
        return None
