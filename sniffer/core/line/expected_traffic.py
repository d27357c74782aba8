"""The traffic to expect on a line, by the links that are framed on it: for the search of its baud rate.

In: the routes of a definition. Out: synthetic frames of them, and how unlikely it is that random bytes are a frame.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from random import Random

from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, ROUTES_IN_BYTES

SIZES = (0, 4, 6, 11, 24, 6, 8, 34, 6, 4, 16, 6, 11, 2)
"""The sizes of the synthetic payloads in bytes: those that are typical of the charger's links."""

MOST_CHECK_VALUES = 1 << 32

SINGLE_FRAME_ODDS = 1 << 30
"""The chance of a single frame in random bytes below which it is enough by itself."""


@dataclass(frozen=True)
class ExpectedTraffic:
    """The traffic of a line on which frames of these routes are looked for. `frames` are synthetic ones."""

    routes: tuple[Route, ...]
    frames: tuple[bytes, ...]

    @cached_property
    def heads(self) -> tuple[bytes, ...]:
        """The heads that frames begin with, each once."""
        return tuple({route.head for route in self.routes})

    @cached_property
    def check_values(self) -> int:
        """The number of values of the check of a frame. The next head stands for a check that the frames lack."""
        sizes = (route.link.check.size or len(route.head) for route in self.routes)
        return int(min(MOST_CHECK_VALUES, 256 ** min(sizes)))

    @cached_property
    def is_single_frame_enough(self) -> bool:
        """True if one frame between two silences cannot be there by chance: head, length and check are right."""
        head_odds = 256 ** min(map(len, self.heads)) // len(self.heads)
        length_sizes = (
            shape.length.size if shape.length else 0 for route in self.routes for shape in route.link.shapes
        )
        return bool(head_odds * 256 ** min(length_sizes) * self.check_values >= SINGLE_FRAME_ODDS)


def expect_traffic(routes: Iterable[Route]) -> ExpectedTraffic:
    """Return the traffic of these routes."""
    known = tuple(routes)
    return PACKAGED_TRAFFIC if known == ROUTES_IN_BYTES else ExpectedTraffic(known, _build_frames(known))


def _build_frames(routes: tuple[Route, ...]) -> tuple[bytes, ...]:
    """Return synthetic frames: all directions, payloads of typical sizes with few, some or all byte values."""
    random = Random(6)
    frames = []
    for number, size in enumerate(SIZES):
        route = routes[number % len(routes)]
        of = ((0,), range(16), range(256))
        payload = bytes(random.choice(of[number % 3 if size > 8 else random.randrange(3)]) for _ in range(size))
        frames.append(_build_frame(route, random.randrange(0x10000), random.randrange(0x40), payload))
    return tuple(frames)


def _build_frame(route: Route, sequence: int, command: int, payload: bytes) -> bytes:
    """Return a frame with this payload, cut or filled to a size that the link allows."""
    link = route.link
    if link.sequence:
        sequence %= int(256**link.sequence.size)
    shape = link.shape_of(command, route.direction)
    size = (shape.size or min(len(payload) + link.overhead, link.longest)) - link.overhead
    return link.build(route.head, sequence, command, payload[:size].ljust(size, b"\0"), direction=route.direction)


PACKAGED_TRAFFIC = ExpectedTraffic(ROUTES_IN_BYTES, _build_frames((COM_TO_PWR, PWR_TO_COM)))
"""The traffic of the charger's links. Its synthetic frames are those of the power board, which sends most."""
