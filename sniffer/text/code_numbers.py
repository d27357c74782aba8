"""Numbers as people write codes: decimal, `0x04`, `04h`, `04`.

In: a text. Out: every number that it can be, decimal before hexadecimal, because people paste both.
"""

from collections.abc import Sequence

from sniffer.base.late_pattern import compile_late

_DECIMAL = compile_late(r"[0-9]{1,18}")
_HEXADECIMAL = compile_late(r"(?:0[xX])?([0-9a-fA-F]{1,16})|([0-9a-fA-F]{1,16})[hH]")


def read_number(text: str) -> list[int]:
    """Return the numbers that a text can be; empty if it is no number."""
    word = text.strip()
    readings = [int(word)] if _DECIMAL.fullmatch(word) else []
    if found := _HEXADECIMAL.fullmatch(word):
        number = int(found[1] or found[2], 16)
        readings += [number] if number not in readings else []
    return readings


def read_numbers(parts: Sequence[str]) -> list[list[int]]:
    """Return the numbers that each part can be; empty if a part is no number."""
    found = [read_number(part) for part in parts]
    return found if all(found) else []
