"""Judge unknown bytes by their statistics: a `Layout` in, `ByteEvidence`s out, the strongest first.

Evidence is of one of four kinds. It needs at least `FEWEST_FRAMES` frames, and a unit that changed at least
`FEWEST_REPEATS` times within a session: a single change together with something else may be a coincidence.

- same: the unit always equals a named value.
- counter: it increases by one from frame to frame, at least in `LEAST_SHARE` of all steps.
- correlated: the unit and a named quantity lie near a line: |r| >= `LEAST_CORRELATION` over at least `FEWEST_PAIRS`
  different pairs.
- decided: each value of the named thing always came with one value of the unit.

"Same" and "decided" rest on frequent values: at least two named values, with different values of the unit, each in at
least `FEWEST_REPEATS` frames. For "decided", such values must make up `LEAST_SHARE` of all frames: a named value that
occurs once decides any byte. "Same" may also rest on `FEWEST_PAIRS` different values. None of this shows a cause.

Beside a named value that was negative, the unit is read as a signed number. Of two readings of the same two bytes, high
byte first or low byte first, the one with the stronger evidence is kept.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from enum import IntEnum
from statistics import correlation

from msgspec import Struct

from sniffer.commands.learn.payload_stats import Layout, Unit, UnitStats

FEWEST_FRAMES = 8
FEWEST_PAIRS = 8
FEWEST_REPEATS = 3
LEAST_SHARE = 0.9
LEAST_CORRELATION = 0.95

EARLIER_PREFIX = "last "
"""The prefix of a named value that was not in the same message, but in an earlier one of the session: its latest value.
"""


class EvidenceKind(IntEnum):
    """The kind of evidence; the strongest one first."""

    SAME = 0
    COUNTER = 1
    CORRELATED = 2
    DECIDED = 3


class ByteEvidence(Struct, frozen=True):
    """Evidence on one unit. `value_name` is empty for a counter; `text` states the numbers for people.

    `strength` is 1, or the absolute value of the correlation.
    """

    unit: Unit
    kind: EvidenceKind
    value_name: str
    text: str
    is_signed: bool = False
    strength: float = 1.0


def find_evidence(layout: Layout, quantities: Collection[str]) -> list[ByteEvidence]:
    """Return all evidence on a layout, the strongest first; pieces of evidence may overlap.

    `quantities` are the names of the values that measure something: only these can be correlated.
    """
    if layout.frames < FEWEST_FRAMES:
        return []
    found = [
        evidence
        for stats in layout.units.values()
        if stats.changes >= FEWEST_REPEATS and _is_readable(stats.unit, layout)
        for evidence in _judge_unit(stats, quantities)
    ]
    return sorted(_keep_one_order(found), key=lambda evidence: _build_sort_key(evidence, quantities))


def choose_strongest(found: list[ByteEvidence]) -> list[ByteEvidence]:
    """Return the strongest evidence that does not overlap, in the order of the payload."""
    taken: set[int] = set()
    best = []
    for evidence in found:
        place = range(evidence.unit.offset, evidence.unit.offset + evidence.unit.size)
        if taken.isdisjoint(place):
            taken.update(place)
            best.append(evidence)
    return sorted(best, key=lambda evidence: evidence.unit)


def _keep_one_order(found: list[ByteEvidence]) -> list[ByteEvidence]:
    """Return the evidence without the weaker of two readings of the same bytes; equal ones have the high byte first."""
    best: dict[tuple[int, int, EvidenceKind, str], ByteEvidence] = {}
    for evidence in found:
        key = (evidence.unit.offset, evidence.unit.size, evidence.kind, evidence.value_name)
        if key not in best or evidence.strength > best[key].strength:
            best[key] = evidence
    return [*best.values()]


def _is_readable(unit: Unit, layout: Layout) -> bool:
    """Return True if every byte of the unit changes.

    If one of two bytes is constant, the other one alone says the same.
    """
    return not any(layout.units[Unit(unit.offset + at, 1)].is_constant for at in range(unit.size))


def _build_sort_key(evidence: ByteEvidence, quantities: Collection[str]) -> tuple[bool | int, ...]:
    """Return the key that sorts the strongest evidence first, and values of the same message before earlier ones.

    If the evidence is equal for single bytes and for the number that they form, a quantity or a counter is taken to be
    the number; for everything else, each byte stands for itself.
    """
    is_number = (
        evidence.kind in (EvidenceKind.COUNTER, EvidenceKind.CORRELATED)
        or evidence.value_name.removeprefix(EARLIER_PREFIX) in quantities
    )
    rank = 1 if evidence.unit.size == 1 else 0 if is_number else 2
    return evidence.kind, rank, evidence.unit.offset, evidence.value_name.startswith(EARLIER_PREFIX)


def _judge_unit(stats: UnitStats, quantities: Collection[str]) -> Iterator[ByteEvidence]:
    """Yield the evidence on one unit: by itself, and with each named value."""
    unit = stats.unit
    if stats.moves >= FEWEST_FRAMES - 1 and stats.steps >= LEAST_SHARE * stats.moves:
        text = f"went up by one {stats.steps} of {stats.moves} times"
        yield ByteEvidence(unit, EvidenceKind.COUNTER, "", text)
    for name, pairs in stats.pairs.items():
        is_signed = any(number < 0 for number, _ in pairs)
        read = _read_signed(pairs, unit) if is_signed else pairs
        note = f", by the first {len(pairs)} different pairs alone" if name in stats.full else ""
        if verdict := _judge_pairs(read, name.removeprefix(EARLIER_PREFIX) in quantities):
            kind, text, strength = verdict
            yield ByteEvidence(unit, kind, name, text + note, is_signed and kind is not EvidenceKind.DECIDED, strength)


def _read_signed(pairs: Counter[tuple[int, int]], unit: Unit) -> Counter[tuple[int, int]]:
    """Return the pairs with the unit's value as a signed number."""
    values = 256**unit.size
    signed = {(number, value - values * (value >= values // 2)): count for (number, value), count in pairs.items()}
    return Counter(signed)


def _judge_pairs(pairs: Counter[tuple[int, int]], is_quantity: bool) -> tuple[EvidenceKind, str, float] | None:
    """Return the evidence in these pairs of a named value and a unit's value: kind, text and strength.

    Returns None without evidence. `is_quantity` is True if the named value measures something.
    """
    by_value: dict[int, Counter[int]] = {}
    for (number, value), count in pairs.items():
        by_value.setdefault(number, Counter())[value] += count
    total = pairs.total()
    often = {number: values for number, values in by_value.items() if values.total() >= FEWEST_REPEATS}
    differ = len({max(values, key=values.__getitem__) for values in often.values()}) > 1
    if all(number == value for number, value in pairs) and (differ or len(pairs) >= FEWEST_PAIRS):
        return EvidenceKind.SAME, f"{total} frames, {len(by_value)} different values", 1.0
    if is_quantity and len(pairs) >= FEWEST_PAIRS and len(by_value) > 1 and len({value for _, value in pairs}) > 1:
        r = correlation(*zip(*pairs, strict=True))
        if abs(r) >= LEAST_CORRELATION:
            return EvidenceKind.CORRELATED, f"r = {r:.3f} over {len(pairs)} different pairs", abs(r)
    is_decided = all(len(values) == 1 for values in by_value.values())
    if is_decided and differ and sum(values.total() for values in often.values()) >= LEAST_SHARE * total:
        return EvidenceKind.DECIDED, f"{total} frames, {len(by_value)} different values of it", 1.0
    return None
