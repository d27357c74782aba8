"""The work on one capture file."""

import errno
import pickle
import zipfile
from pathlib import Path

import pytest

from sniffer.base.errors import OutputError
from sniffer.config.definition_files import load_definition
from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import Chunk
from sniffer.fleet.lake.additions.capture_list import CaptureFile
from sniffer.fleet.lake.additions.content_name import ContentName, read_content_name
from sniffer.fleet.lake.additions.ingest import AddRequest, add_sessions, find_sessions
from sniffer.fleet.lake.tables.table_file import TableFiles
from sniffer.formats.pcapng.writer import CaptureWriter
from tests.fleet.lake.helpers import CHARGING, FAULT, SAG, rows


def request_of(lake: Path, path: Path, **options) -> AddRequest:
    return AddRequest(str(lake), CaptureFile(str(path), 1), {"": read_content_name(path)}, **options)


def test_an_archive_gives_each_of_its_sessions(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(SAG, "sag.pcapng")
        archive.write(FAULT, "b/fault.log")
        archive.writestr("readme.md", "no session")
    found = find_sessions(CaptureFile(str(path), 9, is_archive=True))
    assert {one.member: one.content for one in found.sessions} == {
        "b/fault.log": read_content_name(FAULT), "sag.pcapng": read_content_name(SAG),
    }  # fmt: skip
    assert found.failures == ()
    wanted = {one.member: one.content for one in found.sessions if "sag" in one.member}
    result = add_sessions(AddRequest(str(tmp_path / "lake"), found.capture, wanted))
    assert (result.size, result.sessions) == (9, 1)
    (session,) = rows(tmp_path / "lake", "sessions")
    assert session["source"] == f"{path}/sag.pcapng"


def test_a_session_that_was_cut_off_is_added_up_to_the_cut(tmp_path: Path) -> None:
    cut = tmp_path / "bench" / "cut.pcapng"
    cut.parent.mkdir()
    cut.write_bytes(CHARGING.read_bytes()[:-7])
    result = add_sessions(request_of(tmp_path / "lake", cut))
    assert result.sessions == 1
    (part,) = result.incomplete
    assert part.name == str(cut)
    assert part.why.startswith("the capture was cut off after packet")
    (session,) = rows(tmp_path / "lake", "sessions")
    assert session["read_error"].endswith(part.why)
    assert session["frames"] == result.frames == len(rows(tmp_path / "lake", "frames"))


def test_what_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    bad, missing = tmp_path / "bad.pcapng", tmp_path / "missing.pcapng"
    bad.write_bytes(CHARGING.read_bytes()[:20])
    result = add_sessions(request_of(tmp_path / "lake", bad))
    assert [one.name for one in result.failures] == [str(bad)]
    assert result.sessions == 0
    gone = AddRequest(str(tmp_path / "lake"), CaptureFile(str(missing), 1), {"": ContentName("s", 1)})
    assert [one.name for one in add_sessions(gone).failures] == [str(missing)]
    assert find_sessions(CaptureFile(str(missing), 1)).failures[0].name == str(missing)
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04broken")
    assert find_sessions(CaptureFile(str(broken), 1, is_archive=True)).failures
    assert not (tmp_path / "lake" / "sessions").exists()


def test_a_full_disk_ends_the_work_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TableFiles, "extend", fail)
    with pytest.raises(OutputError, match="no room is left on the disk: make some"):
        add_sessions(request_of(tmp_path / "lake", FAULT))
    assert [path for path in (tmp_path / "lake").rglob("*") if path.is_file()] == []


def test_the_bench_is_the_folder_or_as_it_is_named(tmp_path: Path) -> None:
    add_sessions(request_of(tmp_path / "one", FAULT))
    add_sessions(request_of(tmp_path / "two", FAULT, bench="B 7"))
    assert [path.name for path in (tmp_path / "one" / "faults").iterdir()] == ["bench=captures"]
    assert [path.name for path in (tmp_path / "two" / "faults").iterdir()] == ["bench=B%207"]


def test_a_request_can_go_to_another_process(tmp_path: Path) -> None:
    request = request_of(tmp_path, FAULT)
    assert pickle.loads(pickle.dumps(request)) == request


def record_jbd(path: Path, *words: str) -> Path:
    """Write a capture of a request of a JBD board that was recorded with these words of `--definition`."""
    writer = CaptureWriter("port", origins=load_definition(words).origins)
    pipeline = Pipeline(load_definition(["jbd"]))
    records = pipeline.feed(Chunk(bytes.fromhex("DD A5 03 00 FF FD 77"), 1))
    path.write_bytes(writer.encode_header() + b"".join(map(writer.encode_record, records)))
    return path


def test_a_session_is_decoded_with_the_board_that_it_was_recorded_with(tmp_path: Path) -> None:
    path = record_jbd(tmp_path / "a.pcapng", "jbd")
    assert add_sessions(request_of(tmp_path / "lake", path)).frames == 1
    (session,) = rows(tmp_path / "lake", "sessions")
    assert session["definition"].startswith("jbd ")


def test_a_session_whose_definition_is_missing_is_not_added_as_noise(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("")
    path = record_jbd(tmp_path / "a.pcapng", str(tmp_path / "mine.toml"))
    (failure,) = add_sessions(request_of(tmp_path / "lake", path)).failures
    assert failure.why.startswith("it was recorded with the definition mine.toml (sha256 ")
    assert failure.why.endswith(": give --definition mine.toml")
    given = add_sessions(request_of(tmp_path / "lake", path, definition=(str(tmp_path / "mine.toml"),)))
    assert (given.sessions, given.failures) == (1, ())
