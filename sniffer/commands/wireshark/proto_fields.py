"""Build the declarations of the fields that a dissector registers with Wireshark, with the names to filter by.

In: the fields of commands. Out: declarations, each once. All that is the same in every frame (the unit, the names of
numbers, a mark if the field is a guess) is part of the declaration, so that it costs nothing for each frame.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from sniffer.commands.wireshark.lua_literal import LuaValue
from sniffer.core.protocol.conversions import Ascii, ErrorNumber, Hex, Named, Number
from sniffer.core.protocol.definition import Definition, ErrorRow, Field
from sniffer.core.protocol.enumeration import Provenance

Family = Literal["number", "number64", "signed", "signed64", "scaled", "text", "bytes"]
"""The family of a field's type. All fields of one filter name must be of one family, as Wireshark compares them with
the same value.
"""

RESERVED = frozenset(
    {"link", "direction", "sequence", "command", "name", "length", "payload", "undefined", "problem", "crc"}
    | {"raw", "noise", "field"}
)
"""The filter names, and first parts of filter names, that the dissector uses itself."""

_GUESSES = (Provenance.INFERRED, Provenance.ASSUMED)
_MAX_NUMBER_SIZE = 4
"""The size in bytes of the longest number that Wireshark can compare with shorter ones."""
_WHOLE: tuple[Family, ...] = ("number", "number64", "signed", "signed64")


def format_mark(provenance: Provenance | None) -> str:
    """Return the mark behind a name that is a guess, an empty text behind all others."""
    return f" [{provenance}]" if provenance in _GUESSES else ""


class ProtoFields:
    """The declarations so far, as tables for `evse.lua`."""

    def __init__(self, definition: Definition) -> None:
        self.declarations: list[dict[str, LuaValue]] = []
        self._errors = definition.errors
        self._filters: dict[str, dict[Family, str]] = {}
        self._long = {
            field.name
            for command in definition.commands
            for field in command.fields
            if field.is_numeric and is_dissected(field) and _is_long(field)
        }

    def add(self, field: Field) -> int:
        """Add the declaration of a field if it is new, and return its index in `declarations`, from 1."""
        declaration = self._declare(field)
        if declaration not in self.declarations:
            self.declarations.append(declaration)
        return self.declarations.index(declaration) + 1

    def _declare(self, field: Field) -> dict[str, LuaValue]:
        """Return the declaration of a field. Its filter name is reserved for the family of its type."""
        family = self._choose_family(field)
        declaration: dict[str, LuaValue] = {
            "filter": self._choose_filter_name(field.name, family),
            "label": f"{field.name}{_format_unit_in_label(field)}{format_mark(field.provenance)}",
            "type": self._choose_type(field, family),
        }
        if field.about:
            declaration["about"] = field.about
        if family in _WHOLE:
            match field.conversion:
                case Number(_, unit) if unit:
                    declaration["unit"] = unit
                case Hex():
                    declaration["hex"] = True
            if values := self._list_value_names(field):
                declaration["values"] = values
                declaration.pop("unit", None)
        return declaration

    def _choose_family(self, field: Field) -> Family:
        """Return the family of a field's type. A name that has a long number anywhere is of long numbers everywhere."""
        if not is_dissected(field):
            return "bytes"
        match field.conversion:
            case Ascii():
                return "text"
            case Number(divisor) if divisor != 1:
                return "scaled"
        if field.is_signed:
            return "signed64" if field.name in self._long else "signed"
        return "number64" if field.name in self._long else "number"

    def _choose_type(self, field: Field, family: Family) -> str:
        """Return the type by which Wireshark declares a field of this family."""
        if family in ("number", "signed"):
            whole = "int" if family == "signed" else "uint"
            return f"{whole}{8 * field.size}" if isinstance(field.size, int) else f"{whole}32"
        long = {"number64": "uint64", "signed64": "int64"}
        return {**long, "scaled": "double", "text": "string", "bytes": "bytes"}[family]

    def _choose_filter_name(self, name: str, family: Family) -> str:
        """Return the filter name of a field: plain for the first family of a name, with the family behind it for
        others.
        """
        filters = self._filters.setdefault(name, {})
        plain = "".join(char if char.isascii() else f"_x{ord(char):x}_" for char in name)
        plain = f"evse.field.{plain}" if name in RESERVED else f"evse.{plain}"
        return filters.setdefault(family, f"{plain}.{family}" if filters else plain)

    def _list_value_names(self, field: Field) -> Mapping[int, str] | None:
        """Return the meanings of this field's numbers, by number: their names, or the meanings in the error table.

        Returns None if the numbers have no meanings.
        """
        if isinstance(field.conversion, Named) and is_dissected(field):
            enumeration = field.conversion.enumeration
            weaker = {
                number: word for number, word in enumeration.provenance.items() if field.provenance_of(number) is word
            }
            return {
                number: name if weaker.get(number) is field.provenance else f"{name}{format_mark(weaker.get(number))}"
                for number, name in enumeration.names.items()
            }
        if field.name == "vendor_error":
            return _join_meanings((row.vendor, row, row.provenance) for row in self._errors)
        if field.name == "m4_error":
            return _join_meanings((code, row, word) for row in self._errors for code, word in row.m4.items())
        return None


def is_dissected(field: Field) -> bool:
    """Return True if the dissector shows the values of a field; those of other types are shown as bytes."""
    conversion = field.conversion
    if type(conversion) in (Number, ErrorNumber):
        assert isinstance(conversion, Number)
        return conversion.zero == 0 and conversion.multiplier > 0 and 1 in (conversion.divisor, conversion.multiplier)
    return isinstance(conversion, Ascii | Hex | Named) and field.type != "bcd"


def _is_long(field: Field) -> bool:
    """Return True if the value of a number can need more bytes than Wireshark can compare with shorter ones."""
    is_multiplied = isinstance(field.conversion, Number) and field.conversion.multiplier != 1
    return is_multiplied or (isinstance(field.size, int) and field.size > _MAX_NUMBER_SIZE)


def _format_unit_in_label(field: Field) -> str:
    """Return the unit of a number with decimals, for its label: Wireshark shows units behind whole numbers only."""
    match field.conversion:
        case Number(divisor, unit) if divisor != 1 and unit:
            return f" in {unit}"
    return ""


def _join_meanings(named: Iterable[tuple[int | None, ErrorRow, Provenance]]) -> dict[int, str]:
    """Return the meanings of codes, by code. The meanings of a code of several rows are joined by "or"."""
    meanings: dict[int, str] = {}
    for code, row, word in named:
        if code is not None:
            meaning = f"{row.meaning}{format_mark(word)}"
            meanings[code] = f"{meanings[code]} or {meaning}" if code in meanings else meaning
    return meanings
