"""The options by which a saved session is read, where the file itself does not say it."""

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from sniffer.core.protocol.definition import Definition
from sniffer.formats.link_types import PacketLayout
from sniffer.formats.recorded_with import RecordedWith


class FileOptions(Struct, frozen=True):
    """The options of one session.

    `link_types` are the layouts of packets in a capture, by link types (`--dlt`). With `join`, all names are files of
    one session (`--join`). With `follow`, a file that another program still writes is read as it grows (`--follow`).

    Packets of other programs, and those of captures that were recorded with other links, are searched for the frames of
    `definition`. If it is None, packets of other programs are searched for the charger's frames, and all others are
    taken as they were recorded. `on_recorded` is called with the definitions that a capture in a pipe was recorded
    with, as it cannot be looked into before it is read.
    """

    link_types: Mapping[int, PacketLayout] = field(default_factory=dict)
    join: bool = False
    follow: bool = False
    definition: Definition | None = None
    on_recorded: Callable[[RecordedWith], None] | None = None


DEFAULT = FileOptions()
"""The options if none is given."""
