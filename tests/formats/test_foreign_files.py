"""Files of other kinds are named, with what to do."""

from struct import pack

import pytest

from sniffer.formats.foreign_files import describe_document, describe_foreign_file


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"\x89PNG\r\n\x1a\n", "a picture: type"),
        (pack("<III2sIII", 1796014316, 307881, 2, b"bb", 1796014317, 5, 3), "a recording of ttyrec: write out"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture: type"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a picture: type"),
        (b"\0\0\0\x18ftypheic", "a picture: type"),
        (b"\0\0\0\x18ftypmp42", "a film: type"),
        (b"%PDF-1.7", "a PDF: copy"),
        (b"{\\rtf1", "a document: save"),
        (b"\x7fELF", "a program"),
        (b"SQLite format 3\0", "a database: export"),
        (b"\x1aE\xdf\xa3", "a film: type"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "a recording of sound"),
        (b"RIFF\0\0\0\0AVI LIST", "a film: type"),
        (b"BM\xc8\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "a picture: type"),
        (b"BM\xc8\0\0\0\0\0\0\0\x36\0\0\0\x29\0\0\0", ""),
        (b'<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="x">', "a picture: type"),
        (b"<?xml version='1.0'?>\n<log>", ""),
        (b"\x93NUMPY\x01\0", "an array of numpy: write"),
        (b"btsnoop\0\0\0\0\x01", "a capture in another format: convert"),
        (b"$date today $end\n", "a wave form: decode it first, with `sigrok-cli -I vcd"),
        (b"$BB $DD $DD $32", ""),
        (b"\xbb\xdd\xdd\x32", ""),
        (b"", ""),
    ],
)
def test_a_file_is_known_by_its_beginning(head: bytes, what: str) -> None:
    assert describe_foreign_file(head).startswith(what)
    assert bool(describe_foreign_file(head)) is bool(what)


def test_an_archive_may_be_a_document() -> None:
    assert describe_document(["[Content_Types].xml", "word/document.xml"]).startswith("a document: save")
    assert describe_document(["a.log"]) == ""
    assert describe_document(["header", "session", "a.log"]) == ""


@pytest.mark.parametrize(
    ("paths", "what"),
    [
        (["version", "metadata", "logic-1-1"], "a recording of sigrok: decode it first, with `sigrok-cli -i FILE"),
        (["meta.json", "digital-0.bin"], "a recording of a logic analyser: export"),
        (["header", "L-0/0", "session"], "a recording of a logic analyser: export"),
    ],
)
def test_an_archive_may_be_the_recording_of_an_analyser(paths: list[str], what: str) -> None:
    assert describe_document(paths).startswith(what)
