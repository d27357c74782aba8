"""The format of a saved session: its content decides, and its extension only where the content fits several formats."""

import gzip
from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.sources.detect import SessionFormat, detect_format, is_prose

PCAPNG = b"\x0a\x0d\x0d\x0a" + bytes(24)
LOG_LINE = b"no time\nJan 15 09:00:00.123 "


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.log", PCAPNG, SessionFormat.CAPTURE),
        ("a.bin", b'{"type": "frame", "time": null}\n', SessionFormat.JSON_LINES),
        ("a.jsonl", b"plain text\n", SessionFormat.JSON_LINES),
        ("a.jsonl.gz", b"plain text\n", SessionFormat.JSON_LINES),
        ("a.jsonl", b"\0\1\2", SessionFormat.RAW),
        ("a.LOG", b"plain text\n", SessionFormat.TEXT_LOG),
        ("a.txt.GZ", b"plain text\n", SessionFormat.TEXT_LOG),
        ("a.bin", b"plain text\n", SessionFormat.RAW),
        ("a.txt", b"\xb0" + b"123456789", SessionFormat.TEXT_LOG),
        ("a.bin", b"\xbb\xdd\xdd\x32", SessionFormat.RAW),
        ("a.txt", b"\xff\xfea\0", SessionFormat.TEXT_LOG),
        ("a.txt", b"\xfe\xff\0a", SessionFormat.TEXT_LOG),
        ("a.log", b"text\0", SessionFormat.TEXT_LOG),
        ("a.log", bytes(99), SessionFormat.TEXT_LOG),
        ("a.bin", bytes(99), SessionFormat.RAW),
        ("a.bin", gzip.compress(b"text", mtime=0), SessionFormat.RAW),
        ("a.csv", b"a,b\n1,2\n", SessionFormat.TEXT_LOG),
        ("a", b"BB DD DD 32 06 59 2A\n", SessionFormat.TEXT_LOG),
        ("a.bin", b":010300010001FA\r\n:0103020001F9\r\n", SessionFormat.RAW),
        ("a.txt", b":010300010001FA\r\n:0103020001F9\r\n", SessionFormat.TEXT_LOG),
        ("a.bin", b"BB DD DD 32 06 59 2A 59 68 59 AD 6B BC\n", SessionFormat.TEXT_LOG),
        ("a.bin", b"<=pwrboard:BB DD\n" + bytes(range(128, 256)), SessionFormat.TEXT_LOG),
        ("a.bin", b"BB DD DD 32 06 59 2A\n" + bytes(range(128, 256)), SessionFormat.RAW),
    ],
)
def test_the_format_is_found(name: str, head: bytes, expected: SessionFormat) -> None:
    assert detect_format(Path(name), head) is expected


@pytest.mark.parametrize(
    ("name", "head", "message"),
    [
        ("a.bin", b"", "the file is empty"),
        ("a.log", b"PAR1" + bytes(9), "a table that was written for other tools"),
        ("a.log", gzip.compress(b"text", mtime=0), "packed twice: unpack it once first"),
        ("a.log.lz4", b"\x04\x22\x4d\x18" + bytes(9), "packed by lz4"),
        ("a.log.Z", b"\x1f\x9d\x90" + bytes(9), "packed by compress"),
        ("a.json", b"[1, 2]" + bytes(range(128, 256)), "not a text log but binary data"),
        ("a.log", b"\xb0\xb1" + b"12345678", "not a text log but binary data"),
        ("x.psml", b'<?xml version="1.0"?>\n<psml version="0">\n<packet>', "packets without their bytes: export"),
        ("x.dat", b"<!DOCTYPE html>\n<p>A page</p>\n", "a page"),
    ],
)
def test_a_file_that_is_no_session_is_refused(name: str, head: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=f"^{name}: {message}"):
        detect_format(Path(name), head)


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("messages.1", b"plain text\n", True),
        ("session", "No log at all: \u00b0\n\ttext \u20ac".encode()[:-1], True),
        ("notes.old.gz", b"plain text\r\n", True),
        ("a.bin", b"plain text\n", False),
        ("a.raw.gz", b"$GPGGA,1\r\n", False),
        ("session", b"plain \xb0 text\n", False),
        ("session", b"text\n\0", False),
        ("session", b"\xbb\xdd\xdd\x32\n", False),
        ("session", b"12 34\n", False),
        ("session", b"text", False),
    ],
)
def test_a_text_by_another_name_is_no_row_of_bytes(name: str, head: bytes, expected: bool) -> None:
    assert is_prose(Path(name), head) is expected
