"""The search for readings with a valid CRC: all readings of a text, in order of their cost, within a bound.

In: the alignments of a text. Out: the frames that fit. The head and the length field of a frame are known, so they only
add to the cost. Each other half byte can be any digit that the confusion table allows.

The CRC is linear: a changed half byte changes it by a value that depends on this half byte only. So one reading is
checked by one exclusive or of such values, without its bytes. Readings are counted before they are searched, cost by
cost, so that a bound holds exactly.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from math import prod
from typing import NamedTuple

from msgspec import Struct

from sniffer.core.mending.alignments import LOST, CharacterAlignment
from sniffer.core.mending.confusions import Digits
from sniffer.core.mending.expected_commands import ExpectedCommands, HalfBytes
from sniffer.core.mending.page_glyphs import PageGlyphs
from sniffer.core.wire.checks import FLETCHERS, SUMS
from sniffer.core.wire.link import Link

CHECK_SIZE = 2
"""Bytes of the check of a frame that can be mended: a wrong reading fits once in 65,536 times."""

SPREAD = 28
"""The largest cost of a reading beyond that of the cheapest one, in bits."""

_ZERO = (0,)


class FrameReading(Struct, frozen=True):
    """One reading of a text: its bytes, its cost, and the alignment that it belongs to."""

    raw: bytes
    alignment: CharacterAlignment
    cost: int


class _Deviation(NamedTuple):
    """Another digit than the likeliest one in one half byte: the cost of it, and how it changes the syndrome."""

    slot: int
    digit: int
    cost: int
    change: int


class Readings:
    """The readings of one alignment as a frame of this link that begins with `head`.

    `cost` is that of the cheapest reading, `mass` the sum of the likelihoods of all: one of cost 3 counts as an eighth.
    Raises `ValueError` if no frame has this size.
    """

    def __init__(
        self,
        text: str,
        alignment: CharacterAlignment,
        link: Link,
        head: bytes,
        glyphs: PageGlyphs,
        commands: ExpectedCommands,
    ) -> None:
        size = len(alignment.places) // 2
        self._alignment = alignment
        fixed = _find_fixed_digits(size, link, head)
        options = _list_options(text, alignment, fixed, glyphs)
        options = _prefer_zeros(options, _find_likeliest(options, fixed), glyphs.table.costs.zero_byte)
        options = _prefer_commands(options, commands.find(link, head, size), glyphs.table.costs.command_digit)
        self._base = _find_likeliest(options, fixed)
        self.cost = sum(cost_of_fixed(text, alignment, link, head, glyphs)) + sum(
            options[slot][digit] for slot, digit in enumerate(self._base) if slot not in fixed
        )
        self._free = [(slot, costs) for slot, costs in enumerate(options) if slot not in fixed]
        self.mass = 2.0**-self.cost * prod(_weigh_slot(costs, self._base[slot]) for slot, costs in self._free)
        self._syndrome = _find_syndrome(link, _join_digits(self._base))
        self._link = link
        self._index: _DeviationIndex | None = None
        self._counts: tuple[int, ...] | None = None

    def count(self, cost: int) -> int:
        """Return the number of readings that cost exactly this; none are counted beyond `SPREAD` above the cheapest."""
        if self._counts is None:
            self._counts = (1, *[0] * SPREAD)
            for profile in sorted(_profile_of(costs, self._base[slot]) for slot, costs in self._free):
                self._counts = _multiply(self._counts, profile)
        return self._counts[cost - self.cost] if self.cost <= cost <= self.cost + SPREAD else 0

    def find_valid(self, cost: int) -> Iterator[FrameReading]:
        """Yield the readings of exactly this cost that have a valid CRC."""
        extra = cost - self.cost
        if extra == 0 and self._syndrome == 0:
            yield self._build(())
        if self._index is None:
            self._index = _DeviationIndex(_list_deviations(self._free, self._base, self._link))
        for chosen in self._index.find_sets(0, extra, self._syndrome, ()):
            yield self._build(chosen)

    def _build(self, deviations: Sequence[_Deviation]) -> FrameReading:
        """Return the reading with these deviations."""
        digits = list(self._base)
        for one in deviations:
            digits[one.slot] = one.digit
        return FrameReading(_join_digits(digits), self._alignment, self.cost + sum(one.cost for one in deviations))


class _DeviationIndex:
    """The deviations of an alignment, to find the sets of them that cancel a syndrome."""

    def __init__(self, deviations: Sequence[_Deviation]) -> None:
        self._deviations = deviations
        self._least = [*reversed([*accumulate((one.cost for one in reversed(deviations)), min)]), SPREAD + 1]
        """The least cost of a deviation from each index on."""
        self._by_effect: dict[tuple[int, int], list[int]] = {}
        """The indices of the deviations by cost and change."""
        for index, one in enumerate(deviations):
            self._by_effect.setdefault((one.cost, one.change), []).append(index)

    def find_sets(
        self, start: int, cost: int, syndrome: int, chosen: tuple[_Deviation, ...]
    ) -> Iterator[tuple[_Deviation, ...]]:
        """Yield each set of `chosen` and further deviations that cost exactly `cost` and cancel the syndrome.

        There is at least one further deviation, from index `start` on. The last one is looked up and not searched.
        """
        slot = chosen[-1].slot if chosen else None
        for index in self._by_effect.get((cost, syndrome), ()):
            if index >= start and self._deviations[index].slot != slot:
                yield (*chosen, self._deviations[index])
        for index in range(start, len(self._deviations)):
            if 2 * self._least[index] > cost:
                return
            one = self._deviations[index]
            if one.cost + self._least[index + 1] <= cost and one.slot != slot:
                yield from self.find_sets(index + 1, cost - one.cost, syndrome ^ one.change, (*chosen, one))


def can_read(link: Link, size: int) -> bool:
    """Return True if frames of this link can be read, and have this size in bytes.

    They need a check of 16 bits that is linear, as a CRC is, and one length field of whole bytes.
    """
    is_linear = link.check.name not in (*SUMS, *FLETCHERS) and not link.check.digits
    has_length = len(link.shapes) == 1 and link.length is not None and not link.length.mask
    return link.check.size == CHECK_SIZE and is_linear and has_length and link.overhead <= size <= link.longest


def cost_of_fixed(
    text: str, alignment: CharacterAlignment, link: Link, head: bytes, glyphs: PageGlyphs
) -> tuple[int, int, int]:
    """Return the least cost of a reading in its parts: of the alignment, of the head, and of the length and tail.

    The digits of these are those that each frame of its size has.
    """
    own = other = 0
    for slot, digit in _find_fixed_digits(len(alignment.places) // 2, link, head).items():
        place = alignment.places[slot]
        cost = 0 if place == LOST else glyphs.digits_of(text[place])[digit]
        if slot < 2 * len(head):
            own += cost
        else:
            other += cost
    return alignment.cost, own, other


def _list_options(
    text: str, alignment: CharacterAlignment, fixed: Mapping[int, int], glyphs: PageGlyphs
) -> list[Digits]:
    """Return the costs of the digits of each half byte.

    The digits of the head and of the length are known: what was misread there likely is so in the whole frame.
    """
    misread: dict[str, list[int]] = {}
    for slot, digit in fixed.items():
        place = alignment.places[slot]
        if place != LOST and glyphs.digits_of(text[place])[digit] > 0:
            misread.setdefault(text[place], []).append(digit)
    known = {character: glyphs.costs_with(character, digits) for character, digits in misread.items()}
    read = [None if place == LOST else text[place] for place in alignment.places]
    return [glyphs.table.lost if one is None else known.get(one) or glyphs.digits_of(one) for one in read]


@lru_cache(64)
def _find_fixed_digits(size: int, link: Link, head: bytes) -> Mapping[int, int]:
    """Return the digits that each frame of this size has, by half byte: those of the head, the length and the tail.

    Raises `ValueError` if no frame of the link has this size, or if its frames cannot be read.
    """
    if not can_read(link, size) or link.length is None:
        raise ValueError(f"no frame has {size} bytes")
    length = (size - link.length.adds).to_bytes(link.length.size, link.length.order)
    placed = ((0, head), (link.length.at, length), (size - len(link.tail), link.tail))
    return {2 * at + index: int(digit, 16) for at, data in placed for index, digit in enumerate(data.hex())}


def _find_syndrome(link: Link, raw: bytes) -> int:
    """Return the check of a frame's bytes against the one that it carries: zero for a valid frame."""
    end = len(raw) - link.trailer_size
    return int.from_bytes(link.check.build(raw[:end])) ^ int.from_bytes(raw[end : end + link.check.size])


