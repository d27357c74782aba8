"""Statistics of unknown bytes: payloads and the named values around them in, statistics out.

Frames with the same route, code and payload size form a `Layout`. The statistics cover each unknown byte, and each pair
of neighbouring bytes as one number, once with the high byte first and once with the low byte first: which values
occurred, how often they changed, how often they increased by one, and how often each value occurred with each value of
a named field. `sniffer.commands.learn.byte_evidence` judges what follows from that.

Memory is bounded, however long the session is: in the number of layouts, of bytes in each, and of different pairs in
each table and in all tables. A table that finds no room for a pair stops counting, and is marked as full.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from sniffer.core.protocol.definition import Command, Field
from sniffer.core.protocol.message import Message
from sniffer.core.wire.checks import ByteOrder
from sniffer.core.wire.link import Route

MOST_LAYOUTS = 64
MOST_BYTES = 48
"""The largest number of unknown bytes of one layout that are examined: the first ones."""
MOST_PAIRS = 2000
"""The largest number of different pairs in one table."""
MOST_PAIRS_IN_ALL = 300_000


class Unit(NamedTuple):
    """One byte, or two bytes as one number. `offset` is its place in the payload, `size` is in bytes."""

    offset: int
    size: int
    order: ByteOrder = "big"


class LayoutPart(NamedTuple):
    """One field of a layout, from `start` to `end` in the payload. `field` is None for bytes that no field covers."""

    field: Field | None
    start: int
    end: int

    @property
    def is_unknown(self) -> bool:
        """True if the definition has no field here, or a field without provenance."""
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


class Layout:
    """The payloads of one route, code and size. `command` is None if the definition has none for them."""

    def __init__(self, message: Message) -> None:
        self.command: Command | None = message.command
        self.route: Route = message.command.route if message.command else message.frame.route
        self.code = message.frame.command
        self.size = len(message.frame.payload)
        self.frames = 0
        self.example = message.frame.payload
        self.parts = _list_parts(message)
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
    def is_cut(self) -> bool:
        """True if there are more unknown bytes than are examined."""
        return len(self.unknown) > MOST_BYTES

    def add(self, payload: bytes, named_values: Mapping[str, int], budget: PairBudget) -> None:
        """Add the next payload of this layout with the named values around it. New pairs are taken from `budget`."""
        self.frames += 1
        for stats in self.units.values():
            stats.add(payload, named_values, budget)

    def end(self) -> None:
        """End the session for all units."""
        for stats in self.units.values():
            stats.end()


def _list_parts(message: Message) -> tuple[LayoutPart, ...]:
    """Return the fields of this message that arrived whole, then the bytes that no field covers."""
    fields = {field.name: field for field in message.command.fields} if message.command else {}
    at = message.frame.link.payload_at
    return tuple(
        LayoutPart(fields.get(found.name), found.start - at, found.end - at)
        for found in message.fields
        if found.start >= at
    )
