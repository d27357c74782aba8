"""The members of zip archives: whatever wrote them, cut off anywhere, encrypted, damaged, and hostile."""

import io
import random
import struct
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from sniffer.base import compression
from sniffer.base.errors import CutOffError, SourceError
from sniffer.sources.stored import zip_archive as module
from sniffer.sources.stored.zip_archive import list_members
from tests.sources.stored.helpers import read_to_the_cut
from tests.tools import need

LOG = b"".join(b"2023-11-30T05:30:%02d+0530 [a] line %d\n" % (number % 60, number) for number in range(3000))
FILES = [("logs/a.log", LOG), ("b.bin", random.Random(1).randbytes(5000)), ("empty", b"")]


def write(path: Path, files: Sequence[tuple[str, bytes]] = FILES, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return path


def read(path: Path) -> list[tuple[str, bytes]]:
    return [(member.path, b"".join(member.read())) for member in list_members(path)]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_members_are_read_as_they_were_written(tmp_path: Path, method: int) -> None:
    assert read(write(tmp_path / "a.zip", method=method)) == FILES


def test_an_archive_that_was_written_to_a_pipe_is_read(tmp_path: Path) -> None:
    class Unseekable(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object, /) -> int:
            self.data += bytes(data)  # type: ignore[call-overload]
            return len(bytes(data))  # type: ignore[call-overload]

    out = Unseekable()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in FILES:
            archive.writestr(name, data)
    (tmp_path / "a.zip").write_bytes(out.data)
    assert read(tmp_path / "a.zip") == FILES
    (tmp_path / "a.zip").write_bytes(out.data[: len(out.data) // 2])
    (first, *_) = list_members(tmp_path / "a.zip")
    assert first.path == "logs/a.log"


def test_a_comment_that_looks_like_the_end_of_an_archive_is_no_end(tmp_path: Path) -> None:
    with zipfile.ZipFile(write(tmp_path / "a.zip"), "a") as archive:
        archive.comment = b"see PK\5\6"
    assert read(tmp_path / "a.zip") == FILES


def test_the_zip_program_writes_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    (tmp_path / "b.log").write_bytes(LOG[:100])
    subprocess.run([need("zip"), "-q", "a.zip", "a.log", "b.log"], cwd=tmp_path, check=True)
    assert read(tmp_path / "a.zip") == [("a.log", LOG), ("b.log", LOG[:100])]


def test_an_archive_cut_anywhere_is_read_up_to_there(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.zip").read_bytes()
    for size in [*range(31, 200), *range(200, len(whole) - 1, 97), len(whole) - 1]:
        (tmp_path / "cut.zip").write_bytes(whole[:size])
        for member, (name, data) in zip(list_members(tmp_path / "cut.zip"), FILES, strict=False):
            assert data.startswith(read_to_the_cut(member))
            assert name.startswith(member.path)


def test_an_encrypted_archive_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    subprocess.run([need("zip"), "-qe", "-P", "pw", "a.zip", "a.log"], cwd=tmp_path, check=True)
    path = tmp_path / "a.zip"
    with pytest.raises(SourceError, match=r"a\.zip: the archive is encrypted: unpack it with its password first$"):
        list(list_members(path))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(SourceError, match="encrypted"):
        list(list_members(path))


def test_a_method_that_is_not_read_is_named(tmp_path: Path) -> None:
    (member,) = list_members(write(tmp_path / "a.zip", [("a", LOG)], zipfile.ZIP_LZMA))
    with pytest.raises(SourceError, match=r"a\.zip/a: packed by method 14 of zip: unpack it first"):
        list(member.read())


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_damaged_member_is_an_error_that_names_it(tmp_path: Path, method: int) -> None:
    path = write(tmp_path / "a.zip", [("a", LOG)], method)
    data = bytearray(path.read_bytes())
    data[3000] ^= 0xFF
    path.write_bytes(data)
    (member,) = list_members(path)
    with pytest.raises(SourceError, match=r"a\.zip/a: the archive is damaged") as caught:
        list(member.read())
    assert not isinstance(caught.value, CutOffError)


def test_a_directory_that_points_anywhere_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", [("a", LOG), ("b", LOG)])
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\1\2")
    data[at + 42 : at + 46] = struct.pack("<I", 7)
    path.write_bytes(data)
    _, member = list_members(path)
    with pytest.raises(SourceError, match="the archive is damaged"):
        list(member.read())


def test_an_archive_that_expands_without_end_is_refused_with_flat_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compression, "UNCHECKED_SIZE", 1 << 20)
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        (member,) = list_members(write(tmp_path / "a.zip", [("a", bytes(20 << 20))], method))
        sizes: list[int] = []
        with pytest.raises(SourceError, match="expands to more than 500 times its size"):
            sizes.extend(map(len, member.read()))
        assert max(sizes) <= compression.READ_SIZE


def test_a_directory_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_DIRECTORY", 1000)
    path = write(tmp_path / "a.zip", [(f"file {number}", b"") for number in range(100)])
    with pytest.raises(SourceError, match="lists too many files"):
        list(list_members(path))


def test_names_that_lead_out_of_the_archive_write_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", [("../../out.log", LOG), ("/abs.log", LOG)])
    assert [data for _, data in read(path)] == [LOG, LOG]
    assert [one.name for one in tmp_path.iterdir()] == ["a.zip"]
