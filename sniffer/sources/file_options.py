"""How a saved session is read, where the file itself does not say it: what the options of the command line name."""

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from sniffer.core.protocol.definition import Definition
from sniffer.formats.link_types import PacketLayout
from sniffer.formats.recorded_with import RecordedWith


class FileOptions(Struct, frozen=True):
    """The options of one session.

    `link_types` are the layouts of packets in a capture, by link types (`--dlt`). With `join`, all names are files of
    one session (`--join`). `definition` is that of the frames which the packets of other programs are searched for, and
    those of captures that were recorded with other links. None: the charger's, and every packet is what it was.
    `on_recorded` is called with what a capture in a pipe was recorded with, as nobody could look into it before.
    """

    link_types: Mapping[int, PacketLayout] = field(default_factory=dict)
    join: bool = False
    definition: Definition | None = None
    on_recorded: Callable[[RecordedWith], None] | None = None


DEFAULT = FileOptions()
"""The options if none is given."""
