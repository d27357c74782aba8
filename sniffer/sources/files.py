"""Saved sessions: the charger's text log and raw bytes, from a file or from standard input, `.gz` or not.

What a file is, is decided by its content first and by its extension where the content leaves it open. A file is read
in pieces, and the loop is given a turn after each, so that a screen lives while a large file loads.
"""

import asyncio
import codecs
import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from datetime import tzinfo
from pathlib import Path
from typing import BinaryIO

from sniffer.errors import SourceError
from sniffer.formats.textlog import parse_line, zone_of
from sniffer.protocol.logline import LogLine
from sniffer.sources.source import Source, SteadyClock, Take
from sniffer.wire.frame import Chunk

READ_SIZE = 1 << 16
LINES_PER_TURN = 500
LONGEST_LINE = 1 << 16
"""A longer line of a text log is cut: it is no record, and memory stays bounded."""

_GZIP = b"\x1f\x8b"
_PCAPNG = b"\x0a\x0d\x0d\x0a"
_TEXT_ENDINGS = (".log", ".txt")


def open_file(path: Path) -> Source:
    """The source for a saved session. Raises `SourceError` where it cannot be one."""
    try:
        opened = _open(path)
        head = opened.read(READ_SIZE)
        opened.close()
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(_why(path, error)) from error
    if not head:
        raise SourceError(f"{path}: the file is empty: there is nothing to show")
    if head.startswith(_PCAPNG):
        raise SourceError(f"{path}: this is a pcapng capture, which this version cannot read yet")
    if head.lstrip().startswith(b'{"type"'):
        raise SourceError(f"{path}: this is the output of `dump --json`, which this version cannot read yet")
    ending = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    if _is_text(head) and (ending in _TEXT_ENDINGS or _has_record(head)):
        return TextLogSource(path)
    if ending in _TEXT_ENDINGS:
        raise SourceError(f"{path}: not a text log but binary data: if it is raw bytes, name it FILE.bin or pipe it to -")
    return RawSource(path)


class TextLogSource:
    """The charger's own log. Times are those of its lines."""

    is_live = False
    baud = None

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.zone: tzinfo | None = None
        self._path = path
        self._last: int | None = None

    def now(self) -> int | None:
        return self._last

    async def run(self, take: Take) -> None:
        number = 0
        line = ""
        for number, line in enumerate(_lines(self._path), 1):
            if self.zone is None:
                self.zone = zone_of(line)
            parsed = parse_line(line)
            self._last = parsed.time if parsed.time is not None else self._last
            take(parsed)
            if number % LINES_PER_TURN == 0:
                await asyncio.sleep(0)


class RawSource:
    """Bytes without times, from a file."""

    is_live = False
    baud = None
    zone = None

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path

    def now(self) -> int | None:
        return None

    async def run(self, take: Take) -> None:
        for data in _pieces(self._path):
            take(Chunk(data))
            await asyncio.sleep(0)
