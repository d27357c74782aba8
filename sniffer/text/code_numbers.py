"""Numbers as people write codes: decimal, `0x04`, `04h`, `h04`, `$04`, `04`, `2,097,672`.

In: a text. Out: every number that it can be, decimal before hexadecimal, because people paste both. In: the vendor code
of a fault. Out: the one form in which it is shown.
"""

from sniffer.base.late_pattern import compile_late

_DECIMAL = compile_late(r"[0-9]{1,18}")
_HEXADECIMAL = compile_late(r"(?:0[xX]|(?:[hHxX$]|16#)(?=\d))?([0-9a-fA-F]{1,16})|([0-9a-fA-F]{1,16})[hH]")
_THOUSANDS = compile_late(r"\d{1,3}(?:([,. '\xa0\u202f\u2019])\d{3})(?:\1\d{3})+")
_AROUND = " \t\"'`(),;:#."
_SEPARATOR = compile_late(r"[,;/|]")

VENDOR_DIGITS = 6
"""The hexadecimal digits of a vendor code."""


def format_vendor_code(code: int) -> str:
    """Return a vendor code of the charger as it is shown everywhere: `0x200208`."""
    return f"0x{code:0{VENDOR_DIGITS}X}"


def read_number(text: str) -> list[int]:
    """Return the numbers that a text can be, with marks around it; empty if it is no number."""
    word = text.strip(_AROUND)
    readings = [int(word)] if _DECIMAL.fullmatch(word) else []
    if found := _HEXADECIMAL.fullmatch(word):
        number = int(found[1] or found[2], 16)
        readings += [number] if number not in readings else []
    return readings


def read_numbers(text: str) -> list[list[int]]:
    """Return the numbers that each part of a list can be; empty if a part is no number.

    Groups of three digits after the first are one number, as spreadsheets show it.
    """
    word = text.strip(_AROUND)
    if _THOUSANDS.fullmatch(word):
        return [[int("".join(filter(str.isdecimal, word)))]]
    found = [read_number(part) for part in _SEPARATOR.split(word)]
    return found if all(found) else []
