"""The format of a saved session, found from its first bytes.

In: a path and the first bytes of the file, unpacked. Out: a `SessionFormat`. The content decides; the extension decides
only where the content fits several formats. A file that is no saved session raises `SourceError`.
"""

from enum import Enum, auto
from pathlib import Path

from sniffer.base.compression import COMPRESSIONS, ReadableFile, compression_of
from sniffer.base.errors import SourceError
from sniffer.base.late_pattern import compile_late
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.items import Chunks
from sniffer.formats.archive_kinds import find_archive_kind, find_unread_packing
from sniffer.formats.capture_decoder import MAGICS as CAPTURE_MAGICS
from sniffer.formats.csv_table import HEADER_START as CSV_HEADER
from sniffer.formats.foreign_files import describe_foreign_file
from sniffer.formats.jsonl.reader import is_json_lines, is_result
from sniffer.formats.parquet_table import MAGIC as PARQUET_MAGIC
from sniffer.formats.text_files.line_decoder import find_encoding
from sniffer.formats.text_files.text_misfit import describe_misfit
from sniffer.formats.text_files.text_reader import TextReader
from sniffer.formats.text_files.text_shape import TextForm, TextShape, find_text_shape
from sniffer.formats.text_files.transfer_encoding import TransferEncoding

_TABLES = (PARQUET_MAGIC, CSV_HEADER.encode())
_TEXT_EXTENSIONS = (
    *(".log", ".txt", ".csv", ".tsv", ".json", ".hex", ".html", ".md"),
    *(".xml", ".yaml", ".yml", ".toml", ".ini", ".css", ".js", ".c", ".h"),
)
_MARKUP = (b"<?xml", b"<!doctype", b"<html")
_LONGEST_MARK = 40
_RAW_EXTENSION = ".bin"
_RAW_EXTENSIONS = (_RAW_EXTENSION, ".raw", ".dat", ".dump")
"""The extensions of raw bytes. Those of a board that speaks in lines look like a text."""

_OTHER_EXTENSIONS = (".pcapng", ".pcap", ".cap", ".zip", ".tar", ".tgz", ".7z", ".rar")
_REPLACEMENT = "\ufffd".encode()
"""The characters that a program prints in place of bytes that are none."""

_NOT_TEXT = compile_late("[\ufffd\x01-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
_WORD = compile_late("[A-Za-z]{3}")


class SessionFormat(Enum):
    """The formats of saved sessions."""

    CAPTURE = auto()
    JSON_LINES = auto()
    TEXT_LOG = auto()
    """A text of serial traffic: the charger's log, or hex text (`sniffer.formats.text_files.text_shape`)."""
    RAW = auto()


def detect_format(path: ReadableFile, head: bytes) -> SessionFormat:
    """Return the format of the file that begins with these bytes. Raises `SourceError` if it is no saved session."""
    if not head:
        raise SourceError(f"{path}: the file is empty: there is nothing to show")
    if head.startswith(CAPTURE_MAGICS):
        return SessionFormat.CAPTURE
    if head.startswith(_TABLES):
        raise SourceError(f"{path}: a table that was written for other tools: open the session that it was made from")
    if is_result(head):
        raise SourceError(f"{path}: a result that was made from a session: open the session itself")
    if kind := find_archive_kind(head):
        raise SourceError(f"{path}: a {kind} archive cannot be read from here: unpack it first, or name its file")
    extension = _find_extension(path)
    if extension != _RAW_EXTENSION and (foreign := describe_foreign_file(head)):
        raise SourceError(f"{path}: {foreign}")
    if extension != _RAW_EXTENSION and (packing := find_unread_packing(head)):
        raise SourceError(f"{path}: packed by {packing}, which is not read: unpack it first")
    if extension != _RAW_EXTENSION and compression_of(head):
        raise SourceError(f"{path}: packed twice: unpack it once first")
    if is_json_lines(head) or (extension == ".jsonl" and _is_text(head)):
        return SessionFormat.JSON_LINES
    if _has_known_lines(head, extension) or (extension in _TEXT_EXTENSIONS and _is_text(head)):
        return SessionFormat.TEXT_LOG
    if extension != _RAW_EXTENSION and _is_markup(head):
        known = describe_misfit(head.decode("utf-8", "replace").splitlines())
        raise SourceError(f"{path}: {known or 'a page or a document in XML, in which nothing is a record or a byte'}")
    if extension in _TEXT_EXTENSIONS:
        raise SourceError(
            f"{path}: not a text log but binary data: if it is raw bytes, name it FILE.bin or pipe it to -"
        )
    if extension in _OTHER_EXTENSIONS:
        raise SourceError(
            f"{path}: its beginning is not that of a {extension} file: if it is raw bytes, name it FILE.bin or pipe "
            "it to -"
        )
    return SessionFormat.RAW


def is_prose(path: ReadableFile, head: bytes) -> bool:
    """Return True if a file whose name says nothing of its content is lines of text beyond doubt.

    Such a file is no line with a wrong baud rate: all of its bytes are those of text, and it has words.
    """
    text = head.decode("utf-8", "replace").rstrip("\ufffd")
    is_text = "\n" in text and "\0" not in text and not _NOT_TEXT.search(text)
    return is_text and _find_extension(path) not in _RAW_EXTENSIONS and _WORD.search(text) is not None


def _find_extension(path: ReadableFile) -> str:
    """Return the extension in lower case, without that of a packing after it."""
    is_packed = path.suffix.lower() in (packing.ending for packing in COMPRESSIONS)
    return (Path(path.stem).suffix if is_packed else path.suffix).lower()


def _is_text(head: bytes) -> bool:
    """Return True if at most one character in ten is one that text does not contain. NUL bytes are left out.

    A power cut and a file that was cut to nothing while it was written leave runs of them.
    """
    text = _decode(head.replace(_REPLACEMENT, b""))
    return 10 * len(_NOT_TEXT.findall(text)) <= len(text)


def _is_markup(head: bytes) -> bool:
    """Return True if a file begins as HTML or XML does."""
    return head[:_LONGEST_MARK].lstrip().lower().startswith(_MARKUP) and _is_text(head)


def _has_known_lines(head: bytes, extension: str) -> bool:
    """Return True if the lines are those of the charger's log or, in a text, hold bytes in hexadecimal.

    Boards that speak in hexadecimal digits, as with Modbus ASCII, fit that as well. The extension of raw bytes decides
    if no line holds a frame of the charger.
    """
    shape = find_text_shape(head)
    if shape is None or shape.form is TextForm.LOG:
        return shape is not None
    return _is_text(head) and (extension != _RAW_EXTENSION or _holds_frames(head, shape))


def _holds_frames(head: bytes, shape: TextShape) -> bool:
    """Return True if a frame of the charger is in the bytes that a hex text holds."""
    chunks = [item for item in TextReader(shape).feed(head) if isinstance(item, Chunks)]
    data = b"".join(data for chunk in chunks for data, _ in chunk.pieces)
    return any(isinstance(item, Frame) for item in Framer().feed(data))


def _decode(head: bytes) -> str:
    """Return the text without NUL bytes. What is neither UTF-8 nor UTF-16 becomes replacement characters."""
    encoding = find_encoding(head)
    is_wide = encoding.transfer is TransferEncoding.NONE and encoding.codec.startswith("utf-16")
    return head.decode(encoding.codec if is_wide else "utf-8", "replace").replace("\0", "")