def _find_likeliest(options: Sequence[Digits], fixed: Mapping[int, int]) -> list[int]:
    """Return the likeliest digit of each half byte; those of `fixed` are certain."""
    return [fixed.get(slot, min(costs, key=costs.__getitem__)) for slot, costs in enumerate(options)]


def _prefer_zeros(options: Sequence[Digits], base: Sequence[int], cost: int) -> list[Digits]:
    """Return the costs of the digits with those of zero bytes lower: most bytes of the charger's frames are zero.

    Beside a zero of `base`, each other digit costs so much more in comparison with zero. The cost of the cheapest digit
    stays.
    """
    weighed = [*options]
    for high, low in zip(range(0, len(base), 2), range(1, len(base), 2), strict=True):
        for slot, other in ((high, low), (low, high)):
            if base[other] != 0:
                continue
            weighed[slot] = _prefer_digits(options[slot], _ZERO, cost)
    return weighed


def _prefer_commands(options: Sequence[Digits], expected: HalfBytes, cost: int) -> list[Digits]:
    """Return the costs of the digits, where digits of other commands than the expected ones cost more."""
    return [
        _prefer_digits(costs, expected[slot], cost) if slot in expected else costs for slot, costs in enumerate(options)
    ]


def _prefer_digits(costs: Digits, expected: Collection[int], cost: int) -> Digits:
    """Return the costs, where other digits than the expected ones cost more. The cost of the cheapest digit stays."""
    weighed = {digit: own + cost * (digit not in expected) for digit, own in costs.items()}
    shift = min(weighed.values()) - min(costs.values())
    return {digit: own - shift for digit, own in weighed.items()}


