"""The definitions that a session was recorded with, read from the beginning of its file: a capture or JSON lines."""

from typing import NamedTuple

from sniffer.core.protocol.definition_origin import DefinitionOrigin
from sniffer.formats.jsonl import definition_line
from sniffer.formats.jsonl.reader import is_json_lines
from sniffer.formats.pcapng import definition_comments
from sniffer.formats.pcapng.blocks import MAGIC
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.formats.pcapng.writer import GENERATOR


class RecordedWith(NamedTuple):
    """A file with the definitions that it was recorded with; none if it does not say it.

    `is_own` is True if it is a capture that this program wrote. `links` are those of the frames at the beginning of
    JSON lines that name no definition.
    """

    file: str
    origins: tuple[DefinitionOrigin, ...]
    is_own: bool
    links: tuple[str, ...] = ()


def read_recorded_head(name: str, head: bytes) -> RecordedWith:
    """Return the settings in the head of a recorded file. Raises `SourceError` if it is damaged.

    A capture that says nothing, and any other file, was recorded with none.
    """
    if head.startswith(MAGIC):
        reader = CaptureReader()
        for _ in reader.feed(head):
            break
        is_own = any(one.description.startswith(GENERATOR) for one in reader.interfaces)
        return RecordedWith(name, definition_comments.parse_origins(reader.section_comments), is_own)
    if is_json_lines(head):
        origins = definition_line.parse_origins(head)
        return RecordedWith(name, origins, is_own=False, links=() if origins else definition_line.list_links(head))
    return RecordedWith(name, (), is_own=False)
