"""Words by which a text tells the two sides of the charger apart, if it names no directions that are known.

In: the lines of a text with their bytes. Out: the two words, as `onReceive` and `doWrite`, in any language. The heads
of frames prove them: one word stands before all frames with one head and no others, and the second one before the rest.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import islice

from sniffer.base.late_pattern import compile_late
from sniffer.core.wire.links import ROUTES_IN_BYTES
from sniffer.formats.text_files.hex_lines.hex_bytes import FEWEST
from sniffer.formats.text_files.hex_lines.hex_line import HexLine

_WORD = compile_late(r"(?<!\w)(?![0-9A-Fa-f]+\b)[^\W\d]\w*")
_MOST_LINES = 200
_FEWEST_LINES = 3
_SIDES = 2
_REACH = 160
"""Characters at the beginning of a line in which the words are looked for."""


def find_side_words(texts: Sequence[str], found: Sequence[HexLine | None]) -> tuple[str, ...]:
    """Return the words of the two sides; an empty tuple if the text names two directions, or if none are proved."""
    pairs = [(text, one) for text, one in zip(texts, found, strict=True) if one and len(one.data) >= FEWEST]
    if len(pairs) < _FEWEST_LINES or len({one.channel for _, one in pairs if one.channel}) >= _SIDES:
        return ()
    words = defaultdict[bytes, list[set[str]]](list)
    for text, one in islice(pairs, _MOST_LINES):
        head = next((route.head for route in ROUTES_IN_BYTES if one.data.startswith(route.head)), b"")
        if head:
            words[head].append(set(_words_of(text)))
    if len(words) != _SIDES:
        return ()
    (one_side, other_side) = words.values()
    proved = [
        set[str].intersection(*side) - set[str].union(*other)
        for side, other in ((one_side, other_side), (other_side, one_side))
    ]
    return tuple(min(side, key=len) for side in proved) if all(proved) else ()


def find_side(text: str, words: Sequence[str]) -> str:
    """Return the word of these that a text holds; empty if it holds none."""
    shown = _words_of(text)
    return next((word for word in words if word in shown), "")


def _words_of(text: str) -> list[str]:
    return _WORD.findall(text, 0, _REACH)
