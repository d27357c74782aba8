"""Files of other kinds that people have: pictures, documents, programs. They hold no session, or hide it.

In: the first bytes of a file. Out: what it is and what to do, or nothing. Bytes of a serial line do not begin so.
"""

from struct import Struct

from sniffer.base.late_pattern import compile_late

_PICTURE = "a picture: type or recognize the lines that it shows, and save them as FILE.txt"
_FILM = "a film: type the lines that it shows, and save them as FILE.txt"
_DOCUMENT = "a document: save it as plain text (FILE.txt), or as FILE.csv if it is a table"
_PROGRAM = "a program: there is no session in it"
_SOUND = "a recording of sound: there is no session in it"
_CAPTURE = "a capture in another format: convert it first, with `editcap -F pcapng FILE FILE.pcapng`"
_WAVE = "decode it first, with `sigrok-cli -i FILE -P uart:rx=CHANNEL:baudrate=RATE -A uart=rx-data > FILE.txt`"
_ANALYSER = "a recording of a logic analyser: export what its decoder of serial lines found as FILE.csv"

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
    b"\x1aE\xdf\xa3": _FILM,
    b"OggS": _SOUND,
    b"ID3": _SOUND,
    b"fLaC": _SOUND,
    b"\x93NUMPY": 'an array of numpy: write its bytes with `numpy.load(FILE).tofile("FILE.bin")`',
    b"MATLAB 5.0 MAT-file": "data of MATLAB: write the bytes with `fwrite` into FILE.bin",
    b"\x89HDF\r\n\x1a\n": "data in HDF5: write the bytes into FILE.bin",
    b"ElfFile\0": "an event log of Windows: save it as text (FILE.txt)",
    b"MDMP": "the memory of a program: there is no session in it",
    b"btsnoop\0": _CAPTURE,
    b"snoop\0\0\0": _CAPTURE,
    b"RTSS": _CAPTURE,
    b"GMBU": _CAPTURE,
    b"LOGG": _CAPTURE,
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
_IN_RIFF = {b"WEBP": _PICTURE, b"WAVE": _SOUND, b"AVI ": _FILM}
_WAVE_FORM = compile_late(rb"(?:META samplerate: \d+)?\s*\$(?:date|version|timescale|comment)\b")
_PICTURE_IN_XML = compile_late(rb"<\?xml[^<]{0,200}(?:<!(?:--|DOCTYPE)[^<]{0,400})*<svg\b")
_BITMAP_HEADERS = (12, 40, 108, 124)
_PARTS_OF_DOCUMENTS = ("word/", "xl/", "ppt/", "content.xml")


_TTYREC_HEADER = Struct("<III")
_TTYREC_SINCE = 946_684_800
"""The year 2000, in seconds."""

_TTYREC_PAUSE = 86_400
_MICROSECONDS = 1_000_000


def _is_ttyrec(head: bytes) -> bool:
    """Return True if two records of ttyrec follow one another: seconds, microseconds and size, then the characters."""
    size = _TTYREC_HEADER.size
    if len(head) < size:
        return False
    seconds, fraction, length = _TTYREC_HEADER.unpack_from(head)
    if seconds < _TTYREC_SINCE or fraction >= _MICROSECONDS or not 0 < length <= len(head) - 2 * size:
        return False
    later, next_fraction, _ = _TTYREC_HEADER.unpack_from(head, size + length)
    is_later = (seconds, fraction) <= (later, next_fraction) and later - seconds <= _TTYREC_PAUSE
    return is_later and bool(next_fraction < _MICROSECONDS)


def describe_foreign_file(head: bytes) -> str:
    """Return the kind of a file that begins with these bytes, and what to do; empty if it may be a session."""
    if head[4:8] == b"ftyp" and (found := _BOXES.get(head[8:12])):
        return found
    if head.startswith(b"RIFF") and (found := _IN_RIFF.get(head[8:12])):
        return found
    if head.startswith(b"BM") and not any(head[6:10]) and int.from_bytes(head[14:18], "little") in _BITMAP_HEADERS:
        return _PICTURE
    if _is_ttyrec(head):
        return "a recording of ttyrec: write out what it shows, with `ttyplay -n FILE > FILE.txt`"
    if _WAVE_FORM.match(head):
        return f"a wave form: {_WAVE.replace('-i FILE', '-I vcd -i FILE')}"
    if _PICTURE_IN_XML.match(head):
        return _PICTURE
    return next((text for magic, text in _MAGICS.items() if head.startswith(magic)), "")


def describe_document(paths: list[str]) -> str:
    """Return what to do if an archive with these files is the document of a program; empty if it is not one."""
    if any(path.startswith(_PARTS_OF_DOCUMENTS) for path in paths):
        return _DOCUMENT
    if {"metadata", "version"} <= set(paths) and any(path.startswith("logic-") for path in paths):
        return f"a recording of sigrok: {_WAVE}"
    is_logic = "meta.json" in paths and any(path.startswith(("digital-", "analog-")) for path in paths)
    is_view = {"header", "session"} <= set(paths) and any(path.startswith("L-") for path in paths)
    return _ANALYSER if is_logic or is_view else ""
