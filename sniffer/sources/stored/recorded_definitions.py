"""The definitions that captures were recorded with, read from their first section.

In: the names of sources. Out: for each file, its name and the definitions, of which a file that is no capture has none.
What cannot be read is left out: whoever opens it reports that. A pipe is not looked at, as nothing can be put back.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from sniffer.base.compression import ReadableFile
from sniffer.base.errors import SourceError
from sniffer.formats.recorded_with import RecordedWith, read_recorded_head
from sniffer.sources.stored.collection import find_files, is_collection
from sniffer.sources.stored.session_file import read_head


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
    return read_recorded_head(str(file), read_head(file))


def _find_files(name: str, *, join: bool) -> Sequence[ReadableFile]:
    """Return the files that a source consists of; none if it is no file. Raises `SourceError`."""
    if os.path.isfile(name) and not is_collection(name):
        return [Path(name)]
    is_other = name == "-" or "://" in name or name.startswith("/dev/")
    return find_files(name, all_of_them=join) if not is_other and is_collection(name) else []
