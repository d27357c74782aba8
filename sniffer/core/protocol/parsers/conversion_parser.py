"""The parser of conversions: how the bytes of a field become a value, and the value a text.

In: the table of a field, and its size. Out: the conversion that its type and its other keys state. Raises
`DefinitionError` for keys that exclude each other. `docs/definition.md` describes the keys.
"""

from collections.abc import Callable, Iterable, Mapping

from sniffer.base.errors import DefinitionError
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.conversions import Ascii, Conversion, Float, Hex, Named, Number, Plain, SignMagnitude
from sniffer.core.protocol.definition import FieldType
from sniffer.core.protocol.digit_conversions import (
    HEXADECIMAL,
    MOST_DIGITS,
    Bcd,
    BcdDigits,
    BcdNamed,
    DecimalNamed,
    DecimalText,
)
from sniffer.core.protocol.enumeration import Enumeration
from sniffer.core.protocol.layout.parts import Size
from sniffer.core.protocol.text_conversions import ENCODINGS, TIME_PARTS, EncodedText, EpochTime, PartsTime
from sniffer.core.wire.checks import ByteOrder

ORDER_KEY = "order"
NUMBER_KEYS = ("enumeration", "show", "divisor", "multiplier", "zero", "unit")
"""Further keys of a number. `enumeration` excludes the others, `show = "hex"` all but itself."""
TEXT_KEYS = ("padding",)
DECIMAL_KEYS = ("enumeration", "divisor", "multiplier", "unit", "base", "decimals", "padding")
BASES = (10, HEXADECIMAL)
TIME_KEYS = ("parts", "base_year", "digits")

LONGEST_NUMBER = 8
"""Bytes in a number, at most: Python may refuse to print a longer one."""
LONGEST_SCALED = 6
"""Bytes in a number with a divisor or a multiplier, at most: a float or 64 bits hold a longer one with loss."""
LARGEST_MULTIPLIER = 1000
LARGEST_ZERO = 2**32
LARGEST_YEAR = 9000
LONGEST_EPOCH = 8
FLOAT_SIZES = (4, 8)
PADDINGS = {"zeros": b"\0", "spaces": b" "}

CODED_TYPES: tuple[FieldType, ...] = ("sign magnitude", "bcd", "float")
SIGNED_TYPES: tuple[FieldType, ...] = ("int", "sign magnitude")
"""The types of whole numbers that may be negative without a `zero`."""

ORDERS: Mapping[str, ByteOrder] = {"big": "big", "little": "little"}

ConversionParsers = dict[FieldType, Callable[[], Conversion]]
"""For each type that a field may have, the function that parses its conversion."""


def list_frame_types(
    table: TomlTable, size: Size, enumerations: Mapping[str, Enumeration], order: ByteOrder
) -> ConversionParsers:
    """Return the types that a field of a frame may have. `order` is its byte order."""
    parsers: ConversionParsers = {
        "uint": lambda: parse_number(table, size, enumerations),
        "int": lambda: _parse_scaled(table, size),
    }
    parsers |= dict.fromkeys(CODED_TYPES, lambda: _parse_coded(table, size, enumerations))
    parsers["decimal"] = lambda: _parse_decimal(table, size, enumerations)
    parsers["ascii"] = lambda: Ascii(size if isinstance(size, int) else None)
    parsers["unknown"] = parsers["bytes"] = Plain
    parsers |= dict.fromkeys(ENCODINGS, lambda: _parse_text(table, size))
    parsers["time"] = lambda: _parse_time(table, size, order)
    return parsers


def list_line_types(table: TomlTable, size: Size, enumerations: Mapping[str, Enumeration]) -> ConversionParsers:
    """Return the types that a field of a log line may have."""
    return {
        "uint": lambda: parse_number(table, size, enumerations),
        "decimal": lambda: _parse_printed(table, size),
        "text": lambda: Ascii(None),
        "unknown": Plain,
    }


