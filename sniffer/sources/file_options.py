"""How a saved session is read, where the file itself does not say it: what the options of the command line name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sniffer.core.wire.link import Route
from sniffer.formats.link_types import PacketLayout


@dataclass(frozen=True, slots=True)
class FileOptions:
    """The options of one session.

    `link_types` are the layouts of packets in a capture, by link types (`--dlt`). With `join`, all names are files of
    one session (`--join`). `routes` are those of the frames that the packets of other programs are searched for; None:
    those of the charger.
    """

    link_types: Mapping[int, PacketLayout] = field(default_factory=dict)
    join: bool = False
    routes: tuple[Route, ...] | None = None


DEFAULT = FileOptions()
"""The options if none is given."""
