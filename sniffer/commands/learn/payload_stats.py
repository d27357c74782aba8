"""Statistics of unknown bytes: payloads and the named values around them in, statistics out.

Frames with the same route, code and payload size form a `Layout`. The statistics cover each unknown byte, and each pair
of neighbouring bytes as one number, once with the high byte first and once with the low byte first: which values
occurred, how often they changed, how often they increased by one, and how often each value occurred with each value of
a named field. `sniffer.commands.learn.byte_evidence` judges what follows from that.

Memory is bounded, however long the session is: in the number of layouts, of bytes in each, and of different pairs in
each table and in all tables. A table that finds no room for a pair stops counting, and is marked as full.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sniffer.core.protocol.definition import Command, Field
from sniffer.core.protocol.layout.parts import BitsPart, FieldPart, FramePart, find_size
from sniffer.core.protocol.message import Message
from sniffer.core.wire.checks import ByteOrder
from sniffer.core.wire.link import Route

MOST_LAYOUTS = 64
MOST_BYTES = 48
"""The largest number of unknown bytes of one layout that are examined: the first ones."""
MOST_PAIRS = 2000
"""The largest number of different pairs in one table."""
MOST_PAIRS_IN_ALL = 300_000
MOST_PROBLEMS = 8
"""The largest number of different problems of one layout that are counted."""


class Unit(NamedTuple):
    """One byte, or two bytes as one number. `offset` is its place in the payload, `size` is in bytes."""

    offset: int
    size: int
    order: ByteOrder = "big"


class LayoutPart(NamedTuple):
    """One field of a layout, from `start` to `end` in the payload. `field` is None for bytes that no field covers.

    It is also None for what is more than a field, as `is_compound` says; `bits` are those of a number of bits, of which
    `unnamed` have no name.
    """

    field: Field | None
    start: int
    end: int
    bits: BitsPart | None = None
    is_compound: bool = False
    unnamed: tuple[int, ...] = ()

    @property
    def is_unknown(self) -> bool:
        """True if the definition has no field here, or a field without provenance."""
        if self.is_compound:
            return False
        return self.field is None or self.field.provenance is None


class PairBudget:
    """The number of pairs that all tables together may still add."""

    def __init__(self, pairs: int = MOST_PAIRS_IN_ALL) -> None:
        self._left = pairs

    def take(self) -> bool:
        """Take one pair from the budget. Return False if it is used up."""
        if self._left == 0:
            return False
        self._left -= 1
        return True


class UnitStats:
    """The statistics of one unit.

    `moves` counts the steps from frame to frame within a session. Of these, `changes` counts those to another value,
    and `steps` those up by one, including from the largest value to zero. `seen` has one bit for each value that a byte
    had; it stays 0 for two bytes. `pairs` counts, for each named value, the pairs of its value and the unit's value.
    The tables whose names are in `full` count no more, because they found no room for a pair.
    """

    __slots__ = ("_last", "changes", "full", "largest", "least", "moves", "pairs", "seen", "steps", "unit")

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.least: int = 256**unit.size
        self.largest = -1
        self.changes = self.steps = self.moves = self.seen = 0
        self.pairs: dict[str, Counter[tuple[int, int]]] = {}
        self.full: set[str] = set()
        self._last: int | None = None

    def add(self, payload: bytes, named_values: Mapping[str, int], budget: PairBudget) -> None:
        """Add the unit's value in this payload, paired with each named value.

        A pair that is new is taken from `budget`; if there is no room for it, the table of the named value becomes
        full.
        """
        value = int.from_bytes(payload[self.unit.offset : self.unit.offset + self.unit.size], self.unit.order)
        self.least, self.largest = min(self.least, value), max(self.largest, value)
        if self.unit.size == 1:
            self.seen |= 1 << value
        if self._last is not None:
            self.moves += 1
            self.changes += value != self._last
            self.steps += (value - self._last) % 256**self.unit.size == 1
        self._last = value
        for name, number in named_values.items():
            if name in self.full:
                continue
            pairs = self.pairs.setdefault(name, Counter())
            pair = (number, value)
            if pair in pairs or (len(pairs) < MOST_PAIRS and budget.take()):
                pairs[pair] += 1
            else:
                self.full.add(name)

    def end(self) -> None:
        """End the session: the next frame follows no other one."""
        self._last = None

    @property
    def is_constant(self) -> bool:
        """True if the unit had one value only, or none yet."""
        return self.least >= self.largest


class BitStats:
    """The statistics of one bit that the definition does not name: in how many payloads it was set, and its changes.

    `part` is the position of its number among the parts of the payload, `at` the bit.
    """

    __slots__ = ("_last", "at", "changes", "frames", "part", "set")

    def __init__(self, part: int, at: int) -> None:
        self.part = part
        self.at = at
        self.frames = self.set = self.changes = 0
        self._last: int | None = None

    def add(self, number: int) -> None:
        """Add the bit of the next payload, whose whole number this is."""
        bit = number >> self.at & 1
        self.frames += 1
        self.set += bit
        self.changes += self._last is not None and bit != self._last
        self._last = bit

    def end(self) -> None:
        """End the session: the next frame follows no other one."""
        self._last = None


class Layout:
    """The payloads of one route, code and size. `command` is None if the definition has none for them.

    Of a command whose payload has lists, bits or switches, it is the payloads of all sizes: the bytes before the first
    part whose size varies are examined, and `bits` has their bits without a name. `left` counts what else could not be
    read, in words.
    """

    def __init__(self, message: Message) -> None:
        self.command: Command | None = message.command
        self.route: Route = message.command.route if message.command else message.frame.route
        self.code = message.frame.command
        self.size = len(message.frame.payload)
        self.frames = 0
        self.example = message.frame.payload
        is_row = message.command is None or message.command.is_row
        self.parts = _list_parts(message) if is_row or message.command is None else _list_leading(message.command)
        self.least_size = 0 if is_row else max((part.end for part in self.parts), default=0)
        self.bits = tuple(BitStats(place, at) for place, part in enumerate(self.parts) for at in part.unnamed)
        self.left: Counter[str] = Counter()
        self.unknown = [at for part in self.parts if part.is_unknown for at in range(part.start, part.end)]
        observed = frozenset(self.unknown[:MOST_BYTES])
        self.units = {
            unit: UnitStats(unit)
            for part in self.parts
            for at in range(part.start, part.end)
            for unit in (Unit(at, 1), Unit(at, 2), Unit(at, 2, "little"))
            if observed.issuperset(range(at, at + unit.size)) and at + unit.size <= part.end
        }

    @property
    def is_open(self) -> bool:
        """True if there is something that the definition does not say."""
        return self.command is None or bool(self.unknown or self.bits or self.left)

    @property
    def is_cut(self) -> bool:
        """True if there are more unknown bytes than are examined."""
        return len(self.unknown) > MOST_BYTES

    def add(self, payload: bytes, named_values: Mapping[str, int], budget: PairBudget) -> None:
        """Add the next payload of this layout with the named values around it. New pairs are taken from `budget`."""
        self.frames += 1
        if len(payload) < self.least_size:
            return
        for stats in self.units.values():
            stats.add(payload, named_values, budget)
        for bit in self.bits:
            part = self.parts[bit.part]
            assert part.bits
            bit.add(int.from_bytes(payload[part.start : part.end], part.bits.order))

    def add_problem(self, problem: str) -> None:
        """Count the parts of a payload that could not be read."""
        words = problem.partition(": ")[2] or problem
        if words in self.left or len(self.left) < MOST_PROBLEMS:
            self.left[words] += 1

    def end(self) -> None:
        """End the session for all units."""
        for stats in self.units.values():
            stats.end()
        for bit in self.bits:
            bit.end()


def _list_leading(command: Command) -> tuple[LayoutPart, ...]:
    """Return the parts of a payload up to the first one whose size varies: they have the same place in each."""
    sizes = [field.size for field in command.fields]
    found: list[LayoutPart] = []
    at = 0
    for part in command.parts:
        size = find_size([part], sizes)
        if size is None:
            break
        if isinstance(part, FramePart):
            continue
        field = command.fields[part.position] if isinstance(part, FieldPart) else None
        bits = part if isinstance(part, BitsPart) else None
        unnamed = tuple(_list_unnamed(command, bits)) if bits else ()
        found.append(LayoutPart(field, at, at + size, bits, field is None, unnamed))
        at += size
    return tuple(found)


def _list_unnamed(command: Command, bits: BitsPart) -> Iterator[int]:
    """Yield the bits that nobody claims to know."""
    for position, lowest, width in bits.places:
        if command.fields[position].provenance is None:
            yield from range(lowest, lowest + width)


def _list_parts(message: Message) -> tuple[LayoutPart, ...]:
    """Return the fields of this message that arrived whole, then the bytes that no field covers."""
    fields = {field.name: field for field in message.command.fields} if message.command else {}
    frame, at = message.frame, message.frame.link.payload_at
    delimiter = frame.link.delimiter
    # A field is placed in the bytes of the frame, a part in its content.
    places = {place: index for index, place in enumerate(delimiter.locate(frame.raw))} if delimiter else None
    found = (
        (one.name, *((places[one.start], places[one.end]) if places else (one.start, one.end)))
        for one in message.fields
    )
    return tuple(LayoutPart(fields.get(name), start - at, end - at) for name, start, end in found if start >= at)
