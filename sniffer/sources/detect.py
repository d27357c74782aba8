"""Saved sessions: captures, JSON lines, the charger's text log and raw bytes, packed or not.

What a file is, is decided by its content first and by its extension where the content leaves it open. A file is read
in pieces, and the loop is given a turn after each, so that a screen lives while a large file loads.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sniffer.base.compression import PACKINGS, pieces
from sniffer.base.errors import SourceError
from sniffer.core.wire.frame import Chunk
from sniffer.formats.charger_log import decode_line, is_cut_off, parse_line, zone_of
from sniffer.formats.csv_table import HEADER_START as CSV_HEAD
from sniffer.formats.jsonl.reader import is_json_lines
from sniffer.formats.parquet_table import MAGIC as PARQUET_MAGIC
from sniffer.formats.pcapng.blocks import MAGIC
from sniffer.sources.capture_file import CaptureSource
from sniffer.sources.jsonl_file import JsonLinesSource
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Take

LINES_PER_TURN = 500
LONGEST_LINE = 1 << 18
"""A longer line of a text log is cut: the longest frame has room in it, and memory stays bounded."""

_TABLES = (PARQUET_MAGIC, CSV_HEAD.encode())
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_TEXT_ENDINGS = (".log", ".txt")
_NO_TEXT = re.compile(rb"[^\t\n\f\r\x1b\x20-\x7e]")


def open_file(path: Path, *, follow: bool = False) -> SavedSource:
    """The source for a saved session. Raises `SourceError` where it cannot be one."""
    head = next(pieces(path), b"")
    if not head:
        raise SourceError(f"{path}: the file is empty: there is nothing to show")
    if head.startswith(MAGIC):
        return CaptureSource(path, follow=follow)
    if follow:
        raise SourceError(f"{path}: only a capture (.pcapng) can be followed")
    if head.startswith(_TABLES):
        raise SourceError(f"{path}: a table that was written for other tools: open the session that it was made from")
    if head.startswith(_UTF16):
        raise SourceError(f"{path}: the text is UTF-16: save it as UTF-8 first")
    is_packed = path.suffix.lower() in (packing.ending for packing in PACKINGS)
    ending = (Path(path.stem).suffix if is_packed else path.suffix).lower()
    if is_json_lines(head) or (ending == ".jsonl" and _is_text(head)):
        return JsonLinesSource(path)
    if _has_record(head) or (ending in _TEXT_ENDINGS and _is_text(head)):
        return TextLogSource(path)
    if ending in _TEXT_ENDINGS:
        raise SourceError(
            f"{path}: not a text log but binary data: if it is raw bytes, name it FILE.bin or pipe it to -"
        )
    return RawSource(path)


class TextLogSource(SavedSource):
    """The charger's own log. Times are those of its lines."""

    async def run(self, take: Take) -> None:
        number, line = 0, ""
        for number, line in enumerate(_lines(self._all_pieces()), 1):
            if self.zone is None:
                self.zone = zone_of(line)
            parsed = parse_line(line)
            self._last = parsed.time if parsed.time is not None else self._last
            take(parsed)
            if number % LINES_PER_TURN == 0:
                await asyncio.sleep(0)
        if self.zone and not line.endswith("\n") and is_cut_off(line):
            raise SourceError(f"{self.name}: the file was cut off within line {number}; all before it was read")


class RawSource(SavedSource):
    """Bytes without times, from a file."""

    async def run(self, take: Take) -> None:
        for data in self._all_pieces():
            take(Chunk(data))
            await asyncio.sleep(0)


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """A log's lines with their ends; bytes that are no UTF-8 as escapes."""
    held = b""
    for data in pieces:
        *whole, held = (held + data).split(b"\n")
        yield from (decode_line(line) + "\n" for line in whole)
        while len(held) > LONGEST_LINE:
            yield decode_line(held[:LONGEST_LINE]) + "\n"
            held = held[LONGEST_LINE:]
    if held:
        yield decode_line(held)


def _is_text(head: bytes) -> bool:
    """Whether this is a log: no zero byte, and hardly one that text does not have."""
    return b"\0" not in head and 10 * len(_NO_TEXT.findall(head)) <= len(head)


def _has_record(head: bytes) -> bool:
    return any(zone_of(line.decode("utf-8", "replace")) for line in head.splitlines())
