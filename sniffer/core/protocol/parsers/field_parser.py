"""The parser of the fields of a command or log line: their names, sizes, byte orders and defaults.

In: the table of one command or line, and the enumerations. Out: its fields. Raises `DefinitionError` for every error.
`docs/definition.md` describes the keys.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from sniffer.base.phrasing import format_count
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.conversions import Raw
from sniffer.core.protocol.definition import NUMERIC_TYPES, Field, FieldType, Role
from sniffer.core.protocol.digit_conversions import DecimalNamed, DecimalText
from sniffer.core.protocol.enumeration import PROVENANCE, Enumeration
from sniffer.core.protocol.layout.numbers import decode_number
from sniffer.core.protocol.layout.parts import Size
from sniffer.core.protocol.message import UNDEFINED
from sniffer.core.protocol.parsers.conversion_parser import (
    DECIMAL_KEYS,
    LONGEST_NUMBER,
    NUMBER_KEYS,
    ORDER_KEY,
    ORDERS,
    TEXT_KEYS,
    TIME_KEYS,
    list_frame_types,
    list_line_types,
)
from sniffer.core.protocol.parsers.field_subjects import FIELD_TELLS, ROLES_WITH_NUMBERS, check_number
from sniffer.core.protocol.text_conversions import ENCODINGS, PartsTime
from sniffer.core.wire.checks import ByteOrder
from sniffer.core.wire.link_part_parser import TELLS_KEY
from sniffer.core.wire.links import LINKS

NAME_KEYS = ("name", "names")
UNTIL_KEY = "until"
FIELD_KEYS = ("size", "type", "provenance", "about")
OPTIONAL_KEY = "optional"
GROUP_KEYS = ("each", "fields", OPTIONAL_KEY)
DEFAULT_KEY = "default"
WORDS_KEY = "words"
WORDED_SIZES = (4, 6, 8)
"""The sizes of numbers whose words may have another order than the bytes in each."""

LONGEST = max(link.longest - link.overhead for link in LINKS.values())
"""Bytes in a field, at most: as many as the longest payload has."""

ORDERED_TYPES = (*NUMERIC_TYPES, "time")
"""The types whose fields have a byte order."""


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
    """Yield the table and the name of each field: of single fields, and of rows (`names`)."""
    for table in tables:
        yield from ((table, name) for name in _parse_names(table, in_line=in_line))


def expand_group(table: TomlTable) -> list[TomlTable]:
    """Return the tables for which a group (`each`) stands, with the names that their fields have in the command."""
    table.only(GROUP_KEYS)
    members = table.list("fields")
    if not members:
        raise table.wrong("fields", "the fields of one group")
    for member in members:
        for key in ("each", "switch", OPTIONAL_KEY):
            if key in member:
                raise member.wrong(key, "left out in a group, which holds fields and bits, and is optional as a whole")
        if "type" in member and member.text("type") == "list":
            raise member.wrong("type", "that of a field, or bits, in a group")
    prefixes = table.texts("each")
    if not all(map(str.isidentifier, prefixes)) or len({*prefixes}) != len(prefixes):
        raise table.wrong("each", "a list of different beginnings of names: letters, digits and _, no digit first")
    return [_begin_names(member, prefix) for prefix in prefixes for member in members]


def _begin_names(table: TomlTable, prefix: str) -> TomlTable:
    """Return the table of a field or of a row of fields with this beginning of their names."""
    names = [f"{prefix}_{name}" for name in _parse_names(table)]
    return table.changed("names", names) if "names" in table else table.changed("name", names[0])


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


def parse_field(
    table: TomlTable, name: str, enumerations: Mapping[str, Enumeration], order: ByteOrder, *, in_line: bool
) -> Field:
    """Return the field of a frame or, with `in_line`, of a log line. `order` is the order if it states none."""
    is_open = "size" not in table and (in_line or UNTIL_KEY in table)
    size: Size = "rest" if is_open else table.size("size", LONGEST)
    if ORDER_KEY in table:
        order = table.choice(ORDER_KEY, ORDERS)
    types = (
        list_line_types(table, size, enumerations) if in_line else list_frame_types(table, size, enumerations, order)
    )
    kind: FieldType = table.choice("type", {word: word for word in types}) if "type" in table else "uint"
    table.only((*(NAME_KEYS[:1] if in_line else NAME_KEYS), *FIELD_KEYS, *_list_keys(kind, in_line=in_line)))
    conversion = types[kind]()
    if (
        kind in NUMERIC_TYPES
        and not isinstance(conversion, DecimalText | DecimalNamed)
        and not (in_line and size == "rest")
    ):
        _check_size_of_number(table, size)
    if kind not in ORDERED_TYPES or isinstance(conversion, PartsTime | DecimalText | DecimalNamed):
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


def _check_size_of_number(table: TomlTable, size: Size) -> None:
    """Raise `DefinitionError` if a number cannot have this size."""
    if not isinstance(size, int) or size > LONGEST_NUMBER:
        raise table.wrong("size", f"a number of bytes from 1 to {LONGEST_NUMBER}, as a number has")


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
