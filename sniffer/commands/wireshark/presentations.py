"""Build the presentations of the values of fields: the kind of each field, with the parameters of its conversion.

In: fields. Out: tables for the dissector, each once. The kinds are those of the functions in `values.lua` and
`texts.lua`. Large tables (the characters of an encoding) are built only if a field needs them.
"""

from collections.abc import Mapping

from sniffer.commands.wireshark.lua_literal import LuaValue, format_literal
from sniffer.commands.wireshark.text_tables import build_gbk_table, list_safe_latin, list_unsafe_limits
from sniffer.core.protocol.conversions import (
    NO_ERROR,
    Ascii,
    ErrorNumber,
    Float,
    Hex,
    Named,
    Number,
    SignMagnitude,
)
from sniffer.core.protocol.definition import Field
from sniffer.core.protocol.digit_conversions import (
    Bcd,
    BcdDigits,
    BcdErrorNumber,
    BcdNamed,
    DecimalErrorText,
    DecimalNamed,
    DecimalText,
)
from sniffer.core.protocol.text_conversions import EncodedText, EpochTime, PartsTime

LAST_SECOND = 253402300799
"""The last second of the year 9999, since 1970: later times are shown in seconds."""


class Presentations:
    """The presentations so far, and the tables of names that they use."""

    def __init__(self) -> None:
        self.tables: list[LuaValue] = []
        self.names: list[LuaValue] = []
        self.encodings: set[str] = set()
        self._indexes: dict[str, int] = {}
        self._name_indexes: dict[int, int] = {}

    def add(self, field: Field, *, in_bits: bool) -> int:
        """Add the presentation of a field if it is new, and return its index in `tables`, from 1.

        The number of a field `in_bits` is cut out of its bytes, with the high byte first.
        """
        table = self._build(field)
        if field.order == "little" and not in_bits:
            table["little"] = True
        if field.is_swapped:
            table["swapped"] = True
        if not in_bits and _is_plain(field):
            table["is_plain"] = True
        key = format_literal(table)
        if key not in self._indexes:
            self.tables.append(table)
            self._indexes[key] = len(self.tables)
        return self._indexes[key]

    def build_encoding_tables(self) -> dict[str, LuaValue]:
        """Return the tables of the encodings that the fields so far have."""
        tables: dict[str, LuaValue] = {}
        if "utf-8" in self.encodings:
            tables["unsafe"] = list_unsafe_limits()
        if "latin-1" in self.encodings:
            tables["latin"] = dict.fromkeys(list_safe_latin(), 1)
        if "gbk" in self.encodings:
            tables["gbk"] = build_gbk_table()
        return tables

    def _build(self, field: Field) -> dict[str, LuaValue]:
        """Return the kind of a field and its parameters."""
        match field.conversion:
            case BcdNamed(enumeration):
                names = self._add_names(enumeration.names)
                return {"kind": "bcd named", "names": names, "of": enumeration.label}
            case DecimalNamed(enumeration, form):
                named = self._build_decimal(form)
                return named | {
                    "kind": "decimal named",
                    "names": self._add_names(enumeration.names),
                    "of": enumeration.label,
                }
            case BcdErrorNumber() as error:
                return {"kind": "bcd error", "names": self._add_names(error.meanings), "none": NO_ERROR}
            case Named(enumeration):
                return {"kind": "named", "names": self._add_names(enumeration.names), "of": enumeration.label}
            case Hex(digits):
                return {"kind": "hex", "digits": digits}
            case ErrorNumber() as error:
                return {"kind": "error", "names": self._add_names(error.meanings), "none": NO_ERROR}
            case Float(divisor, unit, multiplier):
                shown = f" {unit}" if unit else ""
                scale = {"multiplier": multiplier, "divisor": divisor} if multiplier != 1 or divisor != 1 else {}
                return {"kind": "float", "unit": shown, **scale}
            case DecimalText() as decimal:
                return self._build_decimal(decimal)
            case Number() as number:
                return self._build_number(number, field)
            case BcdDigits():
                return {"kind": "digits"}
            case Ascii():
                return {"kind": "ascii", "padding": 0}
            case EncodedText(size, encoding, padding):
                self.encodings.add(encoding)
                return {"kind": encoding, "padding": None if size is None else padding[0]}
            case EpochTime():
                return {"kind": "epoch", "last": LAST_SECOND}
            case PartsTime(parts, base_year, is_bcd):
                base = base_year if parts.count("Y") == 1 else None
                return {"kind": "time", "parts": parts, "base_year": base, "is_bcd": is_bcd or None}
        return {"kind": "bytes"}

    def _build_decimal(self, decimal: DecimalText) -> dict[str, LuaValue]:
        """Return the kind of a number that is sent as text."""
        is_error = isinstance(decimal, DecimalErrorText)
        return {
            "kind": "decimal error" if is_error else "decimal",
            "unit": f" {decimal.unit}" if decimal.unit else "",
            "base": decimal.base if decimal.base != 10 else None,
            "divisor": decimal.divisor if decimal.is_scaled else None,
            "multiplier": decimal.multiplier if decimal.is_scaled else None,
            "names": self._add_names(decimal.meanings) if isinstance(decimal, DecimalErrorText) else None,
            "none": NO_ERROR if is_error else None,
        }

    def _build_number(self, number: Number, field: Field) -> dict[str, LuaValue]:
        """Return the kind of a number: a whole one or one with a divisor, in BCD, or with a sign of its own."""
        is_bcd, is_scaled = isinstance(number, Bcd), number.divisor != 1
        return {
            "kind": "bcd" if is_bcd else "scaled" if is_scaled else "number",
            "unit": f" {number.unit}" if number.unit else "",
            "divisor": number.divisor if is_scaled else None,
            "format": f"%.{number.decimals}f" if is_scaled else None,
            "multiplier": number.multiplier if number.multiplier != 1 else None,
            "zero": number.zero or None,
            "signed": field.is_signed or None,
            "magnitude": isinstance(number, SignMagnitude) or None,
        }

    def _add_names(self, names: Mapping[int, str]) -> int:
        """Add the names of numbers to `names` if they are new, and return their index there, from 1."""
        if id(names) not in self._name_indexes:
            self.names.append(names)
            self._name_indexes[id(names)] = len(self.names)
        return self._name_indexes[id(names)]


def _is_plain(field: Field) -> bool:
    """Return True if Wireshark itself can read the value of a field from its bytes."""
    conversion = field.conversion
    if field.is_swapped:
        return False
    if type(conversion) is Number:
        return conversion.divisor == 1 and conversion.multiplier == 1 and conversion.zero == 0
    is_whole = isinstance(conversion, Named | Hex | ErrorNumber) and field.type not in ("bcd", "decimal")
    return is_whole or field.type in ("bytes", "unknown")
