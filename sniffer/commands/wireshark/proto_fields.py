"""Build the declarations of the fields that a dissector registers with Wireshark, with the names to filter by.

In: the fields of commands. Out: declarations, each once. All that is the same in every frame (the unit, the names of
numbers, a mark if the field is a guess) is part of the declaration, so that it costs nothing for each frame.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec.structs import replace

from sniffer.base.late_pattern import compile_late
from sniffer.commands.wireshark.lua_literal import LuaValue, format_literal
from sniffer.core.protocol.conversions import NO_ERROR, ErrorNumber, Float, Hex, Named, Number, Plain, SignMagnitude
from sniffer.core.protocol.definition import Definition, ErrorRow, Field
from sniffer.core.protocol.digit_conversions import BcdErrorNumber, DecimalNamed, DecimalText
from sniffer.core.protocol.enumeration import Provenance

Family = Literal["number", "number64", "signed", "signed64", "scaled", "text", "bytes"]
"""The family of a field's type. All fields of one filter name must be of one family, as Wireshark compares them with
the same value.
"""

RESERVED = frozenset(
    {"link", "direction", "sequence", "command", "name", "length", "payload", "undefined", "problem", "crc"}
    | {"raw", "noise", "field", "address"}
)
"""The filter names, and first parts of filter names, that the dissector uses itself."""

_ITEM = compile_late(r"\.\d+(?=\.|$)")
"""The number of an item in the name of a field that is in a list."""

_GUESSES = (Provenance.INFERRED, Provenance.ASSUMED)
_MAX_NUMBER_SIZE = 4
"""The size in bytes of the longest number that Wireshark can compare with shorter ones."""
_WHOLE: tuple[Family, ...] = ("number", "number64", "signed", "signed64")


def format_mark(provenance: Provenance | None) -> str:
    """Return the mark after a name that is a guess, an empty text after all others."""
    return f" [{provenance}]" if provenance in _GUESSES else ""


class ProtoFields:
    """The declarations so far, as tables for `evse.lua`."""

    def __init__(self, definition: Definition) -> None:
        self.declarations: list[dict[str, LuaValue]] = []
        self._errors = definition.errors
        self._indexes: dict[str, int] = {}
        self._filters: dict[str, dict[Family, str]] = {}
        self._long = {
            name
            for command in definition.commands
            for field in command.fields
            if field.is_binary and _is_long(field)
            for name in (field.name, _name_without_items(field))
        }

    def add(self, field: Field) -> int:
        """Add the declaration of a field if it is new, and return its index in `declarations`, from 1."""
        return self._add(self._declare(field, self._choose_family(field)))

    def add_text(self, field: Field) -> int:
        """Add the declaration of a number for what is a text instead, and return its index, from 1."""
        return self._add(self._declare(field, "text"))

    def _add(self, declaration: dict[str, LuaValue]) -> int:
        """Add a declaration if it is new, and return its index in `declarations`, from 1."""
        key = format_literal(declaration)
        if key not in self._indexes:
            self.declarations.append(declaration)
            self._indexes[key] = len(self.declarations)
        return self._indexes[key]

    def _declare(self, field: Field, family: Family) -> dict[str, LuaValue]:
        """Return the declaration of a field. Its filter name is reserved for the family of its type."""
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
        conversion = field.conversion
        if isinstance(conversion, Plain):
            return "bytes"
        if isinstance(conversion, DecimalNamed) or not isinstance(conversion, Number | Named | Hex):
            return "text"
        if isinstance(conversion, Float | DecimalText) or (isinstance(conversion, Number) and conversion.divisor != 1):
            return "scaled"
        if field.is_signed or (isinstance(conversion, Number) and _is_signed(conversion)):
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
        """Return the filter name of a field.

        It is plain for the first family of a name; others have their family after it.
        """
        filters = self._filters.setdefault(name, {})
        plain = "".join(char if char.isascii() else f"_x{ord(char):x}_" for char in name)
        plain = f"evse.field.{plain}" if name in RESERVED else f"evse.{plain}"
        return filters.setdefault(family, f"{plain}.{family}" if filters else plain)

    def _list_value_names(self, field: Field) -> Mapping[int, str] | None:
        """Return the meanings of this field's numbers, by number: their names, or the meanings in the error table.

        Returns None if the numbers have no meanings.
        """
        if isinstance(field.conversion, Named):
            enumeration = field.conversion.enumeration
            weaker = {
                number: word for number, word in enumeration.provenance.items() if field.provenance_of(number) is word
            }
            return {
                number: name if weaker.get(number) is field.provenance else f"{name}{format_mark(weaker.get(number))}"
                for number, name in enumeration.names.items()
            }
        if isinstance(field.conversion, ErrorNumber | BcdErrorNumber):
            return {0: NO_ERROR, **field.conversion.meanings}
        if field.name == "vendor_error":
            return _join_meanings((row.vendor, row, row.provenance) for row in self._errors)
        if field.name == "m4_error":
            return _join_meanings((code, row, word) for row in self._errors for code, word in row.m4.items())
        return None


def name_any_item(field: Field) -> Field | None:
    """Return the same field of any item of its list; None for a field that is in no list."""
    name = _name_without_items(field)
    return replace(field, name=name) if name != field.name else None


def _name_without_items(field: Field) -> str:
    """Return the name of a field without the numbers of items in it."""
    return _ITEM.sub("", field.name)


def _is_signed(number: Number) -> bool:
    """Return True if a number may be negative although its bytes have no sign of their own in two's complement."""
    return isinstance(number, SignMagnitude) or number.zero > 0 or number.multiplier < 0


def _is_long(field: Field) -> bool:
    """Return True if the value of a number can need more bytes than Wireshark can compare with shorter ones."""
    conversion = field.conversion
    is_computed = isinstance(conversion, Number) and (conversion.multiplier != 1 or conversion.zero != 0)
    return is_computed or (isinstance(field.size, int) and field.size > _MAX_NUMBER_SIZE)


def _format_unit_in_label(field: Field) -> str:
    """Return the unit of a number with decimals, for its label: Wireshark shows units after whole numbers only."""
    match field.conversion:
        case Float(_, unit) | DecimalText(_, unit) if unit:
            return f" in {unit}"
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