def _parse_text(table: TomlTable, size: Size) -> EncodedText:
    """Return the conversion of a text in another encoding than ASCII."""
    padding = table.choice("padding", PADDINGS) if "padding" in table else PADDINGS["zeros"]
    if "padding" in table and not isinstance(size, int):
        raise table.wrong("padding", "left out for a text whose size varies, as it is not filled up")
    return EncodedText(size if isinstance(size, int) else None, table.text("type"), padding)


def _parse_time(table: TomlTable, size: Size, order: ByteOrder) -> Conversion:
    """Return the conversion of a time: of its parts, or without `parts` of the seconds since 1970."""
    if "parts" not in table:
        _check_absent(table, TIME_KEYS, "left out without parts")
        if not isinstance(size, int) or size > LONGEST_EPOCH:
            raise table.wrong("size", f"a number of bytes from 1 to {LONGEST_EPOCH}, as seconds since 1970 have")
        return EpochTime(size, order)
    parts = table.text("parts")
    if set(parts) - set(TIME_PARTS) or len({*parts}) < len(parts.replace("YY", "Y")):
        letters = ", ".join(f"{letter} {name}" for letter, name in TIME_PARTS.items())
        raise table.wrong("parts", f"letters, one for each byte, and YY for a year of two: {letters}")
    if ORDER_KEY in table:
        raise table.wrong(ORDER_KEY, "left out with parts, whose order is that of the letters")
    if size != len(parts):
        raise table.wrong("size", f"{len(parts)}, as parts has so many letters")
    base_year = table.number("base_year", 2000, most=LARGEST_YEAR)
    if "base_year" in table and parts.count("Y") != 1:
        raise table.wrong("base_year", "left out unless parts has one Y, a year of one byte")
    return PartsTime(parts, base_year, "digits" in table and table.choice("digits", {"binary": False, "bcd": True}))


def parse_number(table: TomlTable, size: Size, enumerations: Mapping[str, Enumeration]) -> Conversion:
    """Return how a number is shown: by names, in hexadecimal, or scaled with a unit."""
    named: Enumeration | None = table.choice("enumeration", enumerations) if "enumeration" in table else None
    in_hex = "show" in table and table.choice("show", {"decimal": False, "hex": True})
    if named:
        _check_absent(table, NUMBER_KEYS[1:], "left out with an enumeration")
        return Named(named)
    if in_hex:
        _check_absent(table, NUMBER_KEYS[2:], 'left out with show = "hex"')
        return Hex(2 * size if isinstance(size, int) else 1)
    return _parse_scaled(table, size)


def _parse_scaled(table: TomlTable, size: Size, *, may_have_names: bool = False) -> Number:
    """Return the conversion of a number that is a quantity: `divisor`, `multiplier`, `zero` and `unit`.

    `may_have_names`: numbers of its type may be named or shown in another way instead.
    """
    kind = table.text("type", "uint")
    if kind != "uint":
        _check_absent(table, () if may_have_names else NUMBER_KEYS[:2], "left out with this type")
    divisor = table.number("divisor", 1, least=1)
    multiplier = _parse_multiplier(table, may_be_negative="zero" in table or kind in SIGNED_TYPES)
    zero = table.number("zero", 0, least=-LARGEST_ZERO, most=LARGEST_ZERO)
    for key, neutral in (("divisor", 1), ("multiplier", 1), ("zero", 0)):
        if (
            table.number(key, neutral, least=-LARGEST_ZERO) != neutral
            and isinstance(size, int)
            and size > LONGEST_SCALED
        ):
            raise table.wrong(key, f"left out for a number of more than {LONGEST_SCALED} bytes")
    return Number(divisor, table.text("unit", ""), multiplier, zero)


def _parse_multiplier(table: TomlTable, *, may_be_negative: bool) -> int:
    """Return the multiplier of a number; 1 if the table states none."""
    most = LARGEST_MULTIPLIER
    try:
        multiplier = table.number("multiplier", 1, least=-most if may_be_negative else 1, most=most)
    except DefinitionError:
        if may_be_negative:
            raise
        allowed = f"a whole number from 1 to {most}, or from -{most} with a zero or a type that has a sign"
        raise table.wrong("multiplier", allowed) from None
    if multiplier == 0:
        raise table.wrong("multiplier", f"a whole number from -{most} to {most}, and not 0")
    return multiplier


