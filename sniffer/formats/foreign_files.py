"""Files of other kinds that people have: pictures, documents, programs. They hold no session, or hide it.

In: the first bytes of a file. Out: what it is and what to do, or nothing. Bytes of a serial line do not begin so.
"""

_PICTURE = "a picture: type or recognize the lines that it shows, and save them as FILE.txt"
_FILM = "a film: type the lines that it shows, and save them as FILE.txt"
_DOCUMENT = "a document: save it as plain text (FILE.txt), or as FILE.csv if it is a table"
_PROGRAM = "a program: there is no session in it"

_MAGICS = {
    b"\x89PNG\r\n\x1a\n": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF87a": _PICTURE,
    b"GIF89a": _PICTURE,
    b"II*\0": _PICTURE,
    b"MM\0*": _PICTURE,
    b"%PDF-": "a PDF: copy its text into FILE.txt, as `pdftotext -layout` does",
    b"{\\rtf": _DOCUMENT,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": _DOCUMENT,
    b"\x7fELF": _PROGRAM,
    b"MZ\x90\0": _PROGRAM,
    b"SQLite format 3\0": "a database: export the table that holds the bytes as FILE.csv",
    b"<svg": _PICTURE,
}
_BOXES = {
    b"heic": _PICTURE,
    b"heix": _PICTURE,
    b"mif1": _PICTURE,
    b"avif": _PICTURE,
    b"isom": _FILM,
    b"mp42": _FILM,
    b"qt  ": _FILM,
}
_PARTS_OF_DOCUMENTS = ("word/", "xl/", "ppt/", "content.xml")


def describe_foreign_file(head: bytes) -> str:
    """Return what a file that begins with these bytes is, and what to do; empty if it may be a session."""
    if head[4:8] == b"ftyp" and (found := _BOXES.get(head[8:12])):
        return found
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _PICTURE
    return next((text for magic, text in _MAGICS.items() if head.startswith(magic)), "")


def describe_document(paths: list[str]) -> str:
    """Return what to do if an archive with these files is a document of an office program; empty if it is none."""
    return _DOCUMENT if any(path.startswith(_PARTS_OF_DOCUMENTS) for path in paths) else ""
