"""The notations in which the cells of a table print bytes.

In: the text of a cell. Out: its bytes in hexadecimal, or nothing if it holds none.
"""

import re
from collections.abc import Sequence
from enum import Enum, auto

from sniffer.base.late_pattern import compile_late

HEX = compile_late(r"(?:0[xX]|h)?[0-9A-Fa-f]{2}(?:(?:[ :,-]| {2})?(?:0[xX])?[0-9A-Fa-f]{2})*")
SIDE_BEFORE = compile_late(r"(?P<side>[RT]X):\s?(?P<data>.+)", re.IGNORECASE)
_DECIMAL = compile_late(r"[0-9]{1,3}")
_BINARY = compile_late(r"0[bB][01]{8}")
_CHARACTER = compile_late(
    r"'(?P<number>[0-9]{1,3})'|\\x(?P<hex>[0-9A-Fa-f]{2})|(?P<name>COMMA|SPACE)|(?P<one>[ -~])"
    r"|(?:'[0-9]{1,3}'|COMMA|SPACE|' '|\\?\S) \(0[xX](?P<after>[0-9A-Fa-f]{2})\)"
)
_NAMED = {"COMMA": ",", "SPACE": " "}
_MOST_BYTE = 255


class CellForm(Enum):
    """The notation in which the cells of a table print bytes."""

    HEX = auto()
    """In hexadecimal."""
    DECIMAL = auto()
    """As a decimal number."""
    BINARY = auto()
    """As eight binary digits after `0b`."""
    CHARACTER = auto()
    """As a character, or as its number in quotation marks or after `\\x`. Its number may stand after it."""
    LINE = auto()
    """In lines of hex text, which may name the direction."""


def find_form(cells: Sequence[str]) -> CellForm | None:
    """Return how the cells of a column print bytes; None for anything else."""
    texts = [text for cell in cells if (text := _drop_side(cell))]
    if not texts:
        return None
    if all(map(_BINARY.fullmatch, texts)):
        return CellForm.BINARY
    if all(map(HEX.fullmatch, texts)):
        return CellForm.HEX
    if all(_DECIMAL.fullmatch(text) and int(text) <= _MOST_BYTE for text in texts):
        return CellForm.DECIMAL
    return CellForm.CHARACTER if all(show_bytes(cell, CellForm.CHARACTER) for cell in cells if cell) else None


def _drop_side(cell: str) -> str:
    """Return a cell without the direction before its bytes."""
    found = SIDE_BEFORE.fullmatch(cell.strip())
    return found["data"] if found else cell.strip()


def show_bytes(cell: str, form: CellForm) -> str:
    """Return the bytes of a cell in hexadecimal; empty if it holds none."""
    text = cell if form is CellForm.CHARACTER and cell == " " else cell.strip()
    if form is CellForm.HEX:
        return text.removeprefix("h").replace("  ", " ") if HEX.fullmatch(text) else ""
    if form is CellForm.DECIMAL:
        return f"{int(text):02x}" if _DECIMAL.fullmatch(text) and int(text) <= _MOST_BYTE else ""
    if form is CellForm.BINARY:
        return f"{int(text, 2):02x}" if _BINARY.fullmatch(text) else ""
    found = _CHARACTER.fullmatch(text)
    if found is None:
        return ""
    if found["number"]:
        return f"{int(found['number']):02x}" if int(found["number"]) <= _MOST_BYTE else ""
    return found["hex"] or found["after"] or f"{ord(_NAMED.get(found['name'] or '', found['one'] or '')):02x}"
