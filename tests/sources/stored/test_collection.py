"""Folders and archives: one session is opened, of several the message says what is there and what to type."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.core.wire.items import Note
from sniffer.sources.capture_file import CaptureSource
from sniffer.sources.file_options import FileOptions
from sniffer.sources.open import open_joined, open_source, open_sources
from sniffer.sources.stored import collection as module
from sniffer.sources.stored.collection import find_files, is_collection, is_saved_session, list_content, split_name
from sniffer.sources.stored.joined_files import JoinedFiles
from sniffer.sources.text_log_file import TextLogSource
from tests.paths import CAPTURES
from tests.sources.stored.helpers import log_line, read_items, save, texts_of

CAPTURE = (CAPTURES / "pulled-cable.pcapng").read_bytes()
LOG, OLD = log_line(20), log_line(10)
OTHERS = {"README.txt": b"Read me.\n", "photo.png": b"\x89PNG\r\n", "data.json": b'{"a": 1}', "table.csv": b"a,b\n"}
ROTATED = {"logs/x.log": LOG, "logs/x.log.1.gz": gzip.compress(OLD)}


@pytest.fixture(params=["folder", "zip", "tar", "tgz"])
def pack(request: pytest.FixtureRequest, tmp_path: Path):
    """Return a function that puts files into a folder or an archive and returns its path."""

    def build(files: dict[str, bytes]) -> str:
        path = tmp_path / f"x.{request.param}"
        if request.param == "folder":
            path.mkdir()
            for name, data in files.items():
                save(path / name, data)
        elif request.param == "zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
                for name, data in files.items():
                    packed.writestr(name, data)
        else:
            with tarfile.open(path, "w:gz" if request.param == "tgz" else "w") as archive:
                for name, data in files.items():
                    member = tarfile.TarInfo(name)
                    member.size = len(data)
                    archive.addfile(member, io.BytesIO(data))
        return str(path)

    return build


def save_zip(path: Path, files: dict[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path


async def test_the_one_session_among_other_files_is_opened(pack) -> None:
    name = pack({"a/session.dat": CAPTURE, **OTHERS})
    source = open_source(name)
    assert isinstance(source, CaptureSource)
    assert source.name == f"{name}/a/session.dat"
    items: list = []
    await CaptureSource(CAPTURES / "pulled-cable.pcapng").run(items.append)
    assert sum(len(item.pieces) for item in await read_items(source) if hasattr(item, "pieces")) == sum(
        len(item.pieces) for item in items if hasattr(item, "pieces")
    )


async def test_the_parts_of_a_rotated_log_are_one_session(pack) -> None:
    source = open_source(pack({**ROTATED, **OTHERS}))
    assert isinstance(source, JoinedFiles)
    assert texts_of(await read_items(source)) == ["line 10", "line 20"]


def test_of_several_sessions_the_message_says_what_to_type(pack) -> None:
    name = pack({"b.pcapng": CAPTURE, **ROTATED, **OTHERS})
    with pytest.raises(SourceError) as caught:
        open_source(name)
    assert str(caught.value) == (
        f"{name}: it holds 2 sessions: b.pcapng, logs/x.log (2 parts): name one, such as {name}/b.pcapng, or read all "
        "as one with --join"
    )


async def test_what_the_message_says_can_be_typed(pack) -> None:
    name = pack({"b.pcapng": CAPTURE, **ROTATED, **OTHERS})
    assert isinstance(open_source(f"{name}/b.pcapng"), CaptureSource)
    assert texts_of(await read_items(open_source(f"{name}/logs/x.log*"))) == ["line 10", "line 20"]
    assert isinstance(open_source(f"{name}/logs"), JoinedFiles)
    assert isinstance(open_source(f"{name}/logs/x.log.1.gz"), TextLogSource)
    assert len(await read_items(open_joined([name]))) > 2


def test_a_rotated_log_that_stands_first_is_named_by_a_pattern(pack) -> None:
    name = pack({**ROTATED, "z.pcapng": CAPTURE})
    with pytest.raises(SourceError, match=r"such as '.*/logs/x\.log\*', or"):
        open_source(name)


def test_many_sessions_are_not_all_named(pack) -> None:
    name = pack({f"{letter}.pcapng": CAPTURE for letter in "abcdefghi"})
    with pytest.raises(SourceError, match=r"9 sessions: a.pcapng, .*f.pcapng and 3 more: name one"):
        open_source(name)


def test_without_a_session_the_message_says_what_is_there(pack) -> None:
    with pytest.raises(SourceError, match=r"no capture and no log in it, only README.txt, data.json, photo.png, table"):
        open_source(pack(OTHERS))


def test_an_archive_in_an_archive_is_not_opened(pack, tmp_path: Path) -> None:
    inner = save_zip(tmp_path / "a.zip", {"a.log": LOG}).read_bytes()
    # The archives in a folder are opened, and those in them are not.
    twice = save_zip(tmp_path / "b.zip", {"a.zip": inner}).read_bytes()
    with pytest.raises(
        SourceError, match=r"no session in it, but an archive \(README.txt, inner.zip(/a.zip)?\): unpack"
    ):
        open_source(pack({"inner.zip": twice, "README.txt": b"x"}))


def test_raw_bytes_are_a_session_only_by_name(pack) -> None:
    name = pack({"a.bin": b"\xbb\xdd\xdd2", "b.dat": b"\xbb\xdd\xdd2"})
    assert open_source(name).name == f"{name}/a.bin"


def test_a_member_that_is_not_there_is_no_such_file(pack) -> None:
    name = pack({"a.log": LOG})
    with pytest.raises(SourceError, match=r"/b.log: no such file or port"):
        open_source(f"{name}/b.log")


def test_a_folder_or_archive_cannot_be_followed(tmp_path: Path) -> None:
    save(tmp_path / "d" / "a.log", LOG)
    with pytest.raises(SourceError, match="--follow is for a"):
        open_source(str(tmp_path / "d"), file_options=FileOptions(follow=True))
    with pytest.raises(SourceError, match="leave out --follow"):
        open_sources([str(tmp_path / "d")], file_options=FileOptions(join=True, follow=True))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no file in it"):
        open_source(str(tmp_path))


def test_links_and_hidden_files_are_left_out(tmp_path: Path) -> None:
    save(tmp_path / "d" / ".git" / "a.log", LOG)
    save(tmp_path / "a.log", LOG)
    (tmp_path / "d" / "b.log").symlink_to(tmp_path / "a.log")
    save(tmp_path / "d" / "c.log", LOG)
    assert [str(file) for file in find_files(str(tmp_path / "d"), all_of_them=False)] == [str(tmp_path / "d" / "c.log")]


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 3)
    for number in range(4):
        save(tmp_path / f"{number}.log", LOG)
    with pytest.raises(SourceError, match="more than 3 files in it: name one of them"):
        open_source(str(tmp_path))


def test_too_many_files_are_refused_before_one_of_them_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 3)
    monkeypatch.setattr(module, "_recognise", lambda name, file: pytest.fail(f"{name} was opened"))
    for number in range(4):
        save(tmp_path / f"{number}.log", LOG)
    with pytest.raises(SourceError, match="more than 3 files"):
        open_source(str(tmp_path))


def test_the_content_is_listed_by_kind_however_much_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 1)
    save(tmp_path / "a.log", LOG)
    save(tmp_path / "b" / "c.log", LOG)
    save(tmp_path / "README.md", b"text")
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("e.log", LOG)
        archive.writestr("f.log", LOG)
    found = list_content(str(tmp_path))
    assert [path for path, _ in found.sessions] == ["a.log", "b/c.log"]
    assert (found.archives, found.others) == (("d.zip",), ("README.md",))
    assert [path for path, _ in list_content(f"{tmp_path}/d.zip").sessions] == ["e.log", "f.log"]
    assert [path for path, _ in list_content(f"{tmp_path}/b*").sessions] == ["b/c.log"]


def test_kinds_of_archives_that_are_not_read_are_named(tmp_path: Path) -> None:
    path = save(tmp_path / "a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(100))
    with pytest.raises(SourceError, match=r"a\.7z: a 7-Zip archive: unpack it first"):
        open_source(str(path))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.log", LOG)
    path = save(tmp_path / "a.zip.gz", gzip.compress(out.getvalue()))
    with pytest.raises(SourceError, match=r"a zip archive in a packed file: unpack it first"):
        open_source(str(path))


def test_a_name_is_divided_where_the_disk_ends(tmp_path: Path) -> None:
    save(tmp_path / "a.zip", b"x")
    assert split_name(f"{tmp_path}/a.zip/b/c.log") == (f"{tmp_path}/a.zip", "b/c.log")
    assert split_name(f"{tmp_path}/a.zip") == (f"{tmp_path}/a.zip", "")
    assert split_name(f"{tmp_path}/") == (str(tmp_path), "")
    assert split_name("nothing/here") == ("", "nothing/here")


def test_what_a_name_stands_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.log", LOG)
    save(tmp_path / "b.log", LOG)
    monkeypatch.chdir(tmp_path)
    assert [is_collection(name) for name in ("a.zip", "a.zip/x", ".", "*.log", "b.log", "b.log/x", "no")] == [
        True, True, True, False, False, False, False,
    ]  # fmt: skip
    assert [is_saved_session(name) for name in ("a.zip", "a.zip/x", ".", "b.log", "socket://a:1", "COM5")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


def test_only_files_are_joined(tmp_path: Path) -> None:
    path = save(tmp_path / "a.log", LOG)
    assert isinstance(open_joined([str(path)]), TextLogSource)
    with pytest.raises(SourceError, match="demo: only saved sessions can be joined, and this is not one"):
        open_joined([str(path), "demo"])


async def test_a_log_that_was_rotated_just_now_is_empty(tmp_path: Path) -> None:
    empty, part = save(tmp_path / "x.log", b""), save(tmp_path / "x.log.1", LOG)
    items = await read_items(open_joined([str(empty), str(part)]))
    assert texts_of(items) == [f"note: {empty}: the file is empty", "line 20"]
    with pytest.raises(SourceError, match="the file is empty"):
        open_joined([str(empty), str(empty)])


async def test_the_archives_in_a_folder_are_joined_with_its_files(tmp_path: Path) -> None:
    save(tmp_path / "a.log", log_line(30))
    save_zip(tmp_path / "old.zip", {"b.log": LOG, "c/d.log": OLD})
    assert texts_of(await read_items(open_joined([str(tmp_path)]))) == ["line 10", "line 20", "line 30"]
    with pytest.raises(SourceError, match=r"3 sessions: a\.log, old\.zip/b\.log, old\.zip/c/d\.log"):
        open_source(str(tmp_path))


async def test_an_archive_that_is_not_joined_is_named(tmp_path: Path) -> None:
    save(tmp_path / "a.log", LOG)
    inner = save_zip(tmp_path / "inner.zip", {"b.log": OLD}).read_bytes()
    (tmp_path / "inner.zip").unlink()
    save_zip(tmp_path / "outer.zip", {"inner.zip": inner})
    save(tmp_path / "x.7z", b"7z\xbc\xaf\x27\x1c" + bytes(30))
    assert texts_of(await read_items(open_joined([str(tmp_path)]))) == [
        f"note: {tmp_path}/outer.zip/inner.zip is not read: an archive in an archive: unpack it first",
        f"note: {tmp_path}/x.7z is not read: a 7-Zip archive: unpack it first",
        "line 20",
    ]


def test_the_recording_of_an_analyser_is_no_archive_of_raw_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.sal"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("meta.json", "{}")
        archive.writestr("digital-0.bin", b"\xbb\xdd")
    with pytest.raises(SourceError, match="a recording of a logic analyser: export"):
        find_files(str(path), all_of_them=False)


async def test_an_archive_beside_the_one_session_is_named(tmp_path: Path) -> None:
    inner = save_zip(tmp_path / "old.zip", {"x.log": OLD})
    path = save_zip(tmp_path / "x.zip", {"x.log": LOG, "old.zip": inner.read_bytes()})
    notes = [item.text for item in await read_items(open_source(str(path))) if isinstance(item, Note)]
    assert notes == [f"{path}/old.zip is not read: an archive in an archive: unpack it first"]


async def test_files_may_be_missing_in_an_archive_that_was_cut_off(tmp_path: Path) -> None:
    path = save_zip(tmp_path / "x.zip", {"x.log": LOG, "y.log": OLD})
    end = path.read_bytes().index(b"PK\3\4", 4)
    path.write_bytes(path.read_bytes()[:end])
    items = await read_items(open_source(str(path)))
    assert texts_of(items) == [f"note: {path} was cut off: files after the cut are missing", "line 20"]


def test_a_name_in_an_archive_may_begin_with_the_dot_that_tar_prints(tmp_path: Path) -> None:
    path = save_zip(tmp_path / "x.zip", {"a/x.log": LOG, "b.log": LOG})
    assert str(open_source(f"{path}/./a/x.log").name) == f"{path}/a/x.log"


def test_a_name_that_an_archive_does_not_hold_is_answered_with_those_that_it_holds(tmp_path: Path) -> None:
    path = save_zip(tmp_path / "x.zip", {"a/x.log": LOG, "README": b"Read me."})
    with pytest.raises(SourceError, match=r"x\.zip/y\.log: no such file or port: there are README, a/x\.log$"):
        open_source(f"{path}/y.log")


def test_a_file_that_is_missing_cannot_be_joined(tmp_path: Path) -> None:
    save(tmp_path / "x.log", LOG)
    with pytest.raises(SourceError, match=r"x\.lok: no such file: did you mean .*x\.log\?$"):
        open_joined([str(tmp_path / "x.log"), str(tmp_path / "x.lok")])
