"""Mend one frame that text recognition printed wrongly: the one reading whose length and CRC are right.

In: the text of the frame in hexadecimal, its link and its head. Out: an `Outcome`. Readings are tried in order of their
cost, all of one cost at once. When one fits, those that cost up to `RIVAL` more are tried as well: several that fit are
rivals, and none is chosen.

The search ends where a reading that fits would more likely be an accident: a wrong reading fits once in 65,536 times,
which is 16 bits, and the right one costs so much more than all readings together with the likelihood of that cost. So
it ends `MOST_SURPRISE` bits above what they cost together. Beyond `MOST_READINGS` nothing is mended, either.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from math import ceil, log2

from msgspec import Struct

from sniffer.core.mending.alignments import LOST, CharacterAlignment, find_alignments
from sniffer.core.mending.confusions import packaged_table
from sniffer.core.mending.expected_commands import ExpectedCommands
from sniffer.core.mending.page_glyphs import PageGlyphs
from sniffer.core.mending.readings import SPREAD, FrameReading, Readings, can_read, cost_of_fixed
from sniffer.core.wire.link import Link
from sniffer.core.wire.mended import MendedCharacter

MOST_READINGS = 8192
"""The readings that are tried, at most: beyond, a wrong one fits once in eight times."""

MOST_SURPRISE = 15
"""Bits. A reading whose likelihood is less than this power of a half, of all readings together, is not tried."""

RIVAL = 2
"""Bits. A second reading that fits counts if it is at most so much less likely than the first one."""

LONGEST_TEXT = 1024
"""Characters. A longer text is not searched: the longest known frame has 711."""

NO_COMMANDS = ExpectedCommands()

_LOWER = str.maketrans("abcdef", "ABCDEF")


class FoundFrame(Struct, frozen=True):
    """A frame that fits, and the characters that were mended for it, as offsets in the searched text.

    `glyphs` are all its characters that were not lost, each with the digit that it stands for.
    """

    raw: bytes
    characters: tuple[MendedCharacter, ...]
    glyphs: tuple[tuple[str, int], ...]


class Outcome(Struct, frozen=True):
    """The outcome of a search: the frames that fit, and how many readings were tried.

    The frame is mended if there is exactly one. No frame fits if there were more readings than the bound allows.
    `weight` is how many readings as likely as the frame all readings are worth together, and never less than were
    tried: a frame that is much less likely than others, or than that the text is no whole frame, is an accident more
    likely than their number says.
    """

    found: tuple[FoundFrame, ...]
    tried: int
    weight: int


def mend_frame(
    text: str,
    link: Link,
    head: bytes,
    *,
    most: int = MOST_READINGS,
    glyphs: PageGlyphs | None = None,
    commands: ExpectedCommands = NO_COMMANDS,
) -> Outcome:
    """Return the frames of a link, with this head, that the text can stand for.

    `most` is the bound of readings, `glyphs` are those of the page that it is on. Other commands than the expected
    ones are less likely.
    """
    if len(text) > LONGEST_TEXT:
        return Outcome((), 0, 0)
    search = _Search(_fold_case(text), link, head, glyphs or PageGlyphs(packaged_table()), commands)
    found = dict[bytes, FrameReading]()
    tried, last = 0, search.first + SPREAD
    for cost in range(search.first, last + 1):
        count = search.count(cost)
        if (found and cost > last) or (not found and search.find_surprise(cost) > MOST_SURPRISE):
            break
        if tried + count > most:
            return Outcome((), tried, tried)
        tried += count
        fits = list(search.find_valid(cost))
        if fits and not found:
            last = cost + RIVAL
        for reading in fits:
            found.setdefault(reading.raw, reading)
    least = min((one.cost for one in found.values()), default=None)
    weight = tried if least is None else max(tried, ceil(2 ** search.find_surprise(least)))
    return Outcome(tuple(_describe(text, one) for one in found.values()), tried, weight)


class _Search:
    """All readings of a text as a frame. `first` is the least cost that one can have."""

    def __init__(self, text: str, link: Link, head: bytes, glyphs: PageGlyphs, commands: ExpectedCommands) -> None:
        alignments = [one for one in find_alignments(text, glyphs.table) if can_read(link, len(one.places) // 2)]
        costs = [cost_of_fixed(text, one, link, head, glyphs) for one in alignments]
        self._closed = sorted(zip(map(sum, costs), alignments, strict=True), key=lambda one: one[0], reverse=True)
        self.first = self._closed[-1][0] if self._closed else 0
        self._open: list[Readings] = []
        self._mass = 2.0 ** -(_cost_of_cut_frame(alignments, costs, glyphs) + glyphs.table.costs.no_frame)
        self._read = partial(Readings, text, link=link, head=head, glyphs=glyphs, commands=commands)

    def count(self, cost: int) -> int:
        """Return the number of readings of exactly this cost. It must not be less than in the call before."""
        while self._closed and self._closed[-1][0] <= cost:
            self._add(self._closed.pop()[1])
        return sum(one.count(cost) for one in self._open if one.cost <= cost)

    def find_surprise(self, cost: int) -> float:
        """Return how many bits a reading of this cost is less likely than all readings together."""
        return cost + log2(self._mass) if self._mass else 0.0

    def find_valid(self, cost: int) -> Iterator[FrameReading]:
        """Yield the readings of exactly this cost that have a valid CRC."""
        for one in self._open:
            if one.cost <= cost:
                yield from one.find_valid(cost)

    def _add(self, alignment: CharacterAlignment) -> None:
        readings = self._read(alignment)
        self._open.append(readings)
        self._mass += readings.mass


def _cost_of_cut_frame(
    alignments: Sequence[CharacterAlignment], costs: Sequence[tuple[int, int, int]], glyphs: PageGlyphs
) -> int:
    """Return the least cost of the text as a frame whose end is missing.

    It has the head of a frame, and another length than it says. It may end within a byte.
    """
    lost = glyphs.table.costs.lost_character
    return min(
        (own + head - lost * (one.places[-1] == LOST) for one, (own, head, _) in zip(alignments, costs, strict=True)),
        default=0,
    )


def _fold_case(text: str) -> str:
    """Return a text whose letters are all small with large ones for digits. In others, small ones are no digits."""
    return text if any(letter in text for letter in "ABCDEF") else text.translate(_LOWER)


def _describe(text: str, reading: FrameReading) -> FoundFrame:
    """Return the frame of a reading, with the characters of the text that it is made of."""
    digits = zip(reading.alignment.places, reading.raw.hex(), strict=True)
    glyphs = tuple((text[place], int(digit, 16)) for place, digit in digits if place != LOST)
    return FoundFrame(reading.raw, tuple(_list_mended_characters(text, reading)), glyphs)


def _list_mended_characters(text: str, reading: FrameReading) -> Iterator[MendedCharacter]:
    """Yield the characters of a text that were mended for this reading."""
    places, end = reading.alignment.places, reading.alignment.end
    read, previous = set(places), -1
    for place, digit in zip(places, reading.raw.hex().upper(), strict=True):
        if place == LOST:
            yield MendedCharacter(previous + 1, "", digit)
        else:
            yield from _list_extra(text, [at for at in range(previous + 1, place) if at not in read])
            if text[place].upper() != digit:
                yield MendedCharacter(place, text[place], digit)
            previous = place
    yield from _list_extra(text, range(previous + 1, end))
    if rest := text[end:].strip():
        yield MendedCharacter(text.index(rest, end), rest, "")


def _list_extra(text: str, places: Iterable[int]) -> Iterator[MendedCharacter]:
    """Yield the characters at these offsets that stand for nothing."""
    for at in places:
        if text[at] not in _BETWEEN and not text[at].isspace():
            yield MendedCharacter(at, text[at], "")


_BETWEEN = "[]"
