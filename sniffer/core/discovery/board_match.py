"""Find out which known boards speak on an unknown line.

In: bytes, and the routes of each board. Out: the boards whose frames are among the bytes, the best first. A board is
tried before a framing is proposed: what is known need not be guessed.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.link import Route

LEAST_BITS = 48
"""Bits of the checks of different frames that must agree."""

LEAST_COVERED = 0.5
"""The share of the bytes that must be in frames of the board."""


class BoardMatch(Struct, frozen=True):
    """A board with the number of its frames among the bytes, and the share of the bytes that are in them."""

    name: str
    frames: int
    covered: float


def match_boards(data: bytes, boards: Mapping[str, Iterable[Route]]) -> list[BoardMatch]:
    """Return the boards that these bytes fit, the one with most bytes in its frames first."""
    found = (_match(name, routes, data) for name, routes in boards.items()) if data else ()
    return sorted((match for match in found if match), key=lambda match: (-match.covered, match.name))


def _match(name: str, routes: Iterable[Route], data: bytes) -> BoardMatch | None:
    """Return how the bytes fit one board; None if too little speaks for it. Frames without a check are no evidence."""
    framer = Framer(routes)
    items = [*framer.feed(data), *framer.flush()]
    frames = [item for item in items if isinstance(item, Frame) and item.route.link.check.size]
    checks = {frame.raw: frame.route.link.check.size for frame in frames}
    covered = sum(len(frame.raw) for frame in frames) / len(data)
    is_proved = 8 * sum(checks.values()) >= LEAST_BITS and covered >= LEAST_COVERED
    return BoardMatch(name, len(frames), covered) if is_proved else None
