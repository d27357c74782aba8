"""The members of tar archives: in all forms that `tar` writes, plain and packed, cut off, damaged, and hostile."""

import bz2
import gzip
import io
import lzma
import os
import random
import stat
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.sources.stored import tar_archive as module
from sniffer.sources.stored.tar_archive import list_members
from tests.sources.stored.helpers import read_to_the_cut
from tests.tools import need

LONG = "folder/" * 30 + "a.log"
FILES = {
    "a.log": b"2023-11-30T05:30:49+0530 [a] line\n" * 4000,
    "b.bin": random.Random(2).randbytes(700),
    LONG: b"long name",
    "ü.log": b"",
}
FORMATS = [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]
PACKINGS: list[Callable[[bytes], bytes]] = [bytes, gzip.compress, bz2.compress, lzma.compress]


def build(format_: int = tarfile.GNU_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format_) as archive:
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        link = tarfile.TarInfo("link.log")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        for name, data in FILES.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def read(path: Path) -> dict[str, bytes]:
    return {member.path: b"".join(member.read()) for member in list_members(path, lambda name, head: True)}


@pytest.mark.parametrize("size", [99, 100, 101])
def test_a_name_may_fill_its_field(tmp_path: Path, size: int) -> None:
    name = f"logs/{'a' * (size - 9)}.log"
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.USTAR_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo(name))
    assert read(tmp_path / "a.tar") == {name: b""}


@pytest.mark.parametrize("pack", PACKINGS, ids=["plain", "gzip", "bzip2", "xz"])
@pytest.mark.parametrize("format_", FORMATS, ids=["gnu", "pax"])
def test_files_are_read_as_they_were_written_and_links_are_not_followed(tmp_path: Path, format_: int, pack) -> None:
    (tmp_path / "a").write_bytes(pack(build(format_)))
    assert read(tmp_path / "a") == FILES


@pytest.mark.parametrize("form", ["gnu", "pax", "ustar", "oldgnu"])
def test_the_tar_program_writes_what_is_read(tmp_path: Path, form: str) -> None:
    (tmp_path / "a.log").write_bytes(FILES["a.log"])
    subprocess.run([need("tar"), f"--format={form}", "-czf", "a.tgz", "a.log"], cwd=tmp_path, check=True)
    assert read(tmp_path / "a.tgz") == {"a.log": FILES["a.log"]}


def test_of_a_packed_archive_only_what_is_wanted_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(build()))
    seen: list[tuple[str, bytes]] = []

    def is_wanted(name: str, head: bytes) -> bool:
        seen.append((name, head))
        return name == "b.bin"

    members = list(list_members(tmp_path / "a", is_wanted))
    assert seen == [(name, data[: 1 << 16]) for name, data in FILES.items()]
    assert [member.path for member in members] == list(FILES)
    assert b"".join(members[1].read()) == FILES["b.bin"]


def open_files_below(folder: Path) -> list[Path]:
    """Return the descriptors of this process that stand for files that were created in a folder."""
    descriptors = Path("/proc/self/fd").iterdir()
    return [one for one in descriptors if os.path.islink(one) and os.readlink(one).startswith(str(folder))]


def test_what_is_kept_is_in_a_file_without_a_name_that_only_the_user_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    (tmp_path / "a").write_bytes(gzip.compress(build()))
    members = list(list_members(tmp_path / "a", lambda name, head: True))
    assert os.listdir(tmp_path / "tmp") == []
    (kept,) = open_files_below(tmp_path / "tmp")
    assert stat.S_IMODE(os.stat(kept).st_mode) == 0o600
    del members
    assert open_files_below(tmp_path / "tmp") == []


@pytest.mark.parametrize("pack", PACKINGS[:2], ids=["plain", "gzip"])
def test_an_archive_cut_anywhere_is_read_up_to_there(tmp_path: Path, pack) -> None:
    whole = pack(build())
    for size in [*range(20, 3000, 171), *range(3000, len(whole), 4999)]:
        (tmp_path / "cut").write_bytes(whole[:size])
        for member in list_members(tmp_path / "cut", lambda name, head: True):
            assert FILES[member.path].startswith(read_to_the_cut(member))


def test_a_damaged_header_is_an_error_with_its_place(tmp_path: Path) -> None:
    data = bytearray(build())
    data[512 + 100] ^= 1
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(SourceError, match=r"a: the archive is damaged at byte 512$"):
        read(tmp_path / "a")


@pytest.mark.parametrize("kind", [b"L", b"x"])
def test_a_name_that_takes_much_memory_is_refused(tmp_path: Path, kind: bytes) -> None:
    member = tarfile.TarInfo("a")
    member.type, member.size = kind, 1 << 33
    (tmp_path / "a").write_bytes(member.tobuf(tarfile.GNU_FORMAT) + bytes(1024))
    with pytest.raises(SourceError, match="a name cannot have 8,589,934,592 bytes"):
        read(tmp_path / "a")


def test_more_than_a_bound_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 100_000)
    (tmp_path / "a").write_bytes(gzip.compress(build()))
    with pytest.raises(SourceError, match="unpack it first"):
        read(tmp_path / "a")


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise OSError(28, "No space left on device")

    (tmp_path / "a").write_bytes(gzip.compress(build()))
    monkeypatch.setattr(os, "write", fail)
    with pytest.raises(SourceError, match=r"a: cannot be unpacked into .*: no room is left on the disk"):
        read(tmp_path / "a")


@pytest.mark.parametrize("text", [b"", b"x", b"9 path=", b"0 a=b\n", b"99999999999999 path=a\n", b"-1 a=b"])
def test_a_damaged_extended_header_takes_nothing_away(tmp_path: Path, text: bytes) -> None:
    extended = tarfile.TarInfo("x")
    extended.type, extended.size = b"x", len(text)
    member = tarfile.TarInfo("a.log")
    member.size = 3
    data = extended.tobuf(tarfile.USTAR_FORMAT) + text.ljust(512, b"\0") * bool(text)
    (tmp_path / "a").write_bytes(data + member.tobuf(tarfile.USTAR_FORMAT) + b"abc".ljust(512, b"\0"))
    assert list(read(tmp_path / "a").values()) == [b"abc"]


def test_names_in_an_archive_of_this_folder_are_those_that_people_type(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        for name in ("./var/x.log", "././y.log", ".z.log", "../w.log"):
            archive.addfile(tarfile.TarInfo(name))
    assert [member.path for member in list_members(path, lambda name, head: True)] == [
        *("var/x.log", "y.log", ".z.log", "../w.log")
    ]


@pytest.mark.parametrize(("size", "is_cut"), [(3072, False), (2000, True), (1600, True), (1100, True), (1024, False)])
def test_an_archive_that_ends_too_early_is_reported(tmp_path: Path, size: int, is_cut: bool) -> None:
    path, calls = tmp_path / "a.tar", list[str]()
    with tarfile.open(path, "w") as archive:
        for name in ("x.log", "y.log"):
            member = tarfile.TarInfo(name)
            member.size = 300
            archive.addfile(member, io.BytesIO(bytes(300)))
    path.write_bytes(path.read_bytes()[:size])
    list(list_members(path, lambda name, head: True, lambda: calls.append("cut off")))
    assert calls == ["cut off"] * is_cut
