"""The kind of an archive, found from the first bytes of a file. Archives are read in `sniffer.sources.stored`."""

_BLOCK = 512
_MAGICS = {
    b"PK\3\4": "zip",
    b"PK\5\6": "zip",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
    b"MSCF\0\0\0\0": "Cabinet",
}
_UNREAD_PACKINGS = {
    b"\x04\x22\x4d\x18": "lz4",
    b"\x1f\x9d": "compress",
    b"LZIP": "lzip",
    b"\x89LZO\0": "lzop",
    b"\x5d\0\0\x80\0\xff\xff": "lzma",
}


def find_archive_kind(head: bytes) -> str:
    """Return the kind of archive that begins with these unpacked bytes, such as `tar`; empty if it is not one."""
    return next((kind for magic, kind in _MAGICS.items() if head.startswith(magic)), "tar" if is_tar(head) else "")


def find_unread_packing(head: bytes) -> str:
    """Return the name of the packing that begins with these bytes and cannot be unpacked here; empty without one."""
    return next((name for magic, name in _UNREAD_PACKINGS.items() if head.startswith(magic)), "")


def is_tar(head: bytes) -> bool:
    """Return True if a file that begins with these bytes is a tar archive."""
    return (
        len(head) >= _BLOCK and head[257:262] == b"ustar" and checksum_of(head[:_BLOCK]) == parse_number(head[148:156])
    )


def checksum_of(header: bytes) -> int:
    """Return the checksum of a header block of tar, whose own field counts as blanks."""
    return sum(header[:148]) + sum(header[156:]) + 8 * 0x20


def parse_number(field: bytes) -> int:
    """Return the number in a field of tar: octal digits, or binary for large ones; -1 if it is not one."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b"\0 ")
    try:
        return int(digits or b"0", 8)
    except ValueError:
        return -1
