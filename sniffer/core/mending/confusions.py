"""The confusion table: which digit a character of recognised text can stand for, and how likely that is.

In: the packaged file `data/confusions.toml`. Out: a `ConfusionTable`. Costs are in bits: one bit more is half
as likely.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

import tomli
from msgspec import Struct

from sniffer.base.package_data import read_package_text

DIGITS = "0123456789ABCDEF"

_OTHER = "other"

Digits = Mapping[int, int]
"""The cost of each digit, from 0 to 15, that a character can stand for."""


class Costs(Struct, frozen=True):
    """The costs that belong to no single character; `data/confusions.toml` explains each."""

    other_digit: int
    unlisted_digit: int
    unknown_glyph: int
    lost_character: int
    lost_space: int
    split_byte: int
    doubled: int
    extra_character: int
    extra_word: int
    end: int
    word_after: int
    byte_after: int
    zero_byte: int
    command_digit: int
    no_frame: int


class ConfusionTable:
    """The confusions of text recognition. `costs` are those that no single character has.

    `processes` are the names of the processes that print the log. A line has one wrong character in
    `characters_for_an_edit`, and not more than `most_edits`, if its words are mended. `pairs` are the two characters
    that are read for one, `like_digits` the characters for which a digit is read.
    """

    def __init__(self, text: str) -> None:
        table = tomli.loads(text)
        self.costs = Costs(**table["cost"])
        self.processes = tuple(table["words"]["processes"])
        self.characters_for_an_edit: int = table["words"]["characters_for_an_edit"]
        self.most_edits: int = table["words"]["most_edits"]
        self.pairs: Mapping[str, Sequence[str]] = table["words"]["pairs"]
        self.like_digits: Mapping[str, str] = table["words"]["like_digits"]
        self._extra: dict[str, int] = table["extra"]
        self._glyphs: dict[str, Digits] = {
            glyph: self._parse_glyph(likely) for glyph, likely in table["glyphs"].items()
        }
        for printed in DIGITS:
            digits = self._parse_digit(printed, table["digits"].get(printed, {}))
            self._glyphs.setdefault(printed, digits)
            self._glyphs.setdefault(printed.lower(), digits)
        self._unknown = dict.fromkeys(range(len(DIGITS)), self.costs.unknown_glyph)

    @property
    def lost(self) -> Digits:
        """The digits that a missing character can stand for, without the cost of its absence."""
        return dict.fromkeys(range(len(DIGITS)), 0)

    def digits_of(self, character: str) -> Digits:
        """Return the cost of each digit that a character can stand for.

        One that is not listed counts as the character that it is made of: `É` as `E`, `ç` as `c`.
        """
        found = self._glyphs.get(character)
        if found is None:
            found = self._unknown if character.isascii() else self._find_base(character)
            self._glyphs[character] = found
        return found

    def cost_of_extra(self, character: str) -> int:
        """Return the cost of reading a character as nothing."""
        return self._extra.get(character, self.costs.extra_character)

    def can_double(self, character: str, other: str) -> bool:
        """Return True if two neighbours are likely two readings of the same digit."""
        own, others = self.digits_of(character), self.digits_of(other)
        least, least_other = min(own.values()), min(others.values())
        return any(cost <= least + 1 and others[digit] <= least_other + 1 for digit, cost in own.items())

    def _find_base(self, character: str) -> Digits:
        """Return the costs of the digits for the base of a character outside of ASCII; those of any if it has none."""
        base = unicodedata.normalize("NFKD", character)[:1]
        if base == character or base.upper() not in DIGITS:
            return self._glyphs.get(base, self._unknown)
        return self._parse_glyph({base.upper(): 0})

    def _parse_glyph(self, likely: Mapping[str, int]) -> Digits:
        """Return the costs of all digits for a glyph that is no digit."""
        listed = {int(digit, 16): cost for digit, cost in likely.items() if digit != _OTHER}
        return dict.fromkeys(range(len(DIGITS)), likely.get(_OTHER, self.costs.unlisted_digit)) | listed

    def _parse_digit(self, printed: str, others: Mapping[str, int]) -> Digits:
        """Return the costs of all digits for a printed digit, which stands for itself most likely."""
        listed = {int(digit, 16): cost for digit, cost in others.items()}
        return dict.fromkeys(range(len(DIGITS)), self.costs.other_digit) | listed | {int(printed, 16): 0}


@cache
def packaged_table() -> ConfusionTable:
    """Return the confusions that this package knows."""
    return ConfusionTable(read_package_text("sniffer.core.mending", "data/confusions.toml"))
