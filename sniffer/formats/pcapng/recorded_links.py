"""The links that a capture was recorded with, compared with those that it is read with.

In: the definitions that a section names, and the one in use. Out: whether the packets of the section are the frames and
the noise of this definition. A section that names no definition was recorded with the charger's own links.
"""

from collections.abc import Sequence
from functools import lru_cache

from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.definition_origin import DefinitionOrigin, build_origin
from sniffer.core.protocol.loader import board_files, list_boards, load, packaged_files
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import ROUTES_IN_BYTES

MOST_KEPT = 8
"""Sets of boards whose routes are kept: a session hardly has more."""


def has_links_of(recorded: tuple[DefinitionOrigin, ...], definition: Definition) -> bool:
    """Return True if a section that was recorded with these definitions has the links of this one.

    False if they differ, or if nobody can know it: the section names a file of the user that is not used here, or
    another state of one.
    """
    if set(recorded) == set(definition.origins) - set(definition.unused_origins):
        return True
    routes = _find_routes(recorded)
    return routes is not None and _describe(routes) == _describe(definition.links.routes_in_bytes)


@lru_cache(MOST_KEPT)
def _find_routes(origins: tuple[DefinitionOrigin, ...]) -> tuple[Route, ...] | None:
    """Return the routes of the frames that these definitions look for; None if they are not known."""
    if not origins:
        return ROUTES_IN_BYTES
    if not all(origin.is_board and origin.name in list_boards() for origin in origins):
        return None
    texts = board_files(origin.name for origin in origins)
    if any(build_origin(one.name, texts[f"{one.name}.toml"], is_board=True) != one for one in origins):
        return None
    return load(packaged_files() | texts).links.routes_in_bytes


def _describe(routes: Sequence[Route]) -> list[tuple[object, ...]]:
    """Return routes as values that are equal where the routes are, as each loaded definition has its own ones."""
    return [(route.link, route.head, route.direction) for route in routes]
