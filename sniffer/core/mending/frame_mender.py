"""Mend one frame that text recognition printed wrongly: the one reading whose length and CRC are right.

In: the text of the frame in hexadecimal, its link and its head. Out: an `Outcome`. Readings are tried in order of their
cost, all of one cost at once. When one fits, those that cost up to `RIVAL` more are tried as well: several that fit are
rivals, and none is chosen. Beyond `MOST_READINGS` nothing is mended, as one of that many fits by accident too easily.
"""

from collections import deque
from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from sniffer.core.mending.alignments import LOST, find_alignments
from sniffer.core.mending.confusions import ConfusionTable, packaged_table
from sniffer.core.mending.readings import SPREAD, FrameReading, Readings, can_read
from sniffer.core.wire.link import Link
from sniffer.core.wire.mended import MendedCharacter

MOST_READINGS = 8192
"""The readings that are tried, at most: beyond, a wrong one fits once in eight times."""

RIVAL = 2
"""Bits. A second reading that fits counts if it is at most so much less likely than the first one."""

LONGEST_TEXT = 1024
"""Characters. A longer text is not searched: the longest known frame has 711."""


class FoundFrame(Struct, frozen=True):
    """A frame that fits, and the characters that were mended for it, as offsets in the searched text."""

    raw: bytes
    characters: tuple[MendedCharacter, ...]


class Outcome(Struct, frozen=True):
    """The outcome of a search: the frames that fit, and how many readings were tried.

    The frame is mended if there is exactly one. No frame fits if there were more readings than the bound allows.
    """

    found: tuple[FoundFrame, ...]
    tried: int


def mend_frame(
    text: str, link: Link, head: bytes, *, most: int = MOST_READINGS, table: ConfusionTable | None = None
) -> Outcome:
    """Return the frames of a link, with this head, that the text can stand for. `most` is the bound of readings."""
    table = table or packaged_table()
    if len(text) > LONGEST_TEXT:
        return Outcome((), 0)
    search = _Search(text, link, head, table)
    found = dict[bytes, FrameReading]()
    tried, last = 0, search.first + SPREAD
    for cost in range(search.first, last + 1):
        if found and cost > last:
            break
        count = search.count(cost)
        if tried + count > most:
            return Outcome((), tried)
        tried += count
        fits = list(search.find_valid(cost))
        if fits and not found:
            last = cost + RIVAL
        for reading in fits:
            found.setdefault(reading.raw, reading)
    return Outcome(
        tuple(FoundFrame(one.raw, tuple(_list_mended_characters(text, one))) for one in found.values()), tried
    )


class _Search:
    """All readings of a text as a frame. `first` is the least cost that one can have."""

    def __init__(self, text: str, link: Link, head: bytes, table: ConfusionTable) -> None:
        alignments = (one for one in find_alignments(text, table) if can_read(link, len(one.places) // 2))
        self._closed = deque(alignments)
        self.first = self._closed[0].cost if self._closed else 0
        self._open: list[Readings] = []
        self._read = partial(Readings, text, link=link, head=head, table=table)

    def count(self, cost: int) -> int:
        """Return the number of readings of exactly this cost. It must not be less than in the call before."""
        while self._closed and self._closed[0].cost <= cost:
            self._open.append(self._read(self._closed.popleft()))
        return sum(one.count(cost) for one in self._open if one.cost <= cost)

    def find_valid(self, cost: int) -> Iterator[FrameReading]:
        """Yield the readings of exactly this cost that have a valid CRC."""
        for one in self._open:
            if one.cost <= cost:
                yield from one.find_valid(cost)


def _list_mended_characters(text: str, reading: FrameReading) -> Iterator[MendedCharacter]:
    """Yield the characters of a text that were mended for this reading."""
    read, previous = set(reading.places), -1
    for place, digit in zip(reading.places, reading.raw.hex().upper(), strict=True):
        if place == LOST:
            yield MendedCharacter(previous + 1, "", digit)
        else:
            yield from (
                MendedCharacter(at, text[at], "")
                for at in range(previous + 1, place)
                if at not in read and text[at] not in _BETWEEN and not text[at].isspace()
            )
            if text[place].upper() != digit:
                yield MendedCharacter(place, text[place], digit)
            previous = place
    yield from (
        MendedCharacter(at, text[at], "")
        for at in range(previous + 1, len(text))
        if text[at] not in _BETWEEN and not text[at].isspace()
    )


_BETWEEN = "[]"
