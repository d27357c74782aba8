"""Files of other kinds are named, with what to do."""

import pytest

from sniffer.formats.foreign_files import describe_document, describe_foreign_file


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"\x89PNG\r\n\x1a\n", "a picture: type"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture: type"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a picture: type"),
        (b"\0\0\0\x18ftypheic", "a picture: type"),
        (b"\0\0\0\x18ftypmp42", "a film: type"),
        (b"%PDF-1.7", "a PDF: copy"),
        (b"{\\rtf1", "a document: save"),
        (b"\x7fELF", "a program"),
        (b"SQLite format 3\0", "a database: export"),
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
