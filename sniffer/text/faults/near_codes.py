"""The known codes and names, and those near an unknown one. They are offered as similar, never as the same.

In: codes or a word. Out: safe lines, or names. A vendor code is near another if a slip of the eye or finger turns one
into the other: first a wrong leading digit, then one other wrong digit; only if there is none, the nearest numbers.
OCPP and M4 codes are positions in a list, where a neighbour means nothing, so the known codes are listed instead.
"""

from collections.abc import Iterable, Iterator

from sniffer.base.suggest import find_near_words
from sniffer.core.charger.fault_codes import FaultCodes
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.enumeration import Enumeration
from sniffer.core.protocol.fault_rows import list_fault_rows
from sniffer.text.code_numbers import format_vendor_code
from sniffer.text.faults.fault_card import differ_in_leading_digit, wrap_lines
from sniffer.text.faults.fault_vocabularies import describe_foreign_code, list_words

MOST = 3
"""The largest number of near codes that are named."""

FARTHEST = 0xFF
"""The largest difference of vendor error codes that counts as near: all but the last two digits are alike."""

BYTE = 0xFF
"""The largest OCPP or M4 code. A larger number can only be a vendor error code."""

OCPP_ERROR = "OCPP error code"
STATUS = "connector status"


def list_code_tables(definition: Definition) -> list[tuple[str, Enumeration]]:
    """Return the tables of codes in which a number can stand, and their names.

    Where only the links of other boards are looked for, these are their states; the codes of the charger are none.
    """
    if definition.is_charger:
        return [(OCPP_ERROR, definition.ocpp_errors), (STATUS, definition.statuses)]
    reported = [(STATUS, definition.statuses)] if definition.states == definition.statuses else []
    return reported + [(states.label, states) for states in definition.list_machines()]


def find_codes_named(word: str, definition: Definition) -> list[tuple[str, Enumeration, int]]:
    """Return the numbers of this name, in any letter case, each with its kind and its table."""
    return [
        (label, table, number)
        for label, table in list_code_tables(definition)
        for number, name in table.names.items()
        if name.casefold() == word.casefold()
    ]


def describe_unknown_number(readings: list[int], definition: Definition) -> Iterator[str]:
    """Return the lines about a number that is in no table. `readings` are its values read as decimal and hexadecimal.

    The reading nearest to a vendor code counts. There are none about boards of other makers, whose codes may be any.
    """
    if not definition.is_charger:
        return
    if readings[0] <= BYTE:
        yield from describe_unknown_codes(FaultCodes(ocpp=readings[0], m4=readings[0]), definition)
    else:
        vendors = _collect_vendors(definition)
        nearest = min(
            readings, key=lambda number: min((_compute_distance(number, code) for code in vendors), default=(0, 0))
        )
        yield from describe_unknown_codes(FaultCodes(vendor=nearest), definition)


def describe_unknown_codes(codes: FaultCodes, definition: Definition) -> Iterator[str]:
    """Return the lines about each code that is in no table: that it is unknown, and which codes are known."""
    vendors = _collect_vendors(definition)
    if codes.vendor is not None and codes.vendor not in vendors and (vendors or definition.is_charger):
        near = _find_nearest(codes.vendor, vendors)
        found = "nearest, but not the same:" if near else "no known code is near it"
        yield f"  vendor error code {format_vendor_code(codes.vendor)} is not known; {found}"
        for code in near:
            meanings = " or ".join(row.meaning for row in list_fault_rows(definition) if row.vendor == code)
            text = f"{format_vendor_code(code)} {meanings}: {_explain_nearness(codes.vendor, code)}"
            yield from wrap_lines(text, "    ", "  ")
    names = definition.ocpp_errors.names
    if codes.ocpp is not None and codes.ocpp not in names:
        last = max(names)
        yield from wrap_lines(
            f"OCPP error code {codes.ocpp} is not known: the list ends at {last} {names[last]}", "  ", "  "
        )
    known = [(m4, f"{m4} {row.meaning} ({how})") for row in list_fault_rows(definition) for m4, how in row.m4.items()]
    if codes.m4 is not None and codes.m4 not in dict(known):
        listed = ", ".join(text for _, text in sorted(known))
        yield from wrap_lines(f"M4 error code {codes.m4} is not known; the only known: {listed or 'none'}", "  ", "  ")
        yield "    `evse-sniff learn` can recover others from logs"


def describe_unknown_name(word: str, definition: Definition) -> str:
    """Return why a word is none that is known, and which names are near."""
    if definition.is_charger and (foreign := describe_foreign_code(word)):
        known = [name for name in list_words() if describe_foreign_code(name)]
        return f"{word}: a code of {foreign}; known are {', '.join(sorted(known))}"
    near = ", ".join(find_nearest_names(word, definition))
    hint = f"; nearest names: {near}" if near else ": `evse-sniff definition` prints all that is known"
    shown = word if word.strip() else "an empty word"
    return f"{shown}: neither a code, nor a name, nor a frame in hex, nor a line of the log{hint}"


def find_nearest_names(word: str, definition: Definition) -> list[str]:
    """Return the names of faults, statuses and errors that resemble the word, the most similar first."""
    names: Iterable[str] = (
        *(row.meaning for row in list_fault_rows(definition)),
        *(name for _, table in list_code_tables(definition) for name in table.names.values()),
        *(row.stop_reason for row in list_fault_rows(definition)),
        *(list_words() if definition.is_charger else ()),
    )
    return find_near_words(word, names)


def _collect_vendors(definition: Definition) -> set[int]:
    return {row.vendor for row in list_fault_rows(definition) if row.vendor is not None}


def _find_nearest(number: int, vendors: Iterable[int]) -> list[int]:
    """Return the nearest codes: those that differ in at most one digit; if there are none, those nearest in number.

    Codes that are more than `FARTHEST` away in number are not near.
    """
    ordered = sorted(vendors, key=lambda code: (_compute_distance(number, code), code))
    by_digits = [code for code in ordered if _rank_difference(number, code) < 2]
    return (by_digits or [code for code in ordered if abs(number - code) <= FARTHEST])[:MOST]


def _compute_distance(number: int, code: int) -> tuple[int, int]:
    return _rank_difference(number, code), abs(number - code)


def _rank_difference(number: int, code: int) -> int:
    """Return 0 if the codes differ in the leading digit, 1 if in one other digit, 2 if in more than that."""
    if differ_in_leading_digit(number, code):
        return 0
    typed, known = f"{number:06X}", f"{code:06X}"
    one = len(typed) == len(known) and sum(mine != other for mine, other in zip(typed, known, strict=True)) == 1
    return 1 if one else 2


def _explain_nearness(number: int, code: int) -> str:
    """Return the difference of a number from a known code, for people."""
    return (
        "differs in the leading digit only",
        "differs in one digit",
        f"{abs(number - code)} away",
    )[_rank_difference(number, code)]
