"""Alignment of two sequences of states: which states both have in the same order, and which states one has in between.

In: two sequences. Out: stretches that, joined, give both sequences again. As many states as possible are matched: this
is a longest common subsequence. `difflib` does not promise that, because it takes the longest block first and so breaks
cycles apart. Time and memory grow with the product of the two lengths: the caller must bound them.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

T = TypeVar("T")

Step = tuple[str | None, str | None]
"""One step of the alignment: a state of the left sequence, of the right one, or of both."""

LONGEST_CYCLE = 12
"""The longest cycle, in states, that is recognized as a cycle."""


class Stretch(NamedTuple):
    """A stretch of the alignment: states that both sequences have, or the states that stand in each other's place."""

    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return self.left == self.right


def align(left: Sequence[str], right: Sequence[str]) -> list[Stretch]:
    """Return the stretches of two sequences, in order.

    With the sequences exchanged, the stretches are the same with their sides exchanged.
    """
    if tuple(left) > tuple(right):
        return [Stretch(mine, theirs) for theirs, mine in align(right, left)]
    groups = ([*group] for _, group in groupby(_match_states(left, right), key=lambda step: step[0] == step[1]))
    return [
        Stretch(
            tuple(one for one, _ in group if one is not None),
            tuple(other for _, other in group if other is not None),
        )
        for group in groups
    ]


def _match_states(left: Sequence[str], right: Sequence[str]) -> Iterator[Step]:
    lengths = _common_lengths(left, right)
    at = there = 0
    while at < len(left) or there < len(right):
        if at < len(left) and there < len(right) and left[at] == right[there]:
            yield left[at], right[there]
            at, there = at + 1, there + 1
        elif there == len(right) or (at < len(left) and lengths[at + 1][there] >= lengths[at][there + 1]):
            yield left[at], None
            at += 1
        else:
            yield None, right[there]
            there += 1


def _common_lengths(left: Sequence[str], right: Sequence[str]) -> list[list[int]]:
    """Return the number of states that can be matched from each pair of positions to the ends."""
    below = [0] * (len(right) + 1)
    rows = [below]
    for state in reversed(left):
        row = [0] * (len(right) + 1)
        for there in range(len(right) - 1, -1, -1):
            row[there] = below[there + 1] + 1 if right[there] == state else max(below[there], row[there + 1])
        rows.append(row)
        below = row
    return rows[::-1]


def find_cycles(things: Sequence[T]) -> Iterator[tuple[Sequence[T], int]]:
    """Yield the items in order. A cycle is yielded once, with the number of its rounds; other items with 1."""
    at = 0
    while at < len(things):
        size, rounds = _find_cycle(things, at)
        yield things[at : at + size], rounds
        at += size * rounds


def _find_cycle(things: Sequence[T], at: int) -> tuple[int, int]:
    """Return the length and the rounds of the cycle at this position that covers most items; (1, 1) if there is none."""
    best = 1, 1
    for size in range(1, LONGEST_CYCLE + 1):
        rounds = 1
        while things[at + rounds * size : at + (rounds + 1) * size] == things[at : at + size]:
            rounds += 1
        if rounds > 1 and size * rounds > best[0] * best[1]:
            best = size, rounds
    return best
