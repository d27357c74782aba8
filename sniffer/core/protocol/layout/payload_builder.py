"""Write payloads that are more than a row of fields: bits, lists, switches, sizes in other fields, an optional end.

In: a command with parts, and values by name. Out: the payload. Raises `EncodeError`. A count or size that has no value
is computed from what it counts.
"""

from collections.abc import Callable, Iterator, Sequence

from sniffer.base.errors import EncodeError
from sniffer.base.phrasing import format_count
from sniffer.core.protocol.conversions import Raw, as_number
from sniffer.core.protocol.definition import Command, Field
from sniffer.core.protocol.layout.layout import find_amount, list_inner, list_positions
from sniffer.core.protocol.layout.numbers import decode_number, encode_number
from sniffer.core.protocol.layout.parts import BitsPart, FieldPart, ListPart, OptionalPart, PayloadPart, SwitchPart

NO_VALUES = b""
"""The bytes of a field of varying size without a value."""

PackField = Callable[[Field], bytes | None]
"""Returns the bytes of a field with its value, which is taken out of those that are left; None if it has no value."""


def write_layout(command: Command, names: Sequence[str], pack: PackField) -> bytes:
    """Return the payload of the fields with these names. `pack` returns the bytes of each.

    Raises `EncodeError` if a value is missing or does not fit.
    """
    writer = _LayoutBuilder(command, frozenset(names), pack)
    writer.write(command.parts)
    return writer.finish()


class _LayoutBuilder:
    """The state of writing one payload. A count or size without a value waits until the counted part is written."""

    def __init__(self, command: Command, names: frozenset[str], pack: PackField) -> None:
        self._name = command.name
        self._fields = command.fields
        self._names = names
        self._pack = pack
        self._pieces: list[bytes] = []
        self._written: dict[int, Raw] = {}
        self._waiting: dict[int, int] = {}
        self._counted = frozenset(_list_counts(command.parts))

    def finish(self) -> bytes:
        """Return the payload."""
        for position in self._waiting:
            raise EncodeError(f"{self._name}: {self._fields[position].name}: a value is needed")
        return b"".join(self._pieces)

    def write(self, parts: Sequence[PayloadPart]) -> None:
        """Write these parts."""
        for part in parts:
            match part:
                case FieldPart():
                    self._write_field(part)
                case BitsPart():
                    self._write_bits(part)
                case ListPart():
                    self._write_list(part)
                case SwitchPart():
                    self._write_switch(part)
                case OptionalPart():
                    if self._has_value(part.parts):
                        self.write(part.parts)

    def _write_field(self, part: FieldPart) -> None:
        """Write a field; one that holds a count waits for it if it has no value."""
        field = self._fields[part.position]
        data = self._pack(field)
        if data is None and part.position in self._counted:
            self._waiting[part.position] = len(self._pieces)
            data = NO_VALUES
        elif data is None:
            raise EncodeError(f"{self._name}: {field.name}: a value is needed")
        else:
            self._written[part.position] = decode_number(field, data) if field.is_binary else data
        if part.until and part.until in data:
            raise EncodeError(f"{self._name}: {field.name}: has the bytes that end it, {part.until.hex(' ').upper()}")
        self._pieces.append(data + part.until)
        if part.size_from is not None:
            self._set_count(part.size_from, len(data), f"{field.name} has {len(data)} bytes")

    def _write_bits(self, part: BitsPart) -> None:
        """Write a number from the fields that are bits of it."""
        total = 0
        for position, lowest, width in part.places:
            field = self._fields[position]
            number = int.from_bytes(self._pack(field) or NO_VALUES, part.order)
            if number >> width:
                raise EncodeError(f"{self._name}: {field.name}: {number} does not fit into {width} bits")
            self._written[position] = number
            total |= number << lowest
        self._pieces.append(total.to_bytes(part.size, part.order))

    def _write_list(self, part: ListPart) -> None:
        """Write the items that have a value, and set the count and the size of the list."""
        before, written = len(self._pieces), 0
        for index, item in enumerate(part.items, 1):
            # A field of a flat case may have the value of another item.
            if part.count is None and not self._has_value(item, f"{part.name}.{index}"):
                break
            if part.count == written:
                break
            self.write(item)
            written += 1
        if written and part.between:
            self._pieces[-1] = self._pieces[-1].removesuffix(part.between)
        if part.count_from is not None:
            self._set_count(part.count_from, written, f"{part.name} has {format_count(written, 'item')}")
        if part.bytes_from is not None:
            size = sum(map(len, self._pieces[before:]))
            self._set_count(part.bytes_from, size, f"{part.name} has {format_count(size, 'byte')}")

    def _write_switch(self, part: SwitchPart) -> None:
        """Write the case for the value of the field that the switch is on."""
        value = self._written.get(part.on)
        parts = next((case.parts for case in part.cases if value in case.values), part.otherwise)
        self.write(parts or ())

    def _has_value(self, parts: Sequence[PayloadPart], prefix: str = "") -> bool:
        """Return True if any field of these parts whose name begins with a prefix has a value."""
        names = (self._fields[position].name for position in list_positions(parts))
        return any(name in self._names for name in names if name.startswith(prefix))

    def _set_count(self, position: int, number: int, counted: str) -> None:
        """Set the count or size at this position, or check it if it had a value. `counted` is for the message."""
        field = self._fields[position]
        if position in self._waiting:
            try:
                raw = as_number(field.conversion.raw(number))
                self._pieces[self._waiting.pop(position)] = encode_number(field, raw)
            except OverflowError as error:
                raise EncodeError(f"{self._name}: {field.name}: {number} does not fit") from error
            self._written[position] = raw
        known = self._written.get(position)
        amount = None if known is None else find_amount(field, as_number(known))
        if amount != number:
            raise EncodeError(f"{self._name}: {field.name}: is {amount}, and {counted}")


def _list_counts(parts: Sequence[PayloadPart]) -> Iterator[int]:
    """Yield the positions of the fields that hold a count or a size."""
    for part in parts:
        if isinstance(part, FieldPart) and part.size_from is not None:
            yield part.size_from
        if isinstance(part, ListPart):
            yield from (position for position in (part.count_from, part.bytes_from) if position is not None)
        for inner in list_inner(part):
            yield from _list_counts(inner)
