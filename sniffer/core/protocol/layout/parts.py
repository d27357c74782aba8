"""The parts of a payload that is more than a row of fields: fields, bits, lists, switches and an optional end.

They are values. Each field is named by its position among the fields of its command.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from sniffer.core.protocol.conversions import Raw
from sniffer.core.wire.checks import ByteOrder
from sniffer.core.wire.link_parts import NumberField

Size = int | Literal["rest", "to zero"]
"""A number of bytes, or `rest`: all remaining bytes, or `to zero`: the bytes before the first zero."""


class FieldPart(Struct, frozen=True):
    """A part of a payload that is one field, by its position among the fields of the command.

    `size_from` is the position of the field that holds its size in bytes; None if the field itself says it. `until` are
    the bytes after a field that ends where they stand; empty if it ends otherwise. If it `divides`, they stand between
    two items of a list, and the last one ends with the list.
    """

    position: int
    size_from: int | None = None
    until: bytes = b""
    divides: bool = False

    @property
    def is_open(self) -> bool:
        """True if the payload says where the field ends."""
        return self.size_from is not None or bool(self.until)


class FramePart(Struct, frozen=True):
    """A field that is no part of the payload: a number before it, which the link states, as its connector."""

    position: int
    number: NumberField


class BitsPart(Struct, frozen=True):
    """A number whose bits are fields: the position of each, its lowest bit, and how many bits it has."""

    name: str
    size: int
    order: ByteOrder
    places: tuple[tuple[int, int, int], ...]


class ListPart(Struct, frozen=True):
    """A list of items of the same parts, each with fields of its own. There are at most as many as `items`.

    `count` is how many there are. `count_from` and `bytes_from` are the positions of the fields that hold the number
    or the size of all in bytes. If all three are None, the items go on up to the last `bytes_after` bytes of the
    payload. With `is_plain`, each item is one value. The bytes `between` stand between two items; they are empty if
    none do.
    """

    name: str
    items: tuple[tuple["PayloadPart", ...], ...]
    count: int | None
    count_from: int | None
    bytes_from: int | None
    is_plain: bool
    bytes_after: int = 0
    between: bytes = b""


class SwitchCase(Struct, frozen=True):
    """The parts that follow for some values: numbers, or the bytes of texts.

    With `is_flat`, its fields are named without the list that they are in.
    """

    values: tuple[Raw, ...]
    parts: tuple["PayloadPart", ...]
    is_flat: bool


class SwitchPart(Struct, frozen=True):
    """Parts that depend on the value of the field at the position `on`. `otherwise` is None if no other is expected."""

    on: int
    cases: tuple[SwitchCase, ...]
    otherwise: tuple["PayloadPart", ...] | None


class OptionalPart(Struct, frozen=True):
    """The parts at the end of a payload that may be missing."""

    parts: tuple["PayloadPart", ...]


PayloadPart = FieldPart | FramePart | BitsPart | ListPart | SwitchPart | OptionalPart


def find_size(parts: Iterable[PayloadPart], sizes: Sequence[Size]) -> int | None:
    """Return the size of these parts in bytes; None if it varies. `sizes` are those of the fields by their position."""
    total = 0
    for part in parts:
        size = _find_part_size(part, sizes)
        if size is None:
            return None
        total += size
    return total


def _find_part_size(part: PayloadPart, sizes: Sequence[Size]) -> int | None:
    """Return the size of a part in bytes; None if it varies."""
    match part:
        case FieldPart(position, None):
            own = sizes[position]
            return own if isinstance(own, int) else None
        case FramePart():
            return 0
        case BitsPart():
            return part.size
        case ListPart() if part.count is not None:
            size = find_size(part.items[0], sizes)
            return None if size is None else part.count * size
        case SwitchPart(_, cases, otherwise) if otherwise is not None:
            found = {find_size(parts, sizes) for parts in (*(case.parts for case in cases), otherwise)}
            return found.pop() if len(found) == 1 else None
    return None


def find_runs(bits: set[int]) -> list[tuple[int, int]]:
    """Return the runs of neighbouring bits: the lowest of each, and how many there are."""
    runs: list[tuple[int, int]] = []
    for bit in sorted(bits):
        if runs and sum(runs[-1]) == bit:
            runs[-1] = runs[-1][0], runs[-1][1] + 1
        else:
            runs.append((bit, 1))
    return runs
