"""Align the characters of a recognised text with the half bytes for which they stand, in order of the cost.

In: the text of a frame in hexadecimal, as text recognition printed it. Out: the alignments. A word normally is one byte
of two characters. Characters can be lost or extra, and so can spaces. The last words may be no part of the frame: text
recognition made them of the edge of a screen, a shadow or moire. Which digit a character stands for is not decided
here, only that it stands for one.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import nsmallest
from typing import NamedTuple

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.core.mending.confusions import DIGITS, ConfusionTable

LOST = -1
"""The place of a character that is missing in the text."""

PARSES_KEPT = 96
"""The ways to read one word that are followed: those of the lowest cost."""

ALIGNMENTS_KEPT = 96
"""The alignments of one size that are followed: those of the lowest cost."""

BUDGET = 24
"""The highest cost of an alignment, in bits."""

WORDS_AFTER = 24
"""The words after a frame that are no part of it, at most."""

_ENDS_KEPT = 8
"""The alignments of one size that end before the last word, for each word: those of the lowest cost."""

LONGEST_WORD = 96
"""Characters. A longer word is not read: no photographed line has one."""

_EDITS = 2
"""The characters of a short word that are lost or extra, at most; in a longer one it is one character."""

_SHORT = 8
"""Characters of a short word, at most."""

_WORD = compile_late(r"[^\s\[\]]+")
_HEX = frozenset(DIGITS + DIGITS.lower())
BYTE_DIGITS = 2


class CharacterAlignment(Struct, frozen=True):
    """One alignment: for each half byte the offset in the text of the character that stands for it, or `LOST`.

    What stands from the offset `end` on is no part of the frame.
    """

    cost: int
    places: tuple[int, ...]
    end: int


class _Parse(NamedTuple):
    """One way to read a word: its cost, and for each half byte its offset in the word, or `LOST`."""

    cost: int
    places: tuple[int, ...]


class _WordChain(NamedTuple):
    """The places of a word after those of the words before it."""

    before: "_WordChain | None"
    start: int
    places: tuple[int, ...]

    def join(self) -> tuple[int, ...]:
        """Return the places of all words, as offsets in the text."""
        words, chain = list[tuple[int, ...]](), self
        while True:
            words.append(tuple(place if place == LOST else chain.start + place for place in chain.places))
            if chain.before is None:
                return tuple(place for word in reversed(words) for place in word)
            chain = chain.before


_States = dict[int, list[tuple[int, _WordChain | None]]]
"""The alignments of the first words with their cost, by the number of half bytes."""


def find_alignments(text: str, table: ConfusionTable) -> list[CharacterAlignment]:
    """Return the alignments that give whole bytes, sorted by their cost."""
    words = [(found.start(), found[0]) for found in _WORD.finditer(text)]
    if any(len(word) > LONGEST_WORD for _, word in words):
        return []
    states = [_States() for _ in range(len(words) + 1)]
    states[0][0] = [(0, None)]
    for index, (start, word) in enumerate(words):
        partial = {size: nsmallest(ALIGNMENTS_KEPT, row, key=_cost_of) for size, row in states[index].items()}
        _extend(partial, start, _parse_word(word, table), states[index + 1])
        if len(word) == 1 and index + 1 < len(words) and len(words[index + 1][1]) == 1:
            split = _Parse(table.costs.split_byte, (0, words[index + 1][0] - start))
            _extend(partial, start, (split,), states[index + 2])
    return sorted(_list_whole(states, words, len(text), table), key=lambda one: one.cost)


def _list_whole(
    states: Sequence[_States], words: Sequence[tuple[int, str]], end: int, table: ConfusionTable
) -> Iterator[CharacterAlignment]:
    """Yield the alignments of all words, and those of the first ones if the others are no part of the frame."""
    after, kept = 0, ALIGNMENTS_KEPT
    for count in range(len(words), max(0, len(words) - WORDS_AFTER - 1), -1):
        for row in states[count].values():
            for cost, chain in nsmallest(kept, row, key=_cost_of):
                if chain and cost + after <= BUDGET:
                    yield CharacterAlignment(cost + after, chain.join(), end)
        end, word = words[count - 1]
        is_byte = len(word) == BYTE_DIGITS and _HEX.issuperset(word)
        after = (after or table.costs.end) + (table.costs.byte_after if is_byte else table.costs.word_after)
        kept = _ENDS_KEPT


def _extend(partial: _States, start: int, parses: Iterable[_Parse], following: _States) -> None:
    """Add to `following` what the word at offset `start` makes of the alignments of the words before it."""
    for size, chains in partial.items():
        for cost, places in parses:
            row = following.setdefault(size + len(places), [])
            row += (
                (before + cost, _WordChain(chain, start, places)) for before, chain in chains if before + cost <= BUDGET
            )


def _cost_of(state: tuple[int, _WordChain | None]) -> int:
    """Return the cost of a partial alignment."""
    return state[0]


@lru_cache(1024)
def _parse_word(word: str, table: ConfusionTable) -> tuple[_Parse, ...]:
    """Return the ways to read a word, sorted by their cost."""
    if len(word) % 2 == 0 and _HEX.issuperset(word):
        return (_Parse(_cost_of_lost_spaces(len(word) // 2, table), tuple(range(len(word)))), _skip_word(word, table))
    parses = [*_edit_word(word, table), _skip_word(word, table)]
    return tuple(nsmallest(PARSES_KEPT, dict.fromkeys(parses), key=lambda parse: parse.cost))


def _skip_word(word: str, table: ConfusionTable) -> _Parse:
    """Return the reading of a word as nothing."""
    return _Parse(min(table.costs.extra_word, sum(map(table.cost_of_extra, word))), ())


def _edit_word(word: str, table: ConfusionTable) -> Iterator[_Parse]:
    """Yield the readings of a word as whole bytes, with at most `_EDITS` characters that are lost or extra."""
    for parse in _edit_from(word, 0, _EDITS if len(word) <= _SHORT else 1, table):
        if parse.places and len(parse.places) % 2 == 0:
            lost_spaces = _cost_of_lost_spaces(len(parse.places) // 2, table)
            yield _Parse(parse.cost + lost_spaces, parse.places)


def _edit_from(word: str, at: int, edits: int, table: ConfusionTable) -> Iterator[_Parse]:
    """Yield the readings of a word from offset `at` on, with at most `edits` lost or extra characters."""
    if at == len(word):
        yield _Parse(0, ())
        if edits:
            yield _Parse(table.costs.lost_character, (LOST,))
        return
    for cost, places in _edit_from(word, at + 1, edits, table):
        yield _Parse(cost, (at, *places))
    if edits:
        extra = _cost_of_extra_at(word, at, table)
        for cost, places in _edit_from(word, at + 1, edits - 1, table):
            yield _Parse(cost + extra, places)
            yield _Parse(cost + table.costs.lost_character, (LOST, at, *places))


def _cost_of_extra_at(word: str, at: int, table: ConfusionTable) -> int:
    """Return the cost of reading the character at this offset as nothing."""
    cost = table.cost_of_extra(word[at])
    neighbours: Sequence[str] = word[max(0, at - 1) : at] + word[at + 1 : at + 2]
    return min(cost, table.costs.doubled) if any(table.can_double(word[at], one) for one in neighbours) else cost


def _cost_of_lost_spaces(size: int, table: ConfusionTable) -> int:
    """Return the cost of the spaces that are missing in a word of `size` bytes."""
    return table.costs.lost_space * min(max(size - 1, 0), 2)
