"""The links that a definition knows, with the routes of their frames.

In: the entries of definition files. Out: which routes a message can take, and which of them to look for in bytes.
"""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct

from sniffer.core.wire.link import Link, Route


class LinkEntry(NamedTuple):
    """A link with the routes that its messages can take, and those that a stream of bytes alone can distinguish."""

    link: Link
    routes: tuple[Route, ...]
    routes_in_bytes: tuple[Route, ...]


class LinkSet(Struct, frozen=True):
    """All links of a definition. Frames are looked for on those whose names are in `framed`."""

    entries: tuple[LinkEntry, ...]
    framed: frozenset[str]
    has_own: bool = False
    """True if the framed links are those of files that were added, and no longer the first ones."""

    @property
    def links(self) -> dict[str, Link]:
        """The links by name."""
        return {entry.link.name: entry.link for entry in self.entries}

    @property
    def routes(self) -> tuple[Route, ...]:
        """All routes that a message can take, of which the direction is known."""
        return tuple(route for entry in self.entries for route in entry.routes)

    @property
    def routes_in_bytes(self) -> tuple[Route, ...]:
        """The routes that a stream of bytes alone can distinguish, on the links that are framed."""
        return tuple(
            route for entry in self.entries if entry.link.name in self.framed for route in entry.routes_in_bytes
        )

    @property
    def all_routes(self) -> tuple[Route, ...]:
        """All routes of frames: those with a direction, then those whose head does not say it."""
        undirected = (route for entry in self.entries for route in entry.routes_in_bytes if route.direction is None)
        return (*self.routes, *undirected)

    def with_entries(self, entries: Iterable[LinkEntry], framed: Iterable[str] | None = None) -> "LinkSet":
        """Return the links with these added. Those of a file are framed in place of the first ones, and beside those of
        other files, unless it names some.

        A file without links changes nothing.
        """
        added = tuple(entries)
        names = frozenset([entry.link.name for entry in added] if framed is None else framed)
        if not names:
            return self
        if framed is None and self.has_own:
            names |= self.framed
        return LinkSet((*self.entries, *added), names, has_own=bool(self.entries))
