"""Describe in words how a misread line was mended. What rests on it is `assumed`.

In: a `Mended`. Out: texts that are not escaped yet.
"""

from sniffer.base.phrasing import format_count
from sniffer.core.wire.mended import Mended, MendedCharacter

RESTS_ON_MENDED = "rests on a mended line: assumed"
"""Said of a state or a fault that a mended line shows."""

CHARACTERS_SHOWN = 12
"""The largest number of mended characters that are named."""


def format_mended(mended: Mended) -> str:
    """Return a short remark for a list: what was mended and how certain it is."""
    if mended.readings:
        return f"  [{format_count(len(mended.readings), 'reading')} fit, none chosen; {format_chance(mended)}]"
    characters = f": {list_characters(mended)}" if mended.characters else ""
    return f"  [mended{characters}; {format_chance(mended)}; assumed]"


def list_characters(mended: Mended) -> str:
    """Return the characters read and those they stand for, each pair once: `O is 0, S is 9 (2 times)`."""
    counts = dict[str, int]()
    for one in mended.characters:
        text = _format_character(one)
        counts[text] = counts.get(text, 0) + 1
    texts = [text if count == 1 else f"{text} ({count} times)" for text, count in counts.items()]
    more = len(texts) - CHARACTERS_SHOWN
    return ", ".join(texts[:CHARACTERS_SHOWN]) + (f" and {more} more" if more > 0 else "")


def format_chance(mended: Mended) -> str:
    """Return the number of readings tried, and the chance that a wrong one fits by accident."""
    if mended.chance is None:
        return "no CRC confirms it"
    return f"{format_count(mended.tried, 'reading')} tried, chance of an accidental fit {_format_share(mended.chance)}"


def _format_character(one: MendedCharacter) -> str:
    if not one.read:
        return f"{one.mended} was missing"
    return f"{one.read} is {one.mended}" if one.mended else f"{one.read} is extra"


def _format_share(chance: float) -> str:
    """Return a probability in percent with two digits that say something."""
    return f"{100 * chance:.2g} %"
