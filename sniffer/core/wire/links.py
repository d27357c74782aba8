"""The charger's two links, from the packaged definition (protocol.md, Framing; `verified`).

Links of other boards come from a user's definition file (`sniffer.core.wire.link_parser`).
"""

import tomli

from sniffer.base.package_data import read_package_text
from sniffer.base.toml_table import TomlTable
from sniffer.core.wire.link import Route
from sniffer.core.wire.link_parser import parse_links
from sniffer.core.wire.link_set import LinkEntry, LinkSet

FILE = "links.toml"


def _read_packaged() -> tuple[LinkEntry, ...]:
    text = read_package_text("sniffer.core.wire", f"data/{FILE}")
    return parse_links(TomlTable(FILE, tomli.loads(text)), is_packaged=True)


PACKAGED = LinkSet((), frozenset()).with_entries(_read_packaged())
"""The packaged links with their routes."""

LINKS = PACKAGED.links
"""Both links by name."""

PWRBOARD, DBUS = LINKS["pwrboard"], LINKS["dbus"]

ROUTES = PACKAGED.routes
"""All routes that a message can take."""

ROUTES_IN_BYTES = PACKAGED.routes_in_bytes
"""The routes that a stream of bytes alone can distinguish."""

COM_TO_PWR, PWR_TO_COM, OCPP_TO_COM, COM_TO_OCPP = ROUTES
DBUS_EITHER_WAY = ROUTES_IN_BYTES[-1]

UNSOLICITED = 0xDDDD
"""The sequence of a message that is sent without a request."""

SPECIAL_SEQUENCES = PWRBOARD.shared_sequences
"""Sequences that many messages share, so that they do not connect an answer with one request (protocol.md, Commands on
`pwrboard`): those of messages that are sent without a request, or polled.
"""


def find_possible_routes(route: Route) -> tuple[Route, ...]:
    """Return the routes that a frame labelled with this route can have: this one, and those of the link with another
    head.

    The label is that of a log line. If the head contradicts it, the head decides.
    """
    return (route, *(other for other in ROUTES if other.link is route.link and other.head != route.head))
