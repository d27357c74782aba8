"""What comes near to a code or a name that is not known: told as near, never as the same.

In: codes or a word. Out: safe lines, or names. Near is what a slip of the eye or the finger makes of a vendor code:
another leading digit, then another single digit; only where there is none, what is close in number. OCPP and M4 codes
are numbers of a list, where a neighbour tells nothing: there it is said what is known.
"""

from collections.abc import Iterable, Iterator

from sniffer.base.suggest import find_near_words
from sniffer.core.charger.fault_codes import FaultCodes
from sniffer.core.protocol.definition import Definition
from sniffer.text.fault_card import differ_in_leading_digit, wrap_lines

MOST = 3
"""How many near ones are named."""

BYTE = 0xFF
"""A number on its own that is larger is a vendor error code, if anything."""


def describe_unknown_number(readings: list[int], definition: Definition) -> Iterator[str]:
    """What a number that no table knows is near to, in the reading (decimal or hexadecimal) that comes nearest."""
    if readings[0] <= BYTE:
        yield from describe_unknown_codes(FaultCodes(ocpp=readings[0], m4=readings[0]), definition)
    else:
        vendors = _vendors(definition)
        nearest = min(readings, key=lambda number: min((_distance(number, code) for code in vendors), default=(0, 0)))
        yield from describe_unknown_codes(FaultCodes(vendor=nearest), definition)


def describe_unknown_codes(codes: FaultCodes, definition: Definition) -> Iterator[str]:
    """For each of the codes that no table has: that it is so, and what is known instead."""
    if codes.vendor is not None and codes.vendor not in (vendors := _vendors(definition)):
        yield f"  vendor error code 0x{codes.vendor:06X} is not known; nearest, but not the same:"
        for code in _nearest(codes.vendor, vendors):
            meanings = " or ".join(row.meaning for row in definition.errors if row.vendor == code)
            text = f"0x{code:06X} {meanings}: {_why_near(codes.vendor, code)}"
            yield from wrap_lines(text, "    ", "  ")
    names = definition.ocpp_errors.names
    if codes.ocpp is not None and codes.ocpp not in names:
        last = max(names)
        yield from wrap_lines(
            f"OCPP error code {codes.ocpp} is not known: the list ends at {last} {names[last]}", "  ", "  "
        )
    known = [(m4, f"{m4} {row.meaning} ({how})") for row in definition.errors for m4, how in row.m4.items()]
    if codes.m4 is not None and codes.m4 not in dict(known):
        told = ", ".join(text for _, text in sorted(known))
        yield from wrap_lines(f"M4 error code {codes.m4} is not known; the only known: {told or 'none'}", "  ", "  ")
        yield "    `evse-sniff learn` can recover others from logs"


def find_nearest_names(word: str, definition: Definition) -> list[str]:
    """The known names that a misspelt word may stand for, the nearest first."""
    known: Iterable[str] = (
        *(row.meaning for row in definition.errors),
        *definition.ocpp_errors.names.values(),
        *definition.statuses.names.values(),
        *(row.stop_reason for row in definition.errors),
    )
    return find_near_words(word, known)


def _vendors(definition: Definition) -> set[int]:
    return {row.vendor for row in definition.errors if row.vendor is not None}


def _nearest(number: int, vendors: Iterable[int]) -> list[int]:
    ordered = sorted(vendors, key=lambda code: (_distance(number, code), code))
    by_digits = [code for code in ordered if _digits(number, code) < 2]
    return (by_digits or ordered)[:MOST]


def _distance(number: int, code: int) -> tuple[int, int]:
    return _digits(number, code), abs(number - code)


def _digits(number: int, code: int) -> int:
    """0: another leading digit; 1: one other digit; 2: more than that."""
    if differ_in_leading_digit(number, code):
        return 0
    typed, known = f"{number:06X}", f"{code:06X}"
    one = len(typed) == len(known) and sum(mine != other for mine, other in zip(typed, known, strict=True)) == 1
    return 1 if one else 2


def _why_near(number: int, code: int) -> str:
    return (
        "differs in the leading digit only",
        "differs in one digit",
        f"{abs(number - code)} away",
    )[_digits(number, code)]
