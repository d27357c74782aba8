"""The parser of the fields of a command or log line: their sizes and conversions.

In: the table of one command or line, and the enumerations. Out: its fields. Raises `DefinitionError` for every error.
`docs/definition.md` describes the keys.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec.structs import replace

from sniffer.base.phrasing import format_count
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.conversions import Ascii, Conversion, Float, Hex, Named, Number, Plain, Raw, SignMagnitude
from sniffer.core.protocol.definition import NUMERIC_TYPES, Field, FieldType, Role
from sniffer.core.protocol.digit_conversions import MOST_DIGITS, Bcd, BcdDigits, BcdNamed, DecimalText
from sniffer.core.protocol.enumeration import PROVENANCE, Enumeration
from sniffer.core.protocol.layout.numbers import decode_number
from sniffer.core.protocol.layout.parts import Size
from sniffer.core.protocol.message import UNDEFINED
from sniffer.core.protocol.text_conversions import ENCODINGS, TIME_PARTS, EncodedText, EpochTime, PartsTime
from sniffer.core.wire.checks import ByteOrder
from sniffer.core.wire.links import LINKS

NAME_KEYS = ("name", "names")
UNTIL_KEY = "until"
FIELD_KEYS = ("size", "type", "provenance", "about")
OPTIONAL_KEY = "optional"
GROUP_KEYS = ("each", "fields", OPTIONAL_KEY)
DEFAULT_KEY = "default"
ORDER_KEY = "order"
WORDS_KEY = "words"
NUMBER_KEYS = ("enumeration", "show", "divisor", "multiplier", "zero", "unit")
"""Further keys of a number. `enumeration` excludes the others, `show = "hex"` all but itself."""
TEXT_KEYS = ("padding",)
DECIMAL_KEYS = ("divisor", "multiplier", "unit", "decimals", "padding")
TIME_KEYS = ("parts", "base_year", "digits")

LONGEST = max(link.longest - link.overhead for link in LINKS.values())
LONGEST_NUMBER = 8
"""Bytes in a number, at most: Python may refuse to print a longer one."""
LONGEST_SCALED = 6
"""Bytes in a number with a divisor or a multiplier, at most: a float or 64 bits hold a longer one with loss."""
LARGEST_MULTIPLIER = 1000
LARGEST_ZERO = 2**32
LARGEST_YEAR = 9000
LONGEST_EPOCH = 8
WORDED_SIZES = (4, 6, 8)
FLOAT_SIZES = (4, 8)
PADDINGS = {"zeros": b"\0", "spaces": b" "}

CODED_TYPES: tuple[FieldType, ...] = ("sign magnitude", "bcd", "float")
ORDERED_TYPES = (*NUMERIC_TYPES, "time")
"""The types whose fields have a byte order."""

CODES = ("connector", "status", "ocpp_error", "vendor_error", "m4_error")
PHASES = ("l1", "l2", "l3")
QUANTITIES = {
    "cp_voltage": "a voltage",
    "voltage": "a voltage",
    "current": "a current",
    **{f"{phase}_voltage": "a voltage" for phase in PHASES},
    **{f"{phase}_current": "a current" for phase in PHASES},
    "energy": "an energy",
    "power": "a power",
    "temperature": "a temperature",
    "board_temperature": "a temperature",
    "connector_temperature": "a temperature",
    "hours": "a time",
    "minutes": "a time",
}
"""The fields that the charger model reads as numbers with a unit, and what each is."""

UNITS = {"a voltage": "V", "a current": "A", "an energy": "Wh", "a power": "W", "a temperature": "°C"}
"""The unit of each kind of quantity."""

TELLS_KEY = "tells"
FIELD_TELLS = {word: word for word in (*CODES, *QUANTITIES)}
"""What a field of any name may tell."""

ROLES_WITH_NUMBERS = ("status", "fault", "voltages", "meter", "temperatures", "uptime", "availability")
"""The roles for which the charger model reads the fields in `CODES` and `QUANTITIES` as numbers."""

ORDERS: Mapping[str, ByteOrder] = {"big": "big", "little": "little"}


def parse_line_fields(
    entry: TomlTable, enumerations: Mapping[str, Enumeration], role: Role | None
) -> tuple[tuple[Field, ...], dict[str, int]]:
    """Return the fields of a log line, and the index of each by name."""
    fields: list[Field] = []
    for table, name in expand(entry.list("fields"), in_line=True):
        check_name(table, name, {earlier.name for earlier in fields})
        field = parse_field(table, name, enumerations, "big", in_line=True)
        if role in ROLES_WITH_NUMBERS:
            check_number(table, field, role)
        fields.append(field)
    return tuple(fields), {field.name: position for position, field in enumerate(fields)}


def format_placeholders(names: Iterable[str]) -> str:
    """Return the field names as a summary or pattern writes them."""
    return " ".join(f"{{{name}}}" for name in names) or "it has none"


def expand(tables: Iterable[TomlTable], *, in_line: bool) -> Iterator[tuple[TomlTable, str]]:
    """Yield the table and the name of each field: of single fields, of rows (`names`) and of groups (`each`)."""
    for table in tables:
        if in_line or "each" not in table:
            yield from ((table, name) for name in _parse_names(table, in_line=in_line))
            continue
        table.only(GROUP_KEYS)
        members = table.list("fields")
        if not members or any("each" in member for member in members):
            raise table.wrong("fields", "the fields of one group, none of which is a group itself")
        prefixes = table.texts("each")
        if not all(map(str.isidentifier, prefixes)) or len({*prefixes}) != len(prefixes):
            raise table.wrong("each", "a list of different beginnings of names: letters, digits and _, no digit first")
        for prefix in prefixes:
            yield from ((member, f"{prefix}_{name}") for member in members for name in _parse_names(member))


def _parse_names(table: TomlTable, *, in_line: bool = False) -> tuple[str, ...]:
    """Return the names of the fields of one table: one, or those of a row of fields with the same keys."""
    if in_line or "names" not in table:
        return (table.text("name"),)
    if "name" in table:
        raise table.wrong("name", "left out with names")
    return table.texts("names")


def check_name(table: TomlTable, name: str, taken: set[str]) -> None:
    """Check that the name of a field can be used in filters and is not in `taken`."""
    key = "names" if "names" in table else "name"
    if not name.isidentifier() or name == UNDEFINED:
        raise table.wrong(key, f'letters, digits and _, no digit first, and not "{UNDEFINED}"')
    if name in taken:
        raise table.wrong(key, "different from the names of the other fields")


def check_number(table: TomlTable, field: Field, role: Role | None) -> None:
    """Check that a field which the charger model reads as a number is one."""
    name = field.tells or field.name
    if name in (*CODES, *QUANTITIES) and isinstance(field.conversion, BcdDigits):
        raise table.wrong("show", f'left out, as {name} is a number where tells = "{role or name}"')
    if name in CODES and (not field.is_numeric or isinstance(field.conversion, SignMagnitude | Float)):
        raise table.wrong("type", f'"uint", as {name} is a number where tells = "{role or name}"')
    if name in QUANTITIES and not isinstance(field.conversion, Number):
        quantity = QUANTITIES[name]
        raise table.wrong("type", f'"uint" in decimal, as {name} is {quantity} where tells = "{role or name}"')
    unit = UNITS.get(QUANTITIES.get(field.tells, ""))
    if unit and isinstance(field.conversion, Number) and field.conversion.unit != unit:
        raise table.wrong("unit", f'"{unit}", as the field tells {QUANTITIES[name]}')


def parse_field(
    table: TomlTable, name: str, enumerations: Mapping[str, Enumeration], order: ByteOrder, *, in_line: bool
) -> Field:
    """Return the field of a frame or, with `in_line`, of a log line. `order` is the order if it states none."""
    is_open = "size" not in table and (in_line or UNTIL_KEY in table)
    size: Size = "rest" if is_open else table.size("size", LONGEST)
    if ORDER_KEY in table:
        order = table.choice(ORDER_KEY, ORDERS)
    numbers: dict[FieldType, Callable[[], Conversion]] = {
        "uint": lambda: parse_number(table, size, enumerations),
        "decimal" if in_line else "int": lambda: _parse_scaled(table, size),
    }
    kinds: dict[FieldType, Callable[[], Conversion]] = {
        "text" if in_line else "ascii": lambda: Ascii(size if isinstance(size, int) and not in_line else None),
        "unknown": Plain,
    }
    if not in_line:
        numbers |= dict.fromkeys(CODED_TYPES, lambda: _parse_coded(table, size, enumerations))
        numbers["decimal"] = lambda: _parse_decimal(table, size)
        kinds["bytes"] = Plain
        kinds |= dict.fromkeys(ENCODINGS, lambda: _parse_text(table, size))
        kinds["time"] = lambda: _parse_time(table, size, order)
    kinds = numbers | kinds
    kind: FieldType = table.choice("type", {word: word for word in kinds}) if "type" in table else "uint"
    table.only((*(NAME_KEYS[:1] if in_line else NAME_KEYS), *FIELD_KEYS, *_list_keys(kind, in_line=in_line)))
    conversion = kinds[kind]()
    numeric = kind in NUMERIC_TYPES and not isinstance(conversion, DecimalText)
    if numeric and not (in_line and size == "rest") and (not isinstance(size, int) or size > LONGEST_NUMBER):
        raise table.wrong("size", f"a number of bytes from 1 to {LONGEST_NUMBER}, as a number has")
    if kind == "decimal" and in_line and isinstance(conversion, Number):
        if conversion.multiplier != 1:
            raise table.wrong("multiplier", "left out with a divisor")
        if not _is_power_of_ten(conversion.divisor):
            raise table.wrong("divisor", "10, 100 and so on: the smallest step that the log prints")
    if kind not in ORDERED_TYPES or isinstance(conversion, PartsTime | DecimalText):
        order = "big"
    field = Field(
        name=name,
        size=size,
        type=kind,
        conversion=conversion,
        default=None,
        provenance=table.choice("provenance", PROVENANCE) if "provenance" in table else None,
        about=table.text("about", ""),
        order=order,
        tells="" if in_line or TELLS_KEY not in table else table.choice(TELLS_KEY, FIELD_TELLS),
        is_swapped=_parse_words(table, size, order),
    )
    return replace(field, default=_parse_default(table, field)) if DEFAULT_KEY in table else field


def _list_keys(kind: FieldType, *, in_line: bool) -> tuple[str, ...]:
    """Return the keys that a field of this type may have besides those of every field."""
    keys = NUMBER_KEYS if kind in NUMERIC_TYPES else TEXT_KEYS if kind in ENCODINGS else ()
    if in_line:
        return tuple(key for key in keys if key != "zero")
    if kind == "decimal":
        return (*DECIMAL_KEYS, UNTIL_KEY, DEFAULT_KEY, OPTIONAL_KEY, TELLS_KEY)
    ends = (UNTIL_KEY,) if kind in (*ENCODINGS, "ascii", "bytes", "unknown") else ()
    times, words = TIME_KEYS if kind == "time" else (), (WORDS_KEY,) if kind in NUMERIC_TYPES else ()
    order = (ORDER_KEY,) * (kind in ORDERED_TYPES)
    return (*keys, *times, *order, *words, *ends, DEFAULT_KEY, OPTIONAL_KEY, TELLS_KEY)


def _parse_words(table: TomlTable, size: Size, order: ByteOrder) -> bool:
    """Return True if the words of a number stand in another order than the bytes in each word."""
    if WORDS_KEY not in table:
        return False
    if size not in WORDED_SIZES:
        raise table.wrong(WORDS_KEY, f"left out unless size is {', '.join(map(str, WORDED_SIZES))}: whole words")
    words: ByteOrder = table.choice(WORDS_KEY, ORDERS)
    return words != order


def _parse_default(table: TomlTable, field: Field) -> Raw:
    """Return the value that an encoder sends by default."""
    default = table.bytes(DEFAULT_KEY)
    if not isinstance(field.size, int):
        raise table.wrong(DEFAULT_KEY, f'left out where size = "{field.size}"')
    if len(default) != field.size:
        raise table.wrong(DEFAULT_KEY, f"{format_count(field.size, 'byte')} in hexadecimal")
    return decode_number(field, default) if field.is_binary else default


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


def _parse_scaled(table: TomlTable, size: Size, *, is_bcd: bool = False) -> Number:
    """Return the conversion of a number that is a quantity: `divisor`, `multiplier`, `zero` and `unit`."""
    kind = table.text("type", "uint")
    if kind != "uint":
        _check_absent(table, () if is_bcd else NUMBER_KEYS[:2], "left out with this type")
    divisor = table.number("divisor", 1, least=1)
    least = -LARGEST_MULTIPLIER if "zero" in table else 1
    multiplier = table.number("multiplier", 1, least=least, most=LARGEST_MULTIPLIER)
    if multiplier == 0:
        raise table.wrong("multiplier", f"a whole number from {least} to {LARGEST_MULTIPLIER}, and not 0")
    zero = table.number("zero", 0, least=-LARGEST_ZERO, most=LARGEST_ZERO)
    for key, neutral in (("divisor", 1), ("multiplier", 1), ("zero", 0)):
        if (
            table.number(key, neutral, least=-LARGEST_ZERO) != neutral
            and isinstance(size, int)
            and size > LONGEST_SCALED
        ):
            raise table.wrong(key, f"left out for a number of more than {LONGEST_SCALED} bytes")
    return Number(divisor, table.text("unit", ""), multiplier, zero)


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
    plain = _parse_scaled(table, size, is_bcd=is_bcd)
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


def _parse_decimal(table: TomlTable, size: Size) -> DecimalText:
    """Return the conversion of a number that is sent as text."""
    plain = _parse_scaled(table, "rest")
    if "padding" in table and not isinstance(size, int):
        raise table.wrong("padding", "left out for a number whose size varies, as it is not filled up")
    padding = table.choice("padding", {"zeros": "0", "spaces": " "}) if "padding" in table else "0"
    places = table.number("decimals", most=MOST_DIGITS) if "decimals" in table else None
    own_size = size if isinstance(size, int) else None
    return DecimalText(plain.divisor, plain.unit, plain.multiplier, size=own_size, places=places, padding=padding)


def _is_power_of_ten(divisor: int) -> bool:
    return divisor > 1 and str(divisor).strip("0") == "1"


def _check_absent(table: TomlTable, keys: Iterable[str], reason: str) -> None:
    """Raise `DefinitionError` if the table has one of these keys."""
    for key in keys:
        if key in table:
            raise table.wrong(key, reason)
