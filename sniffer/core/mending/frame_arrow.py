"""The arrow before a frame in a misread line: where it stands, and the routes that it can show.

In: the text of a line, or what follows its beginning. Out: a `FrameArrow`, or None. The name of the link may differ in
few characters, and letters may stand before it for the arrow itself. Where the arrow or the name is not certain, the
bytes after it have to begin like a frame of the link. The head of a frame of the power board shows its direction.
"""

from collections.abc import Iterator

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.core.mending.word_mender import count_edits
from sniffer.core.protocol.log_lines import ARROWS
from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.links import ROUTES

REACH = 120
"""Characters of a line in which the arrow is looked for."""

_NAME = compile_late(r"\w{3,14}")
_AFTER_NAME = compile_late(r"\s?[:;.,+*-]?\s*+")
_WAY = compile_late(r"(?:[=<]\s(?=[>=-]))?[^\w\s\[\](){}|:.;,]{0,3}\s?\Z")
_LEFT, _RIGHT = frozenset("<«\u2264⇐←\u2039"), frozenset(">»\u2265⇒→\u203a")
_MOST_LETTERS = 2
"""The letters before the name of a link that can be read for an arrow."""

_COLONS = frozenset("itlI1j")
"""The letters that can be read for the colon after the name of a link, without a space after them."""


class FrameArrow(Struct, frozen=True):
    """An arrow from the offset `start` on, and the bytes from `hex_start` on. `printed` is what was read for it.

    `routes` are those that it can show, at least one.
    """

    start: int
    hex_start: int
    printed: str
    routes: tuple[Route, ...]


class _Name(Struct, frozen=True):
    """The name of a link: where its word begins, where the bytes after it begin, and how many of its characters differ.

    Letters before or after it in its word count as well.
    """

    link: Link
    start: int
    hex_start: int
    edits: int


def find_arrow(text: str) -> FrameArrow | None:
    """Return the first arrow with the bytes of a frame after it; None if there is none."""
    for word in _NAME.finditer(text[:REACH]):
        for name in _find_names(text, word.start(), word.end()):
            if found := _read_arrow(text, name):
                return found
    return None


def _find_names(text: str, start: int, end: int) -> Iterator[_Name]:
    """Yield the names of links that a word can be, those that differ least first."""
    word, found = text[start:end], list[_Name]()
    for link, name in _NAMES.items():
        for first in range(_MOST_LETTERS + 1):
            for last in range(max(first + 1, first + len(name) - 1), min(len(word), first + len(name) + 1) + 1):
                edits = count_edits(word[first:last].lower(), name)
                if edits > _most_edits(name) or word[last : last + 1] not in ("", *_COLONS):
                    continue
                is_whole = last == len(word)
                after = _AFTER_NAME.match(text, end) if is_whole else None
                hex_start = after.end() if after else start + last + 1
                found.append(_Name(link, start, hex_start, edits + first + (not is_whole)))
    yield from sorted(found, key=lambda one: one.edits)


def _read_arrow(text: str, name: _Name) -> FrameArrow | None:
    """Return the arrow that ends with this name of a link; None if it shows no route."""
    way = _WAY.search(text, max(0, name.start - 4), name.start)
    start = way.start() if way else name.start
    marks = frozenset(text[start : name.start])
    left, right = not _LEFT.isdisjoint(marks), not _RIGHT.isdisjoint(marks)
    routes = [route for route in ROUTES if route.link is name.link]
    hex_text = text[name.hex_start :]
    if left != right:
        routes = [route for route in routes if ARROWS[route].startswith("<" if left else "=")]
    is_certain = left != right and name.edits <= _most_edits(_NAMES[name.link])
    if not is_certain:
        routes = [route for route in routes if _begins_like(hex_text, route.head)]
    if len({route.head for route in routes}) != 1 or not hex_text.strip():
        return None
    return FrameArrow(start, name.hex_start, text[start : name.hex_start].rstrip(), tuple(routes))


def _begins_like(hex_text: str, head: bytes) -> bool:
    """Return True if at least half of the digits of the head stand at the beginning of the bytes."""
    digits = head.hex().upper()
    read = "".join(hex_text[: 2 * len(digits)].split()).upper()
    return 2 * sum(one == other for one, other in zip(read, digits, strict=False)) >= len(digits)


def _most_edits(name: str) -> int:
    """Return how many characters of the name of a link may differ."""
    return 2 if len(name) > _SHORT else 1


_SHORT = 6
_NAMES = {route.link: ARROWS[route][2:].lower() for route in ROUTES}
"""The name of each link in the log."""
