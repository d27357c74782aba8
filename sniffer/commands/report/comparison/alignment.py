"""Alignment of two sequences of states: which states both have in the same order, and which states one has in between.

In: two sequences. Out: stretches that, joined, give both sequences again. As many states as possible are matched: this
is a longest common subsequence. `difflib` does not promise that, because it takes the longest block first and so breaks
cycles apart. Time and memory grow with the product of the two lengths: the caller must bound them.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

T = TypeVar("T")

StatePair = tuple[str | None, str | None]
"""One step of the alignment: a state of the left sequence, of the right one, or of both."""

LONGEST_CYCLE = 12
"""The longest cycle, in states, that is recognized as a cycle."""


class Stretch(NamedTuple):
    """A stretch of the alignment: states that both sequences have, or the states that stand in each other's place."""

    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """True if both sequences have these states."""
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


def _match_states(left: Sequence[str], right: Sequence[str]) -> Iterator[StatePair]:
    """Yield the steps of a longest common subsequence. Where two steps are equally good, the left state comes first."""
    lengths = _compute_common_lengths(left, right)
    left_at = right_at = 0
    while left_at < len(left) or right_at < len(right):
        if left_at < len(left) and right_at < len(right) and left[left_at] == right[right_at]:
            yield left[left_at], right[right_at]
            left_at, right_at = left_at + 1, right_at + 1
        elif right_at == len(right) or (
            left_at < len(left) and lengths[left_at + 1][right_at] >= lengths[left_at][right_at + 1]
        ):
            yield left[left_at], None
            left_at += 1
        else:
            yield None, right[right_at]
            right_at += 1


def _compute_common_lengths(left: Sequence[str], right: Sequence[str]) -> list[list[int]]:
    """Return the number of states that can be matched from each pair of positions to the ends."""
    below = [0] * (len(right) + 1)
    rows = [below]
    for state in reversed(left):
        row = [0] * (len(right) + 1)
        for right_at in range(len(right) - 1, -1, -1):
            row[right_at] = (
                below[right_at + 1] + 1 if right[right_at] == state else max(below[right_at], row[right_at + 1])
            )
        rows.append(row)
        below = row
    return rows[::-1]


def find_cycles(items: Sequence[T]) -> Iterator[tuple[Sequence[T], int]]:
    """Yield the items in order. A cycle is yielded once, with the number of its rounds; other items with 1."""
    at = 0
    while at < len(items):
        size, rounds = _find_cycle(items, at)
        yield items[at : at + size], rounds
        at += size * rounds


def _find_cycle(items: Sequence[T], at: int) -> tuple[int, int]:
    """Return the length and the rounds of the cycle that covers most items from here on; (1, 1) without one."""
    best = 1, 1
    for size in range(1, LONGEST_CYCLE + 1):
        rounds = 1
        while items[at + rounds * size : at + (rounds + 1) * size] == items[at : at + size]:
            rounds += 1
        if rounds > 1 and size * rounds > best[0] * best[1]:
            best = size, rounds
    return best
