"""Find the direction of frames that leave it open: by the tap that received them, or by turn.

In: the frames of a session in order, each with its tap. Out: the same frames, with their direction where it is known.
A frame that states its direction keeps it.

Theory of operation. Where both sides of a link take turns, a frame that fits both directions is an answer if it follows
a request of the same command and address soon enough, and a request otherwise. So an answer that echoes its request, as
those of Modbus to a write of one register do, is no repetition.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sniffer.base.times import duration_between
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.link_parts import Direction, Turn
from sniffer.core.wire.link_set import LinkSet


class _Request(NamedTuple):
    """A request without an answer: its command, its address, and its time."""

    command: int
    key: bytes
    time: int | None


class DirectionFinder:
    """Finds the direction of the frames of one session on these links."""

    def __init__(self, links: LinkSet) -> None:
        self._routes: Mapping[tuple[str, bytes, Direction | None], Route] = {
            (route.link.name, route.head, route.direction): route for route in links.routes
        }
        self._requests: dict[str, _Request] = {}

    def resolve(self, frame: Frame, tap: int) -> Frame:
        """Return the frame with its direction; as it is if that is known already, or remains open.

        `tap` counts from 1; it is 0 if the session has only one.
        """
        link, direction = frame.link, frame.direction
        if direction is None and 0 < tap <= len(link.taps):
            direction = link.taps[tap - 1]
        if link.turn:
            direction = self._take_turn(frame, link, link.turn, direction)
        route = self._routes.get((link.name, frame.route.head, direction))
        return frame if route is None or direction == frame.direction else Frame(route, frame.time, frame.raw)

    def _take_turn(self, frame: Frame, link: Link, turn: Turn, direction: Direction | None) -> Direction:
        """Return the direction of a frame of a link whose sides take turns, and keep it if it is a request."""
        last = self._requests.pop(link.name, None)
        if direction is None:
            is_answer = last is not None and _is_answered(last, _read_as(frame, turn.answers), turn)
            direction = turn.answers if is_answer else turn.requests
        if direction == turn.requests:
            self._requests[link.name] = _read_as(frame, direction)
        return direction


def find_directions(links: LinkSet) -> DirectionFinder | None:
    """Return a finder for the framed links; None if none of them leaves a direction to it."""
    framed = (link for name, link in links.links.items() if name in links.framed)
    return DirectionFinder(links) if any(link.turn or link.taps for link in framed) else None


def _read_as(frame: Frame, direction: Direction) -> _Request:
    """Return the command and the address that a frame has if it goes in a direction, and its time."""
    link, content = frame.link, frame.content
    command, key = link.command_of(direction), link.key_of(direction)
    return _Request(command.read(content) if command else 0, content[key.at : key.end] if key else b"", frame.time)


def _is_answered(request: _Request, frame: _Request, turn: Turn) -> bool:
    """Return True if a frame that fits both directions answers this request."""
    waited = duration_between(request.time, frame.time)
    is_same = (request.command, request.key) == (frame.command, frame.key)
    return is_same and (waited is None or waited <= turn.within)
