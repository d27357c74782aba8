"""The format of a saved session, found from its first bytes.

In: a path and the first bytes of the file, unpacked. Out: a `SessionFormat`. The content decides; the extension decides
only where the content fits several formats. A file that is no saved session raises `SourceError`.
"""

import re
from enum import Enum, auto
from pathlib import Path

from sniffer.base.compression import COMPRESSIONS, ReadableFile
from sniffer.base.errors import SourceError
from sniffer.formats.charger_log import zone_of
from sniffer.formats.csv_table import HEADER_START as CSV_HEADER
from sniffer.formats.jsonl.reader import is_json_lines
from sniffer.formats.parquet_table import MAGIC as PARQUET_MAGIC
from sniffer.formats.pcapng.blocks import MAGIC as PCAPNG_MAGIC

_TABLES = (PARQUET_MAGIC, CSV_HEADER.encode())
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_TEXT_EXTENSIONS = (".log", ".txt")
_NOT_TEXT = re.compile(rb"[^\t\n\f\r\x1b\x20-\x7e]")


class SessionFormat(Enum):
    """The formats of saved sessions."""

    CAPTURE = auto()
    JSON_LINES = auto()
    TEXT_LOG = auto()
    RAW = auto()


def detect_format(path: ReadableFile, head: bytes) -> SessionFormat:
    """Return the format of the file that begins with these bytes. Raises `SourceError` if it is no saved session."""
    if not head:
        raise SourceError(f"{path}: the file is empty: there is nothing to show")
    if head.startswith(PCAPNG_MAGIC):
        return SessionFormat.CAPTURE
    if head.startswith(_TABLES):
        raise SourceError(f"{path}: a table that was written for other tools: open the session that it was made from")
    if head.startswith(_UTF16):
        raise SourceError(f"{path}: the text is UTF-16: save it as UTF-8 first")
    extension = _extension(path)
    if is_json_lines(head) or (extension == ".jsonl" and _is_text(head)):
        return SessionFormat.JSON_LINES
    if _has_log_line(head) or (extension in _TEXT_EXTENSIONS and _is_text(head)):
        return SessionFormat.TEXT_LOG
    if extension in _TEXT_EXTENSIONS:
        raise SourceError(
            f"{path}: not a text log but binary data: if it is raw bytes, name it FILE.bin or pipe it to -"
        )
    return SessionFormat.RAW


def _extension(path: ReadableFile) -> str:
    """Return the extension in lower case, without that of a packing behind it."""
    is_packed = path.suffix.lower() in (packing.ending for packing in COMPRESSIONS)
    return (Path(path.stem).suffix if is_packed else path.suffix).lower()


def _is_text(head: bytes) -> bool:
    """Return True if there is no zero byte, and at most one byte in ten that text does not contain."""
    return b"\0" not in head and 10 * len(_NOT_TEXT.findall(head)) <= len(head)


def _has_log_line(head: bytes) -> bool:
    """Return True if a line begins with the time stamp of the charger's log."""
    return any(zone_of(line.decode("utf-8", "replace")) for line in head.splitlines())
