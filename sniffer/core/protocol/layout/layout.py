"""Read payloads that are more than a row of fields: bits, lists, switches, sizes in other fields, an optional end.

In: a command with parts, and a payload. Out: the raw value of each field that is there, with its place. Reading never
fails: it stops where the payload does not fit the parts, and says why.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sniffer.core.protocol.conversions import Number, Raw, as_number
from sniffer.core.protocol.definition import Command, Field
from sniffer.core.protocol.layout.numbers import decode_number
from sniffer.core.protocol.layout.parts import (
    BitsPart,
    FieldPart,
    FramePart,
    ListPart,
    OptionalPart,
    PayloadPart,
    SwitchPart,
)


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
        self._is_divided = False
        self.values: list[Raw | None] = [None] * len(command.fields)
        self.places: list[FieldPlace] = []
        self.problem = ""

    def read(self, parts: Sequence[PayloadPart]) -> bool:
        """Read these parts; return False if the payload does not fit."""
        return all(map(self._read_part, parts))

    def _read_part(self, part: PayloadPart) -> bool:
        """Read one part of the payload; return False if the payload does not fit."""
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
        """Read a field of a fixed size, of a size that another field holds, or up to the bytes that end it."""
        field = self._fields[part.position]
        size = self._amount(part.size_from) if part.size_from is not None else field.size
        if part.until:
            found = self._data.find(part.until, self.at, self._end)
            self._is_divided = found >= 0
            stop = found if found >= 0 else self._end + (not part.divides)
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
        self.at = stop if part.divides and not self._is_divided else stop + len(part.until)
        return True

    def _read_bits(self, part: BitsPart) -> bool:
        """Read a number, and the fields that are bits of it."""
        stop = self.at + part.size
        if stop > self._end:
            return self._stop(f"{part.name} is not whole")
        number = int.from_bytes(self._data[self.at : stop], part.order)
        for position, lowest, width in part.places:
            self._add(position, number >> lowest & (1 << width) - 1, stop)
        self.at = stop
        return True

    def _read_list(self, part: ListPart) -> bool:
        """Read a list: as many items as its count says, or those in its bytes."""
        count = part.count if part.count_from is None else self._amount(part.count_from)
        if part.bytes_from is None and not part.bytes_after:
            return self._read_items(part, count)
        whole = self._end
        size = whole - self.at - part.bytes_after if part.bytes_from is None else self._amount(part.bytes_from)
        self._end = self.at + max(0, size)
        if self._end > whole:
            self._end = whole
            return self._stop(f"{part.name} is not whole")
        fits = self._read_items(part, count)
        rest, self._end = self._end - self.at, whole
        return self._stop(f"{part.name} has {rest} more bytes than its items") if fits and rest else fits

    def _read_items(self, part: ListPart, count: int | None) -> bool:
        """Read `count` items; those up to the end if it is None. After bytes that divide items stands one more."""
        index, is_divided = 0, False
        while index < count if count is not None else is_divided or self.at < self._end:
            if index == len(part.items):
                return self._stop(f"{part.name} has more than {index} items")
            before = self.at
            if not self.read(part.items[index]):
                return False
            is_divided = bool(part.between) and self._is_divided
            if count is None and self.at == before and not part.between:
                return self._stop(f"{part.name} has an item without bytes")
            index += 1
        return True

    def _read_switch(self, part: SwitchPart) -> bool:
        """Read the case for the value of the field that the switch is on; return False if there is none."""
        raw = self.values[part.on]
        value = 0 if raw is None else raw
        parts = next((case.parts for case in part.cases if value in case.values), part.otherwise)
        if parts is None and self.at == self._end:
            self._is_divided = False
            return True
        if parts is None:
            field = self._fields[part.on]
            shown = value if isinstance(value, int) else field.conversion.text(value)
            return self._stop(f"nothing is known of {field.name} {shown}")
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


def find_amount(field: Field, raw: int) -> int:
    """Return the count or size for which a number in a payload stands: what is shown of it, at least 0."""
    scale = field.conversion
    if not isinstance(scale, Number):
        return raw
    return max(0, (raw - scale.zero) * scale.multiplier // scale.divisor)
