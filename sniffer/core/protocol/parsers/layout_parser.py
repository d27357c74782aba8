"""The parser of the fields of a command, with those that make its payload more than a row of fields.

In: the table of a command, and the enumerations. Out: its fields, and the parts that they are in. Raises
`DefinitionError` for every error. `docs/definition.md` describes the keys.
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from sniffer.base.errors import EncodeError
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.conversions import Raw
from sniffer.core.protocol.definition import Field, Role
from sniffer.core.protocol.enumeration import Enumeration
from sniffer.core.protocol.layout.parts import (
    BitsPart,
    FieldPart,
    ListPart,
    OptionalPart,
    PayloadPart,
    SwitchCase,
    SwitchPart,
    find_size,
)
from sniffer.core.protocol.layout.payload_layout import PayloadLayout
from sniffer.core.protocol.parsers.bits_parser import parse_bits
from sniffer.core.protocol.parsers.conversion_parser import CODED_TYPES
from sniffer.core.protocol.parsers.field_end import BETWEEN_KEY, SIZED_TYPES, end_at_between, parse_between, parse_end
from sniffer.core.protocol.parsers.field_parser import OPTIONAL_KEY, check_name, expand, expand_group, parse_field
from sniffer.core.protocol.parsers.field_subjects import ROLES_WITH_NUMBERS, check_number
from sniffer.core.protocol.parsers.layout_scope import LayoutScope
from sniffer.core.protocol.text_conversions import ENCODINGS
from sniffer.core.wire.checks import ByteOrder
from sniffer.core.wire.link_part_parser import TELLS_KEY

LIST_KEYS = ("name", "type", "count", "bytes", "most", BETWEEN_KEY, "item", "fields", OPTIONAL_KEY)
SWITCH_KEYS = ("switch", "cases", "otherwise", OPTIONAL_KEY)
CASE_KEYS = ("values", "fields", "flat")

MOST_ITEMS = 255
USUAL_ITEMS = 32
MOST_FIELDS = 4096
"""The fields of one command, at most, with those of all items of its lists."""

PAYLOAD_TYPES = {
    word: word
    for word in (
        "uint",
        "int",
        *CODED_TYPES,
        "decimal",
        "ascii",
        "bytes",
        "unknown",
        *ENCODINGS,
        "time",
        "bits",
        "list",
    )
}
"""The types of fields and of what else may be in a payload."""

TEXT_TYPES = ("ascii", "bytes", *ENCODINGS)
"""The types of the texts by which a switch may choose."""


def parse_layout(
    entry: TomlTable, enumerations: Mapping[str, Enumeration], role: Role | None, order: ByteOrder
) -> PayloadLayout:
    """Return the fields of a command. `order` is the byte order of numbers that state none."""
    builder = _Builder(entry, enumerations, role, order)
    parts = builder.parse(entry.list("fields"), LayoutScope("", "", {}, {}, set(), 0))
    is_row = all(isinstance(part, FieldPart) and not part.is_open for part in parts)
    places: dict[str, tuple[int, ...]] = {}
    for position, field in enumerate(builder.fields):
        places[field.name] = (*places.get(field.name, ()), position)
    subjects = {field.tells for field in builder.fields} - places.keys() - {""}
    for position, field in enumerate(builder.fields):
        if field.tells in subjects:
            places[field.tells] = (*places.get(field.tells, ()), position)
    return PayloadLayout(
        tuple(builder.fields),
        {name: positions[0] for name, positions in places.items()},
        () if is_row else parts,
        {name: positions for name, positions in places.items() if len(positions) > 1},
        tuple(dict.fromkeys(builder.groups)),
    )


class _Builder:
    """The fields of one command, in the order in which they are found."""

    def __init__(
        self, entry: TomlTable, enumerations: Mapping[str, Enumeration], role: Role | None, order: ByteOrder
    ) -> None:
        self._entry = entry
        self._enumerations = enumerations
        self._role = role
        self._order = order
        self.fields: list[Field] = []
        self.groups: list[str] = []

    def parse(self, tables: Sequence[TomlTable], scope: LayoutScope) -> tuple[PayloadPart, ...]:
        """Return the parts of these tables. All from the first optional one on are one part."""
        parts: list[PayloadPart] = []
        for index, table in enumerate(tables):
            if OPTIONAL_KEY in table and table.flag(OPTIONAL_KEY):
                if scope.depth:
                    raise table.wrong(
                        OPTIONAL_KEY, "left out in a list or switch, as only a payload's end may be missing"
                    )
                rest = [part for later in tables[index:] for part in self._parse_table(later, scope)]
                return (*parts, OptionalPart(tuple(rest)))
            # Only the last field of an item ends at the bytes between two items.
            is_last = index == len(tables) - 1
            found = self._parse_table(table, scope if is_last else scope._replace(between=b""))
            if index + 1 < len(tables) and isinstance(part := found[-1], ListPart) and _goes_on(part):
                after = [part for later in tables[index + 1 :] for part in self._parse_table(later, scope)]
                size = find_size(after, [field.size for field in self.fields])
                if size is None:
                    raise table.wrong(
                        "count", "an earlier number or a whole number, or else bytes, as what follows varies"
                    )
                return (*parts, replace(part, bytes_after=size), *after)
            parts += found
        return tuple(parts)

    def _parse_table(self, table: TomlTable, scope: LayoutScope) -> list[PayloadPart]:
        """Return the parts of one table."""
        if "switch" in table:
            return [self._parse_switch(table, scope)]
        if "each" in table:
            *firsts, final = expand_group(table)
            parts = [part for one in firsts for part in self._parse_table(one, scope._replace(between=b""))]
            return [*parts, *self._parse_table(final, scope)]
        kind = table.choice("type", PAYLOAD_TYPES) if "type" in table else None
        if kind in ("bits", "list") and scope.between:
            end_at_between(table, scope.between)
        if kind == "bits":
            return [self._parse_bits(table, scope)]
        if kind == "list":
            return [self._parse_list(table, scope)]
        *before, last = expand([table], in_line=False)
        plain = scope._replace(between=b"")
        return [*(self._parse_field(*one, plain) for one in before), self._parse_field(*last, scope)]

    def _parse_field(self, table: TomlTable, name: str, scope: LayoutScope) -> FieldPart:
        """Return the part of a field with this name."""
        check_name(table, name, set())
        if scope.between:
            table = end_at_between(table, scope.between)
        size_from = None
        size = table.text_or_none("size")
        if size in scope.numbers and "type" in table and table.text("type") in SIZED_TYPES:
            size_from = scope.numbers[size]
            table = table.changed("size", "rest")
        elif scope.numbers and size is not None and size not in ("rest", "to zero"):
            raise table.wrong(
                "size",
                'a number of bytes, "rest", "to zero", or for text and bytes an earlier number: '
                f"{scope.format_numbers()}",
            )
        until = parse_end(table)
        field = parse_field(table, name, self._enumerations, self._order, in_line=False)
        position = self._add(table, field, scope)
        if field.type == "uint":
            scope.numbers[name] = position
        elif field.type in TEXT_TYPES:
            scope.texts[name] = position
        return FieldPart(position, size_from, until, divides=bool(scope.between))

    def _parse_bits(self, table: TomlTable, scope: LayoutScope) -> BitsPart:
        """Return the part of a number whose bits are fields."""
        name = self._take_group_name(table, scope)
        bits = parse_bits(table, table.text("name"), self._enumerations, self._order)
        inner = scope._replace(prefix=f"{name}.")
        places = [
            (self._add(bit.table, bit.field, inner), bit.lowest, bit.width) for bit in (*bits.named, *bits.unnamed)
        ]
        for bit, (position, _, _) in zip(bits.named, places, strict=False):
            scope.numbers[f"{table.text('name')}.{bit.field.name}"] = position
        return BitsPart(name, bits.size, bits.order, tuple(places))

    def _parse_list(self, table: TomlTable, scope: LayoutScope) -> ListPart:
        """Return the part of a list, with the fields of each item that it may have."""
        table.only(LIST_KEYS)
        name = self._take_group_name(table, scope)
        most = table.number("most", USUAL_ITEMS, least=1, most=MOST_ITEMS)
        count = count_from = None
        if "count" in table and table.text_or_none("count") is not None:
            count_from = scope.find_number(table, "count")
        elif "count" in table:
            count = most = table.number("count", least=1, most=MOST_ITEMS)
        bytes_from = scope.find_number(table, "bytes") if "bytes" in table else None
        is_plain = "item" in table
        if is_plain == ("fields" in table):
            raise table.wrong("fields", "the fields of an item, or else item: the keys of its only value")
        members = [table.table("item")] if is_plain else table.list("fields")
        if not members:
            raise table.wrong("fields", "a list with at least one field")
        between = parse_between(table)
        scope.check_depth(table)
        taken, items = set(scope.taken), []
        for number in range(1, most + 1):
            of_item = f"{name}.{number}"
            inner = scope.within(f"{of_item}.", scope.outer or scope.prefix)._replace(between=between)
            items.append((self._parse_item(members[0], of_item, inner),) if is_plain else self.parse(members, inner))
            taken |= inner.taken
        scope.taken.update(taken)
        return ListPart(name, tuple(items), count, count_from, bytes_from, is_plain, between=between)

    def _parse_item(self, table: TomlTable, name: str, scope: LayoutScope) -> FieldPart:
        """Return the only field of an item, which is named by its number."""
        for key in ("name", "names", OPTIONAL_KEY):
            if key in table:
                raise table.wrong(key, "left out, as items are named by their number, and all of them are there")
        if scope.between:
            table = end_at_between(table, scope.between)
        until = parse_end(table)
        field = parse_field(table, name, self._enumerations, self._order, in_line=False)
        position = self._add(table, field, scope._replace(prefix=""))
        return FieldPart(position, until=until, divides=bool(scope.between))

    def _parse_switch(self, table: TomlTable, scope: LayoutScope) -> SwitchPart:
        """Return the part of a switch on a field before it, with its cases."""
        table.only(SWITCH_KEYS)
        on = scope.find_switched(table)
        scope.check_depth(table)
        taken, cases, seen = set(scope.taken), [], set[Raw]()
        for entry in table.list("cases"):
            entry.only(CASE_KEYS)
            values = self._parse_values(entry, on)
            if seen & {*values}:
                raise entry.wrong("values", "different from those of the other cases")
            seen |= {*values}
            is_flat = entry.flag("flat")
            if is_flat and not scope.prefix:
                raise entry.wrong("flat", "left out, as the switch is in no list")
            cases.append(SwitchCase(values, self._parse_branch(entry.list("fields"), scope, taken, is_flat), is_flat))
        if not cases:
            raise table.wrong("cases", "a list of tables with values and fields")
        otherwise = None
        if "otherwise" in table:
            otherwise = self._parse_branch(table.list("otherwise"), scope, taken, is_flat=False)
        scope.taken.update(taken)
        return SwitchPart(on, tuple(cases), otherwise)

    def _parse_values(self, entry: TomlTable, on: int) -> tuple[Raw, ...]:
        """Return the values of a case: numbers, or the bytes of texts, as the field at the position `on` has."""
        field = self.fields[on]
        if field.type not in TEXT_TYPES:
            return entry.numbers("values")
        texts = (entry.text("values"),) if entry.text_or_none("values") is not None else entry.texts("values")
        try:
            return tuple(map(field.conversion.raw, texts))
        except EncodeError as error:
            raise entry.wrong("values", f"a text that {field.name} can hold, or a list of them: {error}") from error

    def _parse_branch(
        self, tables: Sequence[TomlTable], scope: LayoutScope, taken: set[str], is_flat: bool
    ) -> tuple[PayloadPart, ...]:
        """Return the parts of a case. Names that it uses are added to `taken`, and may be those of another case."""
        inner = scope.within(scope.outer if is_flat else scope.prefix, scope.outer)._replace(between=scope.between)
        parts = self.parse(tables, inner)
        taken |= inner.taken
        return parts

    def _take_group_name(self, table: TomlTable, scope: LayoutScope) -> str:
        """Return the full name of a list or of bits, and note that it is a group."""
        name = scope.take_group_name(table)
        self.groups.append(name)
        return name

    def _add(self, table: TomlTable, field: Field, scope: LayoutScope) -> int:
        """Add a field with its full name; return its position."""
        name = f"{scope.prefix}{field.name}"
        if name in scope.taken:
            raise table.wrong("names" if "names" in table else "name", "different from the names of the other fields")
        scope.taken.add(name)
        field = replace(field, name=name)
        if field.tells and f"tells {field.tells}" in scope.taken:
            raise table.wrong(TELLS_KEY, "different from what the other fields tell")
        scope.taken.add(f"tells {field.tells}")
        if field.tells or self._role in ROLES_WITH_NUMBERS:
            check_number(table, field, self._role)
        self.fields.append(field)
        if len(self.fields) > MOST_FIELDS:
            raise self._entry.wrong("fields", f"at most {MOST_FIELDS} with all items of its lists; lower most")
        return len(self.fields) - 1


def _goes_on(part: ListPart) -> bool:
    """Return True for a list that goes on to the end of the payload, or to what stands there."""
    return part.count is part.count_from is part.bytes_from is None
