"""Payloads that are more than a row of fields: bits, lists, switches, sizes in other fields, an optional end.

In: a command with parts, and a payload or values by name. Out: the raw value of each field that is there, with its
place, or the payload. Reading never fails: it stops where the payload does not fit the parts, and says why. Writing
raises `EncodeError`. A count or size that has no value is computed from what it counts.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from sniffer.base.errors import EncodeError
from sniffer.base.phrasing import format_count
from sniffer.core.protocol.conversions import Number, Raw, as_number
from sniffer.core.protocol.definition import Command, Field
from sniffer.core.protocol.layout.numbers import decode_number, encode_number
from sniffer.core.protocol.layout.parts import (
    BitsPart,
    FieldPart,
    FramePart,
    ListPart,
    OptionalPart,
    PayloadPart,
    SwitchPart,
)

NO_VALUES = b""
"""The bytes of a field of varying size without a value."""


class FieldPlace(NamedTuple):
    """One field that is in a payload: its position among the fields of its command, and its bytes in the frame."""

    position: int
    start: int
    end: int


class LayoutReading(NamedTuple):
    """The content of a payload. `values` has None for each field that is not there.

    `problem` says why reading ended early, and is empty if it did not. `end` is the offset in the frame where it ended.
    """

    values: tuple[Raw | None, ...]
    places: tuple[FieldPlace, ...]
    problem: str
    end: int


def read_layout(command: Command, data: bytes) -> LayoutReading:
    """Return the content of the payload of a frame with the bytes `data`."""
    link = command.route.link
    reader = _LayoutReader(command, data, link.payload_at, len(data) - link.trailer_size)
    reader.read(command.parts)
    return LayoutReading(tuple(reader.values), tuple(reader.places), reader.problem, reader.at)


def read_values(command: Command, data: bytes) -> tuple[Raw | None, ...]:
    """Return the raw values of the payload of a frame with the bytes `data`."""
    return read_layout(command, data).values


class _LayoutReader:
    """The state of reading one payload. `at` is the next byte, and `end` the end of the part that is read."""

    def __init__(self, command: Command, data: bytes, at: int, end: int) -> None:
        self._fields = command.fields
        self._data = data
        self.at = at
        self._end = end
        self._names: set[str] = set()
        self.values: list[Raw | None] = [None] * len(command.fields)
        self.places: list[FieldPlace] = []
        self.problem = ""

    def read(self, parts: Sequence[PayloadPart]) -> bool:
        """Read these parts; return False if the payload does not fit."""
        return all(map(self._read_part, parts))

    def _read_part(self, part: PayloadPart) -> bool:
        match part:
            case FieldPart():
                return self._read_field(part)
            case FramePart(position, number):
                self._names.add(self._fields[position].name)
                self.values[position] = number.read(self._data)
                self.places.append(FieldPlace(position, *number.place))
                return True
            case BitsPart():
                return self._read_bits(part)
            case ListPart():
                return self._read_list(part)
            case SwitchPart():
                return self._read_switch(part)
        return self.at == self._end or self.read(part.parts)

    def _stop(self, problem: str) -> bool:
        self.problem = problem
        return False

    def _read_field(self, part: FieldPart) -> bool:
        field = self._fields[part.position]
        size = self._amount(part.size_from) if part.size_from is not None else field.size
        if part.until:
            found = self._data.find(part.until, self.at, self._end)
            stop = found if found >= 0 else self._end + 1
        elif isinstance(size, int):
            stop = self.at + size
        else:
            zero = self._data.find(b"\0", self.at, self._end) if size == "to zero" else -1
            stop = zero if zero >= 0 else self._end
        if stop > self._end:
            return self._stop(f"{field.name} is not whole")
        if field.name in self._names:
            return self._stop(f"{field.name} is there twice")
        piece = self._data[self.at : stop]
        self._add(part.position, decode_number(field, piece) if field.is_binary else piece, stop)
        self.at = stop + len(part.until)
        return True

    def _read_bits(self, part: BitsPart) -> bool:
        stop = self.at + part.size
        if stop > self._end:
            return self._stop(f"{part.name} is not whole")
        number = int.from_bytes(self._data[self.at : stop], part.order)
        for position, lowest, width in part.places:
            self._add(position, number >> lowest & (1 << width) - 1, stop)
        self.at = stop
        return True

    def _read_list(self, part: ListPart) -> bool:
        count = part.count if part.count_from is None else self._amount(part.count_from)
        if part.bytes_from is None and not part.behind:
            return self._read_items(part, count)
        whole = self._end
        size = whole - self.at - part.behind if part.bytes_from is None else self._amount(part.bytes_from)
        self._end = self.at + max(0, size)
        if self._end > whole:
            self._end = whole
            return self._stop(f"{part.name} is not whole")
        fits = self._read_items(part, count)
        rest, self._end = self._end - self.at, whole
        return self._stop(f"{part.name} has {rest} more bytes than its items") if fits and rest else fits

    def _read_items(self, part: ListPart, count: int | None) -> bool:
        """Read `count` items; those up to the end if it is None."""
        index = 0
        while index < count if count is not None else self.at < self._end:
            if index == len(part.items):
                return self._stop(f"{part.name} has more than {index} items")
            before = self.at
            if not self.read(part.items[index]):
                return False
            if count is None and self.at == before:
                return self._stop(f"{part.name} has an item without bytes")
            index += 1
        return True

    def _read_switch(self, part: SwitchPart) -> bool:
        value = self._number(part.on)
        parts = next((case.parts for case in part.cases if value in case.values), part.otherwise)
        if parts is None:
            return self._stop(f"nothing is known of {self._fields[part.on].name} {value}")
        return self.read(parts)

    def _number(self, position: int) -> int:
        """Return the number in the payload of a field that was read before."""
        raw = self.values[position]
        return 0 if raw is None else as_number(raw)

    def _amount(self, position: int) -> int:
        """Return the count or size that a field which was read before holds."""
        return find_amount(self._fields[position], self._number(position))

    def _add(self, position: int, raw: Raw, stop: int) -> None:
        self.values[position] = raw
        self._names.add(self._fields[position].name)
        self.places.append(FieldPlace(position, self.at, stop))


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
        self._numbers: dict[int, int] = {}
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
        field = self._fields[part.position]
        data = self._pack(field)
        if data is None and part.position in self._counted:
            self._waiting[part.position] = len(self._pieces)
            data = NO_VALUES
        elif data is None:
            raise EncodeError(f"{self._name}: {field.name}: a value is needed")
        elif field.is_binary:
            self._numbers[part.position] = decode_number(field, data)
        if part.until and part.until in data:
            raise EncodeError(f"{self._name}: {field.name}: has the bytes that end it, {part.until.hex(' ').upper()}")
        self._pieces.append(data + part.until)
        if part.size_from is not None:
            self._set_count(part.size_from, len(data), f"{field.name} has {len(data)} bytes")

    def _write_bits(self, part: BitsPart) -> None:
        total = 0
        for position, lowest, width in part.places:
            field = self._fields[position]
            number = int.from_bytes(self._pack(field) or NO_VALUES, part.order)
            if number >> width:
                raise EncodeError(f"{self._name}: {field.name}: {number} does not fit into {width} bits")
            self._numbers[position] = number
            total |= number << lowest
        self._pieces.append(total.to_bytes(part.size, part.order))

    def _write_list(self, part: ListPart) -> None:
        before, written = len(self._pieces), 0
        for index, item in enumerate(part.items, 1):
            # A field of a flat case may have the value of another item.
            if part.count is None and not self._has_value(item, f"{part.name}.{index}"):
                break
            if part.count == written:
                break
            self.write(item)
            written += 1
        if part.count_from is not None:
            self._set_count(part.count_from, written, f"{part.name} has {format_count(written, 'item')}")
        if part.bytes_from is not None:
            size = sum(map(len, self._pieces[before:]))
            self._set_count(part.bytes_from, size, f"{part.name} has {format_count(size, 'byte')}")

    def _write_switch(self, part: SwitchPart) -> None:
        value = self._numbers.get(part.on)
        parts = next((case.parts for case in part.cases if value in case.values), part.otherwise)
        if parts is None:
            raise EncodeError(f"{self._name}: nothing is known of {self._fields[part.on].name} {value}")
        self.write(parts)

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
            self._numbers[position] = raw
        known = self._numbers.get(position)
        if known is None or find_amount(field, known) != number:
            amount = None if known is None else find_amount(field, known)
            raise EncodeError(f"{self._name}: {field.name}: is {amount}, and {counted}")


def list_positions(parts: Sequence[PayloadPart]) -> Iterator[int]:
    """Yield the positions of all fields of these parts."""
    for part in parts:
        match part:
            case FieldPart() | FramePart():
                yield part.position
            case BitsPart():
                yield from (position for position, _, _ in part.places)
            case _:
                for inner in list_inner(part):
                    yield from list_positions(inner)


def list_inner(part: PayloadPart) -> Sequence[Sequence[PayloadPart]]:
    """Return the rows of parts that a part holds: items, cases, or what is optional."""
    match part:
        case ListPart():
            return part.items
        case SwitchPart():
            return (*(case.parts for case in part.cases), part.otherwise or ())
        case OptionalPart():
            return (part.parts,)
    return ()


def _list_counts(parts: Sequence[PayloadPart]) -> Iterator[int]:
    """Yield the positions of the fields that hold a count or a size."""
    for part in parts:
        if isinstance(part, FieldPart) and part.size_from is not None:
            yield part.size_from
        if isinstance(part, ListPart):
            yield from (position for position in (part.count_from, part.bytes_from) if position is not None)
        for inner in list_inner(part):
            yield from _list_counts(inner)


def find_amount(field: Field, raw: int) -> int:
    """Return the count or size for which a number in a payload stands: what is shown of it, at least 0."""
    scale = field.conversion
    if not isinstance(scale, Number):
        return raw
    return max(0, (raw - scale.zero) * scale.multiplier // scale.divisor)
