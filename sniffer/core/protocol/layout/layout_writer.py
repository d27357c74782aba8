"""The writer of the parts of a payload: entries that the layout parser reads again as equal parts.

In: a command with parts. Out: the entries of its fields. A value of None is left out of the file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sniffer.core.protocol.conversions import Value
from sniffer.core.protocol.definition import Command, Field
from sniffer.core.protocol.layout.parts import (
    BitsPart,
    FieldPart,
    FramePart,
    ListPart,
    OptionalPart,
    PayloadPart,
    SwitchCase,
    SwitchPart,
)

LayoutEntry = dict[str, Any]
"""The keys and values of one table."""

UNNAMED_BITS = "unknown_"
"""The beginning of the name of bits that no field of the file has."""


class LayoutWriter:
    """The writer of one command. `build_field` returns the entry of a field."""

    def __init__(self, command: Command, build_field: Callable[[Field], Mapping[str, Any]]) -> None:
        self._fields = command.fields
        self._build_field = build_field

    def build(self, parts: Sequence[PayloadPart], prefix: str) -> list[LayoutEntry]:
        """Return the entries of these parts. `prefix` stands before the names of their fields."""
        return [entry for part in parts for entry in self._build_part(part, prefix)]

    def _build_part(self, part: PayloadPart, prefix: str) -> Iterator[LayoutEntry]:
        """Yield the entries of a part. Most parts have one; an optional part has one for each field."""
        match part:
            case FieldPart():
                yield self._build_plain(part, prefix)
            case FramePart():
                # The link states it.
                return
            case BitsPart():
                yield self._build_bits(part, prefix)
            case ListPart():
                yield self._build_list(part, prefix)
            case SwitchPart():
                yield self._build_switch(part, prefix)
            case OptionalPart():
                first, *others = self.build(part.parts, prefix)
                yield first | {"optional": True}
                yield from others

    def _name(self, position: int | None, prefix: str) -> str | None:
        """Return the name of a field as the file writes it; None without a position."""
        if position is None:
            return None
        name = self._fields[position].name
        # A field may also be named in a list that its user is in.
        while prefix and not name.startswith(prefix):
            prefix = prefix[: prefix.rstrip(".").rfind(".") + 1]
        return name.removeprefix(prefix)

    def _build_plain(self, part: FieldPart, prefix: str) -> LayoutEntry:
        """Return the entry of a field, with its size or its end if the layout has them."""
        keys = {**self._build_field(self._fields[part.position]), "name": self._name(part.position, prefix)}
        if part.size_from is not None:
            keys["size"] = self._name(part.size_from, prefix)
        if part.until:
            keys |= {"size": None, "until": None if part.divides else part.until.hex(" ").upper()}
        return _strip(keys)

    def _build_bits(self, part: BitsPart, prefix: str) -> LayoutEntry:
        """Return the entry of a number with its bits, those that have a field in the file."""
        default, bits = 0, []
        about = next((field.about for field in self._list_unnamed(part)), "")
        for position, lowest, width in part.places:
            field = self._fields[position]
            default |= (field.default if isinstance(field.default, int) else 0) << lowest
            name = field.name.removeprefix(f"{part.name}.")
            if name == f"{UNNAMED_BITS}{lowest}" and field.provenance is None:
                continue
            keys = dict(self._build_field(field))
            for key in ("size", "type", "order", "default"):
                keys.pop(key)
            keys |= {"name": name, "at": lowest, "width": width if width > 1 else None}
            bits.append(_strip(keys))
        return _strip(
            {
                "name": part.name.removeprefix(prefix),
                "type": "bits",
                "size": part.size,
                "order": part.order,
                "about": about or None,
                "default": default.to_bytes(part.size, part.order).hex(" ").upper() if default else None,
                "bits": bits,
            }
        )

    def _list_unnamed(self, part: BitsPart) -> Iterator[Field]:
        """Yield the fields of the bits that the file does not name."""
        for position, lowest, _ in part.places:
            field = self._fields[position]
            if field.name == f"{part.name}.{UNNAMED_BITS}{lowest}" and field.provenance is None:
                yield field

    def _build_list(self, part: ListPart, prefix: str) -> LayoutEntry:
        """Return the entry of a list, by the parts of its first item."""
        keys: LayoutEntry = {
            "name": part.name.removeprefix(prefix),
            "type": "list",
            "count": part.count or self._name(part.count_from, prefix),
            "bytes": self._name(part.bytes_from, prefix),
            "between": part.between.hex(" ").upper() or None,
            "most": len(part.items) if part.count is None else None,
        }
        item = self.build(part.items[0], f"{part.name}.1.")
        if part.is_plain:
            keys["item"] = {key: value for key, value in item[0].items() if key != "name"}
        else:
            keys["fields"] = item
        return _strip(keys)

    def _list_values(self, part: SwitchPart, case: SwitchCase) -> list[Value]:
        """Return the values of a case as the file writes them."""
        conversion = self._fields[part.on].conversion
        return [value if isinstance(value, int) else conversion.value(value) for value in case.values]

    def _build_switch(self, part: SwitchPart, prefix: str) -> LayoutEntry:
        """Return the entry of a switch with its cases."""
        cases = [
            _strip(
                {
                    "values": values if len(values := self._list_values(part, case)) > 1 else values[0],
                    "flat": case.is_flat or None,
                    "fields": self.build(case.parts, "" if case.is_flat else prefix),
                }
            )
            for case in part.cases
        ]
        otherwise = None if part.otherwise is None else self.build(part.otherwise, prefix)
        return _strip({"switch": self._name(part.on, prefix), "cases": cases, "otherwise": otherwise})


def _strip(keys: Mapping[str, Any]) -> LayoutEntry:
    """Return the keys that have a value."""
    return {key: value for key, value in keys.items() if value is not None}
