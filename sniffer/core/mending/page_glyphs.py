"""The glyphs of one page: which digits its characters stand for, by what was mended on it already.

The zeros of a font that has them slashed are read as `6`, `8` or `@` all over a page, and another page has real sixes.
So a page only begins with the costs of the confusion table. In: characters, each with the digit that it stood for.
Out: costs.
"""

from collections import Counter
from collections.abc import Iterable
from math import log2

from sniffer.core.mending.confusions import ConfusionTable, Digits

PRIOR = 4
"""The costs of the table count as so many characters of the page."""


class PageGlyphs:
    """The glyphs of one page, which begin as the table has them."""

    def __init__(self, table: ConfusionTable) -> None:
        self.table = table
        self._counts: dict[str, Counter[int]] = {}
        self._costs: dict[str, Digits] = {}

    def digits_of(self, character: str) -> Digits:
        """Return the cost of each digit that a character of this page can stand for."""
        found = self._costs.get(character)
        if found is None:
            found = self._costs[character] = self._weigh(character, ())
        return found

    def add(self, characters: Iterable[tuple[str, int]]) -> None:
        """Count characters, each with the digit that it stood for."""
        for (character, digit), count in Counter(characters).items():
            self._counts.setdefault(character, Counter())[digit] += count
            self._costs.pop(character, None)

    def add_bytes(self, raw: bytes) -> None:
        """Count the characters of bytes that were read as they were printed."""
        self.add((digit, int(digit, 16)) for digit in raw.hex().upper())

    def costs_with(self, character: str, digits: Iterable[int]) -> Digits:
        """Return the costs for a character that stood for these digits as well."""
        return self._weigh(character, digits)

    def _weigh(self, character: str, digits: Iterable[int]) -> Digits:
        """Return the costs of the table with what was counted, and with these digits."""
        counts = self._counts.get(character, Counter()) + Counter(digits)
        costs = self.table.digits_of(character)
        if not counts:
            return costs
        shares = {digit: 2.0**-cost for digit, cost in costs.items()}
        scale = PRIOR / sum(shares.values())
        weights = {digit: share * scale + counts[digit] for digit, share in shares.items()}
        most = max(weights.values())
        return {digit: round(log2(most / weight)) for digit, weight in weights.items()}