def _list_deviations(free: Sequence[tuple[int, Digits]], base: Sequence[int], link: Link) -> list[_Deviation]:
    """Return the deviations of all half bytes that are not fixed, the half bytes with the cheapest ones first."""
    changes = _changes_of(link, len(base) // 2)
    slots = list[list[_Deviation]]()
    for slot, costs in free:
        least = costs[base[slot]]
        slots.append(
            [
                _Deviation(slot, digit, cost - least, changes[slot][digit ^ base[slot]])
                for digit, cost in costs.items()
                if digit != base[slot] and cost - least <= SPREAD
            ]
        )
    slots.sort(key=lambda deviations: min((one.cost for one in deviations), default=0))
    return [one for deviations in slots for one in deviations]


@lru_cache(64)
def _changes_of(link: Link, size: int) -> tuple[tuple[int, ...], ...]:
    """Return for each half byte of a frame how a changed value of it changes the syndrome.

    A change is found by the exclusive or of both values.
    """
    base = _find_syndrome(link, bytes(size))
    changes = list[tuple[int, ...]]()
    for at in range(size):
        bits = [base ^ _find_syndrome(link, bytes(at) + bytes([1 << bit]) + bytes(size - at - 1)) for bit in range(8)]
        changes += (_combine(bits[4:]), _combine(bits[:4]))
    return tuple(changes)


def _combine(bits: Sequence[int]) -> tuple[int, ...]:
    """Return the change for each value of a half byte from the changes by its four bits."""
    changes = [0] * 16
    for value in range(16):
        for bit, change in enumerate(bits):
            if value >> bit & 1:
                changes[value] ^= change
    return tuple(changes)


def _profile_of(costs: Digits, base: int) -> tuple[int, ...]:
    """Return the costs of all other digits above that of the likeliest one, sorted."""
    return tuple(sorted(cost - costs[base] for digit, cost in costs.items() if digit != base))


def _weigh_slot(costs: Digits, base: int) -> float:
    """Return the sum of the likelihoods of all digits of a half byte against that of the likeliest one."""
    least = costs[base]
    return sum([2.0 ** (least - cost) for cost in costs.values()])


@lru_cache(8192)
def _multiply(counts: tuple[int, ...], profile: tuple[int, ...]) -> tuple[int, ...]:
    """Return the numbers of readings by cost, with one half byte more that has these costs."""
    result = list(counts)
    for cost in profile:
        for total in range(cost, len(counts)):
            result[total] += counts[total - cost]
    return tuple(result)


def _join_digits(digits: Sequence[int]) -> bytes:
    """Return the bytes of half bytes."""
    return bytes(high << 4 | low for high, low in zip(digits[::2], digits[1::2], strict=True))
