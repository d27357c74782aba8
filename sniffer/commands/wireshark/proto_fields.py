"""Which fields a dissector declares to Wireshark, and by which names they are filtered.

In: the fields of commands. Out: declarations, each once. Whatever is always the same about a field (its unit, the names
of its numbers, a mark where it is a guess) is in its declaration, so that nothing of it is done for each frame.
"""

from collections.abc import Iterable, Mapping
from typing import Literal as OneOf

from sniffer.commands.wireshark.lua_literal import Literal
from sniffer.core.protocol.conversions import Ascii, Hex, Named, Number, Plain
from sniffer.core.protocol.definition import Definition, ErrorRow, Field
from sniffer.core.protocol.enumeration import Provenance

Family = OneOf["number", "number64", "scaled", "text", "bytes"]
"""Fields of one filter name must be of one family: Wireshark compares them with the same value."""

OWN = frozenset(
    {"link", "direction", "sequence", "command", "name", "length", "payload", "undefined", "problem", "crc"}
    | {"raw", "noise", "field"}
)
"""What has a filter of this name already, or begins one."""

_GUESSES = (Provenance.INFERRED, Provenance.ASSUMED)
_NATIVE = 4
"""Bytes of the largest number that Wireshark compares with smaller ones."""


def mark(provenance: Provenance | None) -> str:
    """What is put behind a name that is a guess."""
    return f" [{provenance}]" if provenance in _GUESSES else ""


class ProtoFields:
    """The declarations so far, as tables for `evse.lua`."""

    def __init__(self, definition: Definition) -> None:
        self.made: list[dict[str, Literal]] = []
        self._errors = definition.errors
        self._filters: dict[str, dict[Family, str]] = {}
        self._long = {
            field.name
            for command in definition.commands
            for field in command.fields
            if isinstance(field.size, int) and field.size > _NATIVE
        }

    def place_of(self, field: Field) -> int:
        """Where the declaration of this field stands, from 1."""
        declared = self._declared(field)
        if declared not in self.made:
            self.made.append(declared)
        return self.made.index(declared) + 1

    def _declared(self, field: Field) -> dict[str, Literal]:
        family = self._family(field)
        declared: dict[str, Literal] = {
            "filter": self._filter(field.name, family),
            "label": f"{field.name}{_unit_in_label(field)}{mark(field.provenance)}",
            "type": self._type(field, family),
        }
        if field.about:
            declared["about"] = field.about
        if family in ("number", "number64"):
            match field.conversion:
                case Number(_, unit) if unit:
                    declared["unit"] = unit
                case Hex():
                    declared["hex"] = True
            if values := self._values(field):
                declared["values"] = values
                declared.pop("unit", None)
        return declared

    def _family(self, field: Field) -> Family:
        match field.conversion:
            case Ascii():
                return "text"
            case Plain():
                return "bytes"
            case Number(divisor) if divisor != 1:
                return "scaled"
        return "number64" if field.name in self._long else "number"

    def _type(self, field: Field, family: Family) -> str:
        if family == "number":
            return f"uint{8 * field.size}" if isinstance(field.size, int) else "uint32"
        return {"number64": "uint64", "scaled": "double", "text": "string", "bytes": "bytes"}[family]

    def _filter(self, name: str, family: Family) -> str:
        """The first family of a name has the plain filter; the others have theirs behind it."""
        filters = self._filters.setdefault(name, {})
        plain = "".join(char if char.isascii() else f"_x{ord(char):x}_" for char in name)
        plain = f"evse.field.{plain}" if name in OWN else f"evse.{plain}"
        return filters.setdefault(family, f"{plain}.{family}" if filters else plain)

    def _values(self, field: Field) -> Mapping[int, str] | None:
        """What numbers of this field mean: their names, or what the error table has for them."""
        if isinstance(field.conversion, Named):
            enumeration = field.conversion.enumeration
            worse = {
                number: word for number, word in enumeration.provenance.items() if field.provenance_of(number) is word
            }
            return {
                number: name if worse.get(number) is field.provenance else f"{name}{mark(worse.get(number))}"
                for number, name in enumeration.names.items()
            }
        if field.name == "vendor_error":
            return _meanings((row.vendor, row, row.provenance) for row in self._errors)
        if field.name == "m4_error":
            return _meanings((code, row, word) for row in self._errors for code, word in row.m4.items())
        return None


def _unit_in_label(field: Field) -> str:
    """The unit of a number with decimals: Wireshark puts one behind whole numbers only."""
    match field.conversion:
        case Number(divisor, unit) if divisor != 1 and unit:
            return f" in {unit}"
    return ""


def _meanings(named: Iterable[tuple[int | None, ErrorRow, Provenance]]) -> dict[int, str]:
    """The meanings of codes; a code that several rows have means one or the other."""
    meanings: dict[int, str] = {}
    for code, row, word in named:
        if code is not None:
            meaning = f"{row.meaning}{mark(word)}"
            meanings[code] = f"{meanings[code]} or {meaning}" if code in meanings else meaning
    return meanings
