"""The parser of the fields of a command or log line: their sizes and conversions.

In: the table of one command or line, and the enumerations. Out: its fields. Raises `DefinitionError` for every error.
`docs/definition.md` describes the keys.
"""

from collections.abc import Callable, Iterable, Mapping

from sniffer.core.protocol.conversions import Ascii, Conversion, Hex, Named, Number, Plain
from sniffer.core.protocol.definition import Field, Role, Size
from sniffer.core.protocol.enumeration import Enumeration, Provenance
from sniffer.core.protocol.message import UNDEFINED
from sniffer.core.protocol.toml_table import TomlTable
from sniffer.core.wire.links import LINKS

FIELD_KEYS = ("name", "size", "type", "provenance", "about")
DEFAULT_KEY = "default"
NUMBER_KEYS = ("enumeration", "show", "divisor", "unit")
"""Further keys of a field of type `uint`. `enumeration` excludes the others, `show = "hex"` the last two."""

LONGEST = max(link.longest - link.overhead for link in LINKS.values())
LONGEST_NUMBER = 8
"""Bytes in a number, at most: Python may refuse to print a longer one."""
LONGEST_DIVIDED = 6
"""Bytes in a number with a divisor, at most: a float holds a longer one with loss."""

CODES = ("connector", "status", "ocpp_error", "vendor_error", "m4_error")
QUANTITIES = ("cp_voltage", "l1_voltage", "l2_voltage", "l3_voltage")
ROLES_WITH_NUMBERS = ("status", "fault", "voltages")
"""The roles for which the charger model reads the fields in `CODES` and `QUANTITIES` as numbers."""

PROVENANCE = {word.value: word for word in Provenance}


def parse_fields(
    entry: TomlTable, enumerations: Mapping[str, Enumeration], role: Role | None, *, in_line: bool
) -> tuple[tuple[Field, ...], dict[str, int]]:
    """Return the fields of a command or line, and the index of each by name."""
    fields: list[Field] = []
    for table in entry.list("fields"):
        field = _parse_field(table, enumerations, in_line=in_line)
        _check_name(table, field.name, {earlier.name for earlier in fields})
        if role in ROLES_WITH_NUMBERS:
            _check_number(table, field, role)
        fields.append(field)
    return tuple(fields), {field.name: position for position, field in enumerate(fields)}


def format_placeholders(names: Iterable[str]) -> str:
    """Return the field names as a summary or pattern writes them."""
    return " ".join(f"{{{name}}}" for name in names) or "it has none"


def _check_name(table: TomlTable, name: str, taken: set[str]) -> None:
    if not name.isidentifier() or name == UNDEFINED:
        raise table.wrong("name", f'letters, digits and _, no digit first, and not "{UNDEFINED}"')
    if name in taken:
        raise table.wrong("name", "different from the names of the other fields")


def _check_number(table: TomlTable, field: Field, role: Role | None) -> None:
    if field.name in CODES and not field.numeric:
        raise table.wrong("type", f'"uint", as {field.name} is a number where tells = "{role}"')
    if field.name in QUANTITIES and not isinstance(field.conversion, Number):
        raise table.wrong("type", f'"uint" in decimal, as {field.name} is a voltage where tells = "{role}"')


def _parse_field(table: TomlTable, enumerations: Mapping[str, Enumeration], *, in_line: bool) -> Field:
    """Return the field of a frame or, with `in_line`, of a log line."""
    size: Size = "rest" if in_line and "size" not in table else table.size("size", LONGEST)
    kinds: dict[str, Callable[[], Conversion]] = {
        "uint": lambda: _parse_number(table, size, enumerations),
        "text" if in_line else "ascii": lambda: Ascii(size if isinstance(size, int) and not in_line else None),
        "unknown": Plain,
    }
    kind = table.choice("type", {name: name for name in kinds}) if "type" in table else "uint"
    numeric = kind == "uint"
    table.only((*FIELD_KEYS, *(() if in_line else (DEFAULT_KEY,)), *(NUMBER_KEYS if numeric else ())))
    conversion = kinds[kind]()
    if numeric and not (in_line and size == "rest") and (not isinstance(size, int) or size > LONGEST_NUMBER):
        raise table.wrong("size", f"a number of bytes from 1 to {LONGEST_NUMBER}, as a number has")
    default = table.bytes(DEFAULT_KEY) if DEFAULT_KEY in table else None
    if default is not None and len(default) != size:
        raise table.wrong(DEFAULT_KEY, f"{size} bytes in hexadecimal")
    return Field(
        name=table.text("name"),
        size=size,
        conversion=conversion,
        numeric=numeric,
        default=int.from_bytes(default, "big") if numeric and default is not None else default,
        provenance=table.choice("provenance", PROVENANCE) if "provenance" in table else None,
        about=table.text("about", ""),
    )


def _parse_number(table: TomlTable, size: Size, enumerations: Mapping[str, Enumeration]) -> Conversion:
    named: Enumeration | None = table.choice("enumeration", enumerations) if "enumeration" in table else None
    in_hex = "show" in table and table.choice("show", {"decimal": False, "hex": True})
    for key in NUMBER_KEYS[1:] if named else NUMBER_KEYS[2:] if in_hex else ():
        if key in table:
            raise table.wrong(key, "left out with an enumeration" if named else 'left out with show = "hex"')
    if named:
        return Named(named)
    if in_hex:
        return Hex(2 * size if isinstance(size, int) else 1)
    divisor = table.number("divisor", 1, least=1)
    if divisor > 1 and isinstance(size, int) and size > LONGEST_DIVIDED:
        raise table.wrong("divisor", f"left out for a number of more than {LONGEST_DIVIDED} bytes")
    return Number(divisor, table.text("unit", ""))
