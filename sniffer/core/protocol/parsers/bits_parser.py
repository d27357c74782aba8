"""The parser of `bits`: numbers that share bytes, each in some bits of them.

In: the table of the whole. Out: the field of each entry, and those of the bits that no entry has. Raises
`DefinitionError` for every error. `docs/definition.md` describes the keys.
"""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from sniffer.base.phrasing import format_count
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.conversions import Conversion, Hex, Plain
from sniffer.core.protocol.definition import Field
from sniffer.core.protocol.enumeration import PROVENANCE, Enumeration
from sniffer.core.protocol.layout.parts import find_runs
from sniffer.core.protocol.parsers.conversion_parser import (
    LONGEST_NUMBER,
    NUMBER_KEYS,
    ORDER_KEY,
    ORDERS,
    parse_number,
)
from sniffer.core.protocol.parsers.field_parser import DEFAULT_KEY, OPTIONAL_KEY, check_name
from sniffer.core.protocol.parsers.field_subjects import FIELD_TELLS
from sniffer.core.wire.checks import ByteOrder
from sniffer.core.wire.link_part_parser import TELLS_KEY

BITS_KEYS = ("name", "type", "size", ORDER_KEY, "bits", "about", DEFAULT_KEY, OPTIONAL_KEY)
BIT_KEYS = ("name", "at", "width", "provenance", "about", TELLS_KEY)


class BitField(NamedTuple):
    """A field in `width` bits from bit `lowest` on, counted from 0. `table` is the entry to name in errors."""

    table: TomlTable
    field: Field
    lowest: int
    width: int


class SharedBits(NamedTuple):
    """The bytes that the fields share: their number, their order, the fields of entries, and those of other bits."""

    size: int
    order: ByteOrder
    named: list[BitField]
    unnamed: list[BitField]


def parse_bits(table: TomlTable, name: str, enumerations: Mapping[str, Enumeration], order: ByteOrder) -> SharedBits:
    """Return the bits of this name. `order` is their byte order if they state none."""
    table.only(BITS_KEYS)
    size = table.number("size", least=1, most=LONGEST_NUMBER)
    order = table.choice(ORDER_KEY, ORDERS) if ORDER_KEY in table else order
    default = _parse_default(table, size, order)
    blank = Field(name, size, "uint", Plain(), None, None, table.text("about", ""), order)
    free = set(range(8 * size))
    named = []
    for bit in table.list("bits"):
        bit.only((*BIT_KEYS, *NUMBER_KEYS))
        lowest, width = _parse_place(bit, size, free)
        free -= {*range(lowest, lowest + width)}
        field = _parse_bit(bit, blank, width, enumerations)
        named.append(BitField(bit, replace(field, default=_cut_bits(default, lowest, width)), lowest, width))
    if not named:
        raise table.wrong("bits", "a list of tables, one for each field")
    unnamed = []
    for lowest, width in find_runs(free):
        rest = _cut_bits(default, lowest, width)
        field = replace(blank, name=f"unknown_{lowest}", conversion=_show_in_hex(width), default=rest)
        unnamed.append(BitField(table, field, lowest, width))
    return SharedBits(size, order, named, unnamed)


def _parse_default(table: TomlTable, size: int, order: ByteOrder) -> int:
    """Return the number that an encoder sends where the fields have no values: 0 if none is stated."""
    if DEFAULT_KEY not in table:
        return 0
    data = table.bytes(DEFAULT_KEY)
    if len(data) != size:
        raise table.wrong(DEFAULT_KEY, f"{format_count(size, 'byte')} in hexadecimal")
    return int.from_bytes(data, order)


def _parse_place(bit: TomlTable, size: int, free: set[int]) -> tuple[int, int]:
    """Return the lowest bit and the width of a field, all of whose bits must be `free`."""
    lowest, width = bit.number("at", most=8 * size - 1), bit.number("width", 1, least=1, most=8 * size)
    if not {*range(lowest, lowest + width)} <= free:
        raise bit.wrong("at", f"the lowest of {width} bits of {8 * size}, counted from 0, that no other field has")
    return lowest, width


def _parse_bit(bit: TomlTable, blank: Field, width: int, enumerations: Mapping[str, Enumeration]) -> Field:
    """Return the field of an entry. What it does not state is as in `blank`."""
    name = bit.text("name")
    check_name(bit, name, set())
    assert isinstance(blank.size, int)
    conversion: Conversion = parse_number(bit, blank.size, enumerations)
    return replace(
        blank,
        name=name,
        conversion=_show_in_hex(width) if isinstance(conversion, Hex) else conversion,
        provenance=bit.choice("provenance", PROVENANCE) if "provenance" in bit else None,
        about=bit.text("about", blank.about),
        tells=bit.choice(TELLS_KEY, FIELD_TELLS) if TELLS_KEY in bit else "",
    )


def _show_in_hex(width: int) -> Hex:
    """Return the conversion of `width` bits to hexadecimal digits."""
    return Hex((width + 3) // 4)


def _cut_bits(number: int, lowest: int, width: int) -> int:
    """Return the `width` bits of a number from bit `lowest` on."""
    return number >> lowest & (1 << width) - 1