def _parse_coded(table: TomlTable, size: Size, enumerations: Mapping[str, Enumeration]) -> Conversion:
    """Return the conversion of a number that is no plain binary one: of sign and magnitude, in BCD, or floating."""
    digits = 2 * size if isinstance(size, int) else 1
    is_bcd = table.text("type") == "bcd"
    if is_bcd and "show" in table and table.choice("show", {"decimal": False, "digits": True}):
        _check_absent(table, ("enumeration", *NUMBER_KEYS[2:]), 'left out with show = "digits"')
        return BcdDigits(digits)
    if is_bcd and "enumeration" in table:
        _check_absent(table, NUMBER_KEYS[1:], "left out with an enumeration")
        return BcdNamed(table.choice("enumeration", enumerations), digits)
    plain = _parse_scaled(table, size, may_have_names=is_bcd)
    if table.text("type") == "float":
        _check_absent(table, ("zero",), "left out with this type")
        if size not in FLOAT_SIZES:
            raise table.wrong("size", "4 or 8, as a number with a floating point has")
        assert isinstance(size, int)
        return Float(plain.divisor, plain.unit, plain.multiplier, size=size)
    if is_bcd:
        return Bcd(plain.divisor, plain.unit, plain.multiplier, plain.zero, digits=digits)
    _check_absent(table, ("zero",), "left out with this type, which has a sign")
    return SignMagnitude(plain.divisor, plain.unit, plain.multiplier, sign=1 << (4 * digits - 1))


def _parse_printed(table: TomlTable, size: Size) -> Number:
    """Return the conversion of a number that a log prints with a decimal point."""
    number = _parse_scaled(table, size)
    if number.multiplier != 1:
        raise table.wrong("multiplier", "left out with a divisor")
    if not _is_power_of_ten(number.divisor):
        raise table.wrong("divisor", "10, 100 and so on: the smallest step that the log prints")
    return number


def _parse_decimal(table: TomlTable, size: Size, enumerations: Mapping[str, Enumeration]) -> Conversion:
    """Return the conversion of a number that is sent as text: a quantity, or a whole one that has names."""
    named: Enumeration | None = table.choice("enumeration", enumerations) if "enumeration" in table else None
    if named:
        _check_absent(table, ("divisor", "multiplier", "unit", "decimals"), "left out with an enumeration")
        return DecimalNamed(named, _parse_text_number(table, size))
    return _parse_text_number(table, size)


def _parse_text_number(table: TomlTable, size: Size) -> DecimalText:
    """Return how a number is written as text, and its unit."""
    plain = _parse_scaled(table, "rest", may_have_names=True)
    if "padding" in table and not isinstance(size, int):
        raise table.wrong("padding", "left out for a number whose size varies, as it is not filled up")
    padding = table.choice("padding", {"zeros": "0", "spaces": " "}) if "padding" in table else "0"
    places = table.number("decimals", most=MOST_DIGITS) if "decimals" in table else None
    base = table.number("base", 10)
    if base not in BASES:
        raise table.wrong("base", "10 or 16")
    if base == HEXADECIMAL:
        _check_absent(table, ("decimals",), "left out with base = 16, which has no point")
    own_size = size if isinstance(size, int) else None
    scale = plain.divisor, plain.unit, plain.multiplier
    return DecimalText(*scale, size=own_size, places=places, padding=padding, base=base)


def _is_power_of_ten(divisor: int) -> bool:
    return divisor > 1 and str(divisor).strip("0") == "1"


def _check_absent(table: TomlTable, keys: Iterable[str], reason: str) -> None:
    """Raise `DefinitionError` if the table has one of these keys."""
    for key in keys:
        if key in table:
            raise table.wrong(key, reason)
