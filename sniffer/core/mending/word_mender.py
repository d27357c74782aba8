"""Mend the words of a log line by the patterns of the definition: the one pattern that differs in few characters.

In: the text of a line without a frame. Out: the text as the pattern has it, or None. No checksum confirms words, so the
bound is tight: the length of the pattern decides how many characters may be wrong. Values of fields are taken as they
were read: a wrong digit would not show. In a line with numbers a digit stands for a letter that looks like it, and for
nothing else: it may be a part of a number.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from sniffer.core.mending.confusions import ConfusionTable, packaged_table
from sniffer.core.protocol.definition import Field, LogLinePattern
from sniffer.core.protocol.log_lines import PLACEHOLDER
from sniffer.core.wire.mended import MendedCharacter

LONGEST_LINE = 512
"""Characters. A longer line is not mended: the longest known pattern has about 350."""

_CODE = frozenset("0123456789abcdefABCDEFxX-")
_DECIMAL = frozenset("0123456789.-")

_FAR = 1 << 20
"""The cost of what is not possible."""

_LONG_NAME = 7
"""Characters of the name of a process in which two may be wrong."""

_Step = tuple[int | None, list[int]]
"""The index of an element, None if there is none for these characters, and the offsets of its characters."""

_Element = str | frozenset[str] | None
"""A part of a pattern: one character, the characters of a number, or None for a text."""


class MendedWords(Struct, frozen=True):
    """A line as its pattern has it, and the characters that were mended, as offsets in the text that was read."""

    text: str
    characters: tuple[MendedCharacter, ...]


class WordMender:
    """The mender of lines, by these patterns."""

    def __init__(self, patterns: Iterable[LogLinePattern], table: ConfusionTable | None = None) -> None:
        self._table = table or packaged_table()
        self._patterns = [_Pattern(one, self._table) for one in patterns]
        self.count = len(self._patterns)

    def mend(self, text: str) -> MendedWords | None:
        """Return the text as the nearest pattern has it; None if no pattern is near enough, or several are as near."""
        if len(text) > LONGEST_LINE:
            return None
        letters = Counter(text)
        found = [match for one in self._patterns if one.can_match(letters) and (match := one.match(text))]
        least = min((edits for edits, _ in found), default=0)
        nearest = [mended for edits, mended in found if edits == least]
        return nearest[0] if len(nearest) == 1 else None

    def find_process(self, name: str) -> str | None:
        """Return the process whose name differs from this in few characters; None if there is none."""
        near = [one for one in self._table.processes if _is_near(name, one)]
        return near[0] if len(near) == 1 else None


class _Pattern:
    """One pattern as a row of elements. White space does not count: it is lost and added too often."""

    def __init__(self, pattern: LogLinePattern, table: ConfusionTable) -> None:
        fields = {field.name: field for field in pattern.fields}
        self._elements: list[_Element] = []
        self._spaces: list[str] = []
        """The white space before each element, and that at the end."""
        space = ""
        for index, part in enumerate(PLACEHOLDER.split(pattern.pattern)):
            for element in part if index % 2 == 0 else [_value_of(fields[part])]:
                if isinstance(element, str) and element.isspace():
                    space += element
                    continue
                self._elements.append(element)
                self._spaces.append(space)
                space = ""
        self._has_numbers = any(isinstance(one, frozenset) for one in self._elements)
        self._pairs, self._like_digits = table.pairs, table.like_digits
        self._letters = Counter(one for one in self._elements if isinstance(one, str))
        self._edits = min(table.most_edits, self._letters.total() // table.characters_for_an_edit)

    def can_match(self, letters: Counter[str]) -> bool:
        """Return True if a text with these characters can be near enough."""
        return self._edits > 0 and (self._letters - letters).total() <= self._edits

    def match(self, text: str) -> tuple[int, MendedWords] | None:
        """Return the number of wrong characters of the text, and the mended text; None if they are too many."""
        places = [at for at, character in enumerate(text) if not character.isspace()]
        costs = self._measure([text[at] for at in places])
        if costs[-1][-1] > self._edits:
            return None
        found, characters, end = list[str](), list[MendedCharacter](), 0
        for element, places_read in self._trace(costs, text, places):
            read = text[places_read[0] : places_read[-1] + 1] if places_read else ""
            start = places_read[0] if places_read else end
            end = start + len(read)
            if element is None:
                characters.append(MendedCharacter(start, read, ""))
            elif isinstance(self._elements[element], str):
                expected = str(self._elements[element])
                found.append(self._spaces[element] + expected)
                if read != expected:
                    characters.append(MendedCharacter(start, read, expected))
            else:
                found.append(self._spaces[element] + read)
        return costs[-1][-1], MendedWords("".join(found), tuple(characters))

    def _measure(self, characters: Sequence[str]) -> list[list[int]]:
        """Return the fewest wrong characters for each number of elements (rows) and of characters (columns)."""
        rows = [list(range(len(characters) + 1))]
        for index, element in enumerate(self._elements):
            above, row = rows[-1], [_FAR] * (len(characters) + 1)
            if isinstance(element, str):
                missing = self._cost_of_missing(index)
                row[0] = above[0] + missing
                for at, character in enumerate(characters):
                    row[at + 1] = min(
                        above[at] + self._cost_of(index, character),
                        above[at + 1] + missing,
                        row[at] + (_FAR if self._has_numbers and character.isdigit() else 1),
                    )
                    if at and self._is_pair(element, characters, at):
                        row[at + 1] = min(row[at + 1], above[at - 1] + 1)
            else:
                for at, character in enumerate(characters):
                    if _is_value(character, element):
                        row[at + 1] = min(above[at], row[at])
            rows.append(row)
        return rows

    def _cost_of(self, index: int, character: str) -> int:
        """Return the cost of a character that was read for this element, which is one character."""
        element = str(self._elements[index])
        if character == element:
            return 0
        if self._has_numbers and character.isdigit() and element not in self._like_digits.get(character, ""):
            return _FAR
        return _FAR if any(self._can_be_of_number(at, character) for at in (index - 1, index + 1)) else 1

    def _cost_of_missing(self, index: int) -> int:
        """Return the cost of an element that was not read. Without a mark between them, two numbers would be one."""
        return _FAR if self._is_number(index - 1) and self._is_number(index + 1) else 1

    def _can_be_of_number(self, index: int, character: str) -> bool:
        """Return True if a letter or digit may be a part of the number that this element is."""
        element = self._elements[index] if 0 <= index < len(self._elements) else ""
        return isinstance(element, frozenset) and character.isalnum() and character in element

    def _is_number(self, index: int) -> bool:
        return 0 <= index < len(self._elements) and isinstance(self._elements[index], frozenset)

    def _is_pair(self, element: str, characters: Sequence[str], at: int) -> bool:
        """Return True if the character at this index and the one before it look like the one of this element."""
        return characters[at - 1] + characters[at] in self._pairs.get(element, ())

    def _trace(self, costs: Sequence[Sequence[int]], text: str, places: Sequence[int]) -> list[_Step]:
        """Return the steps of the cheapest match in order."""
        steps = list[_Step]()
        row, at, value = len(self._elements), len(places), list[int]()
        characters = [text[place] for place in places]
        while row or at:
            element, cost = self._elements[row - 1] if row else "", costs[row][at]
            if not isinstance(element, str):
                value.insert(0, places[at - 1])
                if costs[row - 1][at - 1] == cost:
                    steps.append((row - 1, value))
                    row, value = row - 1, []
                at -= 1
            elif row and at and cost == costs[row - 1][at - 1] + self._cost_of(row - 1, characters[at - 1]):
                steps.append((row - 1, [places[at - 1]]))
                row, at = row - 1, at - 1
            elif row and at > 1 and self._is_pair(element, characters, at - 1) and cost == costs[row - 1][at - 2] + 1:
                steps.append((row - 1, [places[at - 2], places[at - 1]]))
                row, at = row - 1, at - 2
            elif row and cost == costs[row - 1][at] + self._cost_of_missing(row - 1):
                steps.append((row - 1, []))
                row -= 1
            else:
                steps.append((None, [places[at - 1]]))
                at -= 1
        return steps[::-1]


def _value_of(field: Field) -> frozenset[str] | None:
    """Return the characters that a value of this field can have; None if it is a text."""
    if not field.is_numeric:
        return None
    return _DECIMAL if field.type == "decimal" else _CODE


def _is_value(character: str, element: frozenset[str] | None) -> bool:
    """Return True if a value of this element can have the character."""
    return character != "," if element is None else character in element


def _is_near(name: str, expected: str) -> bool:
    """Return True if a name differs from the expected one in one character, or in two if it is a long one."""
    return count_edits(name, expected) <= (1 if len(expected) < _LONG_NAME else 2)


def count_edits(text: str, other: str) -> int:
    """Return the fewest characters to change, to add and to remove to make one text the other."""
    row = list(range(len(other) + 1))
    for number, character in enumerate(text, 1):
        before, row[0] = row[0], number
        for at, one in enumerate(other, 1):
            before, row[at] = row[at], min(before + (character != one), row[at] + 1, row[at - 1] + 1)
    return row[-1]
