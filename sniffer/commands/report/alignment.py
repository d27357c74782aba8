"""Two sequences of states side by side: what both have in the same order, and what one has in between.

In: two sequences. Out: stretches that, joined, are both sequences. As many states as can be are matched (a longest
common subsequence), which difflib does not promise: it takes the longest block first, and so tears cycles apart. The
work grows with the product of the lengths: the caller bounds them.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

T = TypeVar("T")

Step = tuple[str | None, str | None]
"""A state of the one, of the other, or of both."""

LONGEST_CYCLE = 12
"""How long what repeats can be to be told as that."""


class Stretch(NamedTuple):
    """States that both have, or what one has in place of what the other has."""

    left: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return self.left == self.right


def align(left: Sequence[str], right: Sequence[str]) -> list[Stretch]:
    """The stretches of both. The other way round, they are the same with sides exchanged."""
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
    """How many states can be matched from each place of both on."""
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
    """The same things in order, where what repeats stands once with how often it comes."""
    at = 0
    while at < len(things):
        size, rounds = _find_cycle(things, at)
        yield things[at : at + size], rounds
        at += size * rounds


def _find_cycle(things: Sequence[T], at: int) -> tuple[int, int]:
    """The cycle that begins here and goes on for longest, and its rounds."""
    best = 1, 1
    for size in range(1, LONGEST_CYCLE + 1):
        rounds = 1
        while things[at + rounds * size : at + (rounds + 1) * size] == things[at : at + size]:
            rounds += 1
        if rounds > 1 and size * rounds > best[0] * best[1]:
            best = size, rounds
    return best
