"""The framers of the taps of one session: each tap has a wire of its own, and so a framer of its own.

In: the number of a tap. Out: its framer, which is made when it is first needed, and what waits in all of them.
"""

from collections.abc import Iterable, Iterator

from sniffer.core.line.marked_framer import MarkedFramer
from sniffer.core.wire.framer import Framer, LiveLimits
from sniffer.core.wire.link import Route


class TapFramers:
    """The framers of one session, on these routes. `baud` and `live` are those of each framer."""

    def __init__(self, routes: Iterable[Route], *, baud: int | None, live: LiveLimits | None) -> None:
        self._routes = tuple(routes)
        self._baud = baud
        self._live = live
        self.single = MarkedFramer(Framer(self._routes, baud=baud, live=live))
        """The framer of the tap with the number 0, the only one in most sessions."""
        self._framers: dict[int, MarkedFramer] = {0: self.single}

    def __iter__(self) -> Iterator[int]:
        """Yield the numbers of the taps that have a framer."""
        return iter(self._framers)

    @property
    def waiting(self) -> int:
        """The number of bytes that wait in all framers."""
        return sum(tap.framer.waiting for tap in self._framers.values())

    def get(self, tap: int) -> MarkedFramer:
        """Return the framer of a tap."""
        framer = self._framers.get(tap)
        if framer is None:
            framer = self._framers[tap] = MarkedFramer(Framer(self._routes, baud=self._baud, live=self._live))
        return framer

    def pending_since(self, tap: int) -> int | None:
        """Return when the first byte that waits in the framer of a tap arrived; None if none waits."""
        return self.get(tap).framer.pending_since
