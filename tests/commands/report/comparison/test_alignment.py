"""Alignment: the stretches of two sequences of states, and cycles that are listed once."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.commands.report.comparison.alignment import LONGEST_CYCLE, Stretch, align, find_cycles

STATES = st.lists(st.sampled_from("abcd"), max_size=12)


def joined(parts: list[tuple[str, ...]]) -> list[str]:
    return [*chain.from_iterable(parts)]


def longest_common(left: list[str], right: list[str]) -> int:
    """Return the length of a longest common subsequence, by its plain definition."""
    if not left or not right:
        return 0
    if left[0] == right[0]:
        return 1 + longest_common(left[1:], right[1:])
    return max(longest_common(left[1:], right), longest_common(left, right[1:]))


@given(STATES, STATES)
def test_stretches_joined_are_both_sequences(left: list[str], right: list[str]) -> None:
    stretches = align(left, right)
    assert joined([stretch.left for stretch in stretches]) == left
    assert joined([stretch.right for stretch in stretches]) == right
    assert all(stretch.left or stretch.right for stretch in stretches)


@given(st.lists(st.sampled_from("abc"), max_size=7), st.lists(st.sampled_from("abc"), max_size=7))
def test_as_many_states_as_can_be_are_matched(left: list[str], right: list[str]) -> None:
    same = [stretch for stretch in align(left, right) if stretch.is_same]
    assert sum(len(stretch.left) for stretch in same) == longest_common(left, right)


@given(STATES, STATES)
def test_the_other_way_round_the_sides_are_exchanged(left: list[str], right: list[str]) -> None:
    assert align(right, left) == [Stretch(mine, theirs) for theirs, mine in align(left, right)]


def test_what_only_one_side_has_stands_between_what_both_have() -> None:
    assert align(["A", "P", "C", "N"], ["A", "P", "C", "F", "C", "N"]) == [
        Stretch(("A", "P", "C"), ("A", "P", "C")),
        Stretch((), ("F", "C")),
        Stretch(("N",), ("N",)),
    ]


@given(STATES)
def test_cycles_written_out_are_the_sequence_again(states: list[str]) -> None:
    assert [state for cycle, rounds in find_cycles(states) for _ in range(rounds) for state in cycle] == states


@pytest.mark.parametrize(
    ("states", "cycles"),
    [
        ("", []),
        ("a", [("a", 1)]),
        ("aaa", [("a", 3)]),
        ("ababab", [("ab", 3)]),
        ("xababy", [("x", 1), ("ab", 2), ("y", 1)]),
        ("aabaab", [("aab", 2)]),
    ],
)
def test_cycles_are_listed_once(states: str, cycles: list[tuple[str, int]]) -> None:
    assert [("".join(cycle), rounds) for cycle, rounds in find_cycles(states)] == cycles


def test_the_longest_cycle_is_bounded() -> None:
    longest = "abcdefghijklmnop"[:LONGEST_CYCLE]
    assert [rounds for _, rounds in find_cycles(longest * 2)] == [2]
    assert [rounds for _, rounds in find_cycles((longest + "z") * 2)] == [1] * (2 * (LONGEST_CYCLE + 1))
