"""Archives are recognised by their first bytes, as `tar` and `zipfile` write them."""

import io
import lzma
import tarfile
import zipfile

import pytest

from sniffer.formats.archive_kinds import checksum_of, find_archive_kind, find_unread_packing, is_tar, parse_number


def tar(format_: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format_) as archive:
        member = tarfile.TarInfo("a.log")
        member.size = 3
        archive.addfile(member, io.BytesIO(b"abc"))
    return out.getvalue()


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tar_is_recognised_by_its_checksum(format_: int) -> None:
    data = tar(format_)
    assert find_archive_kind(data) == "tar"
    assert checksum_of(data[:512]) == parse_number(data[148:156])
    assert not is_tar(data[:511])
    assert not is_tar(b"x" + data[1:])


def test_an_archive_is_known_by_its_first_bytes() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", "b")
    assert find_archive_kind(out.getvalue()) == "zip"
    assert find_archive_kind(b"PK\5\6" + bytes(18)) == "zip"
    assert find_archive_kind(b"7z\xbc\xaf\x27\x1c\0\4") == "7-Zip"
    assert find_archive_kind(b"Rar!\x1a\x07\x01\0") == "RAR"
    assert find_archive_kind(b"MSCF" + bytes(8)) == "Cabinet"
    assert find_archive_kind(b"PK") == find_archive_kind(b"") == find_archive_kind(bytes(1024)) == ""


@pytest.mark.parametrize(
    ("field", "number"),
    [(b"0000644\0", 0o644), (b"   17 \0", 0o17), (b"\0" * 8, 0), (b"\x80" + bytes(9) + b"\1\0", 256), (b"9", -1)],
)
def test_numbers_of_tar_are_octal_or_binary(field: bytes, number: int) -> None:
    assert parse_number(field) == number


def test_packings_that_are_not_read_have_a_name() -> None:
    assert find_unread_packing(lzma.compress(b"text", format=lzma.FORMAT_ALONE)) == "lzma"
    assert find_unread_packing(b"LZIP\1") == "lzip"
    assert find_unread_packing(lzma.compress(b"text")) == find_unread_packing(b"") == ""
