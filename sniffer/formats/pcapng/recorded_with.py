"""The definitions that a capture was recorded with, read from the beginning of its first section."""

from typing import NamedTuple

from sniffer.core.protocol.definition_origin import DefinitionOrigin
from sniffer.formats.pcapng.blocks import MAGIC
from sniffer.formats.pcapng.definition_comments import parse_origins
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.formats.pcapng.writer import GENERATOR


class RecordedWith(NamedTuple):
    """A file with the definitions that it was recorded with; none if it does not say it.

    `is_own` is True if it is a capture that this program wrote.
    """

    file: str
    origins: tuple[DefinitionOrigin, ...]
    is_own: bool


def read_recorded_head(name: str, head: bytes) -> RecordedWith:
    """Return what a file that begins with these bytes was recorded with. Raises `SourceError` if it is damaged.

    A capture that says nothing, and any other file, was recorded with none.
    """
    if not head.startswith(MAGIC):
        return RecordedWith(name, (), is_own=False)
    reader = CaptureReader()
    for _ in reader.feed(head):
        break
    is_own = any(one.description.startswith(GENERATOR) for one in reader.interfaces)
    return RecordedWith(name, parse_origins(reader.section_comments), is_own)
