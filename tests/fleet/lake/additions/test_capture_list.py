"""From words to captures, and the names of their benches."""

import platform
import zipfile
from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.fleet.lake.additions import capture_list
from sniffer.fleet.lake.additions.capture_list import CaptureFile, list_captures
from tests.fleet.lake.helpers import CHARGING, FAULT, SAG, copy_captures


def test_a_folder_gives_its_sessions_and_archives_and_names_the_rest(tmp_path: Path) -> None:
    bench = copy_captures(tmp_path / "fleet" / "bench-07", CHARGING, FAULT)
    (bench / "notes.txt").write_text("nothing\n")
    with zipfile.ZipFile(tmp_path / "fleet" / "old.zip", "w") as archive:
        archive.write(SAG, "bench-08/sag.pcapng")
        archive.write(SAG, "sag.pcapng")
    found = list_captures([str(tmp_path / "fleet")])
    assert [Path(one.path).name for one in found.captures] == ["charging.pcapng", "undervoltage.log", "old.zip"]
    assert [one.is_archive for one in found.captures] == [False, False, True]
    assert found.others == ("bench-07/notes.txt",)
    zipped = found.captures[2]
    assert [member for member, _ in zipped.list_files()] == ["bench-08/sag.pcapng", "sag.pcapng"]
    assert [zipped.name_bench(member) for member, _ in zipped.list_files()] == ["bench-08", "old"]
    assert found.captures[0].name_bench("") == "bench-07"


def test_a_member_of_an_archive_can_be_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.write(SAG, "a/sag.pcapng")
        archive.write(FAULT, "b/fault.log")
    (one,) = list_captures([f"{tmp_path}/old.zip/b/fault.log"]).captures
    assert [member for member, _ in one.list_files()] == ["b/fault.log"]


def test_a_pattern_chooses_files_of_a_folder(tmp_path: Path) -> None:
    bench = copy_captures(tmp_path / "bench", CHARGING, FAULT)
    (one,) = list_captures([f"{bench}/*.log"]).captures
    assert one.path == str(bench / FAULT.name)


def test_a_file_that_is_named_twice_is_listed_once() -> None:
    assert len(list_captures([str(SAG), str(SAG)]).captures) == 1


def test_the_lake_itself_is_passed_over(tmp_path: Path) -> None:
    bench = copy_captures(tmp_path / "bench", CHARGING)
    copy_captures(bench / "lake" / "frames", FAULT)
    found = list_captures([str(bench)], str(bench / "lake"))
    assert [one.path for one in found.captures] == [str(bench / CHARGING.name)]


@pytest.mark.parametrize(
    ("word", "what"), [("no-such", "no file or folder"), ("/dev/ttyUSB7", "a port"), ("socket://h:1", "a port")]
)
def test_what_is_no_saved_session_is_refused(word: str, what: str) -> None:
    with pytest.raises(SourceError, match=what):
        list_captures([word])


def test_a_recording_of_this_machine_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_list, "default_folder", lambda: tmp_path)
    assert CaptureFile(str(tmp_path / "a.pcapng"), 1).name_bench("") == platform.node()


@pytest.mark.parametrize("name", ["bench-3.tar.gz", "bench-3.zip", "bench-3.tgz"])
def test_an_archive_counts_as_a_folder_without_its_ending(name: str) -> None:
    assert CaptureFile(f"/srv/{name}", 1, is_archive=True).name_bench("a.log") == "bench-3"
