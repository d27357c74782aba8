"""The definitions that captures were recorded with, read from their first section.

In: the names of sources. Out: for each file, its name and the definitions, of which a file that is no capture has none.
What cannot be read is left out: whoever opens it reports that. A pipe is not looked at, as nothing can be put back.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sniffer.base.compression import ReadableFile
from sniffer.base.errors import SourceError
from sniffer.core.protocol.definition_origin import DefinitionOrigin
from sniffer.formats.pcapng.blocks import MAGIC
from sniffer.formats.pcapng.definition_comments import parse_origins
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.formats.pcapng.writer import GENERATOR
from sniffer.sources.stored.collection import find_files, is_collection
from sniffer.sources.stored.session_file import read_head


class RecordedWith(NamedTuple):
    """A file with the definitions that it was recorded with; none if it does not say it.

    `is_own` is True if it is a capture that this program wrote.
    """

    file: str
    origins: tuple[DefinitionOrigin, ...]
    is_own: bool


def find_recorded(names: Sequence[str], *, join: bool = False) -> Iterator[RecordedWith]:
    """Yield the files among these sources, with the definitions that they were recorded with.

    With `join`, all sessions of a folder or an archive are looked at.
    """
    for name in names:
        # What cannot be read is reported when it is opened.
        with suppress(SourceError, OSError, ValueError):
            for file in _find_files(name, join=join):
                yield read_recorded(file)


def read_recorded(file: ReadableFile) -> RecordedWith:
    """Return a file with the definitions that it was recorded with: none if it does not say it, or is no capture.

    Raises `SourceError` if the file cannot be read.
    """
    head = read_head(file)
    if not head.startswith(MAGIC):
        return RecordedWith(str(file), (), is_own=False)
    reader = CaptureReader()
    for _ in reader.feed(head):
        break
    is_own = any(one.description.startswith(GENERATOR) for one in reader.interfaces)
    return RecordedWith(str(file), parse_origins(reader.section_comments), is_own)


def _find_files(name: str, *, join: bool) -> Sequence[ReadableFile]:
    """Return the files that a source consists of; none if it is no file. Raises `SourceError`."""
    if os.path.isfile(name) and not is_collection(name):
        return [Path(name)]
    is_other = name == "-" or "://" in name or name.startswith("/dev/")
    return find_files(name, all_of_them=join) if not is_other and is_collection(name) else []
